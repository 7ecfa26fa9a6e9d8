/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU's way to guest mode and to sleep: init, load, preempt, block, enter, cancel.
 * The steps and their order are Linux's (vmx/posted_intr.c), with one
 * difference: they are taken for every vCPU, not only for those with a device,
 * so that no device can arrive or leave between two of them.
 */
#include "hyp/internal.h"
#include <posted/apic_map.h>

/*
 * First the descriptor is whole, then the entry leads to it: a guest's IPI that
 * finds the entry valid posts and notifies at once, as the descriptor says.
 */
static void set_pid_pointer(struct pstd_vcpu *v)
{
	const struct pstd_hyp *h = v->vm->hyp;

	pstd_store_release(&v->vm->pid_pointers[v->apic_id],
	                   h->ops->phys(h->ctx, v->pid) | PSTD_VMX_PID_POINTER_VALID);
}

/* What was posted to its last life, and not taken in, went with that. */
static void forget_posted(struct pstd_vcpu *v)
{
	uint64_t left[4];

	pstd_take_pir(v->pid, left);
}

/* The tables have a place for it that is free; none but control writes them. */
static int find_place(const struct pstd_vcpu *v)
{
	const struct pstd_vm *vm = v->vm;
	const struct pstd_vcpu *there;

	if (v->apic_id >= vm->vcpu_count ||
	    (!vm->x2apic && v->apic_id >= PSTD_APIC_XAPIC_BROADCAST))
		return -PSTD_EINVAL;
	there = vm->vcpus[v->apic_id];
	return there && there != v ? -PSTD_EBUSY : 0;
}

int pstd_vcpu_init(struct pstd_vcpu *v, struct pstd_pcpu *p)
{
	uint64_t control = pstd_control(pstd_vectors_of(v)->notification,
	                                pstd_ndst(p->apic_id, p->hyp->x2apic));
	int error = find_place(v);

	if (error)
		return error;

	v->pcpu = p;
	v->vmcs_ready = v->launched = v->halted = v->carried_out = false;
	v->interrupted = v->errors = 0;
	pstd_list_init(&v->wakeup);
	pstd_apic_init(v);
	pstd_store_relaxed(&v->nmi, 0);
	forget_posted(v);
	pstd_store_relaxed(&v->kick, 0);
	pstd_store_relaxed(&v->mode, PSTD_OUTSIDE_GUEST_MODE);
	pstd_store_relaxed(&v->task, PSTD_TASK_RUNNABLE);
	/* Suppressed until it is first loaded. */
	pstd_store_release(&v->pid->control, control | PSTD_SN);
	if (v->vm->pid_pointers)
		set_pid_pointer(v);
	/* Last: whoever finds it finds all of it. */
	pstd_store_ptr_release(&v->vm->vcpus[v->apic_id], v);
	return 0;
}

/* A sleeper is nobody's to wake any more; others may still post. */
static void leave_bed(struct pstd_vcpu *v)
{
	uint64_t old = pstd_load_relaxed(&v->pid->control), silent;

	if (pstd_field_get(PSTD_NV, old) != pstd_vectors_of(v)->wakeup)
		return;
	pstd_wakeup_leave(v);
	do
		silent = (old & ~PSTD_NV) | pstd_field(PSTD_NV, pstd_vectors_of(v)->notification) |
		         PSTD_SN;
	while (!pstd_cmpxchg_seq(&v->pid->control, &old, silent));
}

void pstd_vcpu_fini(struct pstd_vcpu *v)
{
	struct pstd_vm *vm = v->vm;

	/* First nobody finds it any more: neither a guest's CPU nor, after its exit, we. */
	if (vm->pid_pointers)
		pstd_store_release(&vm->pid_pointers[v->apic_id], 0);
	pstd_store_ptr_release(&vm->vcpus[v->apic_id], (struct pstd_vcpu *)0);
	leave_bed(v);
	/* Then those that had found it are done. */
	vm->hyp->ops->synchronize(vm->hyp->ctx);
}

/* Points the descriptor at p with notifications open; ON stays as it is. */
static void open_descriptor(struct pstd_vcpu *v, uint32_t ndst)
{
	uint64_t old = pstd_load_relaxed(&v->pid->control), opened;

	do
		opened = pstd_control(pstd_vectors_of(v)->notification, ndst) | (old & PSTD_ON);
	while (!pstd_cmpxchg_seq(&v->pid->control, &old, opened));
}

/* Linux, vmx_vcpu_pi_load. */
static void load_descriptor(struct pstd_vcpu *v, struct pstd_pcpu *p)
{
	/* First, off the wake-up list of the pCPU it slept on. Only we change NV. */
	if (pstd_field_get(PSTD_NV, pstd_load_relaxed(&v->pid->control)) ==
	    pstd_vectors_of(v)->wakeup)
		pstd_wakeup_leave(v);
	/* Second, from here on posts notify this pCPU. */
	open_descriptor(v, pstd_ndst(p->apic_id, p->hyp->x2apic));
	/*
	 * Finally, what was posted while SN was set left ON clear, and nobody will
	 * look at PIR without it. The locked operation above pairs with the one
	 * that set PIR: a poster that still saw SN is seen here; one that did not
	 * sets ON itself, and then setting it again is harmless.
	 */
	if (!pstd_pir_empty(v->pid))
		pstd_test_and_set_on(v->pid);
}

void pstd_vcpu_load(struct pstd_vcpu *v, struct pstd_pcpu *p)
{
	struct pstd_hyp *h = p->hyp;

	load_descriptor(v, p);
	v->pcpu = p;
	h->ops->vmptrld(h->ctx, v->vmcs);
	if (!v->vmcs_ready)
		pstd_vmcs_setup(v);
	pstd_store_release(&v->task, PSTD_TASK_RUNNING);
}

/* From here on any pCPU may load it, and has to launch it. */
static void clear_vmcs(struct pstd_vcpu *v)
{
	const struct pstd_hyp *h = v->vm->hyp;

	h->ops->vmclear(h->ctx, v->vmcs);
	v->launched = false;
}

void pstd_vcpu_preempt(struct pstd_vcpu *v)
{
	clear_vmcs(v);
	pstd_store_release(&v->task, PSTD_TASK_RUNNABLE);
	pstd_set_sn(v->pid);
}

/*
 * Linux, pi_enable_wakeup_handler. The vCPU goes on the list before NV says so:
 * the handler may run for it from the moment the new control word is visible.
 */
static void put_blocking(struct pstd_vcpu *v)
{
	struct pstd_hyp *h = v->vm->hyp;
	uint32_t id = v->pcpu->apic_id;
	uint64_t old, blocked;

	pstd_wakeup_join(v);
	old = pstd_load_relaxed(&v->pid->control);
	do
		blocked = (old & ~PSTD_NV) | pstd_field(PSTD_NV, pstd_vectors_of(v)->wakeup);
	while (!pstd_cmpxchg_seq(&v->pid->control, &old, blocked));
	/* Posted just before: its notification is spent, so the wake-up is ours to send. */
	if (old & PSTD_ON)
		pstd_send_ipi(h, id, pstd_vectors_of(v)->wakeup);
}

static bool interrupts_enabled(const struct pstd_vcpu *v)
{
	return pstd_vmread(v, PSTD_VMX_GUEST_RFLAGS) & PSTD_VMX_RFLAGS_IF;
}

/* What the guest would take now: what KVM asks before it lets a vCPU sleep. */
static bool has_deliverable(struct pstd_vcpu *v)
{
	pstd_sync_pir_to_irr(v);
	/* An event of the caller's, too. */
	if (pstd_nmi_deliverable(v) ||
	    (pstd_vmread(v, PSTD_VMX_VM_ENTRY_INTR_INFO) & PSTD_VMX_INTR_VALID))
		return true;
	return interrupts_enabled(v) && (v->interrupted || pstd_apic_pending(v) >= 0);
}

/* It may not sleep. A kick leaves it halted, until pstd_vcpu_enter has told of it. */
static bool stays_awake(struct pstd_vcpu *v)
{
	if (has_deliverable(v))
		v->halted = false;
	return !v->halted || pstd_load_acquire(&v->kick);
}

bool pstd_vcpu_block(struct pstd_vcpu *v)
{
	uint64_t task = PSTD_TASK_BLOCKING;

	/*
	 * An exchange, so that the looks at ON and at the latches come after it: pairs
	 * with the locked ON in pstd_vcpu_deliver and the exchanges in pstd_vcpu_nmi and
	 * pstd_vcpu_kick, whose sender then finds us blocking.
	 */
	pstd_exchange_seq(&v->task, PSTD_TASK_BLOCKING);
	if (stays_awake(v)) {
		pstd_store_release(&v->task, PSTD_TASK_RUNNING);
		return false;
	}
	/* With interrupts disabled it waits for an NMI, say: posts would only disturb it. */
	if (interrupts_enabled(v))
		put_blocking(v);
	else
		pstd_set_sn(v->pid);
	/* Who wakes a sleeper may have it loaded elsewhere at once. */
	clear_vmcs(v);
	if (!pstd_cmpxchg_seq(&v->task, &task, PSTD_TASK_SLEEPING)) {
		/* Woken in between: a sleep that ended at once. */
		pstd_store_release(&v->task, PSTD_TASK_RUNNABLE);
		v->vm->hyp->ops->runnable(v->vm->hyp->ctx, v);
	}
	return true;
}

/*
 * Whoever kicks from here on finds the latch clear, and sees to it himself. The exchange
 * comes before the owner looks at what is asked: pairs with the one in pstd_vcpu_kick.
 */
static bool take_kick(struct pstd_vcpu *v)
{
	return pstd_load_acquire(&v->kick) && pstd_exchange_seq(&v->kick, 0);
}

/* What notified us in guest mode waits in the local APIC, and disturbs nobody in host mode. */
static void leave_guest_mode(struct pstd_vcpu *v)
{
	pstd_store_release(&v->mode, PSTD_OUTSIDE_GUEST_MODE);
}

enum pstd_next pstd_vcpu_enter(struct pstd_vcpu *v)
{
	if (v->halted)
		return take_kick(v) ? PSTD_KICKED : PSTD_BLOCK;
	/*
	 * The store of the mode must be visible before ON and the latches are read, or a
	 * sender sets one, finds us outside and sends nothing, while we find it clear and
	 * enter. Pairs with the locked ON in pstd_vcpu_deliver and the exchanges in
	 * pstd_vcpu_nmi and pstd_vcpu_kick. What is notified after this waits in the local
	 * APIC and is processed right after VM entry; without APIC virtualization, and for
	 * NMIs and kicks, it makes the guest exit again at once.
	 */
	pstd_exchange_seq(&v->mode, PSTD_IN_GUEST_MODE);
	if (pstd_load_acquire(&v->kick)) {
		leave_guest_mode(v);
		take_kick(v);
		return PSTD_KICKED;
	}
	pstd_sync_pir_to_irr(v);
	pstd_inject(v);
	return PSTD_ENTER;
}

void pstd_vcpu_cancel(struct pstd_vcpu *v)
{
	leave_guest_mode(v);
	pstd_inject_cancel(v);
}
