/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a request costs the VT-d unit, beside one bare locked operation. Every
 * bench walks a ring of entries, each with a descriptor of its own; before each
 * walk, not timed, the descriptors get ON set and PIR clear, and a cold cache
 * is made so by a global invalidation. With 4 requesters, the other three walk
 * the ring all the time on the other CPU, for descriptors of their own; the figure
 * is the mean of all four's last walks. Where the cache is cold it is so for whichever
 * of them comes to an entry first.
 */
#include "harness.h"
#include "unit.h"
#include <posted/hyp.h>
#include <pthread.h>
#include <string.h>

enum { OTHERS = 3 };

struct kind {
	unsigned table_size; /* IRTA's S */
	bool posted, cold, crowd;
};

static struct {
	struct unit unit;
	uint64_t ready;
	uint64_t stop __attribute__((aligned(64)));
	struct other {
		pthread_t thread;
		uint64_t walked __attribute__((aligned(64))); /* its last walk, ns; 0: none yet */
	} others[OTHERS];
} host;

/* The result must exist, or the compiler leaves out what makes it. */
static inline void keep(unsigned value)
{
	__asm__ volatile("" : : "r"(value) : "memory");
}

/* For d, or if that is null for the descriptor that the entry names. */
static inline void request(unsigned i, struct pstd_desc *d)
{
	struct pstd_vtd_request_result r = pstd_vtd_request(&host.unit.vtd, host.unit.msi[i], SID);

	if (r.kind == PSTD_VTD_POST) {
		struct pstd_vtd_post_result p =
			pstd_vtd_post(d ? d : r.pid, r.vector, r.urgent, r.x2apic);

		keep(p.notify + 2u * p.merged);
	} else {
		keep(r.msg.vector);
	}
}

/* Walks the ring; the nanoseconds that it took. */
static inline uint64_t walk_ring(struct pstd_desc *d)
{
	uint64_t begin = bench_now();

	for (unsigned i = 0; i < RING; i++)
		request(i, d);
	return bench_now() - begin;
}

static void *other_main(void *other)
{
	struct pstd_desc d = { .control = pstd_control(PSTD_LINUX_NOTIFICATION, 0) | PSTD_ON };
	struct other *o = other;

	while (!pstd_load_relaxed(&host.stop))
		pstd_store_relaxed(&o->walked, walk_ring(&d));
	return NULL;
}

/* Of one requester's walk and the others' last ones. */
static double mean(uint64_t walked)
{
	uint64_t sum = walked, count = 1;

	for (unsigned i = 0; i < OTHERS; i++) {
		uint64_t last = pstd_load_relaxed(&host.others[i].walked);

		sum += last;
		count += last != 0;
	}
	return (double)sum / (double)count;
}

static void setup(const struct bench *b)
{
	const struct kind *k = b->arg;

	memset(&host, 0, sizeof(host));
	unit_open(&host.unit, k->table_size, k->posted);
	bench_pin(BENCH_FAR);
	for (unsigned i = 0; k->crowd && i < OTHERS; i++)
		if (pthread_create(&host.others[i].thread, NULL, other_main, &host.others[i]))
			bench_fail("no thread");
	bench_pin(BENCH_NEAR);
}

static void teardown(const struct bench *b)
{
	const struct kind *k = b->arg;

	pstd_store_release(&host.stop, 1);
	for (unsigned i = 0; k->crowd && i < OTHERS; i++)
		pthread_join(host.others[i].thread, NULL);
	unit_close(&host.unit);
}

static void prepare(void)
{
	for (unsigned i = 0; i < RING; i++)
		host.unit.pids[i] = (struct pstd_desc){
			.control = pstd_control(PSTD_LINUX_NOTIFICATION, 0) | PSTD_ON,
		};
	/* Or the first operation would wait for these stores. */
	pstd_exchange_seq(&host.ready, 1);
}

static double walk(const struct bench *b)
{
	const struct kind *k = b->arg;

	prepare();
	if (k->cold && !iommu_invalidate_all(&host.unit.iommu))
		bench_fail("the VT-d unit did not complete an invalidation");
	return mean(walk_ring(NULL)) / RING;
}

static double one_or(const struct bench *b)
{
	uint64_t begin;

	prepare();
	begin = bench_now();
	for (unsigned i = 0; i < RING; i++)
		pstd_fetch_or_seq(&host.unit.pids[i].pir[VECTOR / 64], PSTD_BIT(VECTOR % 64));
	return (double)(bench_now() - begin) / RING;
}

enum { S_256 = 7, S_65536 = 15 };

#define KIND(...) .setup = setup, .teardown = teardown, \
	.arg = &(const struct kind){ .table_size = __VA_ARGS__ }
#define WALK(...) .sample = walk, KIND(__VA_ARGS__)
#define CROWD(...) .two_cpus = true, .sample = walk, KIND(__VA_ARGS__, .crowd = true)
#define POSTED .posted = true
#define COLD .cold = true

static const struct bench benches[] = {
	{ .name = "one locked OR", .baseline = true, .sample = one_or, KIND(S_256) },
	{ .name = "remapped, 256 entries", WALK(S_256) },
	{ .name = "remapped, 65,536 entries", WALK(S_65536) },
	{ .name = "remapped, 256 entries, cold", WALK(S_256, COLD) },
	{ .name = "remapped, 65,536 entries, cold", WALK(S_65536, COLD) },
	{ .name = "posted, 256 entries", WALK(S_256, POSTED) },
	{ .name = "posted, 65,536 entries", WALK(S_65536, POSTED) },
	{ .name = "posted, 256 entries, cold", WALK(S_256, POSTED, COLD) },
	{ .name = "posted, 65,536 entries, cold", WALK(S_65536, POSTED, COLD) },
	{ .name = "4 requesters: remapped, 256", CROWD(S_256) },
	{ .name = "4 requesters: remapped, 65,536", CROWD(S_65536) },
	{ .name = "4 requesters: remapped, 256, cold", CROWD(S_256, COLD) },
	{ .name = "4 requesters: remapped, 65,536, cold", CROWD(S_65536, COLD) },
	{ .name = "4 requesters: posted, 256", CROWD(S_256, POSTED) },
	{ .name = "4 requesters: posted, 65,536", CROWD(S_65536, POSTED) },
	{ .name = "4 requesters: posted, 256, cold", CROWD(S_256, POSTED, COLD) },
	{ .name = "4 requesters: posted, 65,536, cold", CROWD(S_65536, POSTED, COLD) },
	{ .name = NULL },
};

const struct bench_group bench_vtd = {
	.name = "vtd",
	.benches = benches,
	.rates = true,
	.note = "A posted request with ON set may cost two locked ORs.\n",
};
