/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_NAMES_H
#define EXPLORE_NAMES_H

#include <explore/scenario.h>

/* The scenario's own row for a word; null: it has none. */
const struct explore_word *names_word(const void *p);

/* A word's name; without one, where it lies in the scenario's state. */
void names_find(char *name, size_t size, const void *p);
/* The same of an access to so many bytes. */
void names_access(char *name, size_t size, const void *p, unsigned bytes);

/* Of what lies on a stack, how far that is from its end; false: it does not. */
bool names_stack(char *name, size_t size, const void *p);

/*
 * The name of what a value points to that lies at p, where debug information says nothing: of
 * what is on a stack, or of a word of the state that is pointed to from there.
 */
bool names_pointer(const void *p, uint64_t value, char *name, size_t size);

/* Who has read debug information; both answer false where there is none. */
struct names_debug {
	bool (*name)(char *name, size_t size, const void *p, unsigned bytes);
	/* where in its sources code stands that returns to this address: pi.c:41 pi_post */
	bool (*site)(char *text, size_t size, const void *code);
};
extern const struct names_debug *names_debug; /* null: nobody has */

/* That, or "". */
void names_site(char *text, size_t size, const void *code);

#endif
