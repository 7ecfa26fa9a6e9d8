/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory: of each kind a few for each agent, which are given once. */
#include "irq_kvm.h"

enum { GIVEN = 3, OWNERS = IRQ_AGENTS + 1 };

#define POOL(type, name, n)         \
	static struct name##_slot { \
		type it;            \
		u64 freed;          \
	} name[OWNERS][n];          \
	static unsigned name##_given[OWNERS]

/* KVM's, with as many GSIs as there are here. */
struct routing_table {
	int chip[KVM_NR_IRQCHIPS][KVM_IRQCHIP_NUM_PINS];
	u32 nr_rt_entries;
	struct hlist_head map[3];
};
_Static_assert(offsetof(struct routing_table, map) == offsetof(struct kvm_irq_routing_table, map),
               "the same table");

static struct {
	struct kvm it;
	u64 freed;
} the_vm;
POOL(struct kvm_kernel_irqfd, irqfd, 2);
POOL(struct kvm_kernel_irqfd_resampler, resampler, 1);
POOL(struct routing_table, table, GIVEN);
POOL(struct kvm_kernel_irq_routing_entry, route, GIVEN);

unsigned irq_self(void)
{
	const struct explore_agent *a = explore_self();

	return a ? (unsigned)(a - explore_scenario->agents) : IRQ_AGENTS;
}

static void *refuse(size_t size)
{
	explore_fail("the adapter has no memory for another %zu bytes", size);
	return NULL;
}

/* What is to be given follows from its size. */
_Static_assert(sizeof(struct kvm_irq_routing_table) + sizeof(struct hlist_head) >
                       sizeof(struct kvm_kernel_irqfd_resampler),
               "a table's size is no other's");

#define GIVE(name, n) (name##_given[who] < (n) ? &name[who][name##_given[who]++].it : refuse(size))

void *irq_alloc(size_t size)
{
	unsigned who = irq_self();

	if (size == sizeof(struct kvm))
		return &the_vm.it;
	if (size == sizeof(struct kvm_kernel_irqfd))
		return GIVE(irqfd, 2);
	if (size == sizeof(struct kvm_kernel_irqfd_resampler))
		return GIVE(resampler, 1);
	if (size == sizeof(struct kvm_kernel_irq_routing_entry))
		return GIVE(route, GIVEN);
	return size > sizeof(struct routing_table) ? refuse(size) : (void *)GIVE(table, GIVEN);
}

/* Whether what an address is of was freed, and what it is. */
struct found {
	u64 *freed;
	const char *what;
};

#define LOOK(name, says)                                                                \
	do {                                                                            \
		uintptr_t from = (uintptr_t)name;                                       \
		if (at >= from && at < from + sizeof(name)) {                           \
			struct name##_slot *s = &name[0][0] + (at - from) / sizeof(*s); \
			return (struct found){ &s->freed, says };                       \
		}                                                                       \
	} while (0)

static struct found find(const void *p)
{
	uintptr_t at = (uintptr_t)p, vm = (uintptr_t)&the_vm;

	if (at >= vm && at < vm + sizeof(the_vm))
		return (struct found){ &the_vm.freed, "a VM" };
	LOOK(irqfd, "an irqfd");
	LOOK(resampler, "a resampler");
	LOOK(table, "a routing table");
	LOOK(route, "a route");
	return (struct found){ NULL, "" };
}

void irq_free(const void *p)
{
	struct found f = find(p);

	if (!f.freed)
		return;
	if (*f.freed)
		explore_fail("%s is freed twice", f.what);
	WRITE_ONCE(*f.freed, 1);
}

bool irq_is_freed(const void *p)
{
	const u64 *freed = find(p).freed;

	return freed && READ_ONCE(*freed);
}

void *irq_alive(const void *p)
{
	if (irq_is_freed(p))
		explore_fail("%s is used that was freed", find(p).what);
	return (void *)(uintptr_t)p;
}
