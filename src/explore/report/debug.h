/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Debug information (DWARF) of what is loaded: where code stands in its sources, and
 * what memory is called there. Without it nothing is known, and nothing is wrong.
 *
 * It takes more stack than an agent has: on the explorer's own only.
 */
#ifndef EXPLORE_REPORT_DEBUG_H
#define EXPLORE_REPORT_DEBUG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Where an access stands; the strings stay. Null, 0: unknown. */
struct debug_site {
	const char *function, *file;
	unsigned line;
};

/* Of the instruction before this address, to which a call returns. */
struct debug_site debug_site(const void *code);
/* The same in words, pi.c:41 pi_post; false: it is not known. */
bool debug_site_text(char *text, size_t size, const void *code);

/*
 * The name of so many bytes: `vcpu[1].pid.control`. False: they have none. Of an access
 * to several members, those: `pid.on|sn`.
 */
bool debug_name(char *name, size_t name_size, const void *p, unsigned size);

/*
 * A value of so many bytes that lies there, as its type has it: by its enumerator, as
 * the address of what has a name, signed. False: nothing was printed.
 */
bool debug_value(FILE *out, const void *p, unsigned size, uint64_t value);

/* Of data that lies elsewhere than its module says: a thread's own. */
struct debug_thread {
	const void *code; /* somewhere in its module */
	uint64_t offset;  /* in the module's block of such data */
	const char *whose;
};

/* Who keeps such blocks says whether something is in one; null: nobody does. */
extern bool (*debug_in_thread)(const void *p, struct debug_thread *t);

#endif
