/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_FAULT_H
#define CLI_DECODE_FAULT_H

#include "cli/decode/decode.h"
#include <posted/atomic.h>

/* What a fault record or a line of a log says. */
struct fault {
	uint16_t sid;
	unsigned reason;
	uint64_t info; /* bits 63:48 the index, of interrupt faults; else the address */
};

/* How likely these bits are a fault record, in the ranks of irte_rank. */
unsigned fault_rank(struct pstd_pair raw);

/* A record that hardware wrote, into the object that is open. */
void fault_say(struct sink *s, struct pstd_pair raw);

/* The reason in words. */
const char *fault_reason(unsigned reason);

/* What happened and what to check, into the object that is open. */
void fault_words(struct sink *s, const struct fault *f);

/* Linux's log. */
bool decode_log_recognize(const struct decode_input *in);
bool decode_log(const struct decode_input *in, struct sink *s);

#endif
