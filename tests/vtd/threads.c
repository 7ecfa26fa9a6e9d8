/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One unit, four posters, one reprogrammer and one invalidator, each a thread.
 *
 * Every entry goes through versions 1, 2, 3 ...: posted, remapped, posted, not
 * present, and so on. What a request does tells the version that it was done
 * by: a descriptor and a vector, a destination and a vector, or a fault. With
 * one version in the upper half of an entry and another in the lower, it would
 * be none of these. Checked at every request:
 *
 *   7  it was done by one version as a whole: old or new, never a mix
 *   8  that version is at least the last whose invalidation had completed when
 *      the request began, and at most the last that was being written when it ended
 *
 * And of every descriptor that is out of use, from its invalidation until it is
 * used again: that nothing posts to it any more.
 *
 * Threads stumble (see posted/atomic.h beside this file), for in the way of most
 * of what can go wrong stand a few nanoseconds.
 *
 * threads [SECONDS]
 */
#include <inttypes.h>
#include <posted/hw/vtd.h>
#include <posted/hyp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { POSTERS = 4, ENTRIES = 64, HOT = 8, CACHE = 64, RECORDS = 4, SID = 0x0100 };
enum { DESCRIPTORS = 4 }; /* of each entry, used in turn */
enum { TABLE_SIZE = 5 };  /* IRTA's S */

#define IDLE pstd_control(PSTD_LINUX_NOTIFICATION, 1)

/* What is run: a cache that is filled all the time, and one that is mostly after invalidations. */
static const struct variant {
	const char *name;
	unsigned entries, ways;
	bool random, caching_mode;
} variants[] = {
	{ "small cache", 16, 4, false, false },
	{ "large cache", CACHE / 2, 1, true, true },
};

struct entry {
	/* the version that is being written, the one written, and the one invalidated up to */
	uint64_t writing, written, done;
};

struct poster {
	pthread_t thread;
	uint64_t section __attribute__((aligned(64))); /* odd: inside a read-side section */
	uint64_t requests, posts, blocked, stale;
};

static struct {
	uint8_t ram[16 * 4096] __attribute__((aligned(4096)));
	struct pstd_memory memory;
	struct pstd_vtd unit;
	struct pstd_vtd_cache_slot cache[CACHE] __attribute__((aligned(64)));
	uint64_t records[RECORDS * 2];
	struct pstd_irte *table;
	struct pstd_desc *pids; /* DESCRIPTORS for each entry */
	struct pstd_vtd_descriptor *queue;
	uint64_t *status;
	unsigned tail;
	uint32_t token;
	struct entry entries[ENTRIES];
	struct poster posters[POSTERS];
	uint64_t invalidations, faults;
} host;

static atomic_bool over;
static atomic_uint failures;

__attribute__((format(printf, 1, 2)))
static void fail(const char *format, ...)
{
	va_list args;

	if (atomic_fetch_add(&failures, 1) >= 10)
		return;
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	atomic_store(&over, true);
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Versions. */

enum kind { POSTED, REMAPPED, ABSENT };

static enum kind kind_of(uint64_t version)
{
	return version % 2 ? POSTED : version % 4 ? REMAPPED : ABSENT;
}

static uint8_t vector_of(uint64_t version)
{
	return (uint8_t)(32 + version % 211);
}

static struct pstd_desc *descriptor_of(unsigned index, uint64_t version)
{
	return &host.pids[index * DESCRIPTORS + version / 2 % DESCRIPTORS];
}

static struct pstd_irte entry_of(unsigned index, uint64_t version)
{
	const struct pstd_irte absent = { { 0, 0 } };

	switch (kind_of(version)) {
	case POSTED:
		return pstd_irte_posted(
			pstd_memory_phys(&host.memory, descriptor_of(index, version)),
			vector_of(version), SID);
	case REMAPPED:
		return pstd_irte_remapped((uint32_t)version, vector_of(version), SID);
	default:
		return absent;
	}
}

/* True if this version alone makes a request do this. */
static bool did(unsigned index, uint64_t version, const struct pstd_vtd_request_result *r)
{
	switch (kind_of(version)) {
	case POSTED:
		return r->kind == PSTD_VTD_POST && r->pid == descriptor_of(index, version) &&
		       r->vector == vector_of(version);
	case REMAPPED:
		return r->kind == PSTD_VTD_REMAPPED && r->msg.dest == (uint32_t)version &&
		       r->msg.vector == vector_of(version);
	default:
		return r->kind == PSTD_VTD_BLOCKED && r->fault == PSTD_VTD_FAULT_NOT_PRESENT;
	}
}

/* Posters. */

static void section_begin(struct poster *p)
{
	pstd_exchange_seq(&p->section, p->section + 1);
}

static void section_end(struct poster *p)
{
	pstd_store_release(&p->section, p->section + 1);
}

static void drain(void *unused)
{
	for (unsigned i = 0; i < POSTERS; i++) {
		uint64_t section = pstd_load_acquire(&host.posters[i].section);

		while (section % 2 && pstd_load_acquire(&host.posters[i].section) == section)
			usleep(1);
	}
}

static void check(struct poster *p, unsigned index, uint64_t from, uint64_t to,
                  const struct pstd_vtd_request_result *r)
{
	for (uint64_t version = to; version >= from; version--) {
		if (!did(index, version, r))
			continue;
		p->stale += version != to;
		return;
	}
	for (uint64_t version = from; version-- > 1 && version + 40 > from;)
		if (did(index, version, r)) {
			fail("entry %u: version %" PRIu64 " was used after version %" PRIu64
			     " had been invalidated for", index, version, from);
			return;
		}
	fail("entry %u: neither of versions %" PRIu64 " to %" PRIu64 " as a whole: kind %d, fault "
	     "0x%02x, vector 0x%02x", index, from, to, r->kind, r->fault, r->vector);
}

static void request(struct poster *p, unsigned index)
{
	const struct entry *e = &host.entries[index];
	struct pstd_vtd_request_result r;
	struct pstd_vtd_post_result posted = { 0 };
	uint64_t from, to;

	section_begin(p);
	from = pstd_load_acquire(&e->done);
	r = pstd_vtd_request(&host.unit, pstd_msi_remappable((uint16_t)index, false, 0), SID);
	to = pstd_load_acquire(&e->writing);
	if (r.kind == PSTD_VTD_POST)
		posted = pstd_vtd_post(r.pid, r.vector, r.urgent, r.x2apic);
	section_end(p);
	check(p, index, from, to, &r);
	p->requests++;
	p->posts += r.kind == PSTD_VTD_POST;
	if (posted.fault)
		fail("entry %u: fault 0x%02x at its descriptor", index, posted.fault);
	if (r.kind == PSTD_VTD_BLOCKED) {
		pstd_vtd_fault(&host.unit, r.fault, r.qualified, r.index, SID);
		p->blocked++;
	}
}

/* Some entries often, so that they stay in the cache, all of them at times. */
static void *poster_main(void *poster)
{
	struct poster *p = poster;
	uint64_t random = 88172645463325252u + (uint64_t)(p - host.posters);

	while (!atomic_load_explicit(&over, memory_order_relaxed)) {
		uint64_t r = next_random(&random);

		request(p, (unsigned)(r >> 8) % (r % 4 ? HOT : ENTRIES));
	}
	return NULL;
}

/* The reprogrammer. It changes an entry anew when the invalidator is done with the last change. */

static void expect_unused(unsigned index, uint64_t version)
{
	const struct pstd_desc *d = descriptor_of(index, version);

	if (!pstd_pir_empty(d) || pstd_load_acquire(&d->control) != IDLE)
		fail("entry %u: something was posted to the descriptor of version %" PRIu64
		     " after its invalidation", index, version);
}

static void reprogram(unsigned index)
{
	struct entry *e = &host.entries[index];
	uint64_t version = pstd_load_relaxed(&e->written) + 1;

	if (pstd_load_acquire(&e->done) != version - 1)
		return; /* the invalidator is behind */
	if (kind_of(version) == POSTED)
		expect_unused(index, version);
	pstd_store_release(&e->writing, version);
	pstd_irte_replace(&host.table[index], entry_of(index, version));
	pstd_store_release(&e->written, version);
}

static void *reprogrammer_main(void *unused)
{
	uint64_t random = 1234567;

	while (!atomic_load_explicit(&over, memory_order_relaxed)) {
		uint64_t r = next_random(&random);

		reprogram((unsigned)(r >> 8) % (r % 4 ? HOT : ENTRIES));
	}
	return NULL;
}

/* The invalidator. */

static void enqueue(struct pstd_vtd_descriptor d)
{
	host.queue[host.tail] = d;
	host.tail = (host.tail + 1) % 256;
}

static void take_faults(void)
{
	unsigned at = (unsigned)pstd_field_get(PSTD_VTD_CAP_FRO,
	                                       pstd_vtd_read(&host.unit, PSTD_VTD_CAP, 8)) *
	              16;

	for (unsigned n = 0; n < RECORDS; n++) {
		uint64_t hi = pstd_vtd_read(&host.unit, at + n * 16 + 8, 8);

		if (!(hi & PSTD_VTD_FRCD_F))
			continue;
		host.faults++;
		if (pstd_field_get(PSTD_VTD_FRCD_REASON, hi) != PSTD_VTD_FAULT_NOT_PRESENT)
			fail("record %u: reason 0x%02x", n,
			     (unsigned)pstd_field_get(PSTD_VTD_FRCD_REASON, hi));
		pstd_vtd_write(&host.unit, at + n * 16 + 8, 8, PSTD_VTD_FRCD_F);
	}
	pstd_vtd_write(&host.unit, PSTD_VTD_FSTS, 4, PSTD_VTD_FSTS_PFO);
}

static void wait_for_unit(void)
{
	struct pstd_vtd_event event;

	enqueue(pstd_vtd_wait_status(pstd_memory_phys(&host.memory, host.status), ++host.token));
	pstd_vtd_write(&host.unit, PSTD_VTD_IQT, 8, pstd_field(PSTD_VTD_IQ_OFFSET, host.tail));
	while (pstd_vtd_work(&host.unit, &event))
		;
	if ((uint32_t)pstd_load_acquire(host.status) != host.token)
		fail("a wait descriptor did not complete");
}

/* This version is invalidated: from here on nothing posts to its descriptor. */
static void retire(unsigned index, uint64_t version)
{
	struct pstd_desc *d = descriptor_of(index, version);
	uint64_t pir[4];

	pstd_take_pir(d, pir);
	pstd_store_release(&d->control, IDLE);
}

/* All that had been written before the invalidation is in use now, and nothing before that. */
static void done(unsigned index, uint64_t written)
{
	uint64_t *before = &host.entries[index].done;

	if (*before == written)
		return;
	if (kind_of(*before) == POSTED)
		retire(index, *before);
	pstd_store_release(before, written);
}

/* One entry, a block of four, or all. */
static void invalidate(unsigned index, unsigned how)
{
	unsigned mask = how == 0 ? TABLE_SIZE + 1 : how == 1 ? 2 : 0;
	unsigned first = index & ~((1u << mask) - 1), count = 1u << mask;
	uint64_t written[ENTRIES];

	for (unsigned i = first; i < first + count; i++)
		written[i] = pstd_load_acquire(&host.entries[i].written);
	enqueue(how == 0 ? pstd_vtd_iec_global() : pstd_vtd_iec_index((uint16_t)index, mask));
	wait_for_unit();
	for (unsigned i = first; i < first + count; i++)
		done(i, written[i]);
	host.invalidations++;
}

static void *invalidator_main(void *unused)
{
	uint64_t random = 7654321;

	while (!atomic_load_explicit(&over, memory_order_relaxed)) {
		uint64_t r = next_random(&random);
		unsigned index = (unsigned)(r >> 8) % (r % 4 ? HOT : ENTRIES);

		if (pstd_load_acquire(&host.entries[index].written) !=
		    pstd_load_relaxed(&host.entries[index].done))
			invalidate(index, (unsigned)(r >> 32) % 8);
		if (r % 64 == 0)
			take_faults();
	}
	return NULL;
}

/* The unit, from reset. */

static void build(const struct variant *v)
{
	const struct pstd_vtd_config c = {
		.memory = &host.memory,
		.address_width = 46,
		.cap = PSTD_VTD_CAP_PI | PSTD_VTD_CAP_ESIRTPS | pstd_field(PSTD_VTD_CAP_MGAW, 45) |
		       pstd_field(PSTD_VTD_CAP_FRO, 0x40) |
		       pstd_field(PSTD_VTD_CAP_NFR, RECORDS - 1) |
		       (v->caching_mode ? PSTD_VTD_CAP_CM : 0),
		.ecap = PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM |
		        pstd_field(PSTD_VTD_ECAP_MHMV, 15),
		.cache_entries = v->entries,
		.cache_ways = v->ways,
		.cache_replace = v->random ? PSTD_VTD_REPLACE_RANDOM : PSTD_VTD_REPLACE_FIFO,
		.cache = host.cache,
		.frcd = host.records,
		.drain = drain,
	};
	const char *wrong;

	memset(&host, 0, sizeof(host));
	host.memory = (struct pstd_memory){ .base = host.ram, .size = sizeof(host.ram) };
	host.table = pstd_memory_take(&host.memory, ENTRIES * sizeof(*host.table), 4096);
	host.queue = pstd_memory_take(&host.memory, 4096, 4096);
	host.status = pstd_memory_take(&host.memory, sizeof(*host.status), 8);
	host.pids = pstd_memory_take(&host.memory, ENTRIES * DESCRIPTORS * sizeof(*host.pids), 64);
	wrong = pstd_vtd_init(&host.unit, &c);
	if (wrong)
		fail("the unit: %s", wrong);
}

static void command(uint64_t bit)
{
	uint64_t kept = pstd_vtd_read(&host.unit, PSTD_VTD_GSTS, 4) & PSTD_VTD_GSTS_KEEP;

	pstd_vtd_write(&host.unit, PSTD_VTD_GCMD, 4, kept | bit);
	if (!(pstd_vtd_read(&host.unit, PSTD_VTD_GSTS, 4) & bit))
		fail("command 0x%08" PRIx64 " has no effect", bit);
}

static void bring_up(void)
{
	for (unsigned i = 0; i < ENTRIES * DESCRIPTORS; i++)
		host.pids[i].control = IDLE;
	for (unsigned i = 0; i < ENTRIES; i++) {
		host.entries[i] = (struct entry){ 1, 1, 1 };
		pstd_irte_replace(&host.table[i], entry_of(i, 1));
	}
	pstd_vtd_write(&host.unit, PSTD_VTD_IQT, 8, 0);
	pstd_vtd_write(&host.unit, PSTD_VTD_IQA, 8, pstd_memory_phys(&host.memory, host.queue));
	command(PSTD_VTD_GCMD_QIE);
	pstd_vtd_write(&host.unit, PSTD_VTD_IRTA, 8,
	               pstd_memory_phys(&host.memory, host.table) | PSTD_VTD_IRTA_EIME |
	                       TABLE_SIZE);
	command(PSTD_VTD_GCMD_SIRTP);
	command(PSTD_VTD_GCMD_IRE);
}

/* All that nothing may have posted to, at the end. */
static void check_unused(void)
{
	for (unsigned i = 0; i < ENTRIES; i++) {
		uint64_t now = host.entries[i].written;

		for (uint64_t version = now + 1; version < now + 2 * DESCRIPTORS; version++)
			if (kind_of(version) == POSTED &&
			    descriptor_of(i, version) != descriptor_of(i, now) &&
			    descriptor_of(i, version) != descriptor_of(i, now - 1))
				expect_unused(i, version);
	}
}

static void print_figures(const struct variant *v)
{
	uint64_t requests = 0, posts = 0, blocked = 0, stale = 0, versions = 0;

	for (unsigned i = 0; i < POSTERS; i++) {
		requests += host.posters[i].requests;
		posts += host.posters[i].posts;
		blocked += host.posters[i].blocked;
		stale += host.posters[i].stale;
	}
	for (unsigned i = 0; i < ENTRIES; i++)
		versions += host.entries[i].written - 1;
	printf("%s: %" PRIu64 " requests, %" PRIu64 " posts, %" PRIu64 " blocked, %"
	       PRIu64 " by an old entry; %" PRIu64 " changes, %" PRIu64 " invalidations, %" PRIu64
	       " faults read\n", v->name, requests, posts, blocked, stale, versions,
	       host.invalidations, host.faults);
	if (!posts || !blocked || !stale || versions < ENTRIES || !host.faults)
		fail("nothing much happened");
}

static void run(double seconds, const struct variant *v)
{
	pthread_t reprogrammer, invalidator;

	build(v);
	if (atomic_load(&failures))
		return;
	bring_up();
	atomic_store(&over, false);
	for (unsigned i = 0; i < POSTERS; i++)
		pthread_create(&host.posters[i].thread, NULL, poster_main, &host.posters[i]);
	pthread_create(&reprogrammer, NULL, reprogrammer_main, NULL);
	pthread_create(&invalidator, NULL, invalidator_main, NULL);
	for (double left = seconds; left > 0 && !atomic_load(&over); left -= 0.01)
		usleep(10000);
	atomic_store(&over, true);
	for (unsigned i = 0; i < POSTERS; i++)
		pthread_join(host.posters[i].thread, NULL);
	pthread_join(reprogrammer, NULL);
	pthread_join(invalidator, NULL);
	check_unused();
	print_figures(v);
}

int main(int argc, char **argv)
{
	const char *soak = getenv("POSTED_SOAK");
	double seconds = argc > 1 ? atof(argv[1]) : soak && *soak ? 40 : 3;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (unsigned i = 0; i < 2 && !atomic_load(&failures); i++)
		run(seconds / 2, &variants[i]);
	return atomic_load(&failures) != 0;
}
