/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_PID_H
#define CLI_DECODE_PID_H

#include "cli/decode_sink.h"
#include <posted/pid.h>

/* A thing: the descriptor whose 64 bytes are these. */
void pid_say(struct sink *s, const uint8_t bytes[64]);

#endif
