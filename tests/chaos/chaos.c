/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chaos: vCPUs are preempted, halted, moved and kicked, posting is turned off and on,
 * irqfds come and go, NMIs are sent, all at random, while devices and vCPUs send interrupts.
 * Every few milliseconds all of that pauses until nothing is under way, so that
 * no later interrupt can cover up for one that was lost. Proves that none is
 * lost or doubled, and that the invariants hold at each VM entry and at the end.
 *
 * chaos [SECONDS [SEED]], with the machine's switches (enum, below) and how the
 * VT-d units cache taken from the seed. A seed runs for so long, and on until enough has
 * happened: on a busy host less does.
 */
#include "check/check.h"
#include "events.h"
#include "exec/threads/machine.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PCPUS = 3, VMS = 2, VCPUS = 3, DEVICES = 2, UNITS = 2, PER_DEVICE = 8 };
enum { IPI_VECTOR = 0xe0 };
enum { WITH_PIN = 2 }; /* of a device's vectors: of the way that is posted, where there is one */

/* Bits of the seed. Without APIC virtualization there is no IPI virtualization either. */
enum {
	X2APIC = 1,
	HLT_STAYS = 2,
	SOFTWARE_APIC = 4,
	POSTED_MSI = 8,
	IPIV = 16,
};

/* Milliseconds: what is lost never comes, what is slow may be slow on a busy host. */
enum { PATIENCE = 30000 };

/* Seconds that a seed may take at most, for enough to happen. */
enum { AT_MOST = 12 };

static struct asked asked; /* of this run */
static atomic_bool over, quiet;
static atomic_uint silent; /* storms that have seen quiet */

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* The guest: works a little, sends an IPI now and then, and halts: often, at times, or seldom. */
struct victim {
	uint64_t random;
	uint64_t halts; /* once in so many runs */
	volatile uint64_t work;
};

static bool victim_init(struct guest *g, char *why, size_t size)
{
	static const uint64_t halts[VCPUS] = { 3, 50, 1000 };
	struct victim *s = guest_state(g);

	s->random = 88172645463325252u + guest_id(g);
	s->halts = halts[guest_id(g)];
	return true;
}

static enum guest_next victim_run(struct guest *g)
{
	struct victim *s = guest_state(g);
	uint64_t r = next_random(&s->random);

	for (unsigned i = r % 64; i; i--)
		s->work += i;
	if (r % 5 == 0 && !atomic_load(&quiet))
		guest_ipi(g, (unsigned)(r / 5 % guest_count(g)), IPI_VECTOR);
	return r % s->halts ? GUEST_RUN : GUEST_HALT;
}

static void victim_interrupt(struct guest *g, uint8_t vector)
{
	guest_eoi(g);
}

static const struct guest_ops victim = {
	.name = "victim",
	.summary = "suffers",
	.vcpu_size = sizeof(struct victim),
	.init = victim_init,
	.run = victim_run,
	.interrupt = victim_interrupt,
};

/* A device that raises its vectors in bursts. */
struct storm {
	pthread_t thread;
	uint64_t random;
	struct machine_vector *vectors[PER_DEVICE];
};

static void pause_while_quiet(void)
{
	if (!atomic_load(&quiet))
		return;
	atomic_fetch_add(&silent, 1);
	while (atomic_load(&quiet))
		usleep(100);
	atomic_fetch_sub(&silent, 1);
}

static void *storm_main(void *storm)
{
	struct storm *s = storm;

	machine_thread_begin();
	while (!atomic_load(&over)) {
		uint64_t r = next_random(&s->random);

		pause_while_quiet();
		for (unsigned i = 1 + r % 20; i; i--)
			machine_raise(s->vectors[next_random(&s->random) % PER_DEVICE]);
		usleep(r % 200);
	}
	machine_thread_end();
	return NULL;
}

/* Of a device's vector: each way that there is, in turn. */
static enum machine_way way_of(unsigned vector, uint64_t seed)
{
	unsigned ways = seed & SOFTWARE_APIC ? MACHINE_POSTED : MACHINE_WAYS;

	return (enum machine_way)(vector % PER_DEVICE % ways);
}

static void add_vectors(struct machine *m, struct storm *s, unsigned device, uint64_t seed)
{
	char error[MACHINE_ERROR], name[32];

	for (unsigned i = 0; i < PER_DEVICE; i++) {
		struct machine_vector_config c = {
			.name = name,
			.sid = (uint16_t)((device + 1) << 8),
			.entry = i,
			.unit = device % UNITS,
			.vm = device % VMS,
			.vcpu = i % VCPUS,
			.way = way_of(i, seed),
			.pin = i == WITH_PIN ? device + 1 : 0,
		};

		snprintf(name, sizeof(name), "storm%u[%u]", device, i);
		s->vectors[i] = machine_vector_add(m, &c, error);
		if (!s->vectors[i]) {
			fprintf(stderr, "%s\n", error);
			exit(1);
		}
	}
}

static void disturb(struct machine *m, uint64_t r, uint64_t seed)
{
	unsigned vector = (unsigned)(r >> 8) % (DEVICES * PER_DEVICE);

	switch (r % 9) {
	case 0:
		/* Only those of the posted way have a bypass to lose. */
		if (way_of(vector, seed) == MACHINE_POSTED) {
			machine_chaos_bypass(m, vector, r >> 32 & 1);
			asked.bypasses++;
		}
		break;
	case 1:
		if (way_of(vector, seed) != MACHINE_USER) {
			machine_chaos_irqfd(m, vector, r >> 32 & 1);
			asked.irqfds++;
		}
		break;
	case 2:
	case 3:
		machine_chaos_preempt(m, (unsigned)(r >> 8) % PCPUS);
		break;
	case 4:
		machine_chaos_nmi(m, (unsigned)(r >> 8) % VMS, (unsigned)(r >> 16) % VCPUS);
		break;
	case 5:
		machine_chaos_kick(m, (unsigned)(r >> 8) % VMS, (unsigned)(r >> 16) % VCPUS);
		asked.kicks++;
		break;
	default:
		machine_chaos_move(m, (unsigned)(r >> 8) % VMS, (unsigned)(r >> 16) % VCPUS,
		                   (unsigned)(r >> 24) % PCPUS);
	}
}

static void print_loss(const struct machine_loss *l, void *unused)
{
	printf("%s: vCPU %u: vector 0x%02x: sent %" PRIu64 ", handled %" PRIu64
	       ", coalesced %" PRIu64 ", pending %" PRIu64 "\n",
	       l->vm, l->vcpu, l->vector, l->sent, l->handled, l->coalesced, l->pending);
}

/* A vCPU sleeps, and is woken, only where HLT exits; bypass wants APIC virtualization. */
static bool eventful(const struct machine *m, uint64_t seed, FILE *out)
{
	return events_suffice(m, &asked, !(seed & HLT_STAYS), !(seed & SOFTWARE_APIC), out);
}

static int verdict(struct machine *m, bool drained, uint64_t seed)
{
	const char *found = check_stopped(m);
	struct machine_stats s;
	unsigned losses = machine_losses(m, print_loss, NULL);
	bool enough;

	machine_stats(m, &s);
	printf("sent %" PRIu64 " handled %" PRIu64 " coalesced %" PRIu64 " pending %" PRIu64
	       " NMIs %" PRIu64 " exits %" PRIu64 " wake-ups %" PRIu64 " preemptions %" PRIu64
	       " moves %" PRIu64 " faults %" PRIu64 " misses %" PRIu64 " invalidations %" PRIu64
	       "\n", s.sent, s.handled, s.coalesced, s.pending, s.nmis, s.exits_total,
	       s.wakeups, s.preemptions, s.moves, s.faults, s.misses, s.invalidations);
	if (found)
		printf("violated: %s\n", found);
	if (!drained)
		printf("interrupts were still waiting long after the devices stopped\n");
	enough = eventful(m, seed, stdout);
	if (!enough)
		printf("too little happened in %d s\n", AT_MOST);
	return losses || found || !drained || s.faults || !enough;
}

/* Caches from none to one that has room for all vectors. */
static struct machine_unit draw_unit(uint64_t *random)
{
	struct machine_unit u = machine_default_unit;
	uint64_t r = next_random(random) >> 8;

	u.cache_entries = r % 6 ? 1u << r % 6 : 0;
	u.cache_ways = u.cache_entries > 4 ? 1u << r / 6 % 3 : 1;
	u.cache_random = r >> 16 & 1;
	u.caching_mode = r >> 17 & 1;
	u.esirtps = r >> 18 & 1;
	return u;
}

static struct machine *build(struct storm *storms, uint64_t seed)
{
	uint64_t random = seed * 6364136223846793005u + 1;
	const struct machine_unit units[UNITS] = { draw_unit(&random), draw_unit(&random) };
	static const struct machine_vm vms[VMS] = {
		{ .name = "vm0", .vcpus = VCPUS, .guest = &victim },
		{ .name = "vm1", .vcpus = VCPUS, .guest = &victim },
	};
	struct machine_config c = { .pcpus = PCPUS, .x2apic = seed & X2APIC,
		                    .hlt_exiting = !(seed & HLT_STAYS),
		                    .software_apic = seed & SOFTWARE_APIC,
		                    .posted_msi = seed & POSTED_MSI,
		                    .ipiv = (seed & IPIV) && !(seed & SOFTWARE_APIC),
		                    .slice_us = 300, .poll_us = 50, .vms = vms, .vm_count = VMS,
		                    .units = units, .unit_count = UNITS };
	char error[MACHINE_ERROR];
	struct machine *m = machine_create(&c, error);

	if (!m) {
		fprintf(stderr, "%s\n", error);
		exit(1);
	}
	machine_observe(m, check_entry);
	for (unsigned i = 0; i < DEVICES; i++) {
		storms[i].random = seed + i + 1;
		add_vectors(m, &storms[i], i, seed);
	}
	if (!machine_start(m, error)) {
		fprintf(stderr, "%s\n", error);
		exit(1);
	}
	return m;
}

/* The default is seconds from the environment, so that the same test runs longer. */
static double seconds_to_run(int argc, char **argv)
{
	const char *soak = getenv("POSTED_SOAK");

	if (argc > 1)
		return atof(argv[1]);
	return soak && *soak ? 60 : 5;
}

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A few milliseconds of noise, then silence until all is handled. False: something is stuck. */
static bool phase(struct machine *m, uint64_t *random, uint64_t seed)
{
	double end = seconds_now() + 0.003;
	bool drained;

	while (seconds_now() < end) {
		disturb(m, next_random(random), seed);
		usleep((unsigned)(next_random(random) % 300));
	}
	atomic_store(&quiet, true);
	while (atomic_load(&silent) < DEVICES)
		usleep(100);
	drained = machine_drain(m, PATIENCE);
	atomic_store(&quiet, false);
	while (atomic_load(&silent))
		usleep(100);
	return drained;
}

static bool lasts(const struct machine *m, double past, double seconds, uint64_t seed)
{
	return past < seconds || (past < AT_MOST && !eventful(m, seed, NULL));
}

static int run(double seconds, uint64_t seed)
{
	struct storm storms[DEVICES];
	struct machine *m = build(storms, seed);
	uint64_t random = seed * 2862933555777941757u + 1;
	double began = seconds_now();
	bool drained = true;
	int result;

	machine_thread_begin();
	atomic_store(&over, false);
	for (unsigned i = 0; i < DEVICES; i++)
		pthread_create(&storms[i].thread, NULL, storm_main, &storms[i]);
	asked = (struct asked){ 0, 0, 0 };
	while (drained && lasts(m, seconds_now() - began, seconds, seed))
		drained = phase(m, &random, seed);
	atomic_store(&over, true);
	for (unsigned i = 0; i < DEVICES; i++)
		pthread_join(storms[i].thread, NULL);
	atomic_store(&quiet, true);
	machine_finish(m);
	drained = drained && machine_drain(m, PATIENCE);
	/* Still quiet: what is on its way when a pCPU stops looks like a lost wake-up. */
	machine_stop(m);
	atomic_store(&quiet, false);
	machine_thread_end();
	printf("seed %" PRIu64 ": ", seed);
	result = verdict(m, drained, seed);
	machine_destroy(m);
	return result;
}

int main(int argc, char **argv)
{
	/* Each switch on and off, and most with each other. */
	static const uint64_t seeds[] = {
		32 | X2APIC | POSTED_MSI,
		32 | X2APIC | IPIV,
		32 | HLT_STAYS | IPIV,
		32 | POSTED_MSI | IPIV,
		32 | X2APIC | SOFTWARE_APIC,
		32 | HLT_STAYS | SOFTWARE_APIC | POSTED_MSI,
		32 | SOFTWARE_APIC,
		32 | X2APIC | HLT_STAYS,
	};
	const unsigned count = sizeof(seeds) / sizeof(seeds[0]);
	double seconds = seconds_to_run(argc, argv);
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	int result = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 2)
		return run(seconds, seed);
	for (unsigned i = 0; i < count; i++)
		result |= run(seconds / count, seeds[i]);
	return result;
}
