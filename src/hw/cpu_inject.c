/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events that are not interrupts: injected ones, exits that a VM entry induces, SMI,
 * INIT, SIPI, NMI and its window.
 */
#include "hw/cpu_parts.h"

enum cpu_event cpu_deliver(struct cpu *c, uint64_t info, uint32_t error_code)
{
	enum vmx_intr_type type = (enum vmx_intr_type)pi_field_get(VMX_INTR_TYPE, info);

	c->delivery.info = (uint32_t)info;
	c->delivery.error_code = error_code;
	c->delivery.rflags = c->rflags;
	c->activity = VMX_ACTIVE;
	c->rflags &= ~VMX_RFLAGS_IF; /* an interrupt gate, each of them */
	if (type == VMX_TYPE_EXTERNAL)
		return CPU_DELIVER;
	/* What STI and MOV SS do not block ends their blocking. */
	cpu_retire(c);
	if (type != VMX_TYPE_NMI)
		return CPU_EXCEPTION;
	c->interruptibility |= VMX_BLOCKING_NMI;
	return CPU_NMI;
}

/* "Event Injection" */
static enum cpu_event inject(struct cpu *c, uint8_t *vector)
{
	uint64_t info = c->vmcs->VM_ENTRY_INTR_INFO;
	uint64_t code = info & VMX_INTR_ERROR_CODE ? c->vmcs->VM_ENTRY_EXCEPTION_ERROR_CODE : 0;

	*vector = (uint8_t)pi_field_get(VMX_INTR_VECTOR, info);
	return cpu_deliver(c, info, (uint32_t)code);
}

/* "NMI-window exiting": no virtual-NMI blocking, no blocking by STI or MOV SS. */
static bool nmi_window_open(const struct cpu *c)
{
	return !(c->interruptibility &
	         (VMX_BLOCKING_NMI | VMX_BLOCKING_STI | VMX_BLOCKING_MOV_SS));
}

/* With virtual NMIs the guest's blocking is not the real NMI's. */
static bool nmi_blocked(const struct cpu *c)
{
	uint64_t blocks = VMX_BLOCKING_MOV_SS;

	if (!(c->vmcs->PIN_BASED_VM_EXEC_CONTROL & VMX_PIN_VIRTUAL_NMI))
		blocks |= VMX_BLOCKING_NMI;
	return c->interruptibility & blocks;
}

static enum cpu_event take_nmi(struct cpu *c, uint8_t *vector)
{
	uint64_t info = vmx_intr_info(VMX_TYPE_NMI, VMX_NMI_VECTOR);

	if (c->vmcs->PIN_BASED_VM_EXEC_CONTROL & VMX_PIN_NMI) {
		cpu_exit_interruption(c, VMX_EXIT_EXCEPTION_NMI, info);
		return CPU_EXIT;
	}
	*vector = VMX_NMI_VECTOR;
	return cpu_deliver(c, info, 0);
}

/* True if the local APIC has such an event; then it has it no more. */
static bool take(struct cpu *c, enum apic_delivery_mode event)
{
	bool is = c->lapic.events & PI_BIT(event);

	lapic_event_taken(&c->lapic, event);
	return is;
}

static enum cpu_event exits(struct cpu *c, enum vmx_exit_reason reason, uint64_t qualification)
{
	cpu_exit(c, reason, qualification);
	return CPU_EXIT;
}

void cpu_take_smi(struct cpu *c)
{
	lapic_events(&c->lapic);
	if (!take(c, APIC_DM_SMI))
		return;
	c->smis++;
	/* HLT goes on: "auto HALT restart". MWAIT ends. */
	if (c->guest && c->activity == VMX_MWAIT)
		c->activity = VMX_ACTIVE;
}

enum cpu_event cpu_pending_event(struct cpu *c, uint8_t *vector)
{
	/* A part of the VM entry. */
	if (c->pending & CPU_PENDING_INJECTION) {
		c->pending &= ~(unsigned)CPU_PENDING_INJECTION;
		return inject(c, vector);
	}
	/* Wait-for-SIPI blocks all others, all other states discard a SIPI. */
	if (c->activity == VMX_WAIT_SIPI) {
		if (take(c, APIC_DM_SIPI))
			return exits(c, VMX_EXIT_SIPI_SIGNAL, c->lapic.startup);
		return CPU_NONE;
	}
	take(c, APIC_DM_SIPI);
	/* Held by shutdown, until an event ends that. */
	if ((c->pending & CPU_PENDING_TPR) && c->activity != VMX_SHUTDOWN)
		return exits(c, VMX_EXIT_TPR_BELOW_THRESHOLD, 0);
	cpu_take_smi(c);
	if (take(c, APIC_DM_INIT))
		return exits(c, VMX_EXIT_INIT_SIGNAL, 0);
	if ((c->pending & CPU_PENDING_NMI_WINDOW) && nmi_window_open(c))
		return exits(c, VMX_EXIT_NMI_WINDOW, 0);
	if (!nmi_blocked(c) && take(c, APIC_DM_NMI))
		return take_nmi(c, vector);
	return CPU_NONE;
}
