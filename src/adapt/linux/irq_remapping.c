/* SPDX-License-Identifier: BSD-2-Clause */
/* The device's interrupt in the host: the irq core and Intel's driver, on the unit below. */
#include "irq_kvm.h"
#include "iommu.h"

struct iommu irq_iommu;

/* The irq core, as far as it stands between KVM and the driver: one interrupt. */
struct irq_data;
struct irq_chip {
	int (*irq_set_vcpu_affinity)(struct irq_data *data, void *vcpu_info);
};
struct irq_data {
	struct irq_chip *chip;
	void *chip_data;
	struct irq_data *parent_data;
};
struct irq_desc {
	raw_spinlock_t lock;
	struct irq_data irq_data;
};
struct irq_cfg {
	unsigned dest_apicid;
	u8 vector;
};
static struct irq_desc host_irq;
static struct irq_cfg host_cfg;

static struct irq_desc *irq_get_desc_lock(unsigned irq, unsigned long *flags, unsigned check)
{
	if (irq == IRQ_FREED)
		explore_fail("a producer is used that was freed");
	if (irq != IRQ_HOST_IRQ)
		return NULL;
	raw_spin_lock_irqsave(&host_irq.lock, *flags);
	return &host_irq;
}

static struct irq_data *irq_desc_get_irq_data(struct irq_desc *desc)
{
	return &desc->irq_data;
}

static struct irq_chip *irq_data_get_irq_chip(struct irq_data *data)
{
	return data->chip;
}

static void irq_put_desc_unlock(struct irq_desc *desc, unsigned long flags)
{
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

static struct irq_cfg *irqd_cfg(struct irq_data *data)
{
	return &host_cfg;
}

/* Intel's driver. */
struct ir_table {
	struct irte *base;
};
struct intel_iommu {
	struct ir_table *ir_table;
};
struct msi_msg {
	u32 address_lo, address_hi, data;
};

static raw_spinlock_t irq_2_ir_lock;
#define eim_mode true
#define __iommu_flush_cache(iommu, address, size) ((void)(iommu))

/* One access of 128 bits, locked, of which both halves must be as they were. */
static bool exchange_both(u64 *low, u64 *high, u64 old_low, u64 old_high, u64 new_low,
                          u64 new_high)
{
	bool same;

	explore_step_begin();
	same = *low == old_low && *high == old_high;
	if (same) {
		*low = new_low;
		*high = new_high;
	}
	explore_step_end();
	return same;
}

#define cmpxchg_double(low, high, o1, o2, n1, n2) \
	exchange_both((u64 *)(low), (u64 *)(high), (o1), (o2), (n1), (n2))
#define try_cmpxchg128(p, old, new)                                                    \
	exchange_both((u64 *)(p), (u64 *)(p) + 1, (u64)*(old), (u64)(*(old) >> 64), \
	              (u64)(new), (u64)((new) >> 64))
#define set_64bit(p, v) WRITE_ONCE(*(p), (v))

/* Where the host's own interrupts are posted, if they are. */
struct explore_descriptor irq_host_descriptor;
#define CONFIG_X86_POSTED_MSI 1
#define pr_warn(...) ((void)0)
#define get_pi_desc_addr(data) ((void)(data), (u64)(uintptr_t)&irq_host_descriptor)

#include "irq_vtd_types.inc"

static int qi_submit_sync(struct intel_iommu *iommu, struct qi_desc *desc, unsigned count,
                          unsigned long options)
{
	if ((desc->qw0 & 0xf) != QI_IEC_TYPE || !(desc->qw0 & QI_IEC_SELECTIVE))
		explore_fail("an invalidation that the adapter does not know");
	iommu_invalidate(&irq_iommu, (unsigned)(desc->qw0 >> 32) & 0xffff,
	                 (unsigned)(desc->qw0 >> 27) & 0x1f);
	return 0;
}

#if ADAPT_VERSION >= 6012
static void __intel_ir_reconfigure_irte(struct irq_data *irqd, bool force_host);
#endif

#include "irq_vtd.inc"

static struct irq_chip chip = { .irq_set_vcpu_affinity = intel_ir_set_vcpu_affinity };
static struct intel_ir_data ir_data;
static struct intel_iommu unit;
static struct ir_table table;

#include "irq_core.inc"
#line 128 "linux/irq_remapping.c"

enum { SID = 0x100, SVT_SID = 1 };

/* As the driver leaves it when the interrupt was set up: it goes to CPU 0. */
void irq_remapping_init(bool posts_host)
{
	table.base = (struct irte *)irq_iommu.table;
	unit.ir_table = &table;
	ir_data.irq_2_iommu.iommu = &unit;
	ir_data.irte_entry = (struct irte){ .present = 1 };
#if ADAPT_VERSION >= 6011
	if (posts_host) {
		prepare_irte_posted(&ir_data.irte_entry);
		ir_data.irq_2_iommu.posted_msi = true;
	}
#endif
	ir_data.irte_entry.sid = SID;
	ir_data.irte_entry.svt = SVT_SID;
	host_irq.irq_data = (struct irq_data){ .chip = &chip, .chip_data = &ir_data };
	irq_set_affinity(0);
}

/* The host moves the interrupt: its driver is called with the same lock held. */
void irq_set_affinity(unsigned cpu)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&host_irq.lock, flags);
	host_cfg = (struct irq_cfg){ .dest_apicid = cpu, .vector = IRQ_HOST_VECTOR };
	intel_ir_reconfigure_irte(&host_irq.irq_data, false);
	raw_spin_unlock_irqrestore(&host_irq.lock, flags);
}

struct iommu_entry irq_table_entry(void)
{
	return irq_iommu.table[0];
}
