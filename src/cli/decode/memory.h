/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of memory: a DMAR table, remapping entries, or descriptors. */
#ifndef CLI_DECODE_MEMORY_H
#define CLI_DECODE_MEMORY_H

#include "cli/decode/decode.h"
#include "cli/decode/pid.h"

bool memory_is_dmar(const uint8_t *bytes, size_t size);

/* A thing or more of what they are, or refused. For groups and sure see pid_say. */
bool memory_say(struct sink *s, const uint8_t *bytes, size_t size, enum pid_groups groups,
                bool sure);

/* A descriptor in a file of its own. */
bool decode_binary_recognize(const struct decode_input *in);
bool decode_binary(const struct decode_input *in, struct sink *s);

#endif
