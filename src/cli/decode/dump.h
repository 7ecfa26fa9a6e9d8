/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_DUMP_H
#define CLI_DECODE_DUMP_H

#include "cli/decode/decode.h"

/* Bytes of memory as xxd, hexdump, gdb or crash print them. */
bool decode_dump_recognize(const struct decode_input *in);
bool decode_dump(const struct decode_input *in, struct sink *s);

#endif
