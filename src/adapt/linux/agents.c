/* SPDX-License-Identifier: BSD-2-Clause */
/* Who posts, and who assigns a device. */
#include "ipi.h"
#include "scene.h"

static u64 place_of(const void *processor)
{
	return READ_ONCE(place[((const struct processor *)processor)->number]);
}

bool is_asleep(const void *processor)
{
	return place_of(processor) == ASLEEP;
}

bool is_preempted(const void *processor)
{
	return place_of(processor) == ON_QUEUE;
}

bool are_asleep(const void *unused)
{
	return is_asleep(&vcpus[0].processor) && is_asleep(&vcpus[1].processor);
}

static bool post_by_host(struct processor *to, uint8_t vector)
{
	return vector == scene->timer ? lapic_timer_expires(to, vector) : vmx_post(to, vector);
}

void sends(void *poster)
{
	post_all(&posters[(uintptr_t)poster], post_by_host);
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
