/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole tables change under requests: one thread of software sets one table, the
 * other, and switches remapping off and on again; another queues invalidations; a
 * third thread lets the unit work as well. With ESIRTPS the unit forgets the old
 * table by itself, without it software invalidates.
 *
 * Each change is a version. What a request does tells by which table it was done,
 * or that remapping was off. Checked at every request: while it is under way, the
 * version that it was done by is in force or being set, for a version is in force only
 * when all is over that was done by those before. And of every invalidation: its wait
 * is complete when pstd_vtd_work finds nothing more to do, whoever did it.
 *
 * Threads stumble, as in threads.c.
 *
 * tables [SECONDS]
 */
#include <inttypes.h>
#include <posted/hw/vtd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REQUESTERS = 2, ENTRIES = 32, CACHE = 16, WAYS = 2, RECORDS = 1, SID = 0x0100 };
enum { TABLE_SIZE = 4 }; /* IRTA's S */
enum { PAUSE = 20 };     /* microseconds: the unit's locks are not fair */

struct requester {
	pthread_t thread;
	uint64_t section __attribute__((aligned(64))); /* odd: inside a read-side section */
	uint64_t did[3];                               /* by state */
};

static struct {
	uint8_t ram[8 * 4096] __attribute__((aligned(4096)));
	struct pstd_memory memory;
	struct pstd_vtd unit;
	struct pstd_vtd_cache_slot cache[CACHE] __attribute__((aligned(64)));
	uint64_t records[2 * RECORDS];
	struct pstd_irte *tables[2];
	struct requester requesters[REQUESTERS];
	/* the version that is being set, and the one in force */
	uint64_t setting, set;
	/* the queue, which both threads of software use */
	pthread_mutex_t lock;
	struct pstd_vtd_descriptor *queue;
	uint64_t *status;
	unsigned tail;
	uint32_t token;
} host = { .lock = PTHREAD_MUTEX_INITIALIZER };

static atomic_bool over;
static atomic_uint failures;

static void fail(const char *what, uint64_t a, uint64_t b)
{
	if (!atomic_fetch_add(&failures, 1))
		printf("%s (%" PRIu64 ", %" PRIu64 ")\n", what, a, b);
	atomic_store(&over, true);
}

/* Versions: the first table, the second, off, and again. */

enum state { FIRST, SECOND, OFF };

static enum state state_of(uint64_t version)
{
	return (enum state)(version % 3);
}

static uint8_t vector_of(enum state table)
{
	return table == FIRST ? 0x41 : 0x42;
}

static bool did(unsigned index, enum state s, const struct pstd_vtd_request_result *r)
{
	if (s == OFF)
		return r->kind == PSTD_VTD_PASS;
	return r->kind == PSTD_VTD_REMAPPED && r->msg.dest == index &&
	       r->msg.vector == vector_of(s);
}

/* Requesters. */

static void drain(void *unused)
{
	for (unsigned i = 0; i < REQUESTERS; i++) {
		uint64_t section = pstd_load_acquire(&host.requesters[i].section);

		while (section % 2 && pstd_load_acquire(&host.requesters[i].section) == section)
			usleep(1);
	}
}

static void request(struct requester *q, unsigned index)
{
	struct pstd_vtd_request_result r;
	uint64_t from, to;

	pstd_exchange_seq(&q->section, q->section + 1);
	r = pstd_vtd_request(&host.unit, pstd_msi_remappable((uint16_t)index, false, 0), SID);
	from = pstd_load_acquire(&host.set);
	to = pstd_load_acquire(&host.setting);
	pstd_store_release(&q->section, q->section + 1);
	for (uint64_t version = from; version <= to; version++)
		if (did(index, state_of(version), &r)) {
			q->did[state_of(version)]++;
			return;
		}
	fail("a request was done by none of these versions", from, to);
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void *requester_main(void *requester)
{
	struct requester *q = requester;
	uint64_t random = 88172645463325252u + (uint64_t)(q - host.requesters);

	while (!atomic_load_explicit(&over, memory_order_relaxed))
		request(q, (unsigned)(next_random(&random) >> 9) % ENTRIES);
	return NULL;
}

/* Software. */

static void work(void)
{
	struct pstd_vtd_event event;

	while (pstd_vtd_work(&host.unit, &event))
		;
}

static void invalidate(struct pstd_vtd_descriptor d)
{
	pthread_mutex_lock(&host.lock);
	host.queue[host.tail] = d;
	host.queue[host.tail + 1] =
		pstd_vtd_wait_status(pstd_memory_phys(&host.memory, host.status), ++host.token);
	host.tail = (host.tail + 2) % 256;
	pstd_vtd_write(&host.unit, PSTD_VTD_IQT, 8, pstd_field(PSTD_VTD_IQ_OFFSET, host.tail));
	work();
	if ((uint32_t)pstd_load_acquire(host.status) != host.token)
		fail("a wait is not complete", host.token, *host.status);
	pthread_mutex_unlock(&host.lock);
}

static void command(uint64_t bit, bool on)
{
	uint64_t kept = pstd_vtd_read(&host.unit, PSTD_VTD_GSTS, 4) & PSTD_VTD_GSTS_KEEP;

	pstd_vtd_write(&host.unit, PSTD_VTD_GCMD, 4, on ? kept | bit : kept & ~bit);
	if (!(pstd_vtd_read(&host.unit, PSTD_VTD_GSTS, 4) & bit) == on)
		fail("a command has no effect", bit, on);
}

static void set_table(const struct pstd_irte *table)
{
	pstd_vtd_write(&host.unit, PSTD_VTD_IRTA, 8,
	               pstd_memory_phys(&host.memory, table) | PSTD_VTD_IRTA_EIME | TABLE_SIZE);
	command(PSTD_VTD_GCMD_SIRTP, true);
	if (!(host.unit.config.cap & PSTD_VTD_CAP_ESIRTPS))
		invalidate(pstd_vtd_iec_global());
}

static void change(uint64_t version)
{
	enum state s = state_of(version);

	pstd_store_release(&host.setting, version);
	if (s == OFF)
		command(PSTD_VTD_GCMD_IRE, false);
	else
		set_table(host.tables[s]);
	if (s == FIRST)
		command(PSTD_VTD_GCMD_IRE, true);
	pstd_store_release(&host.set, version);
}

static void *switcher_main(void *unused)
{
	for (uint64_t version = 1; !atomic_load(&over); version++) {
		change(version);
		usleep(PAUSE);
	}
	return NULL;
}

static void *invalidator_main(void *unused)
{
	for (unsigned index = 0; !atomic_load(&over); index = (index + 1) % ENTRIES) {
		invalidate(pstd_vtd_iec_index((uint16_t)index, 0));
		usleep(PAUSE);
	}
	return NULL;
}

static void *worker_main(void *unused)
{
	while (!atomic_load(&over)) {
		work();
		usleep(PAUSE);
	}
	return NULL;
}

/* The unit, from reset. */

static void build(bool esirtps)
{
	const struct pstd_vtd_config c = {
		.memory = &host.memory,
		.address_width = 46,
		.cap = (esirtps ? PSTD_VTD_CAP_ESIRTPS : 0) | pstd_field(PSTD_VTD_CAP_FRO, 0x40),
		.ecap = PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM,
		.cache_entries = CACHE,
		.cache_ways = WAYS,
		.cache = host.cache,
		.frcd = host.records,
		.drain = drain,
	};
	const char *wrong;

	memset(host.ram, 0, sizeof(host.ram));
	memset(host.cache, 0, sizeof(host.cache));
	memset(host.requesters, 0, sizeof(host.requesters));
	host.memory = (struct pstd_memory){ .base = host.ram, .size = sizeof(host.ram) };
	host.queue = pstd_memory_take(&host.memory, 4096, 4096);
	for (unsigned t = 0; t < 2; t++) {
		host.tables[t] =
			pstd_memory_take(&host.memory, ENTRIES * sizeof(struct pstd_irte), 4096);
		for (unsigned i = 0; i < ENTRIES; i++)
			pstd_irte_replace(&host.tables[t][i],
			                  pstd_irte_remapped(i, vector_of((enum state)t), SID));
	}
	host.status = pstd_memory_take(&host.memory, sizeof(*host.status), 8);
	host.tail = host.token = 0;
	wrong = pstd_vtd_init(&host.unit, &c);
	if (wrong)
		fail(wrong, 0, 0);
}

static void run(double seconds, bool esirtps)
{
	pthread_t switcher, invalidator, worker;
	uint64_t all[3] = { 0 };

	build(esirtps);
	pstd_vtd_write(&host.unit, PSTD_VTD_IQA, 8, pstd_memory_phys(&host.memory, host.queue));
	command(PSTD_VTD_GCMD_QIE, true);
	change(FIRST);
	for (unsigned i = 0; i < REQUESTERS; i++)
		pthread_create(&host.requesters[i].thread, NULL, requester_main,
		               &host.requesters[i]);
	pthread_create(&switcher, NULL, switcher_main, NULL);
	pthread_create(&invalidator, NULL, invalidator_main, NULL);
	pthread_create(&worker, NULL, worker_main, NULL);
	for (double left = seconds; left > 0 && !atomic_load(&over); left -= 0.01)
		usleep(10000);
	atomic_store(&over, true);
	for (unsigned i = 0; i < REQUESTERS; i++) {
		pthread_join(host.requesters[i].thread, NULL);
		for (unsigned s = 0; s < 3; s++)
			all[s] += host.requesters[i].did[s];
	}
	pthread_join(switcher, NULL);
	pthread_join(invalidator, NULL);
	pthread_join(worker, NULL);
	printf("%s: %" PRIu64 " changes, %" PRIu64 " requests by the first table, %" PRIu64
	       " by the second, %" PRIu64 " while off, %u waits\n",
	       esirtps ? "ESIRTPS" : "no ESIRTPS", host.set, all[FIRST], all[SECOND], all[OFF],
	       host.token);
	if (host.set < 10 || !all[FIRST] || !all[SECOND] || !all[OFF])
		fail("nothing much happened", host.set, 0);
}

int main(int argc, char **argv)
{
	const char *soak = getenv("POSTED_SOAK");
	double seconds = argc > 1 ? atof(argv[1]) : soak && *soak ? 20 : 2;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (unsigned esirtps = 0; esirtps < 2 && !atomic_load(&failures); esirtps++) {
		atomic_store(&over, false);
		run(seconds / 2, esirtps);
	}
	return atomic_load(&failures) != 0;
}
