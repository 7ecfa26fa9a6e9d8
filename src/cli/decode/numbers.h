/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_NUMBERS_H
#define CLI_DECODE_NUMBERS_H

#include "cli/decode/decode.h"

/* Lines of hexadecimal numbers: entries, fault records, messages, descriptors, capabilities. */
bool decode_numbers_recognize(const struct decode_input *in);
bool decode_numbers(const struct decode_input *in, struct sink *s);

#endif
