/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of this adapter are to each other: kvm_main.c, x86.c, lapic.c, vmx.c and
 * posted_intr.c have what is taken from the files of these names; schedule.c is Linux
 * around them, scenes.c says who does what. The hardware below is src/adapt/machine's.
 */
#ifndef ADAPT_LINUX_H
#define ADAPT_LINUX_H

#include "lapic.h"
#include "vmx.h"
#include <explore/sched.h>

enum { VCPUS = 2 };
extern struct vcpu_vmx vcpus[VCPUS];
extern struct kvm vm;
extern struct task_struct tasks[VCPUS]; /* of these vCPUs' threads */
extern struct explore_machine machine;

/* schedule.c */
enum { ON_CPU, ON_QUEUE, ASLEEP };
extern u64 place[VCPUS]; /* of these vCPUs' threads, from their last step there on */
extern bool run_queues_locked; /* in setup: on one CPU, their locks are there */
void sched_out(unsigned task, bool runnable);
void sched_in(unsigned task);
void handle_interrupt(unsigned cpu, unsigned vector);
void handle_vector(uint8_t vector); /* what the host does of it, outside guest mode */

/* kvm_main.c */
void kvm_thread_leaves(struct kvm_vcpu *vcpu);
void kvm_thread_comes(struct kvm_vcpu *vcpu);

/* x86.c: a vCPU's thread; the VM gets a device */
void run_vcpu(void *vmx);
void x86_assign(void);

/*
 * lapic.c: the host's timer for the guest's, which has this vector in its LVT, expires on
 * another CPU. No merge: one that is pending does not expire again.
 */
bool lapic_timer_expires(struct processor *to, uint8_t vector);

/* vmx.c */
extern uint64_t pid_table[VCPUS]; /* of IPI virtualization */
void vmx_begin(unsigned number, const char *program);
/* As an IPI of another vCPU, or a device without posting; whether PIR had it. */
bool vmx_post(struct processor *to, uint8_t vector);

/* posted_intr.c */
void pi_begin(void);
bool pi_listed(const struct vcpu_vmx *vmx, unsigned cpu);

#endif
