/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What it costs to find the vCPUs that a message is for, among 1 to 1,024. Every
 * bench walks the same number of destinations, spread over all vCPUs.
 */
#include "harness.h"
#include <posted/apic_map.h>
#include <posted/hyp.h>
#include <string.h>

enum { TIMES = 256 };

struct kind {
	unsigned vcpus;
	bool logical;
};

static struct {
	struct pstd_apic_map map;
	struct pstd_vm vm;
	struct pstd_vcpu vcpu[PSTD_APIC_SET_MAX], *vcpus[PSTD_APIC_SET_MAX];
	uint32_t dest[TIMES];
	unsigned index[TIMES]; /* who that is */
	struct pstd_msi_msg msi[TIMES];
	uint64_t word;
} host;

static void setup(const struct bench *b)
{
	const struct kind *k = b->arg;

	memset(&host, 0, sizeof(host));
	host.vm = (struct pstd_vm){ .x2apic = true, .vcpus = host.vcpus, .vcpu_count = k->vcpus };
	for (unsigned i = 0; i < k->vcpus; i++) {
		struct pstd_apic_identity a = { .mode = PSTD_APIC_X2APIC,
			                        .enabled = true,
			                        .id = i };

		host.vcpus[i] = &host.vcpu[i];
		pstd_apic_map_add(&host.map, i, &a);
	}
	for (unsigned i = 0; i < TIMES; i++) {
		/* An odd stride, so that each is met once before any twice. */
		unsigned index = i * 37 % k->vcpus;

		host.index[i] = index;
		host.dest[i] = k->logical ? pstd_apic_x2apic_ldr(index) : index;
		host.msi[i] = pstd_msi_compat(index, 0x41);
	}
}

/* The set must exist, or the compiler leaves out what makes it. */
static inline void keep(const void *p)
{
	__asm__ volatile("" : : "r"(p) : "memory");
}

static double one_or(const struct bench *b)
{
	uint64_t begin = bench_now();

	for (unsigned i = 0; i < TIMES; i++)
		pstd_fetch_or_seq(&host.word, PSTD_BIT(i % 64));
	return (double)(bench_now() - begin) / TIMES;
}

static double find_one(const struct bench *b)
{
	uint64_t begin = bench_now();

	for (unsigned i = 0; i < TIMES; i++)
		if (pstd_apic_map_find_one(&host.map, host.dest[i]) != (int)host.index[i])
			bench_fail("a destination was not found");
	return (double)(bench_now() - begin) / TIMES;
}

static double find_set(const struct bench *b)
{
	const struct kind *k = b->arg;
	uint64_t begin = bench_now();
	struct pstd_apic_set set;

	for (unsigned i = 0; i < TIMES; i++) {
		pstd_apic_map_find(&host.map, host.dest[i], k->logical, &set);
		keep(&set);
		if (!pstd_apic_set_has(&set, host.index[i]))
			bench_fail("a destination was not found");
	}
	return (double)(bench_now() - begin) / TIMES;
}

/* A hypervisor's own way: an id is an index. */
static double find_target(const struct bench *b)
{
	uint64_t begin = bench_now();

	for (unsigned i = 0; i < TIMES; i++) {
		struct pstd_vcpu *v;
		uint8_t vector;

		if (pstd_msi_target(&host.vm, host.msi[i], &v, &vector) ||
		    v != &host.vcpu[host.index[i]])
			bench_fail("a message's vCPU was not found");
	}
	return (double)(bench_now() - begin) / TIMES;
}

#define KIND(...) .setup = setup, .arg = &(const struct kind){ .vcpus = __VA_ARGS__ }

static const struct bench benches[] = {
	{ .name = "one locked OR", .baseline = true, .sample = one_or, KIND(1) },
	{ .name = "physical, of 1", .sample = find_one, KIND(1) },
	{ .name = "physical, of 16", .sample = find_one, KIND(16) },
	{ .name = "physical, of 256", .sample = find_one, KIND(256) },
	{ .name = "physical, of 1,024", .sample = find_one, KIND(1024) },
	{ .name = "physical, as a set, of 1", .sample = find_set, KIND(1) },
	{ .name = "physical, as a set, of 1,024", .sample = find_set, KIND(1024) },
	{ .name = "logical, of 1", .sample = find_set, KIND(1, true) },
	{ .name = "logical, of 16", .sample = find_set, KIND(16, true) },
	{ .name = "logical, of 256", .sample = find_set, KIND(256, true) },
	{ .name = "logical, of 1,024", .sample = find_set, KIND(1024, true) },
	{ .name = "pstd_msi_target, of 1", .sample = find_target, KIND(1) },
	{ .name = "pstd_msi_target, of 1,024", .sample = find_target, KIND(1024) },
	{ .name = NULL },
};

const struct bench_group bench_lookup = { .name = "lookup", .benches = benches };
