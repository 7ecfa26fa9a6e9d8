/* SPDX-License-Identifier: BSD-2-Clause */
/* Of x86.c: the vCPU's thread, with its way into the guest and out of it. */
#include "scene.h"

/* What could end a halt, and is not there: nested guests, Hyper-V, Xen, SMM, INIT. */
#define kvm_check_nested_events(vcpu) ((void)(vcpu), 0)
#define kvm_apic_accept_events(vcpu) ((void)(vcpu), 0)
#define kvm_guest_apic_has_interrupt(vcpu) ((void)(vcpu), false)
#define kvm_hv_has_stimer_pending(vcpu) ((void)(vcpu), false)
#define kvm_xen_has_pending_events(vcpu) ((void)(vcpu), false)
#define kvm_xen_inject_pending_events(vcpu) ((void)(vcpu))
#define kvm_xen_timer_enabled(vcpu) ((void)(vcpu), false)
#define kvm_xen_has_pending_timer(vcpu) ((void)(vcpu), 0)
#define kvm_cpu_has_extint(vcpu) ((void)(vcpu), false)
#define kvm_is_exception_pending(vcpu) ((vcpu)->arch.exception.pending)
#define kvm_lapic_hv_timer_in_use(vcpu) ((void)(vcpu), false)
#define kvm_lapic_switch_to_sw_timer(vcpu) ((void)(vcpu))
#define kvm_lapic_switch_to_hv_timer(vcpu) ((void)(vcpu))
#define dm_request_for_irq_injection(vcpu) ((void)(vcpu), false)
#define kvm_vcpu_ready_for_interrupt_injection(vcpu) ((void)(vcpu), true)
#define kvm_xen_inject_timer_irqs(vcpu) ((void)(vcpu))

/* Of the work that is done before a guest is entered: another task's turn. */
#define xfer_to_guest_mode_prepare() ((void)0)
#define xfer_to_guest_mode_work_pending() (current->need_resched)
#define __xfer_to_guest_mode_work_pending xfer_to_guest_mode_work_pending
static int xfer_to_guest_mode_handle_work(struct kvm_vcpu *vcpu)
{
	current->need_resched = false;
	explore_task_yield();
	return 0;
}

void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	kvm_x86_ops.vcpu_load(vcpu, cpu);
	vcpu->cpu = cpu;
}

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	kvm_x86_ops.vcpu_put(vcpu);
}

/* irq_kvm.c has another, of another KVM. */
#define kvm_arch_start_assignment start_assignment

#include "x86.inc"
#line 50 "adapter/x86.c"

static void leave_guest_mode(struct kvm_vcpu *vcpu)
{
	vcpu->mode = OUTSIDE_GUEST_MODE;
	smp_wmb();
}

static void return_to_loop(struct kvm_vcpu *vcpu)
{
	local_irq_enable();
	preempt_enable();
	kvm_vcpu_srcu_read_lock(vcpu);
}

/* 1: the thread goes on. */
static int handle_exit(struct kvm_vcpu *vcpu, char why)
{
	switch (why) {
	case '\0':
		return 0;
	case 'h':
		vcpu->arch.mp_state = KVM_MP_STATE_HALTED;
		break;
	case 't': /* its time slice ended */
		current->need_resched = true;
		break;
	case 'p': /* it posts to itself: an IPI that the processor does not virtualize */
		sends(SELF);
		break;
	}
	return 1;
}

/*
 * The same on the fast path, which does not leave guest mode, as far as others see. True: the
 * guest goes on at once.
 */
static bool handle_fast_exit(struct kvm_vcpu *vcpu, char why)
{
	if (why != 'f')
		return false;
	sends(SELF);
	kvm_x86_ops.sync_pir_to_irr(vcpu);
	return !kvm_vcpu_exit_request(vcpu);
}

static int vcpu_enter_guest(struct kvm_vcpu *vcpu)
{
	struct processor *p = &to_vmx(vcpu)->processor;
	uint8_t vector;
	char why;

	preempt_disable();
	vcpu_enter_guest_part(vcpu);
	if (kvm_vcpu_exit_request(vcpu)) {
		leave_guest_mode(vcpu);
		return_to_loop(vcpu);
		return 1;
	}
	if (p->halted && !(p->status & 0xff))
		explore_fail("vCPU %u goes on behind its HLT without an interrupt", p->number);
	do
		why = processor_run(p);
	while (handle_fast_exit(vcpu, why));
	leave_guest_mode(vcpu);
	while ((vector = processor_acknowledge(p)))
		handle_vector(vector);
	return_to_loop(vcpu);
	return handle_exit(vcpu, why);
}

#include "run.inc"
#line 121 "adapter/x86.c"

void run_vcpu(void *vmx)
{
	vcpu_run(&((struct vcpu_vmx *)vmx)->vcpu);
}

void x86_assign(void)
{
	start_assignment(&vm);
}
