/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of hyp/ share. */
#ifndef PSTD_INTERNAL_H
#define PSTD_INTERNAL_H

#include <posted/hyp.h>

/* Of the loaded vCPU, by its owner. */
static inline uint64_t pstd_vmread(const struct pstd_vcpu *v, enum pstd_vmx_field field)
{
	const struct pstd_hyp *h = v->vm->hyp;

	return h->ops->vmread(h->ctx, v, field);
}

static inline void pstd_vmwrite(const struct pstd_vcpu *v, enum pstd_vmx_field field,
                                uint64_t value)
{
	const struct pstd_hyp *h = v->vm->hyp;

	h->ops->vmwrite(h->ctx, v, field, value);
}

/* Writes nothing if nothing changes: a VMWRITE costs more than a VMREAD. */
static inline void pstd_change_bits(const struct pstd_vcpu *v, enum pstd_vmx_field field,
                                    uint64_t clear, uint64_t set)
{
	uint64_t old = pstd_vmread(v, field), new = (old & ~clear) | set;

	if (new != old)
		pstd_vmwrite(v, field, new);
}

/* RVI and SVI, as the APIC page has them. */
static inline uint64_t pstd_page_rvi(const struct pstd_vcpu *v)
{
	return pstd_field(PSTD_VMX_RVI, pstd_apic_highest_or_0(v->apic, PSTD_APIC_IRR));
}

static inline uint64_t pstd_page_svi(const struct pstd_vcpu *v)
{
	return pstd_field(PSTD_VMX_SVI, pstd_apic_highest_or_0(v->apic, PSTD_APIC_ISR));
}

static inline const struct pstd_vectors *pstd_vectors_of(const struct pstd_vcpu *v)
{
	return &v->vm->hyp->vectors;
}

static inline void pstd_send_ipi(const struct pstd_hyp *h, uint32_t apic_id, uint8_t vector)
{
	h->ops->apic_write(h->ctx, PSTD_APIC_ICR, pstd_apic_icr(apic_id, vector, h->x2apic));
}

static inline void pstd_list_init(struct pstd_list *l)
{
	l->next = l->prev = l;
}

/* Joins and leaves the wake-up list of the vCPU's pCPU. */
void pstd_wakeup_join(struct pstd_vcpu *v);
void pstd_wakeup_leave(struct pstd_vcpu *v);

/* Wakes every vCPU on p's list that has something outstanding. */
void pstd_wakeup_handler(struct pstd_pcpu *p);

/* Moves what is posted into the virtual IRR and RVI of the loaded vCPU, if ON says there is any. */
void pstd_sync_pir_to_irr(struct pstd_vcpu *v);

/* controls.c: sets in the loaded VMCS what posting needs. */
void pstd_vmcs_setup(struct pstd_vcpu *v);

/* inject.c, for the owner. */
#define PSTD_WINDOWS (PSTD_VMX_CPU_INTR_WINDOW | PSTD_VMX_CPU_NMI_WINDOW)
/*
 * Which event the next VM entry brings; what becomes of it if that does not take place;
 * and of one that the last exit cut short.
 */
void pstd_inject(struct pstd_vcpu *v);
void pstd_inject_cancel(struct pstd_vcpu *v);
void pstd_inject_exit(struct pstd_vcpu *v);
/* The instruction that exited raises #GP(0). */
void pstd_inject_gp(const struct pstd_vcpu *v);
/* An exchange: an NMI waits now. False: it merged with one that did. By anyone. */
bool pstd_latch_nmi(struct pstd_vcpu *v);
/* An NMI waits, and nothing blocks it. */
bool pstd_nmi_deliverable(const struct pstd_vcpu *v);

/* apic.c, for the owner. A zeroed page becomes that of a local APIC which firmware enabled. */
void pstd_apic_init(struct pstd_vcpu *v);
/* The requested vector that priorities let through, -1 if none. */
int pstd_apic_pending(struct pstd_vcpu *v);
/* Accesses that exited, to the page and by MSR; false: #GP. */
uint32_t pstd_apic_mmio_read(struct pstd_vcpu *v, unsigned offset);
void pstd_apic_mmio_write(struct pstd_vcpu *v, unsigned offset, uint32_t value);
bool pstd_apic_rdmsr(struct pstd_vcpu *v, uint32_t msr, uint64_t *value);
bool pstd_apic_wrmsr(struct pstd_vcpu *v, uint32_t msr, uint64_t value);
/* The CPU has written this register of the page: an APIC-write exit. */
void pstd_apic_written(struct pstd_vcpu *v, unsigned offset);
/* RDMSR has something to read there. */
bool pstd_apic_msr_readable(uint32_t msr);
/* "Error Handling" */
void pstd_apic_error(struct pstd_vcpu *v, uint64_t error);

/* ipi.c, for the owner: sends what the ICR on the page says. */
void pstd_apic_send(struct pstd_vcpu *v);

/* Writes the entry that route and bypass ask for now, and invalidates the old one. */
void pstd_irq_update(struct pstd_irq *irq, const struct pstd_irqfd *consumer);

/* A route's target in one word, so that it is never torn; 0: none. */
#define PSTD_TARGET_VALID PSTD_BIT(63)
#define PSTD_TARGET_VCPU PSTD_BITS(39, 8)
#define PSTD_TARGET_VECTOR PSTD_BITS(7, 0)

uint64_t pstd_route_target(struct pstd_vm *vm, uint32_t gsi);

/* The vCPU with this APIC id; null: there is none, or it is gone. */
static inline struct pstd_vcpu *pstd_vcpu_of(struct pstd_vm *vm, uint32_t apic_id)
{
	return apic_id < vm->vcpu_count ? pstd_load_ptr_acquire(&vm->vcpus[apic_id]) : 0;
}

static inline struct pstd_vcpu *pstd_target_vcpu(struct pstd_vm *vm, uint64_t target)
{
	if (!(target & PSTD_TARGET_VALID))
		return 0;
	return pstd_vcpu_of(vm, (uint32_t)pstd_field_get(PSTD_TARGET_VCPU, target));
}

static inline uint8_t pstd_target_vector(uint64_t target)
{
	return (uint8_t)pstd_field_get(PSTD_TARGET_VECTOR, target);
}

#endif
