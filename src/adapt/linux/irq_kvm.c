/* SPDX-License-Identifier: BSD-2-Clause */
/* What is KVM's own: routes, irqfds, the bypass, and the posting of what a device sends. */
#include "irq_kvm.h"

#define trace_kvm_ack_irq(chip, pin) ((void)(pin))
#define trace_kvm_set_irq(irq, level, id) ((void)(irq))
#define trace_kvm_msi_set_irq(address, data) ((void)(data))
#define trace_kvm_pi_irte_update(...) ((void)0)

#define enable_apicv true
#define irqchip_in_kernel(kvm) ((void)(kvm), true)
#define irqchip_split(kvm) ((void)(kvm), false)
#define kvm_arch_irqchip_in_kernel(kvm) ((void)(kvm), true)
#define kvm_arch_intc_initialized(kvm) ((void)(kvm), true)
#define irq_remapping_cap(cap) true
#define __pa(p) ((u64)(uintptr_t)(p))
#define to_vmx(v) container_of((v), struct vcpu_vmx, vcpu)
#define vmx_pi_start_assignment(kvm) ((void)(kvm)) /* no vCPU sleeps */
#define vmx_pi_start_bypass vmx_pi_start_assignment

/* What x86.c calls, by the names of three versions. */
#define static_call(name) name
#define static_call_cond(name) name
#define kvm_x86_pi_update_irte vmx_pi_update_irte
#define kvm_x86_pi_start_assignment(kvm) vmx_pi_start_assignment(kvm)
#define kvm_x86_call(name) vmx_##name
#if ADAPT_VERSION < 5016
#define vmx_pi_update_irte pi_update_irte
#endif
int vmx_pi_update_irte(struct kvm *kvm, unsigned host_irq, uint32_t guest_irq, bool set);
static struct {
	int (*update_pi_irte)(struct kvm *kvm, unsigned host_irq, uint32_t guest_irq, bool set);
	void (*start_assignment)(struct kvm *kvm);
} kvm_x86_ops __attribute__((unused)) = { .update_pi_irte = vmx_pi_update_irte };

static struct workqueue_struct cleanup;
#define irqfd_cleanup_wq (&cleanup)
struct workqueue_struct *irq_cleanup_wq = &cleanup;

/* Of the interrupt controllers that are there in software: an edge is an interrupt. */
static int raise_pin(struct kvm *kvm, int level)
{
	if (level)
		irq_delivered(kvm, NULL, 0);
	return 1;
}
#define kvm_pic_set_irq(pic, pin, id, level) ((void)(pic), raise_pin(kvm, level))
#define kvm_ioapic_set_irq(ioapic, pin, id, level, status) ((void)(ioapic), raise_pin(kvm, level))
#define kvm_hv_synic_set_irq(kvm, vcpu, sint) ((void)(kvm), -1)
#define kvm_arch_post_irq_routing_update(kvm) ((void)(kvm))
#define kvm_arch_post_irq_ack_notifier_list_update(kvm) ((void)(kvm))

/* A destination of physical mode is one vCPU; all others are several. */
static struct kvm_vcpu *destination(struct kvm *kvm, const struct kvm_lapic_irq *irq)
{
	return irq->dest_id < IRQ_VCPUS && irq->dest_mode == APIC_DEST_PHYSICAL
	               ? &kvm->vcpu[irq->dest_id].vcpu
	               : NULL;
}

static bool kvm_intr_is_single_vcpu(struct kvm *kvm, struct kvm_lapic_irq *irq,
                                    struct kvm_vcpu **vcpu)
{
	*vcpu = destination(kvm, irq);
	return *vcpu;
}

static int kvm_irq_delivery_to_apic(struct kvm *kvm, struct kvm_lapic *src,
                                    struct kvm_lapic_irq *irq, void *map)
{
	struct kvm_vcpu *vcpu = destination(kvm, irq);

	/* A broadcast: here the first stands for all. */
	irq_delivered(kvm, vcpu ? vcpu : &kvm->vcpu[0].vcpu, irq->vector);
	return 1;
}

static bool kvm_irq_delivery_to_apic_fast(struct kvm *kvm, struct kvm_lapic *src,
                                          struct kvm_lapic_irq *irq, int *result, void *map)
{
	*result = kvm_irq_delivery_to_apic(kvm, src, irq, map);
	return true;
}

void kvm_arch_irq_routing_update(struct kvm *kvm);
bool kvm_arch_irqfd_route_changed(struct kvm_kernel_irq_routing_entry *old,
                                  struct kvm_kernel_irq_routing_entry *new);
int kvm_arch_update_irqfd_routing(struct kvm *kvm, unsigned host_irq, uint32_t guest_irq, bool set);
int kvm_set_routing_entry(struct kvm *kvm, struct kvm_kernel_irq_routing_entry *e,
                          const struct kvm_irq_routing_entry *ue);
int kvm_arch_set_irq_inatomic(struct kvm_kernel_irq_routing_entry *e, struct kvm *kvm, int id,
                              int level, bool line_status);
int kvm_arch_irq_bypass_add_producer(struct irq_bypass_consumer *cons,
                                     struct irq_bypass_producer *prod);
void kvm_arch_irq_bypass_del_producer(struct irq_bypass_consumer *cons,
                                      struct irq_bypass_producer *prod);
void kvm_irq_routing_update(struct kvm *kvm);
bool kvm_arch_has_irq_bypass(void);
bool kvm_arch_has_assigned_device(struct kvm *kvm);

#define kvm_arch_irqfd_allowed(kvm, args) ((void)(kvm), (void)(args), true)
#define kvm_arch_irq_bypass_stop NULL
#define kvm_arch_irq_bypass_start NULL

#include "irq_msi_types.inc"
#if ADAPT_VERSION >= 5013
struct msi_msg {
	union {
		u32 address_lo;
		arch_msi_msg_addr_lo_t arch_addr_lo;
	};
	union {
		u32 address_hi;
		arch_msi_msg_addr_hi_t arch_addr_hi;
	};
	union {
		u32 data;
		arch_msi_msg_data_t arch_data;
	};
};
#include "irq_msi.inc"
#endif

#include "irq_routing.inc"
#include "irq_irqfd.inc"
#include "irq_x86.inc"
#line 128 "linux/irq_kvm.c"

void kvm_arch_irq_routing_update(struct kvm *kvm)
{
}

void irq_kvm_init(struct kvm *kvm)
{
	spin_lock_init(&kvm->irqfds.lock);
	INIT_LIST_HEAD(&kvm->irqfds.items);
	INIT_LIST_HEAD(&kvm->irqfds.resampler_list);
	for (unsigned i = 0; i < IRQ_VCPUS; i++)
		kvm->vcpu[i].vcpu = (struct kvm_vcpu){ .kvm = kvm, .vcpu_id = i };
}

void irq_kvm_destroy(struct kvm *kvm)
{
	kvm_irqfd_release(kvm);
	kvm_free_irq_routing(kvm);
	irq_free(kvm);
	explore_note("the VM is gone, with its descriptors");
}
