/* SPDX-License-Identifier: BSD-2-Clause */
/* Who posts, and who assigns a device. */
#include "scene.h"
#include "ipi.h"

bool is_asleep(const void *processor)
{
	return READ_ONCE(asleep[((const struct processor *)processor)->number]);
}

bool are_asleep(const void *unused)
{
	return READ_ONCE(asleep[0]) && READ_ONCE(asleep[1]);
}

void sends(void *poster)
{
	post_all(&posters[(uintptr_t)poster], vmx_post);
}

void raises(void *poster)
{
	post_all(&posters[(uintptr_t)poster], post_by_device);
}

static bool post_by_ipi(struct processor *to, uint8_t vector)
{
	return ipi_post(pid_table, to->number, vector);
}

void sends_virtually(void *poster)
{
	post_all(&posters[(uintptr_t)poster], post_by_ipi);
}

void expires(void *poster)
{
	post_all(&posters[(uintptr_t)poster], lapic_timer_expires);
}

static bool plugged;

bool is_plugged(const void *processor)
{
	return READ_ONCE(plugged);
}

void plugs(void *unused)
{
	x86_assign();
	WRITE_ONCE(plugged, true);
}
