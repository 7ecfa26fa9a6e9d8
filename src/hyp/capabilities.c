/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which controls posting needs: one table, for the set-up of a VMCS, for the caller's
 * own writes, and for the question whether a CPU can do it. SDM volume 3, "VM-Execution
 * Control Fields", "VM-Exit Controls", "VMX Capability Reporting Facility".
 */
#include "hyp/internal.h"

/* When a control is 1. At other times it is 0, but for the last kind. */
enum when {
	ALWAYS,
	AT_TIMES, /* the library switches it */
	IF_HLT_EXITS,
	IF_APICV,
	IF_X2APIC,
	IF_XAPIC,
	IF_IPIV,
	AT_LEAST_IF_IPIV, /* at other times it is the caller's */
};

enum word { PIN, CPU, SECONDARY, TERTIARY, EXIT, WORDS };

static const struct {
	enum word word;
	uint64_t bit;
	enum when when;
	const char *name;
} controls[] = {
	{ PIN, PSTD_VMX_PIN_EXT_INTR, ALWAYS, "External-interrupt exiting" },
	{ PIN, PSTD_VMX_PIN_NMI, ALWAYS, "NMI exiting" },
	{ PIN, PSTD_VMX_PIN_VIRTUAL_NMI, ALWAYS, "Virtual NMIs" },
	{ PIN, PSTD_VMX_PIN_POSTED_INTR, IF_APICV, "Process posted interrupts" },
	{ CPU, PSTD_VMX_CPU_INTR_WINDOW, AT_TIMES, "Interrupt-window exiting" },
	{ CPU, PSTD_VMX_CPU_HLT, IF_HLT_EXITS, "HLT exiting" },
	{ CPU, PSTD_VMX_CPU_TERTIARY, AT_LEAST_IF_IPIV, "Activate tertiary controls" },
	{ CPU, PSTD_VMX_CPU_TPR_SHADOW, ALWAYS, "Use TPR shadow" },
	{ CPU, PSTD_VMX_CPU_NMI_WINDOW, AT_TIMES, "NMI-window exiting" },
	{ CPU, PSTD_VMX_CPU_SECONDARY, ALWAYS, "Activate secondary controls" },
	{ SECONDARY, PSTD_VMX_SEC_VIRTUALIZE_APIC, IF_XAPIC, "Virtualize APIC accesses" },
	{ SECONDARY, PSTD_VMX_SEC_X2APIC, IF_X2APIC, "Virtualize x2APIC mode" },
	{ SECONDARY, PSTD_VMX_SEC_APIC_REGISTER, IF_APICV, "APIC-register virtualization" },
	{ SECONDARY, PSTD_VMX_SEC_VIRTUAL_INTR, IF_APICV, "Virtual-interrupt delivery" },
	{ TERTIARY, PSTD_VMX_TER_IPI_VIRT, IF_IPIV, "IPI virtualization" },
	{ EXIT, PSTD_VMX_EXIT_ACK_INTR, ALWAYS, "Acknowledge interrupt on exit" },
};

enum { CONTROLS = sizeof(controls) / sizeof(controls[0]) };

static bool required(const struct pstd_vm *vm, enum when when)
{
	switch (when) {
	case ALWAYS:
		return true;
	case IF_HLT_EXITS:
		return vm->hyp->hlt_exiting;
	case IF_APICV:
		return !vm->hyp->software_apic;
	case IF_X2APIC:
		return vm->x2apic;
	case IF_XAPIC:
		return !vm->x2apic;
	case IF_IPIV:
	case AT_LEAST_IF_IPIV:
		return vm->pid_pointers;
	default:
		return false;
	}
}

static bool forbidden(const struct pstd_vm *vm, enum when when)
{
	return !required(vm, when) && when != AT_LEAST_IF_IPIV;
}

void pstd_controls(const struct pstd_vm *vm, struct pstd_controls *c)
{
	struct pstd_control_bits *const words[WORDS] = { &c->pin, &c->cpu, &c->secondary,
		                                         &c->tertiary, &c->exit };

	for (unsigned i = 0; i < WORDS; i++)
		words[i]->required = words[i]->forbidden = 0;
	for (unsigned i = 0; i < CONTROLS; i++) {
		struct pstd_control_bits *bits = words[controls[i].word];

		if (required(vm, controls[i].when))
			bits->required |= controls[i].bit;
		if (forbidden(vm, controls[i].when))
			bits->forbidden |= controls[i].bit;
	}
}

/* As vmx.h says of the MSRs. */
static bool can_be_0(enum word word, uint64_t capability, uint64_t bit)
{
	return word == TERTIARY || !(capability & bit);
}

static bool can_be_1(enum word word, uint64_t capability, uint64_t bit)
{
	return (word == TERTIARY ? capability : capability >> 32) & bit;
}

const char *pstd_controls_missing(const struct pstd_vm *vm, const struct pstd_vmx_capabilities *c)
{
	const uint64_t words[WORDS] = { c->pin, c->cpu, c->secondary, c->tertiary, c->exit };

	for (unsigned i = 0; i < CONTROLS; i++) {
		enum word word = controls[i].word;
		enum when when = controls[i].when;

		if ((required(vm, when) || when == AT_TIMES) &&
		    !can_be_1(word, words[word], controls[i].bit))
			return controls[i].name;
		if (forbidden(vm, when) && !can_be_0(word, words[word], controls[i].bit))
			return controls[i].name;
	}
	return 0;
}
