/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_PAIR_H
#define CLI_DECODE_PAIR_H

#include "cli/decode/sink.h"
#include <posted/atomic.h>
#include <stdbool.h>

/* What was said about 128 bits beside their digits. */
struct pair_hint {
	bool irte, fault; /* which of the two it is; none: to be found out */
	bool order;       /* the order of the words was given */
	bool groups;      /* given as four numbers of 32 bits; else two words, or all in one */
	bool memory;      /* given as bytes of memory, whose order is known */
};

/* True if it can be a remapping entry or a fault record without reserved bits set. */
bool pair_is_good(struct pstd_pair raw, struct pair_hint hint);

/* A thing: the remapping entry or fault record of these words; hi was given first. */
void pair_say(struct sink *s, struct pstd_pair raw, struct pair_hint hint);

#endif
