/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events that are not interrupts: injected ones, exits that a VM entry induces, SMI,
 * INIT, SIPI, NMI and its window.
 */
#include "hw/cpu/parts.h"

enum pstd_cpu_event pstd_cpu_deliver(struct pstd_cpu *c, uint64_t info, uint32_t error_code)
{
	enum pstd_vmx_intr_type type =
		(enum pstd_vmx_intr_type)pstd_field_get(PSTD_VMX_INTR_TYPE, info);

	c->delivery.info = (uint32_t)info;
	c->delivery.error_code = error_code;
	c->delivery.rflags = c->rflags;
	c->activity = PSTD_VMX_ACTIVE;
	c->rflags &= ~PSTD_VMX_RFLAGS_IF; /* an interrupt gate, each of them */
	if (type == PSTD_VMX_TYPE_EXTERNAL)
		return PSTD_CPU_DELIVER;
	/* What STI and MOV SS do not block ends their blocking. */
	pstd_cpu_retire(c);
	if (type != PSTD_VMX_TYPE_NMI)
		return PSTD_CPU_EXCEPTION;
	c->interruptibility |= PSTD_VMX_BLOCKING_NMI;
	return PSTD_CPU_NMI;
}

/* "Event Injection" */
static enum pstd_cpu_event inject(struct pstd_cpu *c, uint8_t *vector)
{
	uint64_t info = c->vmcs->VM_ENTRY_INTR_INFO;
	uint64_t code = info & PSTD_VMX_INTR_ERROR_CODE ? c->vmcs->VM_ENTRY_EXCEPTION_ERROR_CODE
	                                                : 0;

	*vector = (uint8_t)pstd_field_get(PSTD_VMX_INTR_VECTOR, info);
	return pstd_cpu_deliver(c, info, (uint32_t)code);
}

/* "NMI-window exiting": no virtual-NMI blocking, no blocking by STI or MOV SS. */
static bool nmi_window_open(const struct pstd_cpu *c)
{
	return !(c->interruptibility &
	         (PSTD_VMX_BLOCKING_NMI | PSTD_VMX_BLOCKING_STI | PSTD_VMX_BLOCKING_MOV_SS));
}

/* With virtual NMIs the guest's blocking is not the real NMI's. */
static bool nmi_blocked(const struct pstd_cpu *c)
{
	uint64_t blocks = PSTD_VMX_BLOCKING_MOV_SS;

	if (!(c->vmcs->PIN_BASED_VM_EXEC_CONTROL & PSTD_VMX_PIN_VIRTUAL_NMI))
		blocks |= PSTD_VMX_BLOCKING_NMI;
	return c->interruptibility & blocks;
}

static enum pstd_cpu_event take_nmi(struct pstd_cpu *c, uint8_t *vector)
{
	uint64_t info = pstd_vmx_intr_info(PSTD_VMX_TYPE_NMI, PSTD_VMX_NMI_VECTOR);

	if (c->vmcs->PIN_BASED_VM_EXEC_CONTROL & PSTD_VMX_PIN_NMI) {
		pstd_cpu_exit_interruption(c, PSTD_VMX_EXIT_EXCEPTION_NMI, info);
		return PSTD_CPU_EXIT;
	}
	*vector = PSTD_VMX_NMI_VECTOR;
	return pstd_cpu_deliver(c, info, 0);
}

/* True if the local APIC has such an event; then it has it no more. */
static bool take(struct pstd_cpu *c, enum pstd_apic_delivery_mode event)
{
	bool is = c->lapic.events & PSTD_BIT(event);

	pstd_lapic_event_taken(&c->lapic, event);
	return is;
}

static enum pstd_cpu_event exits(struct pstd_cpu *c, enum pstd_vmx_exit_reason reason,
                                 uint64_t qualification)
{
	pstd_cpu_exit(c, reason, qualification);
	return PSTD_CPU_EXIT;
}

void pstd_cpu_take_smi(struct pstd_cpu *c)
{
	pstd_lapic_events(&c->lapic);
	if (!take(c, PSTD_APIC_DM_SMI))
		return;
	c->smis++;
	/* HLT goes on: "auto HALT restart". MWAIT ends. */
	if (c->guest && c->activity == PSTD_VMX_MWAIT)
		c->activity = PSTD_VMX_ACTIVE;
}

enum pstd_cpu_event pstd_cpu_pending_event(struct pstd_cpu *c, uint8_t *vector)
{
	/* A part of the VM entry. */
	if (c->pending & PSTD_CPU_PENDING_INJECTION) {
		c->pending &= ~(unsigned)PSTD_CPU_PENDING_INJECTION;
		return inject(c, vector);
	}
	/* Wait-for-SIPI blocks all others, all other states discard a SIPI. */
	if (c->activity == PSTD_VMX_WAIT_SIPI) {
		if (take(c, PSTD_APIC_DM_SIPI))
			return exits(c, PSTD_VMX_EXIT_SIPI_SIGNAL, c->lapic.startup);
		return PSTD_CPU_NONE;
	}
	take(c, PSTD_APIC_DM_SIPI);
	/* Held by shutdown, until an event ends that. */
	if ((c->pending & PSTD_CPU_PENDING_TPR) && c->activity != PSTD_VMX_SHUTDOWN)
		return exits(c, PSTD_VMX_EXIT_TPR_BELOW_THRESHOLD, 0);
	pstd_cpu_take_smi(c);
	if (take(c, PSTD_APIC_DM_INIT))
		return exits(c, PSTD_VMX_EXIT_INIT_SIGNAL, 0);
	if ((c->pending & PSTD_CPU_PENDING_NMI_WINDOW) && nmi_window_open(c))
		return exits(c, PSTD_VMX_EXIT_NMI_WINDOW, 0);
	if (!nmi_blocked(c) && take(c, PSTD_APIC_DM_NMI))
		return take_nmi(c, vector);
	return PSTD_CPU_NONE;
}
