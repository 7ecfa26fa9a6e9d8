/* SPDX-License-Identifier: BSD-2-Clause */
/* Who posts. */
#include "scene.h"

bool is_asleep(const void *processor)
{
	const struct processor *p = processor;
	const struct task_struct *t = &tasks[p->number];

	return !READ_ONCE(t->on_rq) && READ_ONCE(t->__state);
}

void sends(void *poster)
{
	post_all(&posters[(uintptr_t)poster], vmx_post);
}

void raises(void *poster)
{
	post_all(&posters[(uintptr_t)poster], post_by_device);
}
