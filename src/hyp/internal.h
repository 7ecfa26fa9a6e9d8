/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of hyp/ share. */
#ifndef HYP_INTERNAL_H
#define HYP_INTERNAL_H

#include <posted/hyp.h>

/* Of the loaded vCPU, by its owner. */
static inline uint64_t hyp_vmread(const struct hyp_vcpu *v, enum vmx_field field)
{
	const struct hyp *h = v->vm->hyp;

	return h->ops->vmread(h->ctx, v, field);
}

static inline void hyp_vmwrite(const struct hyp_vcpu *v, enum vmx_field field, uint64_t value)
{
	const struct hyp *h = v->vm->hyp;

	h->ops->vmwrite(h->ctx, v, field, value);
}

/* Writes nothing if nothing changes: a VMWRITE costs more than a VMREAD. */
static inline void hyp_change_bits(const struct hyp_vcpu *v, enum vmx_field field, uint64_t clear,
                                   uint64_t set)
{
	uint64_t old = hyp_vmread(v, field), new = (old & ~clear) | set;

	if (new != old)
		hyp_vmwrite(v, field, new);
}

static inline const struct hyp_vectors *hyp_vectors_of(const struct hyp_vcpu *v)
{
	return &v->vm->hyp->vectors;
}

static inline void hyp_send_ipi(const struct hyp *h, uint32_t apic_id, uint8_t vector)
{
	h->ops->apic_write(h->ctx, APIC_ICR, apic_icr(apic_id, vector, h->x2apic));
}

static inline void hyp_list_init(struct hyp_list *l)
{
	l->next = l->prev = l;
}

/* Joins and leaves the wake-up list of the vCPU's pCPU. */
void hyp_wakeup_join(struct hyp_vcpu *v);
void hyp_wakeup_leave(struct hyp_vcpu *v);

/* Wakes every vCPU on p's list that has something outstanding. */
void hyp_wakeup_handler(struct hyp_pcpu *p);

/* Moves what is posted into the virtual IRR and RVI of the loaded vCPU, if ON says there is any. */
void hyp_sync_pir_to_irr(struct hyp_vcpu *v);

/* controls.c: sets in the loaded VMCS what posting needs. */
void hyp_vmcs_setup(struct hyp_vcpu *v);

/* inject.c, for the owner. */
#define HYP_WINDOWS (VMX_CPU_INTR_WINDOW | VMX_CPU_NMI_WINDOW)
/*
 * Which event the next VM entry brings; what becomes of it if that does not take place;
 * and of one that the last exit cut short.
 */
void hyp_inject(struct hyp_vcpu *v);
void hyp_inject_cancel(struct hyp_vcpu *v);
void hyp_inject_exit(struct hyp_vcpu *v);
/* The instruction that exited raises #GP(0). */
void hyp_inject_gp(const struct hyp_vcpu *v);
/* An exchange: an NMI waits now. False: it merged with one that did. By anyone. */
bool hyp_latch_nmi(struct hyp_vcpu *v);
/* An NMI waits, and nothing blocks it. */
bool hyp_nmi_deliverable(const struct hyp_vcpu *v);

/* apic.c, for the owner. A zeroed page becomes that of a local APIC which firmware enabled. */
void hyp_apic_init(struct hyp_vcpu *v);
/* The requested vector that priorities let through, -1 if none. */
int hyp_apic_pending(struct hyp_vcpu *v);
/* Accesses that exited, to the page and by MSR; false: #GP. */
uint32_t hyp_apic_mmio_read(struct hyp_vcpu *v, unsigned offset);
void hyp_apic_mmio_write(struct hyp_vcpu *v, unsigned offset, uint32_t value);
bool hyp_apic_rdmsr(struct hyp_vcpu *v, uint32_t msr, uint64_t *value);
bool hyp_apic_wrmsr(struct hyp_vcpu *v, uint32_t msr, uint64_t value);
/* The CPU has written this register of the page: an APIC-write exit. */
void hyp_apic_written(struct hyp_vcpu *v, unsigned offset);
/* RDMSR has something to read there. */
bool hyp_apic_msr_readable(uint32_t msr);
/* "Error Handling" */
void hyp_apic_error(struct hyp_vcpu *v, uint64_t error);

/* ipi.c, for the owner: sends what the ICR on the page says. */
void hyp_apic_send(struct hyp_vcpu *v);

/* Writes the entry that route and bypass ask for now, and invalidates the old one. */
void hyp_irq_update(struct hyp_irq *irq, const struct hyp_irqfd *consumer);

/* A route's target in one word, so that it is never torn; 0: none. */
#define TARGET_VALID PI_BIT(63)
#define TARGET_VCPU PI_BITS(39, 8)
#define TARGET_VECTOR PI_BITS(7, 0)

uint64_t hyp_route_target(struct hyp_vm *vm, uint32_t gsi);

/* The vCPU with this APIC id; null: there is none, or it is gone. */
static inline struct hyp_vcpu *hyp_vcpu_of(struct hyp_vm *vm, uint32_t apic_id)
{
	return apic_id < vm->vcpu_count ? pi_load_ptr_acquire(&vm->vcpus[apic_id]) : 0;
}

static inline struct hyp_vcpu *hyp_target_vcpu(struct hyp_vm *vm, uint64_t target)
{
	if (!(target & TARGET_VALID))
		return 0;
	return hyp_vcpu_of(vm, (uint32_t)pi_field_get(TARGET_VCPU, target));
}

static inline uint8_t hyp_target_vector(uint64_t target)
{
	return (uint8_t)pi_field_get(TARGET_VECTOR, target);
}

#endif
