/* SPDX-License-Identifier: BSD-2-Clause */
#include "hw/cpu.h"

static void load_eoi_exit_bitmap(struct vapic *v, const struct vmcs *s)
{
	v->eoi_exit[0] = s->EOI_EXIT_BITMAP0;
	v->eoi_exit[1] = s->EOI_EXIT_BITMAP1;
	v->eoi_exit[2] = s->EOI_EXIT_BITMAP2;
	v->eoi_exit[3] = s->EOI_EXIT_BITMAP3;
}

/* "VM Exits": saves guest state; the reason and its details are the caller's. */
static void vm_exit(struct cpu *c, enum vmx_exit_reason reason, uint64_t qualification)
{
	struct vmcs *s = c->vmcs;

	s->VM_EXIT_REASON = reason;
	s->EXIT_QUALIFICATION = qualification;
	s->GUEST_INTR_STATUS = pi_field(VMX_RVI, c->vapic.rvi) | pi_field(VMX_SVI, c->vapic.svi);
	s->GUEST_ACTIVITY_STATE = c->hlt ? VMX_HLT : VMX_ACTIVE;
	s->GUEST_RFLAGS = c->rflags;
	s->GUEST_INTERRUPTIBILITY_INFO = c->interruptibility;
	c->guest = false;
}

bool cpu_vmptrld(struct cpu *c, uint64_t vmcs)
{
	c->vmcs = memory_at(c->memory, vmcs, sizeof(*c->vmcs));
	return c->vmcs;
}

void cpu_vm_entry(struct cpu *c)
{
	const struct vmcs *s = c->vmcs;
	struct vapic *v = &c->vapic;

	v->page = memory_at(c->memory, s->VIRTUAL_APIC_PAGE_ADDR, sizeof(*v->page));
	v->rvi = (uint8_t)pi_field_get(VMX_RVI, s->GUEST_INTR_STATUS);
	v->svi = (uint8_t)pi_field_get(VMX_SVI, s->GUEST_INTR_STATUS);
	v->intr_window = s->CPU_BASED_VM_EXEC_CONTROL & VMX_CPU_INTR_WINDOW;
	load_eoi_exit_bitmap(v, s);
	c->pid = NULL;
	if (s->PIN_BASED_VM_EXEC_CONTROL & VMX_PIN_POSTED_INTR)
		c->pid = memory_at(c->memory, s->POSTED_INTR_DESC_ADDR, sizeof(*c->pid));
	c->nv = (uint8_t)s->POSTED_INTR_NV;
	c->hlt = s->GUEST_ACTIVITY_STATE == VMX_HLT;
	c->rflags = s->GUEST_RFLAGS;
	c->interruptibility = s->GUEST_INTERRUPTIBILITY_INFO;
	c->guest = true;
	vapic_vm_entry(v);
}

bool cpu_posted_interrupt_processing(struct cpu *c)
{
	/* 1. Acknowledge the local APIC: the physical vector. */
	uint8_t vector = lapic_acknowledge(&c->lapic);

	/* 2. Not the notification vector: an ordinary external-interrupt exit. */
	if (!c->pid || vector != c->nv) {
		c->vmcs->VM_EXIT_INTR_INFO = VMX_INTR_VALID | pi_field(VMX_INTR_VECTOR, vector);
		vm_exit(c, VMX_EXIT_EXTERNAL_INTERRUPT, 0);
		return false;
	}
	/* 3. Clear ON, before PIR is read: pairs with vtd_post and hyp_vcpu_deliver. */
	pi_clear_on(c->pid);
	/* 4. EOI to the local APIC. */
	lapic_eoi(&c->lapic);
	/* 5 and 6. PIR into VIRR, RVI. */
	vapic_merge_pir(&c->vapic, c->pid);
	/* 7. Evaluate. HLT goes on unless something was recognized. */
	vapic_evaluate_pending(&c->vapic);
	return true;
}

static bool deliverable(const struct cpu *c)
{
	return c->vapic.recognized && (c->rflags & VMX_RFLAGS_IF) &&
	       !(c->interruptibility & (VMX_BLOCKING_STI | VMX_BLOCKING_MOV_SS));
}

static enum cpu_event deliver(struct cpu *c, uint8_t *vector)
{
	*vector = vapic_deliver(&c->vapic);
	c->hlt = false;
	c->rflags &= ~VMX_RFLAGS_IF; /* an interrupt gate */
	return CPU_DELIVER;
}

enum cpu_event cpu_boundary(struct cpu *c, uint8_t *vector)
{
	if (deliverable(c))
		return deliver(c, vector);
	/* All of them: a CPU does not rest in HLT while its local APIC has another. */
	while (lapic_pending(&c->lapic) >= 0) {
		if (!cpu_posted_interrupt_processing(c))
			return CPU_EXIT;
		if (deliverable(c))
			return deliver(c, vector);
	}
	return CPU_NONE;
}

bool cpu_hlt(struct cpu *c)
{
	if (c->vmcs->CPU_BASED_VM_EXEC_CONTROL & VMX_CPU_HLT) {
		vm_exit(c, VMX_EXIT_HLT, 0);
		return true;
	}
	c->hlt = true;
	return false;
}

bool cpu_write_eoi(struct cpu *c)
{
	uint8_t vector;

	if (!vapic_eoi_virtualization(&c->vapic, &vector))
		return false;
	vm_exit(c, VMX_EXIT_EOI_INDUCED, vector);
	return true;
}

bool cpu_write_tpr(struct cpu *c, uint8_t value)
{
	apic_write(c->vapic.page, APIC_TPR, value);
	vapic_tpr_virtualization(&c->vapic);
	return false;
}

/*
 * Without IPI virtualization: x2APIC's WRMSR is intercepted; xAPIC's store is
 * virtualized, then exits.
 */
bool cpu_write_icr(struct cpu *c, uint64_t icr)
{
	if (c->vmcs->SECONDARY_VM_EXEC_CONTROL & VMX_SEC_X2APIC) {
		vm_exit(c, VMX_EXIT_MSR_WRITE, 0);
		return true;
	}
	apic_write(c->vapic.page, APIC_ICR_HI, (uint32_t)(icr >> 32));
	apic_write(c->vapic.page, APIC_ICR, (uint32_t)icr);
	vm_exit(c, VMX_EXIT_APIC_WRITE, APIC_ICR);
	return true;
}

void cpu_iret(struct cpu *c)
{
	c->rflags |= VMX_RFLAGS_IF;
}
