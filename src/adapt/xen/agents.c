/* SPDX-License-Identifier: BSD-2-Clause */
/* Who posts, kicks and unplugs. */
#include "scene.h"

bool is_asleep(const void *processor)
{
	const struct vcpu *v = vcpu_of((const struct processor *)processor);

	return !read_atomic(&v->is_running) && v->pause_flags & VPF_blocked;
}

bool is_stopped(const void *processor)
{
	return !read_atomic(&vcpu_of((const struct processor *)processor)->is_running);
}

bool is_out(const void *processor)
{
	const struct vcpu *v = vcpu_of((const struct processor *)processor);

	return !read_atomic(&v->is_running) && !(v->pause_flags & VPF_blocked) &&
	       *read_atomic(&v->virtual.program) != 't';
}

void sends(void *poster)
{
	post_all(poster, xen_deliver);
}

void raises(void *poster)
{
	post_all(poster, post_by_device);
}

/* A timer or an event channel kicks a vCPU that sleeps; then a device posts. */
void kicks_and_raises(void *poster)
{
	const struct processor *to = ((const struct poster *)poster)->to;

	if (!explore_rest(is_asleep, to))
		return;
	vcpu_kick(vcpu_of(to));
	raises(poster);
}

static bool is_done(const struct poster *p)
{
	for (unsigned i = 0; p->post && i < POST_VECTORS && p->post->vector[i]; i++)
		if (!p->posted[i])
			return false;
	return true;
}

/* All is posted, and the guest waits at its program's end. */
static bool is_quiet(const void *vcpu)
{
	const struct vcpu *v = vcpu;

	if (!read_atomic(&v->virtual.inside) || *read_atomic(&v->virtual.program))
		return false;
	for (unsigned i = 0; i < POSTERS; i++)
		if (!is_done(&posters[i]))
			return false;
	return true;
}

/* In the end the CPU's own timer, or anything else that is no guest's: the guest exits. */
void ticks(void *vcpu)
{
	struct vcpu *v = vcpu;

	if (explore_rest(is_quiet, v))
		explore_interrupt(read_atomic(&v->processor), EVENT_CHECK_VECTOR);
}

void unplugs(void *unused)
{
	xen_deassign();
}

/* While it waits for a CPU, or from then on. */
void unplugs_out(void *vcpu)
{
	if (explore_rest(is_out, &((struct vcpu *)vcpu)->virtual))
		xen_deassign();
}
