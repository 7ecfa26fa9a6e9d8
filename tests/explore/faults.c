/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Code under the explorer that crashes, loops, sleeps or takes all memory, wherever it
 * does: it is said as such, a schedule leads there, and the next search is none the worse.
 */
#include <explore/replay.h>
#include <explore/sched.h>
#include <explore/step.h>
#include <posted/atomic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
	uint64_t x, y, lock, seen[2];
	struct explore_machine machine;
} s;

static volatile uint64_t zero; /* the compiler does not know that */
static const char text[] = "constant";

static void read_null(void)
{
	zero = ((volatile uint64_t *)(uintptr_t)zero)[2];
}

static void write_constant(void)
{
	*(volatile char *)((uintptr_t)text + zero) = 'C';
}

static void read_nowhere(void)
{
	zero = *(volatile uint64_t *)(zero + 0x8000000000000000u);
}

static void call_null(void)
{
	((void (*)(void))(uintptr_t)zero)();
}

static void load_null(void)
{
	pstd_load_relaxed((uint64_t *)(uintptr_t)zero + 1);
}

static volatile char *behind_a_file;

static void read_behind_a_file(void)
{
	zero = (uint64_t)behind_a_file[0];
}

static void divide(void)
{
	/* Not as C, in which a sanitizer would see it first. */
	__asm__ volatile("xor %%edx, %%edx\n\tdiv %0" : : "r"(zero) : "rax", "rdx", "cc");
}

static void trap(void)
{
	__builtin_trap();
}

static void block_and_trap(void)
{
	sigset_t usr1;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	__builtin_trap();
}

static __attribute__((noinline)) uint64_t descend(uint64_t n)
{
	volatile uint64_t here[8] = { n };

	return zero ? n : descend(n + here[0]) + here[1];
}

static void overflow(void)
{
	zero = descend(1);
}

static void loop(void)
{
	while (!zero)
		;
}

/* Words of its own are no step. */
static void loop_and_talk(void)
{
	while (!zero)
		explore_note("still here");
}

static void sleep_for_ever(void)
{
	for (;;)
		pause();
}

static void take_all(void)
{
	for (;;) {
		char *p = malloc(1 << 20);

		memset(p, 1, 1 << 20);
		__asm__ volatile("" : : "r"(p) : "memory");
	}
}

/* Some take long: those happen with one option in each place, or where there is time. */
static const struct kind {
	void (*happen)(void);
	const char *words;
	enum { ALWAYS, ONCE, SOAK } time;
	bool somewhere; /* where it is noticed is chance, or a matter of how full a stack was */
} kinds[] = {
	{ read_null, "crashed in %s: segmentation fault at 0x10", ALWAYS, false },
	{ write_constant, "crashed in %s: segmentation fault at faults+0x", ALWAYS, false },
	{ read_nowhere, "crashed in %s: segmentation fault at what is no address", ALWAYS, false },
	{ call_null, "crashed in %s: segmentation fault, a jump to 0", ALWAYS, false },
	{ load_null, "crashed in %s: segmentation fault at 0x8", ALWAYS, false },
	{ read_behind_a_file, "crashed in %s: bus error at ", ALWAYS, false },
	{ divide, "crashed in %s: arithmetic exception", ALWAYS, false },
	{ trap, "crashed in %s: illegal instruction", ALWAYS, false },
	{ block_and_trap, "crashed in %s: illegal instruction", ALWAYS, false },
	{ abort, "crashed in %s: abort", ALWAYS, false },
	{ overflow, "crashed in %s: its stack overflows", ALWAYS, true },
	{ loop, "loops in %s: 0.01 s of CPU time without a step", ONCE, true },
	{ loop_and_talk, "loops in %s: 0.01 s of CPU time without a step", ONCE, true },
	{ sleep_for_ever, "sleeps in %s: 2 s without a step, nor any CPU time", SOAK, true },
	{ take_all, "takes all memory in %s: 512 MiB more without a step", SOAK, true },
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };
static const struct kind *kind; /* the one to happen */

/* Where it does. */

static void at_once(void *unused)
{
	kind->happen();
}

static void in_a_step(void *n)
{
	uintptr_t mine = (uintptr_t)n;

	pstd_store_relaxed(mine ? &s.y : &s.x, 1);
	if (mine)
		kind->happen();
}

/* Only if neither sees the other's store: on a machine with store buffers. */
static void if_lost(void *n)
{
	uintptr_t mine = (uintptr_t)n;

	pstd_store_relaxed(mine ? &s.y : &s.x, 1);
	s.seen[mine] = 1 + pstd_load_relaxed(mine ? &s.x : &s.y);
	if (s.seen[0] == 1 && s.seen[1] == 1)
		kind->happen();
}

/* The same where a state may be met twice. */
static void if_lost_waiting(void *n)
{
	explore_rest(NULL, NULL);
	pstd_fetch_or_seq(&s.lock, 1);
	if_lost(n);
	explore_rest(NULL, NULL);
	pstd_fetch_or_seq(&s.lock, 1);
}

/* By choice, after some steps or fewer: one is the least. */
static void after_some(void *n)
{
	unsigned detour = 3 - explore_choose(4);

	for (unsigned i = 0; i < detour; i++)
		pstd_fetch_or_seq(&s.lock, 1);
	if (n)
		return;
	pstd_fetch_or_seq(&s.x, 1);
	kind->happen();
}

/* In the middle of what is one step. */
static void at_once_with_a_store(void *unused)
{
	pstd_store_relaxed(&s.x, 1);
	kind->happen();
}

static void in_one_step(void *unused)
{
	explore_one_step(at_once_with_a_store, NULL);
}

/* On the stack of a task, of the first of two CPUs. */
static void prepare_tasks(void)
{
	static const struct explore_task task = { .name = "task", .run = at_once_with_a_store };
	static const struct explore_sched rules = { .cpus = 2, .tasks = &task, .task_count = 1 };

	explore_machine_setup(&s.machine, &rules);
}

static bool never(const void *unused)
{
	return false;
}

/* When no step is left, an agent that rests returns; this one does not. */
static void at_the_end(void *n)
{
	in_order: pstd_store_relaxed(&s.x, 1);
	if (explore_rest(never, NULL))
		goto in_order;
	kind->happen();
}

static void do_nothing_wrong(void *n)
{
	uintptr_t mine = (uintptr_t)n;

	pstd_store_relaxed(mine ? &s.y : &s.x, 1);
	s.seen[mine] = 1 + pstd_load_relaxed(mine ? &s.x : &s.y);
	explore_rest(NULL, NULL);
	pstd_fetch_or_seq(&s.lock, 1);
}

static void in_function(void)
{
	kind->happen();
}

static void once_both_are(void)
{
	if (s.x && s.y)
		kind->happen();
}

enum { STEPLESS = 1, TSO_ONLY = 2, LEAST_ONE = 4 };
static const struct place {
	const char *name, *who;
	void (*run)(void *);
	void (*setup)(void), (*finish)(void), (*each)(void);
	unsigned traits;
} places[] = {
	{ "at once", "", at_once, NULL, NULL, NULL, STEPLESS },
	{ "in a step", "B", in_a_step, NULL, NULL, NULL, 0 },
	{ "in one order", "", if_lost, NULL, NULL, NULL, TSO_ONLY },
	{ "in one order, with states", "", if_lost_waiting, NULL, NULL, NULL, TSO_ONLY },
	{ "after some steps", "A", after_some, NULL, NULL, NULL, LEAST_ONE },
	{ "in one step", "", in_one_step, NULL, NULL, NULL, 0 },
	{ "in a task", "A", explore_cpu, prepare_tasks, NULL, NULL, 0 },
	{ "at the end", "", at_the_end, NULL, NULL, NULL, 0 },
	{ "in setup", "setup", do_nothing_wrong, in_function, NULL, NULL, STEPLESS },
	{ "in finish", "finish", do_nothing_wrong, NULL, in_function, NULL, 0 },
	{ "in each", "each", do_nothing_wrong, NULL, NULL, once_both_are, 0 },
};
enum { PLACES = sizeof(places) / sizeof(places[0]) };

static const struct explore_options options[] = {
	{ .patience = 0.01 },
	{ .patience = 0.01, .sc = true },
	{ .patience = 0.01, .full = true },
	{ .patience = 0.01, .forgets = true },
	{ .patience = 0.01, .jobs = 2 },
	{ .patience = 0.01, .strategy = EXPLORE_RANDOM, .runs = 1000, .seed = 1 },
};
enum { SC = 1, OPTIONS = sizeof(options) / sizeof(options[0]) };

static struct explore_scenario scenario_of(const struct place *p,
                                           struct explore_agent agent[2])
{
	agent[0] = (struct explore_agent){ "A", p->run, (void *)0, false };
	agent[1] = (struct explore_agent){ "B", p->run, (void *)1, false };
	return (struct explore_scenario){
		.name = p->name, .agents = agent, .agent_count = 2, .state = &s,
		.state_size = sizeof(s), .setup = p->setup, .finish = p->finish, .each = p->each,
	};
}

static bool good = true;

static void wrong(const char *what, const struct place *p, const struct explore_options *o,
                  const char *detail)
{
	printf("WRONG: %s: kind %td, %s, options %td: %s\n", what, kind ? kind - kinds : -1,
	       p->name, o - options, detail ? detail : "nothing said");
	good = false;
}

static char last_row[512];

static void keep_row(const struct explore_row *row, void *unused)
{
	snprintf(last_row, sizeof(last_row), "%s", row->text);
}

/* As kinds say, of whoever it was. */
static bool right_words(const char *said, const struct place *p)
{
	char expected[128];
	bool found = false;

	for (unsigned i = 0; i < 2; i++) {
		const char *who = *p->who ? p->who : i ? "B" : "A";

		snprintf(expected, sizeof(expected), "%.*s%s%s",
		         (int)(strchr(kind->words, '%') - kind->words), kind->words, who,
		         strchr(kind->words, '%') + 2);
		found |= said && !strncmp(said, expected, strlen(expected));
	}
	return found && strstr(said, ", in ");
}

static bool without_step(const struct place *p)
{
	return p->traits & STEPLESS && (p->setup || kind->happen != load_null);
}

static void judge_replay(const struct explore_scenario *scene, const struct place *p,
                         const struct explore_options *o, const struct explore_totals *t)
{
	char said[EXPLORE_WHY];
	struct explore_replayed r;

	for (unsigned i = 0; i < 2; i++) {
		snprintf(said, sizeof(said), "%s", t->stopped);
		r = explore_replay(scene, o->sc, &t->failed, 0, keep_row, NULL);
		if (r.verdict != EXPLORE_CRASHES || r.steps != t->failed_steps)
			wrong("its replay is another", p, o, last_row);
		if (kind->somewhere)
			*strstr(last_row, ", in ") = *strstr(said, ", in ") = '\0';
		if (strcmp(last_row, said))
			wrong("its replay says something else", p, o, last_row);
	}
}

static struct explore_totals sound; /* of a search in which nothing happens */

/* The next search is as if there had been none. */
static void judge_next(const struct place *p, const struct explore_options *o)
{
	static const struct place peace = { .name = "peace", .run = do_nothing_wrong };
	static const struct explore_options plain;
	struct explore_agent agent[2];
	const struct explore_scenario scene = scenario_of(&peace, agent);
	struct explore_totals t;
	sigset_t mask;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	if (sigismember(&mask, SIGUSR1))
		wrong("signals are masked", p, o, NULL);
	if (explore_search(&scene, &plain, &t) != EXPLORE_PROVED)
		wrong("the next search is not proved", p, o, t.stopped);
	else if (sound.schedules && (t.schedules != sound.schedules || t.steps != sound.steps))
		wrong("the next search took other steps", p, o, NULL);
	sound = t;
}

static void judge(const struct place *p, const struct explore_options *o)
{
	struct explore_options own = *o; /* a crash needs no clock */
	struct explore_agent agent[2];
	const struct explore_scenario scene = scenario_of(p, agent);
	bool happens = !(p->traits & TSO_ONLY) || !o->sc;
	enum explore_outcome outcome, expected = EXPLORE_CRASHED;
	struct explore_totals t;

	if (!happens)
		expected = o->strategy == EXPLORE_EVERY ? EXPLORE_PROVED : EXPLORE_STOPPED;
	own.patience = kind->time == ALWAYS ? 0 : o->patience;
	outcome = explore_search(&scene, &own, &t);
	if (outcome != expected) {
		wrong("another outcome", p, o, t.stopped);
	} else if (happens) {
		if (!right_words(t.stopped, p))
			wrong("other words", p, o, t.stopped);
		if (!t.failed_steps != without_step(p))
			wrong("steps, or none", p, o, t.stopped);
		if (p->traits & LEAST_ONE && kind->happen != load_null &&
		    (t.failed_steps != 1 || !t.shortest))
			wrong("there is a shorter one", p, o, t.stopped);
		judge_replay(&scene, p, o, &t);
	}
	judge_next(p, o);
}

static void on_signal(int signal)
{
}

/* Those who use signals have theirs back. */
static void judge_signals(const struct place *p, const struct explore_options *o)
{
	static const int all[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGVTALRM };
	struct sigaction own = { .sa_handler = on_signal }, now;
	stack_t stack_before, stack_after;
	sigset_t mask;

	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		sigaction(all[i], &own, NULL);
	sigaltstack(NULL, &stack_before);
	judge(p, o);
	sigaltstack(NULL, &stack_after);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		sigaction(all[i], NULL, &now);
		if (now.sa_handler != on_signal || sigismember(&mask, all[i]))
			wrong("a signal is not as it was", p, o, strsignal(all[i]));
		signal(all[i], SIG_DFL);
	}
	if (stack_before.ss_sp != stack_after.ss_sp)
		wrong("the signals' stack is not as it was", p, o, NULL);
}

int main(void)
{
	static const struct explore_options patient[] = { { .patience = 0.2 }, { .patience = 5 } };
	const char *soak = getenv("POSTED_SOAK");
	bool long_run = soak && *soak;
	FILE *f = tmpfile();

	behind_a_file = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fileno(f), 0);
	judge_next(&places[0], &options[0]);
	for (unsigned k = 0; k < KINDS; k++) {
		kind = &kinds[k];
		for (unsigned p = 0; p < PLACES; p++)
			for (unsigned o = 0; o < OPTIONS; o++)
				if ((p + k) % OPTIONS == o
				            ? kind->time != SOAK
				            : kind->time == ALWAYS && (o <= SC || long_run))
					judge(&places[p], &options[o]);
		if (kind->time == SOAK && long_run) {
			judge(&places[1], &patient[kind->happen == take_all]);
			judge(&places[PLACES - 3], &patient[kind->happen == take_all]);
		}
	}
	kind = &kinds[0];
	judge_signals(&places[1], &options[0]);
	return !good;
}
