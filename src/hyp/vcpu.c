/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU's way to guest mode and to sleep: init, load, preempt, block, enter, cancel.
 * The steps and their order are Linux's (vmx/posted_intr.c), with one
 * difference: they are taken for every vCPU, not only for those with a device,
 * so that no device can arrive or leave between two of them.
 */
#include "hyp/internal.h"

/*
 * First the descriptor is whole, then the entry leads to it: a guest's IPI that
 * finds the entry valid posts and notifies at once, as the descriptor says.
 */
static void set_pid_pointer(struct hyp_vcpu *v)
{
	const struct hyp *h = v->vm->hyp;

	pi_store_release(&v->vm->pid_pointers[v->apic_id],
	                 h->ops->phys(h->ctx, v->pid) | VMX_PID_POINTER_VALID);
}

void hyp_vcpu_init(struct hyp_vcpu *v, struct hyp_pcpu *p)
{
	uint64_t control = pi_control(hyp_vectors_of(v)->notification,
	                              pi_ndst(p->apic_id, p->hyp->x2apic));

	v->pcpu = p;
	v->vmcs_ready = v->launched = v->halted = v->carried_out = false;
	v->interrupted = v->errors = 0;
	hyp_list_init(&v->wakeup);
	hyp_apic_init(v);
	pi_store_relaxed(&v->nmi, 0);
	pi_store_relaxed(&v->kick, 0);
	pi_store_relaxed(&v->mode, HYP_OUTSIDE_GUEST_MODE);
	pi_store_relaxed(&v->task, HYP_TASK_RUNNABLE);
	/* Suppressed until it is first loaded. */
	pi_store_release(&v->pid->control, control | PI_SN);
	if (v->vm->pid_pointers)
		set_pid_pointer(v);
	/* Last: whoever finds it finds all of it. */
	pi_store_ptr_release(&v->vm->vcpus[v->apic_id], v);
}

/* A sleeper is nobody's to wake any more; others may still post. */
static void leave_bed(struct hyp_vcpu *v)
{
	uint64_t old = pi_load_relaxed(&v->pid->control), silent;

	if (pi_field_get(PI_NV, old) != hyp_vectors_of(v)->wakeup)
		return;
	hyp_wakeup_leave(v);
	do
		silent = (old & ~PI_NV) | pi_field(PI_NV, hyp_vectors_of(v)->notification) | PI_SN;
	while (!pi_cmpxchg_seq(&v->pid->control, &old, silent));
}

void hyp_vcpu_fini(struct hyp_vcpu *v)
{
	struct hyp_vm *vm = v->vm;

	/* First nobody finds it any more: neither a guest's CPU nor, after its exit, we. */
	if (vm->pid_pointers)
		pi_store_release(&vm->pid_pointers[v->apic_id], 0);
	pi_store_ptr_release(&vm->vcpus[v->apic_id], (struct hyp_vcpu *)0);
	leave_bed(v);
	/* Then those that had found it are done. */
	vm->hyp->ops->synchronize(vm->hyp->ctx);
}

/* Points the descriptor at p with notifications open; ON stays as it is. */
static void open_descriptor(struct hyp_vcpu *v, uint32_t ndst)
{
	uint64_t old = pi_load_relaxed(&v->pid->control), opened;

	do
		opened = pi_control(hyp_vectors_of(v)->notification, ndst) | (old & PI_ON);
	while (!pi_cmpxchg_seq(&v->pid->control, &old, opened));
}

/* Linux, vmx_vcpu_pi_load. */
static void pi_load(struct hyp_vcpu *v, struct hyp_pcpu *p)
{
	/* First, off the wake-up list of the pCPU it slept on. Only we change NV. */
	if (pi_field_get(PI_NV, pi_load_relaxed(&v->pid->control)) == hyp_vectors_of(v)->wakeup)
		hyp_wakeup_leave(v);
	/* Second, from here on posts notify this pCPU. */
	open_descriptor(v, pi_ndst(p->apic_id, p->hyp->x2apic));
	/*
	 * Finally, what was posted while SN was set left ON clear, and nobody will
	 * look at PIR without it. The locked operation above pairs with the one
	 * that set PIR: a poster that still saw SN is seen here; one that did not
	 * sets ON itself, and then setting it again is harmless.
	 */
	if (!pi_pir_empty(v->pid))
		pi_test_and_set_on(v->pid);
}

void hyp_vcpu_load(struct hyp_vcpu *v, struct hyp_pcpu *p)
{
	struct hyp *h = p->hyp;

	pi_load(v, p);
	v->pcpu = p;
	h->ops->vmptrld(h->ctx, v->vmcs);
	if (!v->vmcs_ready)
		hyp_vmcs_setup(v);
	pi_store_release(&v->task, HYP_TASK_RUNNING);
}

/* From here on any pCPU may load it, and has to launch it. */
static void clear_vmcs(struct hyp_vcpu *v)
{
	const struct hyp *h = v->vm->hyp;

	h->ops->vmclear(h->ctx, v->vmcs);
	v->launched = false;
}

void hyp_vcpu_preempt(struct hyp_vcpu *v)
{
	clear_vmcs(v);
	pi_store_release(&v->task, HYP_TASK_RUNNABLE);
	pi_set_sn(v->pid);
}

/*
 * Linux, pi_enable_wakeup_handler. The vCPU goes on the list before NV says so:
 * the handler may run for it from the moment the new control word is visible.
 */
static void pi_put_blocking(struct hyp_vcpu *v)
{
	struct hyp *h = v->vm->hyp;
	uint32_t id = v->pcpu->apic_id;
	uint64_t old, blocked;

	hyp_wakeup_join(v);
	old = pi_load_relaxed(&v->pid->control);
	do
		blocked = (old & ~PI_NV) | pi_field(PI_NV, hyp_vectors_of(v)->wakeup);
	while (!pi_cmpxchg_seq(&v->pid->control, &old, blocked));
	/* Posted just before: its notification is spent, so the wake-up is ours to send. */
	if (old & PI_ON)
		hyp_send_ipi(h, id, hyp_vectors_of(v)->wakeup);
}

static bool interrupts_enabled(const struct hyp_vcpu *v)
{
	return hyp_vmread(v, VMX_GUEST_RFLAGS) & VMX_RFLAGS_IF;
}

/* What the guest would take now: what KVM asks before it lets a vCPU sleep. */
static bool has_deliverable(struct hyp_vcpu *v)
{
	hyp_sync_pir_to_irr(v);
	/* An event of the caller's, too. */
	if (hyp_nmi_deliverable(v) ||
	    (hyp_vmread(v, VMX_VM_ENTRY_INTR_INFO) & VMX_INTR_VALID))
		return true;
	return interrupts_enabled(v) && (v->interrupted || hyp_apic_pending(v) >= 0);
}

/* It may not sleep. A kick leaves it halted, until hyp_vcpu_enter has told of it. */
static bool stays_awake(struct hyp_vcpu *v)
{
	if (has_deliverable(v))
		v->halted = false;
	return !v->halted || pi_load_acquire(&v->kick);
}

bool hyp_vcpu_block(struct hyp_vcpu *v)
{
	uint64_t task = HYP_TASK_BLOCKING;

	/*
	 * An exchange, so that the looks at ON and at the latches come after it: pairs
	 * with the locked ON in hyp_vcpu_deliver and the exchanges in hyp_vcpu_nmi and
	 * hyp_vcpu_kick, whose sender then finds us blocking.
	 */
	pi_exchange_seq(&v->task, HYP_TASK_BLOCKING);
	if (stays_awake(v)) {
		pi_store_release(&v->task, HYP_TASK_RUNNING);
		return false;
	}
	/* With interrupts disabled it waits for an NMI, say: posts would only disturb it. */
	if (interrupts_enabled(v))
		pi_put_blocking(v);
	else
		pi_set_sn(v->pid);
	/* Who wakes a sleeper may have it loaded elsewhere at once. */
	clear_vmcs(v);
	if (!pi_cmpxchg_seq(&v->task, &task, HYP_TASK_SLEEPING)) {
		/* Woken in between: a sleep that ended at once. */
		pi_store_release(&v->task, HYP_TASK_RUNNABLE);
		v->vm->hyp->ops->runnable(v->vm->hyp->ctx, v);
	}
	return true;
}

/*
 * Whoever kicks from here on finds the latch clear, and sees to it himself. The exchange
 * comes before the owner looks at what is asked: pairs with the one in hyp_vcpu_kick.
 */
static bool take_kick(struct hyp_vcpu *v)
{
	return pi_load_acquire(&v->kick) && pi_exchange_seq(&v->kick, 0);
}

/* What notified us in guest mode waits in the local APIC, and disturbs nobody in host mode. */
static void leave_guest_mode(struct hyp_vcpu *v)
{
	pi_store_release(&v->mode, HYP_OUTSIDE_GUEST_MODE);
}

enum hyp_next hyp_vcpu_enter(struct hyp_vcpu *v)
{
	if (v->halted)
		return take_kick(v) ? HYP_KICKED : HYP_BLOCK;
	/*
	 * The store of the mode must be visible before ON and the latches are read, or a
	 * sender sets one, finds us outside and sends nothing, while we find it clear and
	 * enter. Pairs with the locked ON in hyp_vcpu_deliver and the exchanges in
	 * hyp_vcpu_nmi and hyp_vcpu_kick. What is notified after this waits in the local
	 * APIC and is processed right after VM entry; without APIC virtualization, and for
	 * NMIs and kicks, it makes the guest exit again at once.
	 */
	pi_exchange_seq(&v->mode, HYP_IN_GUEST_MODE);
	if (pi_load_acquire(&v->kick)) {
		leave_guest_mode(v);
		take_kick(v);
		return HYP_KICKED;
	}
	hyp_sync_pir_to_irr(v);
	hyp_inject(v);
	return HYP_ENTER;
}

void hyp_vcpu_cancel(struct hyp_vcpu *v)
{
	leave_guest_mode(v);
	hyp_inject_cancel(v);
}
