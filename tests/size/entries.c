/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts how often control operations write and invalidate remapping entries: each
 * entry that changes once, and no other. A write is the only locked operation of
 * control's, so that an atomic.h that counts those sees it.
 */
#include <posted/hyp.h>
#include <stdio.h>

enum { DEVICES = 3, VCPUS = 2 };

unsigned locked, counted;

/* Devices 0 and 1 have a GSI each, device 2 shares that of device 1. */
static const unsigned gsi_of[DEVICES] = { 0, 1, 1 };

static struct {
	struct pstd_hyp hyp;
	struct pstd_pcpu pcpu;
	struct pstd_vm vm;
	struct pstd_vcpu vcpu[VCPUS], *vcpus[VCPUS];
	struct pstd_desc pid[VCPUS];
	struct pstd_apic_page apic[VCPUS];
	struct pstd_route routes[2];
	struct pstd_irte irte[DEVICES];
	struct pstd_irq irq[DEVICES];
	struct pstd_eventfd eventfd[DEVICES];
	struct pstd_irqfd irqfd[DEVICES];
	uint64_t counts;
	unsigned invalidated[DEVICES];
} h;

static uint64_t op_phys(void *ctx, const void *p)
{
	return (uint64_t)((const char *)p - (const char *)h.pid) + 0x100000;
}

static void op_invalidate(void *ctx, uint16_t index)
{
	h.invalidated[index]++;
}

static void op_synchronize(void *ctx)
{
}

static const struct pstd_ops ops = { .phys = op_phys, .invalidate = op_invalidate,
	                             .synchronize = op_synchronize };

static void setup(void)
{
	h.hyp = (struct pstd_hyp){ .ops = &ops, .vectors = PSTD_LINUX_VECTORS, .x2apic = true };
	h.pcpu = (struct pstd_pcpu){ .hyp = &h.hyp };
	pstd_pcpu_init(&h.pcpu);
	h.vm = (struct pstd_vm){ .hyp = &h.hyp, .x2apic = true, .vcpus = h.vcpus,
	                         .vcpu_count = VCPUS, .routes = h.routes, .route_count = 2 };
	for (unsigned i = 0; i < VCPUS; i++) {
		h.vcpu[i] = (struct pstd_vcpu){ .vm = &h.vm, .apic_id = i, .pid = &h.pid[i],
			                        .apic = &h.apic[i] };
		pstd_vcpu_init(&h.vcpu[i], &h.pcpu);
	}
	for (uint16_t i = 0; i < DEVICES; i++) {
		h.irq[i] = (struct pstd_irq){ .irte = &h.irte[i], .index = i, .sid = i,
			                      .trigger = &h.eventfd[i], .counts = &h.counts };
		h.irqfd[i] = (struct pstd_irqfd){ .vm = &h.vm, .gsi = gsi_of[i],
			                          .eventfd = &h.eventfd[i] };
	}
}

static void request(unsigned n, unsigned unused)
{
	pstd_irq_request(&h.irq[n], &h.pcpu);
}

static void release(unsigned n, unsigned unused)
{
	pstd_irq_free(&h.irq[n]);
}

static void assign(unsigned n, unsigned unused)
{
	pstd_irqfd_assign(&h.irqfd[n]);
}

static void deassign(unsigned n, unsigned unused)
{
	pstd_irqfd_deassign(&h.irqfd[n]);
}

static void bypass(unsigned n, unsigned unused)
{
	pstd_bypass_register(&h.irq[n]);
}

static void unbypass(unsigned n, unsigned unused)
{
	pstd_bypass_unregister(&h.irq[n]);
}

static void route(unsigned gsi, unsigned vcpu)
{
	struct pstd_msi_msg m = pstd_msi_compat(vcpu, (uint8_t)(0x41 + gsi));

	pstd_route_set(&h.vm, gsi, &m);
}

static void unroute(unsigned gsi, unsigned unused)
{
	pstd_route_set(&h.vm, gsi, NULL);
}

/* One after the other: what is done, and which entries change by it, as bits. */
static const struct row {
	const char *what;
	void (*act)(unsigned n, unsigned vcpu);
	unsigned n, vcpu, changed;
} rows[] = {
	{ "a host vector for device 0", request, 0, 0, 1 },
	{ "for device 1", request, 1, 0, 2 },
	{ "for device 2", request, 2, 0, 4 },
	{ "bypass of device 0, that has no irqfd", bypass, 0, 0, 0 },
	{ "an irqfd for it, that has no route", assign, 0, 0, 0 },
	{ "a route for it", route, 0, 0, 1 },
	{ "the same route again", route, 0, 0, 0 },
	{ "a route for devices 1 and 2, that have no irqfd", route, 1, 0, 0 },
	{ "an irqfd for device 1, that is not posted", assign, 1, 0, 0 },
	{ "bypass of device 1", bypass, 1, 0, 2 },
	{ "an irqfd for device 2", assign, 2, 0, 0 },
	{ "bypass of device 2", bypass, 2, 0, 4 },
	{ "another route for devices 1 and 2", route, 1, 1, 6 },
	{ "another route for device 0", route, 0, 1, 1 },
	{ "no route for devices 1 and 2", unroute, 1, 0, 6 },
	{ "no route again", unroute, 1, 0, 0 },
	{ "a route for devices 1 and 2", route, 1, 0, 6 },
	{ "no bypass of device 1", unbypass, 1, 0, 2 },
	{ "no irqfd of device 1", deassign, 1, 0, 0 },
	{ "another route for device 2", route, 1, 1, 4 },
	{ "no irqfd of device 2", deassign, 2, 0, 4 },
	{ "no bypass of device 2", unbypass, 2, 0, 0 },
	{ "no irqfd of device 0", deassign, 0, 0, 1 },
	{ "no host vector of device 0", release, 0, 0, 1 },
	{ "nor of device 1", release, 1, 0, 2 },
	{ "nor of device 2", release, 2, 0, 4 },
};

static bool good(const struct row *r)
{
	unsigned written, changed = 0, wrong = 0;
	struct pstd_irte before[DEVICES];

	for (unsigned i = 0; i < DEVICES; i++) {
		before[i] = h.irte[i];
		h.invalidated[i] = 0;
	}
	locked = 0;
	r->act(r->n, r->vcpu);
	written = locked;
	for (unsigned i = 0; i < DEVICES; i++) {
		bool same = before[i].raw.lo == h.irte[i].raw.lo &&
		            before[i].raw.hi == h.irte[i].raw.hi;

		changed |= (unsigned)!same << i;
		wrong += h.invalidated[i] != (r->changed >> i & 1);
	}
	printf("%-48s writes %u, changes %#x\n", r->what, written, changed);
	if (!wrong && changed == r->changed && written == (unsigned)__builtin_popcount(changed))
		return true;
	printf("    wanted %#x, each written and invalidated once\n", r->changed);
	return false;
}

int main(void)
{
	bool all = true;

	setup();
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		all &= good(&rows[i]);
	return !all;
}
