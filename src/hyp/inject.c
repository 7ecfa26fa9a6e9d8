/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a VM entry injects: NMIs; again, what an exit cut short; and, without APIC
 * virtualization, the guest's interrupts. Then the vCPU's APIC page is its local
 * APIC, emulated by its owner: others only post to the descriptor, as ever, and
 * kick. SDM, "Event Injection", "Interrupt-Window Exiting", "NMI-Window Exiting";
 * Linux, kvm_check_and_inject_events and vmx_complete_interrupts.
 */
#include "hyp/internal.h"

/* Nothing in the interruptibility state blocks it, and no activity state past the last. */
static bool open_to(const struct pstd_vcpu *v, uint64_t blocking, enum pstd_vmx_activity last)
{
	return !(pstd_vmread(v, PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO) & blocking) &&
	       pstd_vmread(v, PSTD_VMX_GUEST_ACTIVITY_STATE) <= last;
}

/* The guest takes interrupts where it will be entered. */
static bool window_open(const struct pstd_vcpu *v)
{
	return (pstd_vmread(v, PSTD_VMX_GUEST_RFLAGS) & PSTD_VMX_RFLAGS_IF) &&
	       open_to(v, PSTD_VMX_BLOCKING_STI | PSTD_VMX_BLOCKING_MOV_SS, PSTD_VMX_HLT);
}

static bool nmi_window_open(const struct pstd_vcpu *v)
{
	return open_to(v, PSTD_VMX_BLOCKING_NMI | PSTD_VMX_BLOCKING_STI | PSTD_VMX_BLOCKING_MOV_SS,
	               PSTD_VMX_SHUTDOWN);
}

/*
 * How a guest exits when that window opens. A CPU may exit for an NMI window though
 * STI blocks events, and so before every instruction, for ever; for an interrupt
 * window none does. After STI it is the same moment, unless CLI follows: then the
 * NMI waits for what comes next, an exit or an IRET. Linux, vmx_enable_nmi_window.
 */
static uint64_t nmi_window(const struct pstd_vcpu *v)
{
	uint64_t blocking = pstd_vmread(v, PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO);

	return (blocking & (PSTD_VMX_BLOCKING_STI | PSTD_VMX_BLOCKING_NMI)) == PSTD_VMX_BLOCKING_STI
	               ? PSTD_VMX_CPU_INTR_WINDOW
	               : PSTD_VMX_CPU_NMI_WINDOW;
}

bool pstd_nmi_deliverable(const struct pstd_vcpu *v)
{
	return pstd_load_acquire(&v->nmi) && nmi_window_open(v);
}

bool pstd_latch_nmi(struct pstd_vcpu *v)
{
	if (!pstd_exchange_seq(&v->nmi, 1))
		return true;
	pstd_count(&v->coalesced[PSTD_VMX_NMI_VECTOR], 1);
	return false;
}

void pstd_inject_gp(const struct pstd_vcpu *v)
{
	pstd_vmwrite(v, PSTD_VMX_VM_ENTRY_EXCEPTION_ERROR_CODE, 0);
	pstd_vmwrite(v, PSTD_VMX_VM_ENTRY_INTR_INFO,
	             pstd_vmx_intr_info(PSTD_VMX_TYPE_HARDWARE_EXCEPTION, PSTD_VMX_GP_VECTOR) |
	             PSTD_VMX_INTR_ERROR_CODE);
}

/*
 * Each of these has one VM entry to share: taken says that it is spoken for. They
 * return the window that the guest must exit at, for what has to wait; 0: nothing has.
 */

/* An interrupt that the last exit cut short: it is in service already. */
static uint64_t inject_again(struct pstd_vcpu *v, bool *taken)
{
	if (!v->interrupted)
		return 0;
	if (*taken || !window_open(v))
		return PSTD_VMX_CPU_INTR_WINDOW;
	pstd_vmwrite(v, PSTD_VMX_VM_ENTRY_INTR_INFO, v->interrupted);
	v->interrupted = 0;
	*taken = true;
	return 0;
}

static uint64_t inject_nmi(struct pstd_vcpu *v, bool *taken)
{
	/* After the exchange of the mode: pairs with that of the latch in pstd_vcpu_nmi. */
	if (!pstd_load_acquire(&v->nmi))
		return 0;
	if (*taken)
		return PSTD_VMX_CPU_NMI_WINDOW;
	if (!nmi_window_open(v))
		return nmi_window(v);
	/* Whoever sends one from here on finds the latch clear, and kicks. */
	pstd_exchange_seq(&v->nmi, 0);
	pstd_vmwrite(v, PSTD_VMX_VM_ENTRY_INTR_INFO,
	             pstd_vmx_intr_info(PSTD_VMX_TYPE_NMI, PSTD_VMX_NMI_VECTOR));
	*taken = true;
	return 0;
}

/* Of the emulated local APIC: its acknowledge cycle, and the vector into the VM entry. */
static uint64_t inject_interrupt(struct pstd_vcpu *v, bool taken)
{
	int vector = pstd_apic_pending(v);

	if (vector < 0)
		return 0;
	if (taken || !window_open(v))
		return PSTD_VMX_CPU_INTR_WINDOW;
	pstd_apic_clear(v->apic, PSTD_APIC_IRR, (uint8_t)vector);
	pstd_apic_set(v->apic, PSTD_APIC_ISR, (uint8_t)vector);
	pstd_vmwrite(v, PSTD_VMX_VM_ENTRY_INTR_INFO,
	             pstd_vmx_intr_info(PSTD_VMX_TYPE_EXTERNAL, (uint8_t)vector));
	/* It was the highest: what else is requested waits for its EOI. */
	return 0;
}

/* A guest that lowers its TPR below the class of what waits exits. */
static void set_tpr_threshold(struct pstd_vcpu *v)
{
	unsigned class = pstd_apic_highest_or_0(v->apic, PSTD_APIC_IRR) >> 4;
	unsigned tpr = (pstd_apic_read(v->apic, PSTD_APIC_TPR) & 0xff) >> 4;
	unsigned threshold = class <= tpr ? class : 0;

	if (threshold == v->tpr_threshold)
		return;
	v->tpr_threshold = (uint8_t)threshold;
	pstd_vmwrite(v, PSTD_VMX_TPR_THRESHOLD, threshold);
}

/* The guest exits as soon as it can take what waits, and not otherwise. */
static void set_windows(struct pstd_vcpu *v, uint64_t windows)
{
	if (windows == v->windows)
		return;
	v->windows = (uint32_t)windows;
	pstd_change_bits(v, PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL, PSTD_WINDOWS, windows);
}

void pstd_inject(struct pstd_vcpu *v)
{
	const struct pstd_hyp *h = v->vm->hyp;
	bool software = h->software_apic, taken;
	uint64_t windows;

	if (!software && !v->interrupted && !v->windows && !pstd_load_acquire(&v->nmi))
		return;
	/* The caller's event goes first, and an exception that was cut short. */
	taken = pstd_vmread(v, PSTD_VMX_VM_ENTRY_INTR_INFO) & PSTD_VMX_INTR_VALID;
	windows = inject_again(v, &taken);
	windows |= inject_nmi(v, &taken);
	if (software) {
		windows |= inject_interrupt(v, taken);
		set_tpr_threshold(v);
	}
	set_windows(v, windows);
}

/*
 * As if it had not been chosen; the caller's own too, if it was one of these. An
 * interrupt is in service already. If one waits, the caller's came before it, and stays
 * where it is. An NMI needs no notification: the next entry looks.
 */
void pstd_inject_cancel(struct pstd_vcpu *v)
{
	uint64_t info = pstd_vmread(v, PSTD_VMX_VM_ENTRY_INTR_INFO);
	enum pstd_vmx_intr_type type =
		(enum pstd_vmx_intr_type)pstd_field_get(PSTD_VMX_INTR_TYPE, info);

	if (!(info & PSTD_VMX_INTR_VALID))
		return;
	if (type == PSTD_VMX_TYPE_EXTERNAL && !v->interrupted)
		v->interrupted = (uint32_t)info;
	else if (type == PSTD_VMX_TYPE_NMI)
		pstd_latch_nmi(v);
	else
		return;
	pstd_vmwrite(v, PSTD_VMX_VM_ENTRY_INTR_INFO, info & ~PSTD_VMX_INTR_VALID);
}

/* An instruction's event has its length too, an exception may have an error code. */
static void put_back(const struct pstd_vcpu *v, uint64_t info)
{
	enum pstd_vmx_intr_type type =
		(enum pstd_vmx_intr_type)pstd_field_get(PSTD_VMX_INTR_TYPE, info);

	pstd_vmwrite(v, PSTD_VMX_VM_ENTRY_INTR_INFO, info & ~PSTD_VMX_INTR_RSVD);
	if (info & PSTD_VMX_INTR_ERROR_CODE)
		pstd_vmwrite(v, PSTD_VMX_VM_ENTRY_EXCEPTION_ERROR_CODE,
		             pstd_vmread(v, PSTD_VMX_IDT_VECTORING_ERROR_CODE));
	if (type >= PSTD_VMX_TYPE_SOFTWARE_INTERRUPT)
		pstd_vmwrite(v, PSTD_VMX_VM_ENTRY_INSTRUCTION_LEN,
		             pstd_vmread(v, PSTD_VMX_VM_EXIT_INSTRUCTION_LEN));
}

/*
 * "Information for VM Exits That Occur During Event Delivery": only another VM entry
 * can bring the event to its handler. An interrupt is in service already; while one
 * waits, a second can only have been the caller's, who had put it there. An NMI
 * is as if it had not been taken, so that others merge with it; its delivery set
 * blocking by NMI, with which no VM entry injects one. All else belongs to an
 * instruction, which would raise it again if the caller injected something else.
 */
void pstd_inject_exit(struct pstd_vcpu *v)
{
	uint64_t info = pstd_vmread(v, PSTD_VMX_IDT_VECTORING_INFO);

	if (!(info & PSTD_VMX_INTR_VALID))
		return;
	switch ((enum pstd_vmx_intr_type)pstd_field_get(PSTD_VMX_INTR_TYPE, info)) {
	case PSTD_VMX_TYPE_EXTERNAL:
		if (v->interrupted)
			put_back(v, info);
		else
			v->interrupted = (uint32_t)(info & ~PSTD_VMX_INTR_RSVD);
		break;
	case PSTD_VMX_TYPE_NMI:
		pstd_change_bits(v, PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO, PSTD_VMX_BLOCKING_NMI, 0);
		/* Our own: the next entry looks, so nobody need be told. */
		pstd_latch_nmi(v);
		break;
	default:
		put_back(v, info);
	}
}
