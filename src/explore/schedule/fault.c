/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals of code that crashes. Their handler has a stack of its own; it returns not to
 * the code but to whoever guards it, on the explorer's stack and with its signal mask.
 */
#include "explore/schedule/fault.h"
#include "explore/schedule/guard.h"
#include "explore/schedule/parts.h"
#include "explore/schedule/patience.h"
#include <execinfo.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define forget(p, size) __asan_unpoison_memory_region((p), (size))
#else
#define forget(p, size) ((void)0)
#endif

enum {
	ALTERNATE = 128 * 1024,
	WIDEST = 16, /* access through a seam */
	/* around the stack pointer: there a stack goes on */
	NEAR = 64 * 1024,
	NEAR_ABOVE = 256,
	/* of the flags: what a handler, or the ABI, wants to be clear: TF, DF, AC */
	UNWANTED = 1 << 8 | 1 << 10 | 1 << 18,
};

static const int caught[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP };
enum { CAUGHT = sizeof(caught) / sizeof(caught[0]) };

static struct sigaction before[CAUGHT];
static stack_t stack_before;
static sigset_t mask;
static char alternate[ALTERNATE] __attribute__((aligned(64)));
static void *landing; /* the guard's stack pointer; null: nothing is guarded */
static unsigned jobs;
static volatile bool looking; /* at a stack that may be damaged */

struct fault fault_last;

bool fault_guarded(void)
{
	return landing;
}

unsigned fault_jobs(void)
{
	return jobs;
}

/* Goes on behind the guard; the frames in between are given up. */
static void land(ucontext_t *where)
{
	greg_t *reg = where->uc_mcontext.gregs;
	char *low = turns_leave((char *)(uintptr_t)reg[REG_RSP]);

	if (low < (char *)landing)
		forget(low, (size_t)((char *)landing - low));
	reg[REG_RSP] = (greg_t)(uintptr_t)landing;
	reg[REG_RIP] = (greg_t)(uintptr_t)coroutine_land;
	reg[REG_EFL] &= ~(greg_t)UNWANTED;
	landing = NULL;
	looking = false;
}

static void add_code(const void *code)
{
	if (fault_last.frames < FAULT_FRAMES)
		fault_last.code[fault_last.frames++] = code;
}

/* Who called, as far as the stack tells. An unwinder counts the handler's own frames, too. */
static void list_callers(const void *at)
{
	void *frame[FAULT_FRAMES + 4];
	int n = backtrace(frame, FAULT_FRAMES + 4), i = 0;

	while (i < n && frame[i] != at)
		i++;
	for (i++; i < n; i++)
		add_code(frame[i]);
}

static const char *whom(void)
{
	const struct agent *a = explore_running ? explore_running : turns_whose();

	return run.in ? run.in : a ? a->is->name : NULL;
}

void fault_leave(const struct fault *found, ucontext_t *where)
{
	const greg_t *reg = where->uc_mcontext.gregs;
	const char *at = (const char *)(uintptr_t)reg[REG_RIP];

	fault_last = *found;
	fault_last.in = whom();
	looking = true;
	/* What the code hands to the seam is its own affair, not the seam's. */
	if (found->addressed && (uintptr_t)found->at - (uintptr_t)run_at.p < WIDEST)
		add_code(run_at.site);
	/* A jump to nowhere has left there where it came from, if it was a call. */
	add_code(found->jumped ? *(const void *const *)(uintptr_t)reg[REG_RSP] : at + 1);
	list_callers(at);
	land(where);
}

static bool about_address(int signal, const siginfo_t *info)
{
	return (signal == SIGSEGV && info->si_code != SI_KERNEL) || signal == SIGBUS;
}

static bool too_deep(const void *at, const ucontext_t *where)
{
	uintptr_t top = (uintptr_t)where->uc_mcontext.gregs[REG_RSP];

	return guard_hit(at) || (uintptr_t)at + NEAR - top < NEAR + NEAR_ABOVE;
}

/* Nobody guards what crashed, or somebody sent the signal: as without the explorer. */
static void pass_on(int signal, const siginfo_t *info)
{
	for (unsigned i = 0; i < CAUGHT; i++)
		if (caught[i] == signal)
			sigaction(signal, &before[i], NULL);
	if (info->si_code <= 0)
		raise(signal); /* else the code does so again */
}

static void on_crash(int signal, siginfo_t *info, void *context)
{
	ucontext_t *where = context;
	struct fault f = { .kind = FAULT_SIGNAL, .signal = signal };

	if (!landing || (info->si_code <= 0 && info->si_pid != getpid()))
		return pass_on(signal, info);
	if (looking) /* which was too much */
		return land(where);
	f.addressed = about_address(signal, info);
	if (f.addressed) {
		f.at = info->si_addr;
		f.jumped = f.at == (const void *)(uintptr_t)where->uc_mcontext.gregs[REG_RIP];
		f.kind = too_deep(f.at, where) ? FAULT_STACK : FAULT_SIGNAL;
	}
	fault_leave(&f, where);
}

void fault_begin(void)
{
	/* The handler's look at a stack may itself be one that crashes. */
	struct sigaction action = { .sa_sigaction = on_crash,
		                    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	const stack_t own = { .ss_sp = alternate, .ss_size = sizeof(alternate) };
	void *first[1];

	backtrace(first, 1); /* it loads a library the first time */
	sigaltstack(&own, &stack_before);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, PATIENCE_SIGNAL);
	for (unsigned i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &action, &before[i]);
	patience_begin();
}

void fault_end(void)
{
	patience_end();
	for (unsigned i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &before[i], NULL);
	sigaltstack(&stack_before, NULL);
}

void fault_forked(void)
{
	patience_forked();
}

bool fault_guard(void (*job)(void *arg), void *arg)
{
	bool whole;

	jobs++;
	whole = coroutine_guard(&landing, job, arg);
	landing = NULL;
	if (!whole)
		sigprocmask(SIG_SETMASK, &mask, NULL);
	return whole;
}
