/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Read-side sections with liburcu: whoever uses a remapping entry or an irqfd
 * is inside one, and whoever takes one of them away waits for all of them.
 */
#include "exec/threads/internal.h"
#include <urcu/urcu-memb.h>

/* liburcu's own ordering is invisible to the thread sanitizer: say it again in its words. */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
static char grace;
#define read_ends() __tsan_release(&grace)
#define grace_ended() __tsan_acquire(&grace)
#else
#define read_ends() ((void)0)
#define grace_ended() ((void)0)
#endif

void read_register(void)
{
	urcu_memb_register_thread();
}

void read_unregister(void)
{
	urcu_memb_unregister_thread();
}

void read_lock(void)
{
	urcu_memb_read_lock();
}

void read_unlock(void)
{
	read_ends();
	urcu_memb_read_unlock();
}

bool read_inside(void)
{
	return urcu_memb_read_ongoing();
}

void read_synchronize(void)
{
	urcu_memb_synchronize_rcu();
	grace_ended();
}

void machine_thread_begin(void)
{
	read_register();
}

void machine_thread_end(void)
{
	read_unregister();
}
