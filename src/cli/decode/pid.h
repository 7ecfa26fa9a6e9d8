/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_PID_H
#define CLI_DECODE_PID_H

#include "cli/decode/sink.h"
#include <posted/pid.h>

/* How the groups of digits were read that a descriptor was given as, if it is worth saying. */
enum pid_groups {
	PID_GROUPS_NONE,
	PID_GROUPS_OF_BYTES,
	PID_GROUPS_ARE_NUMBERS,
};

/* A thing: the descriptor whose 64 bytes are these. Not sure: the other way is as likely. */
void pid_say(struct sink *s, const uint8_t bytes[64], enum pid_groups groups, bool sure);

/* No reserved bits are set. */
bool pid_is_good(const uint8_t bytes[64]);

/* How likely these are a descriptor: it is good (2), NV is one of Linux's (1). */
unsigned pid_rank(const uint8_t bytes[64]);

#endif
