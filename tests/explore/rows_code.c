/* SPDX-License-Identifier: BSD-2-Clause */
/* What rows.c explores, compiled with debug information. Its lines stand in rows.c. */
#include "rows_code.h"
#include <explore/scenario.h>
#include <posted/atomic.h>

struct box box;

static inline void set_on(struct pi *p)
{
	pstd_store_release(&p->on, 1);
}

void rows_post(void *unused)
{
	struct pi *p = &box.pi[1];

	pstd_fetch_or_seq(&p->pir, 2);
	if (!pstd_load_acquire(&p->on))
		set_on(p);
	pstd_store_ptr_release(&box.last, p);
}

void rows_take(void *unused)
{
	struct pi *p = &box.pi[1];

	for (unsigned i = 0; i < 3; i++)
		pstd_load_acquire(&p->on);
	pstd_load_acquire(&p->pir);
	explore_note("looked");
}

void rows_count(void *unused)
{
	explore_fence();
	box.count++;
}
