/* SPDX-License-Identifier: BSD-2-Clause */
/* The families of test vectors, and the rule that judges each. A new one is a row. */
#ifndef VECTORS_FAMILIES_H
#define VECTORS_FAMILIES_H

#include "vectors_format.h"

struct vec_family {
	const char *name;
	/* Feeds one vector to the project's code and compares every output. */
	void (*judge)(struct vec *v);
};

/* vtd_ir and faults: vectors_vtd.c. */
void vtd_family(struct vec *v);

/* Ends with a row without a name. */
extern const struct vec_family vec_families[];

#endif
