/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_INTERRUPTS_H
#define CLI_DECODE_INTERRUPTS_H

#include "cli/decode/decode.h"

/* /proc/interrupts, once or twice: the rows that tell of posting, or their difference. */
bool decode_interrupts_recognize(const struct decode_input *in);
bool decode_interrupts(const struct decode_input *in, struct sink *s);

#endif
