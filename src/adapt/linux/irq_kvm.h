/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * KVM's structures, as far as the way of a device's interrupt looks at them. A vCPU is no
 * more than its descriptor: what is posted there stays there, and the judges look at it.
 */
#ifndef ADAPT_IRQ_KVM_H
#define ADAPT_IRQ_KVM_H

#include "irq_kernel.h"
#include <explore/step.h>

/* The configuration: few pins, as each routing table has a word for each. */
enum { KVM_NR_IRQCHIPS = 3, KVM_IRQCHIP_NUM_PINS = 6, KVM_MAX_IRQ_ROUTES = 4096 };
enum { KVM_IRQCHIP_PIC_MASTER, KVM_IRQCHIP_PIC_SLAVE, KVM_IRQCHIP_IOAPIC };
enum { PIC_NUM_PINS = 16, KVM_IOAPIC_NUM_PINS = 24 };
enum { KVM_IRQ_ROUTING_IRQCHIP = 1, KVM_IRQ_ROUTING_MSI, KVM_IRQ_ROUTING_HV_SINT = 4 };
enum { KVM_MSI_VALID_DEVID = 1 };
enum { KVM_USERSPACE_IRQ_SOURCE_ID, KVM_IRQFD_RESAMPLE_IRQ_SOURCE_ID };
enum { KVM_IRQFD_FLAG_DEASSIGN = 1, KVM_IRQFD_FLAG_RESAMPLE = 2 };
enum {
	APIC_DM_FIXED = 0x000,
	APIC_DM_LOWEST = 0x100,
	APIC_DEST_PHYSICAL = 0,
	APIC_DEST_LOGICAL = 0x800,
	APIC_DEST_NOSHORT = 0,
};
enum { IRQ_POSTING_CAP };

/* What user space hands over, as the documented interface has it. */
struct kvm_irq_routing_entry {
	__u32 gsi, type, flags, pad;
	union {
		struct {
			__u32 irqchip, pin;
		} irqchip;
		struct {
			__u32 address_lo, address_hi, data, devid;
		} msi;
		struct {
			__u32 vcpu, sint;
		} hv_sint;
		__u32 words[8];
	} u;
};
struct kvm_irqfd {
	__u32 fd, gsi, flags, resamplefd;
};

struct kvm;
struct irq_bypass_consumer;
struct kvm_lapic;
struct kvm_irq_ack_notifier {
	struct hlist_node link;
	unsigned gsi;
	void (*irq_acked)(struct kvm_irq_ack_notifier *kian);
};

#include "irq_types.inc"
#include "irq_bypass_types.inc"
#include "irq_irqfd_types.inc"

enum { IRQ_VCPUS = 2 };

#define pi_desc explore_descriptor
struct kvm_vcpu {
	struct kvm *kvm;
	unsigned vcpu_id;
};
struct vcpu_vmx {
	struct explore_descriptor pi_desc;
	struct kvm_vcpu vcpu;
};

struct kvm {
	struct mutex irq_lock;
	struct srcu_struct irq_srcu;
	struct kvm_irq_routing_table *irq_routing;
	struct {
		spinlock_t lock;
		struct list_head items, resampler_list;
		struct mutex resampler_lock;
	} irqfds;
	struct hlist_head irq_ack_notifier_list;
	struct {
		bool x2apic_format;
		atomic_t assigned_device_count;
		struct kvm_pic *vpic;
		struct kvm_ioapic *vioapic;
	} arch;
	struct vcpu_vmx vcpu[IRQ_VCPUS];
};

/* irq_kvm.c: what is KVM's */
void irq_kvm_init(struct kvm *kvm);
int kvm_set_irq_routing(struct kvm *kvm, const struct kvm_irq_routing_entry *ue, unsigned nr,
                        unsigned flags);
int kvm_irqfd(struct kvm *kvm, struct kvm_irqfd *args);
void kvm_notify_acked_irq(struct kvm *kvm, unsigned irqchip, unsigned pin);
void kvm_irqfd_release(struct kvm *kvm);
void irq_kvm_destroy(struct kvm *kvm); /* its file is closed, and then nobody holds it */
extern struct workqueue_struct *irq_cleanup_wq;

/* irq_bypass.c */
int irq_bypass_register_producer(struct irq_bypass_producer *producer);
void irq_bypass_unregister_producer(struct irq_bypass_producer *producer);
int irq_bypass_register_consumer(struct irq_bypass_consumer *consumer);
void irq_bypass_unregister_consumer(struct irq_bypass_consumer *consumer);

/* irq_remapping.c: the host's side of an interrupt; the device's vector while it is not posted */
enum { IRQ_HOST_VECTOR = 0x23, IRQ_HOST_IRQ = 24, IRQ_NONE = 25, IRQ_FREED = 26 };
extern struct iommu irq_iommu;
extern struct explore_descriptor irq_host_descriptor;
void irq_remapping_init(bool posts_host); /* the host's interrupts are posted, too: from 6.11 on */
int irq_set_vcpu_affinity(unsigned irq, void *vcpu_info);
void irq_set_affinity(unsigned cpu);
struct iommu_entry irq_table_entry(void);

/* irq_scenes.c: a vCPU, or the IOAPIC (vcpu is null), is given an interrupt by software */
void irq_delivered(struct kvm *kvm, struct kvm_vcpu *vcpu, unsigned vector);

#endif
