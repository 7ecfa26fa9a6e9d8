/* SPDX-License-Identifier: BSD-2-Clause */
/* "VM Entries": checks, the guest's state, what the entry itself sets off. */
#include "hw/cpu/parts.h"

static unsigned address_width(const struct pstd_cpu *c)
{
	return c->address_width ? c->address_width : PSTD_CPU_ADDRESS_WIDTH;
}

/* Null if it is not aligned to its size, a power of two, or not all there. */
static void *aligned_at(const struct pstd_cpu *c, uint64_t address, size_t size)
{
	return address % size ? NULL : pstd_memory_at(c->memory, address, size);
}

/*
 * Memory that the controls name. What lies outside the machine's memory breaks
 * the rule of its address: this machine's physical width ends there.
 */
static uint64_t find_memory(struct pstd_cpu *c)
{
	const struct pstd_vmcs *s = c->vmcs;
	uint64_t broken = 0;

	c->vapic.page = NULL;
	c->msr_bitmap = NULL;
	c->pid = NULL;
	if (s->CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_TPR_SHADOW) {
		c->vapic.page = aligned_at(c, s->VIRTUAL_APIC_PAGE_ADDR, 4096);
		broken |= c->vapic.page ? 0 : PSTD_BIT(PSTD_VMCS_vapic_addr);
	}
	if (s->CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_MSR_BITMAPS) {
		c->msr_bitmap = aligned_at(c, s->MSR_BITMAP, PSTD_VMX_MSR_BITMAP_SIZE);
		broken |= c->msr_bitmap ? 0 : PSTD_BIT(PSTD_VMCS_msr_bitmap_addr);
	}
	if (s->PIN_BASED_VM_EXEC_CONTROL & PSTD_VMX_PIN_POSTED_INTR) {
		c->pid = aligned_at(c, s->POSTED_INTR_DESC_ADDR, sizeof(*c->pid));
		broken |= c->pid ? 0 : PSTD_BIT(PSTD_VMCS_pid_addr);
	}
	return broken;
}

/* "VMfailValid" */
static bool fail(struct pstd_cpu *c, unsigned error)
{
	c->vmcs->VM_INSTRUCTION_ERROR = error;
	return false;
}

/* "VM-Entry Failures During or After Loading Guest State", or the instruction's own. */
static bool refuse(struct pstd_cpu *c)
{
	struct pstd_vmcs *s = c->vmcs;

	if (c->broken & (PSTD_BIT(PSTD_VMCS_FIRST_GUEST_RULE) - 1))
		return fail(c, PSTD_VMX_ERROR_ENTRY_CONTROLS);
	s->VM_EXIT_REASON = PSTD_VMX_EXIT_INVALID_STATE | PSTD_VMX_EXIT_ENTRY_FAILURE;
	s->EXIT_QUALIFICATION = 0;
	return false;
}

static void load_controls(struct pstd_cpu *c)
{
	const struct pstd_vmcs *s = c->vmcs;
	struct pstd_vapic *v = &c->vapic;

	v->vid = pstd_vmcs_secondary(s) & PSTD_VMX_SEC_VIRTUAL_INTR;
	v->register_virt = pstd_vmcs_secondary(s) & PSTD_VMX_SEC_APIC_REGISTER;
	v->ipi_virt = pstd_vmcs_tertiary(s) & PSTD_VMX_TER_IPI_VIRT;
	v->intr_window = s->CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_INTR_WINDOW;
	v->tpr_threshold = s->TPR_THRESHOLD & 0xf;
	v->eoi_exit[0] = s->EOI_EXIT_BITMAP0;
	v->eoi_exit[1] = s->EOI_EXIT_BITMAP1;
	v->eoi_exit[2] = s->EOI_EXIT_BITMAP2;
	v->eoi_exit[3] = s->EOI_EXIT_BITMAP3;
	v->pid_table = s->PID_POINTER_TABLE;
	v->pid_last = (uint16_t)s->LAST_PID_POINTER_INDEX;
	v->address_width = address_width(c);
	v->x2apic = pstd_lapic_mode(&c->lapic) == PSTD_APIC_X2APIC;
	v->memory = c->memory;
	c->nv = (uint8_t)s->POSTED_INTR_NV;
}

static void load_guest_state(struct pstd_cpu *c)
{
	const struct pstd_vmcs *s = c->vmcs;

	c->vapic.rvi = (uint8_t)pstd_field_get(PSTD_VMX_RVI, s->GUEST_INTR_STATUS);
	c->vapic.svi = (uint8_t)pstd_field_get(PSTD_VMX_SVI, s->GUEST_INTR_STATUS);
	c->activity = (enum pstd_vmx_activity)s->GUEST_ACTIVITY_STATE;
	c->rflags = s->GUEST_RFLAGS;
	c->interruptibility = s->GUEST_INTERRUPTIBILITY_INFO;
	c->delivery.info = 0;
	c->guest = true;
}

/* "VM Exits Induced by the TPR Threshold" */
static bool induces_tpr_exit(const struct pstd_cpu *c)
{
	return c->vapic.page && (pstd_vmcs_secondary(c->vmcs) & PSTD_VMX_SEC_VIRTUALIZE_APIC) &&
	       pstd_vapic_tpr_below_threshold(&c->vapic);
}

static struct pstd_vmcs *vmcs_at(const struct pstd_cpu *c, uint64_t address)
{
	return pstd_memory_at(c->memory, address, sizeof(struct pstd_vmcs));
}

bool pstd_cpu_active_elsewhere(const struct pstd_cpu *c, uint64_t vmcs)
{
	const struct pstd_vmcs *s = vmcs_at(c, vmcs);

	return s && s->active && s->active != c;
}

bool pstd_cpu_vmptrld(struct pstd_cpu *c, uint64_t vmcs)
{
	struct pstd_vmcs *s = vmcs_at(c, vmcs);

	if (!s)
		return false;
	s->active = c;
	c->vmcs = s;
	return true;
}

bool pstd_cpu_vmclear(struct pstd_cpu *c, uint64_t vmcs)
{
	struct pstd_vmcs *s = vmcs_at(c, vmcs);

	if (!s)
		return false;
	s->active = NULL;
	s->launched = false;
	if (c->vmcs == s)
		c->vmcs = NULL;
	return true;
}

bool pstd_cpu_vm_entry(struct pstd_cpu *c, bool launched)
{
	struct pstd_vmcs *s = c->vmcs;
	uint8_t vtpr;

	c->broken = 0;
	/* "VMfailInvalid" */
	if (!s)
		return false;
	if (launched != s->launched)
		return fail(c, launched ? PSTD_VMX_ERROR_RESUME_NOT_LAUNCHED
		                        : PSTD_VMX_ERROR_LAUNCH_NOT_CLEAR);
	/* 1. Checks, and nothing is changed if one fails. */
	c->broken = find_memory(c);
	vtpr = c->vapic.page ? (uint8_t)pstd_apic_read(c->vapic.page, PSTD_APIC_TPR) : 0;
	c->broken |= pstd_vmcs_broken(s, vtpr, address_width(c));
	if (c->broken)
		return refuse(c);
	/* 2. Controls and guest state. */
	load_controls(c);
	load_guest_state(c);
	s->launched = true;
	/* 3. PPR virtualization, evaluation. */
	pstd_vapic_vm_entry(&c->vapic);
	/* 4. What the first boundary does before anything else. */
	c->pending = 0;
	if (s->VM_ENTRY_INTR_INFO & PSTD_VMX_INTR_VALID)
		c->pending |= PSTD_CPU_PENDING_INJECTION;
	if (induces_tpr_exit(c))
		c->pending |= PSTD_CPU_PENDING_TPR;
	if (s->CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_NMI_WINDOW)
		c->pending |= PSTD_CPU_PENDING_NMI_WINDOW;
	return true;
}
