/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual local APIC, which is always in the kernel and enabled. */
#ifndef SHIM_LAPIC_H
#define SHIM_LAPIC_H

#include <asm/apicdef.h>
#include <linux/kvm_host.h>

enum { KVM_APIC_INIT, KVM_APIC_SIPI };

#define ASSERT(c) BUG_ON(!(c))
#define MAX_APIC_VECTOR 256
#define APIC_VECTORS_PER_REG 32
#define VEC_POS(vector) ((vector)&31)
#define REG_POS(vector) (((vector) >> 5) << 4)

#define lapic_in_kernel(vcpu) ((void)(vcpu), true)
#define kvm_apic_present(vcpu) ((void)(vcpu), true)
#define kvm_lapic_enabled(vcpu) ((void)(vcpu), true)
#define kvm_apic_hw_enabled(apic) ((void)(apic), true)
#define apic_enabled(apic) ((void)(apic), true)
#define kvm_vcpu_apicv_active(vcpu) ((vcpu)->arch.apic->apicv_active)
#define kvm_apic_has_pending_init_or_sipi(vcpu) ((vcpu)->arch.apic->pending_events)
#define kvm_apic_has_events kvm_apic_has_pending_init_or_sipi
#define kvm_apic_init_sipi_allowed(vcpu) ((void)(vcpu), true)

static inline u32 kvm_lapic_get_reg(struct kvm_lapic *apic, int reg)
{
	return *(u32 *)((char *)apic->regs + reg);
}

static inline void kvm_lapic_set_reg(struct kvm_lapic *apic, int reg, u32 value)
{
	*(u32 *)((char *)apic->regs + reg) = value;
}

/* A vector's bit, in a bank of registers of 32 bits that lie 16 bytes apart. */
static inline u32 *kvm_lapic_word_(int vector, void *bank)
{
	return (u32 *)((char *)bank + REG_POS(vector));
}

static inline bool apic_test_vector(int vector, void *bank)
{
	return *kvm_lapic_word_(vector, bank) >> VEC_POS(vector) & 1;
}

static inline void kvm_lapic_set_vector(int vector, void *bank)
{
	__atomic_fetch_or(kvm_lapic_word_(vector, bank), 1u << VEC_POS(vector), __ATOMIC_SEQ_CST);
}

static inline void kvm_lapic_clear_vector(int vector, void *bank)
{
	__atomic_fetch_and(kvm_lapic_word_(vector, bank), ~(1u << VEC_POS(vector)),
	                   __ATOMIC_SEQ_CST);
}

static inline void kvm_lapic_set_irr(int vector, struct kvm_lapic *apic)
{
	kvm_lapic_set_vector(vector, (char *)apic->regs + APIC_IRR);
	apic->irr_pending = true;
}

int kvm_apic_has_interrupt(struct kvm_vcpu *vcpu);
int kvm_lapic_find_highest_irr(struct kvm_vcpu *vcpu);
bool kvm_apic_update_irr(struct kvm_vcpu *vcpu, u32 *pir, int *max_irr);
int kvm_apic_set_irq(struct kvm_vcpu *vcpu, struct kvm_lapic_irq *irq, struct dest_map *map);
int apic_has_pending_timer(struct kvm_vcpu *vcpu);
void kvm_inject_apic_timer_irqs(struct kvm_vcpu *vcpu);

#endif
