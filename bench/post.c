/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a post costs its sender, beside bare locked operations. Every bench walks
 * the same ring of descriptors, all in the L1 cache; before each walk, not timed,
 * each descriptor gets the state that the bench is about.
 */
#include "harness.h"
#include "unit.h"
#include <posted/hw/lapic.h>
#include <posted/hyp.h>
#include <string.h>

#define CONTROL pstd_control(PSTD_LINUX_NOTIFICATION, 0)

static struct {
	struct unit unit;
	struct pstd_desc *ring;
	struct pstd_lapic lapic;
	struct pstd_hyp hyp;
	struct pstd_vm vm;
	struct pstd_vcpu vcpu;
	uint64_t ready;
} host;

static void write_icr(void *ctx, unsigned offset, uint64_t value)
{
	pstd_lapic_notify(&host.lapic, (uint8_t)pstd_field_get(PSTD_APIC_ICR_VECTOR, value));
}

static void setup(const struct bench *b)
{
	static const struct pstd_ops ops = { .apic_write = write_icr };

	memset(&host, 0, sizeof(host));
	unit_open(&host.unit, 7, true); /* 2^8 entries: the ring and no more */
	host.ring = host.unit.pids;
	host.hyp = (struct pstd_hyp){ .ops = &ops, .vectors = PSTD_LINUX_VECTORS, .x2apic = true };
	host.vm = (struct pstd_vm){ .hyp = &host.hyp };
	host.vcpu = (struct pstd_vcpu){ .vm = &host.vm, .mode = PSTD_IN_GUEST_MODE };
}

static void teardown(const struct bench *b)
{
	unit_close(&host.unit);
}

/* The result must exist, or the compiler leaves out what makes it. */
static inline void keep(const void *p)
{
	__asm__ volatile("" : : "r"(p) : "memory");
}

static void prepare(uint64_t control, uint64_t pir)
{
	for (unsigned i = 0; i < RING; i++)
		host.ring[i] = (struct pstd_desc){ .pir[VECTOR / 64] = pir, .control = control };
	/* Or the first operation would wait for these stores. */
	pstd_exchange_seq(&host.ready, 1);
}

/* Inlined with its arguments, so that op is too. */
static inline __attribute__((always_inline)) double walk(uint64_t control, uint64_t pir,
                                                         void (*op)(struct pstd_desc *))
{
	uint64_t begin;

	prepare(control, pir);
	begin = bench_now();
	for (unsigned i = 0; i < RING; i++)
		op(&host.ring[i]);
	return (double)(bench_now() - begin) / RING;
}

static inline void one_or(struct pstd_desc *d)
{
	pstd_fetch_or_seq(&d->pir[VECTOR / 64], PSTD_BIT(VECTOR % 64));
}

static inline void two_ors(struct pstd_desc *d)
{
	one_or(d);
	pstd_fetch_or_seq(&d->control, PSTD_ON);
}

static inline void nothing(struct pstd_desc *d)
{
	keep(d);
}

static inline void post(struct pstd_desc *d)
{
	struct pstd_vtd_post_result r = pstd_vtd_post(d, VECTOR, false, true);

	keep(&r);
}

/* All that the machine does for a device's message. */
static inline void request(struct pstd_desc *d)
{
	struct pstd_vtd_request_result r =
		pstd_vtd_request(&host.unit.vtd, host.unit.msi[d - host.ring], SID);
	struct pstd_vtd_post_result p = pstd_vtd_post(r.pid, r.vector, r.urgent, r.x2apic);

	if (p.notify)
		pstd_lapic_notify(&host.lapic, p.notification.vector);
	keep(&p);
}

static inline void deliver(struct pstd_desc *d)
{
	host.vcpu.pid = d;
	pstd_vcpu_deliver(&host.vcpu, VECTOR);
}

#define WALK(name, op, control, pir)                \
	static double name(const struct bench *b)   \
	{                                           \
		return walk(control, pir, op);      \
	}

WALK(empty, nothing, CONTROL, 0)
WALK(one, one_or, CONTROL, 0)
WALK(two, two_ors, CONTROL, 0)
WALK(post_merged, post, CONTROL | PSTD_ON, PSTD_BIT(VECTOR % 64))
WALK(post_on, post, CONTROL | PSTD_ON, 0)
WALK(post_off, post, CONTROL, 0)
WALK(request_on, request, CONTROL | PSTD_ON, 0)
WALK(request_off, request, CONTROL, 0)
WALK(deliver_on, deliver, CONTROL | PSTD_ON, 0)
WALK(deliver_off, deliver, CONTROL, 0)

#define STAGE .setup = setup, .teardown = teardown

static const struct bench benches[] = {
	{ .name = "the loop alone", STAGE, .sample = empty },
	{ .name = "one locked OR", STAGE, .sample = one, .baseline = true },
	{ .name = "two locked ORs", STAGE, .sample = two },
	{ .name = "post, ON and PIR bit set", STAGE, .sample = post_merged },
	{ .name = "post, ON set", STAGE, .sample = post_on },
	{ .name = "post, ON clear", STAGE, .sample = post_off },
	{ .name = "device: request and post, ON set", STAGE, .sample = request_on },
	{ .name = "device: request, post and notify", STAGE, .sample = request_off },
	{ .name = "software: deliver, ON set", STAGE, .sample = deliver_on },
	{ .name = "software: deliver and send the IPI", STAGE, .sample = deliver_off },
	{ .name = NULL },
};

const struct bench_group bench_post = { .name = "post", .benches = benches };
