/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_CAPS_H
#define CLI_DECODE_CAPS_H

#include "cli/decode/sink.h"

/* A thing: the capability register, or the extended one. */
void caps_say(struct sink *s, uint64_t value, bool extended);

#endif
