/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_DUMP_H
#define CLI_DECODE_DUMP_H

#include "cli/decode/decode.h"

/* Descriptors as memory: 64 bytes each, binary or as xxd, hexdump or gdb print them. */
bool decode_binary_recognize(const struct decode_input *in);
bool decode_binary(const struct decode_input *in, struct sink *s);
bool decode_dump_recognize(const struct decode_input *in);
bool decode_dump(const struct decode_input *in, struct sink *s);

#endif
