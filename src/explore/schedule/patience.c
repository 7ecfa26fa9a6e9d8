/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A clock ticks a few times in a step's time. Where nothing happened since the tick
 * before, it looks at what the code under the explorer has used since.
 */
#include "explore/schedule/patience.h"
#include "explore/schedule/fault.h"
#include "explore/schedule/parts.h"
#include <sys/resource.h>
#include <time.h>

enum {
	TICKS = 4, /* in the time of a step, but no longer ones than the longest */
	LATE = 50, /* ticks, after which what is due comes in any case */
};
static const double usual = 3, longest = 0.25, soon = 0.002; /* seconds */

static double wanted;
static bool tried; /* since patience_begin something was given up */
static timer_t timer;
static bool ticking;
static bool hurries; /* it ticks faster than it did */
static volatile unsigned due; /* ticks since a fault was to come */
static enum fault_kind kind;  /* of that */
static volatile bool between; /* the explorer's work and the code's */
static struct sigaction before;

/* How far it all was when something last happened, and what was used until then. */
static struct seen {
	unsigned jobs, steps;
	double cpu;
	unsigned long peak_kib;
	/* since; none while the process is stopped */
	unsigned ticks;
} seen;

void patience_set(double seconds)
{
	wanted = seconds;
}

double patience_seconds(void)
{
	return wanted > 0 ? wanted : usual;
}

static double cpu_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct seen look(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (struct seen){ fault_jobs(), run_step(), cpu_time(), (unsigned long)u.ru_maxrss, 0 };
}

static double tick_seconds(void)
{
	double seconds = patience_seconds() / TICKS;

	return seconds < longest ? seconds : longest;
}

/* There is less for what has done so before. */
static bool too_much(double used, double most)
{
	return used > (tried ? most / 10 : most);
}

static bool is_idle(double cpu)
{
	double seconds = ++seen.ticks * tick_seconds();

	return too_much(seconds, PATIENCE_IDLE * patience_seconds()) && cpu < seconds / 100;
}

static void tick_each(double seconds)
{
	struct timespec t = { 0, (long)(seconds * 1e9) };
	const struct itimerspec each = { t, t };

	timer_settime(timer, 0, &each, NULL);
}

/* What has become too much by now; false: nothing. */
static bool judge(const struct seen *now)
{
	double cpu = now->cpu - seen.cpu;
	bool idle = is_idle(cpu);

	if (too_much((double)(now->peak_kib - seen.peak_kib), PATIENCE_MEMORY * 1024.0))
		kind = FAULT_MEMORY;
	else if (idle)
		kind = FAULT_BLOCKED;
	else if (too_much(cpu, patience_seconds()))
		kind = FAULT_LOOP;
	else
		return false;
	return true;
}

/*
 * Whoever is left in the middle of a library's function, or of one of the explorer's own,
 * may leave it unusable. So that is waited for, if it does not take long.
 */
static bool may_leave(const ucontext_t *where)
{
	const void *code = (const void *)(uintptr_t)where->uc_mcontext.gregs[REG_RIP];

	if (!due++) {
		hurries = true;
		tick_each(soon);
	}
	if (between || due > LATE)
		return true;
	return !turns_outside() && (run.in || turns_whose()) && fault_in_module(code);
}

static void on_tick(int signal, siginfo_t *info, void *context)
{
	const struct seen now = look();
	struct fault f = { .signal = 0 };

	if (!fault_guarded() || now.jobs != seen.jobs || now.steps != seen.steps) {
		seen = now;
		if (hurries)
			tick_each(tick_seconds());
		hurries = false;
		due = 0;
		return;
	}
	if ((!due && !judge(&now)) || !may_leave(context))
		return;
	f.kind = kind;
	due = 0;
	tried = true;
	between = false;
	fault_leave(&f, context);
}

void patience_check(void)
{
	if (!due)
		return;
	between = true;
	raise(PATIENCE_SIGNAL);
	between = false;
}

static void begin_ticking(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = PATIENCE_SIGNAL };

	ticking = !timer_create(CLOCK_MONOTONIC, &event, &timer);
	hurries = false;
	due = 0;
	if (ticking) /* else nobody looks */
		tick_each(tick_seconds());
}

void patience_begin(void)
{
	struct sigaction action = { .sa_sigaction = on_tick,
		                    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };

	tried = false;
	seen = look();
	sigemptyset(&action.sa_mask);
	sigaction(PATIENCE_SIGNAL, &action, &before);
	begin_ticking();
}

void patience_end(void)
{
	if (ticking)
		timer_delete(timer);
	ticking = false;
	sigaction(PATIENCE_SIGNAL, &before, NULL);
}

void patience_forked(void)
{
	begin_ticking();
}
