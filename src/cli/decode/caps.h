/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_CAPS_H
#define CLI_DECODE_CAPS_H

#include "cli/decode/sink.h"

/* Whether these can be a unit's two registers: no reserved bits, and offsets that are not 0. */
bool caps_are_likely(uint64_t cap, uint64_t ecap);

/* A thing: the capability register, or the extended one. */
void caps_say(struct sink *s, uint64_t value, bool extended);

#endif
