/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Posted interrupts of Pebble, a hypervisor of one file, which is here to be put under the
 * explorer: examples/adapter.
 */
#include "atomic.h"
#include "machine.h"
#include "thread.h"

enum { PID_ON = 0, NOTIFICATION_VECTOR = 0xf2 };

struct pid {
	uint64_t pir[4];
	uint64_t control;
	uint64_t reserved[3];
} __attribute__((aligned(64)));

struct vcpu {
	struct pid pid;
	uint64_t irr[4];
	struct thread *thread;
	unsigned cpu;
};

/* What was posted becomes pending. */
static bool vcpu_sync(struct vcpu *v)
{
	if (atomic_test_and_clear(PID_ON, &v->pid.control))
		for (unsigned i = 0; i < 4; i++)
			if (v->pid.pir[i])
				v->irr[i] |= atomic_exchange(&v->pid.pir[i], 0);
	return v->irr[0] | v->irr[1] | v->irr[2] | v->irr[3];
}

/* Of another vCPU, a timer, a device that is emulated. */
void vcpu_post(struct vcpu *v, unsigned vector)
{
	atomic_test_and_set(vector % 64, &v->pid.pir[vector / 64]);
	if (atomic_test_and_set(PID_ON, &v->pid.control))
		return;
	if (!thread_wake(v->thread))
		send_ipi(v->cpu, NOTIFICATION_VECTOR);
}

/* The guest has nothing to do. */
static void vcpu_halt(struct vcpu *v)
{
	for (;;) {
		thread_prepare_to_sleep();
		if (vcpu_sync(v))
			break;
		thread_sleep();
	}
	thread_goes_on();
}

void vcpu_run(struct vcpu *v)
{
	for (;;) {
		interrupts_off();
		vcpu_sync(v);
		guest_enter(v);
		interrupts_on();
		vcpu_halt(v);
	}
}
