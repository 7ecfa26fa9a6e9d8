/* SPDX-License-Identifier: BSD-2-Clause */
/* What rows.c explores, compiled with debug information. Its lines stand in rows.c. */
#include "rows_code.h"
#include <explore/access.h>
#include <explore/scenario.h>

struct box box;

static inline void set_on(struct pi *p)
{
	explore_store(&p->on, 8, 1);
}

void rows_post(void *unused)
{
	struct pi *p = &box.pi[1];

	explore_rmw(EXPLORE_OR, &p->pir, 8, 2);
	if (!explore_load(&p->on, 8))
		set_on(p);
	explore_store(&box.last, 8, (uint64_t)(uintptr_t)p);
}

void rows_take(void *unused)
{
	struct pi *p = &box.pi[1];

	for (unsigned i = 0; i < 3; i++)
		explore_load(&p->on, 8);
	explore_load(&p->pir, 8);
	explore_note("looked");
}

void rows_count(void *unused)
{
	explore_fence();
	box.count++;
}
