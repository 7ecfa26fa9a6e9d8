/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long an interrupt takes to the other CPU: from just before it is raised to
 * the handler's first look at the clock, which both CPUs share. Before each, the
 * other side gets time to spin, or to fall asleep, as the bench is about.
 */
#include "exec/threads/machine.h"
#include "harness.h"
#include <errno.h>
#include <posted/atomic.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { PAUSE_NS = 100000, PATIENCE_NS = 1000000000 };

/* A way to the other side. */
struct path {
	void (*raise)(void);
	void *(*receiver)(void *unused); /* the thread there; null: none, or a machine */
	enum guest_next then;            /* what a machine's guest does all the time */
	bool hlt_exiting;
};

static struct {
	/* from the raiser */
	uint64_t flag __attribute__((aligned(64)));
	uint64_t stop;
	uint64_t raised __attribute__((aligned(64))); /* its own: a store need not read the flag */
	/* from the handler */
	uint64_t answers __attribute__((aligned(64)));
	uint64_t at;
	/* set up before the other side begins */
	int fd __attribute__((aligned(64)));
	enum guest_next then;
	pthread_t thread;
	struct machine *machine;
	struct machine_vector *vector;
} line;

static void handler(void)
{
	pstd_store_relaxed(&line.at, bench_now());
	pstd_store_release(&line.answers, pstd_load_relaxed(&line.answers) + 1);
}

static void raise_flag(void)
{
	pstd_store_release(&line.flag, ++line.raised);
}

static void *poll_flag(void *unused)
{
	for (uint64_t seen = 0; !pstd_load_acquire(&line.stop);) {
		uint64_t flag = pstd_load_acquire(&line.flag);

		if (flag == seen)
			continue;
		seen = flag;
		handler();
	}
	return NULL;
}

static void raise_eventfd(void)
{
	uint64_t one = 1;

	if (write(line.fd, &one, sizeof(one)) != sizeof(one))
		bench_fail("writing an eventfd: %s", strerror(errno));
}

static void *read_eventfd(void *unused)
{
	for (;;) {
		uint64_t count;

		if (read(line.fd, &count, sizeof(count)) != sizeof(count))
			bench_fail("reading an eventfd: %s", strerror(errno));
		if (pstd_load_acquire(&line.stop))
			return NULL;
		handler();
	}
}

static void raise_vector(void)
{
	machine_raise(line.vector);
}

static enum guest_next guest_run(struct guest *g)
{
	return line.then;
}

static void guest_interrupt(struct guest *g, uint8_t vector)
{
	handler();
	guest_eoi(g);
}

static void start_machine(const struct path *p)
{
	static const struct guest_ops ops = { .name = "bench", .summary = "answers at once",
		                              .run = guest_run, .interrupt = guest_interrupt };
	const struct machine_vm vm = { .name = "vm", .vcpus = 1, .guest = &ops };
	const struct machine_config c = { .pcpus = 1, .x2apic = true, .hlt_exiting = p->hlt_exiting,
		                          .slice_us = 10000, .vms = &vm, .vm_count = 1 };
	const struct machine_vector_config v = { .name = "bench", .sid = 0x0100,
		                                 .way = MACHINE_POSTED };
	char error[MACHINE_ERROR];

	line.then = p->then;
	line.machine = machine_create(&c, error);
	if (!line.machine)
		bench_fail("%s", error);
	line.vector = machine_vector_add(line.machine, &v, error);
	if (!line.vector || !machine_start(line.machine, error))
		bench_fail("%s", error);
	machine_thread_begin();
}

static void stop_machine(void)
{
	machine_thread_end();
	machine_stop(line.machine);
	machine_destroy(line.machine);
}

static void start_receiver(const struct path *p)
{
	line.fd = eventfd(0, EFD_CLOEXEC);
	if (line.fd < 0)
		bench_fail("no eventfd: %s", strerror(errno));
	errno = pthread_create(&line.thread, NULL, p->receiver, NULL);
	if (errno)
		bench_fail("no thread: %s", strerror(errno));
}

static void stop_receiver(const struct path *p)
{
	pstd_store_release(&line.stop, 1);
	p->raise();
	pthread_join(line.thread, NULL);
	close(line.fd);
}

/* Threads inherit where they run. */
static void setup(const struct bench *b)
{
	const struct path *p = b->arg;

	memset(&line, 0, sizeof(line));
	bench_pin(BENCH_FAR);
	if (p->receiver)
		start_receiver(p);
	else
		start_machine(p);
	bench_pin(BENCH_NEAR);
}

static void teardown(const struct bench *b)
{
	const struct path *p = b->arg;

	if (p->receiver)
		stop_receiver(p);
	else
		stop_machine();
}

static double sample(const struct bench *b)
{
	const struct path *p = b->arg;
	uint64_t before = pstd_load_relaxed(&line.answers), begin = bench_now();

	while (bench_now() - begin < PAUSE_NS)
		;
	begin = bench_now();
	p->raise();
	while (pstd_load_acquire(&line.answers) == before) {
		__builtin_ia32_pause();
		if (bench_now() - begin > PATIENCE_NS)
			bench_fail("%s: no answer for a second", b->name);
	}
	return (double)(pstd_load_relaxed(&line.at) - begin);
}

static const struct path clock_alone = { .raise = handler };
static const struct path polled_flag = { .raise = raise_flag, .receiver = poll_flag };
static const struct path blocked_read = { .raise = raise_eventfd, .receiver = read_eventfd };
static const struct path running = { .raise = raise_vector, .then = GUEST_RUN };
static const struct path in_hlt = { .raise = raise_vector, .then = GUEST_HALT };
static const struct path blocked = { .raise = raise_vector, .then = GUEST_HALT,
	                             .hlt_exiting = true };

#define TWO_SIDED .two_cpus = true, .setup = setup, .teardown = teardown, .sample = sample

static const struct bench one_way[] = {
	{ .name = "the clock alone", .two_cpus = true, .sample = sample, .arg = &clock_alone },
	{ .name = "polled flag", .baseline = true, TWO_SIDED, .arg = &polled_flag },
	{ .name = "posted, to a running vCPU", TWO_SIDED, .arg = &running },
	{ .name = "eventfd, to a blocked read", TWO_SIDED, .arg = &blocked_read },
	{ .name = NULL },
};

static const struct bench wake[] = {
	{ .name = "eventfd, to a blocked read", .baseline = true, TWO_SIDED, .arg = &blocked_read },
	{ .name = "posted, to a vCPU that waits in HLT", TWO_SIDED, .arg = &in_hlt },
	{ .name = "posted, to a vCPU on the wake-up list", TWO_SIDED, .arg = &blocked },
	{ .name = NULL },
};

const struct bench_group bench_one_way = { .name = "one-way", .benches = one_way };
const struct bench_group bench_wake = { .name = "wake", .benches = wake };
