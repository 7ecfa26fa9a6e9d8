/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loader is left in the middle of its work where a constructor crashes. The process
 * can still say so; it loads nothing else.
 */
#include "explore/module/constructors.h"
#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

enum {
	SECONDS = 3, /* of CPU time, for all of them */
	STACK = 64 * 1024,
};

static const int caught[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGVTALRM };
enum { CAUGHT = sizeof(caught) / sizeof(caught[0]) };

static sigjmp_buf behind;

static void leave(int signal)
{
	siglongjmp(behind, signal);
}

static void allow(int seconds)
{
	const struct itimerval t = { .it_value.tv_sec = seconds };

	setitimer(ITIMER_VIRTUAL, &t, NULL);
}

static const char *in_words(int signal)
{
	static char words[128];

	if (signal == SIGVTALRM)
		snprintf(words, sizeof(words), "a constructor loops: %d s of CPU time", SECONDS);
	else
		snprintf(words, sizeof(words), "a constructor crashes: %s", strsignal(signal));
	return words;
}

void *constructors_open(const char *path, const char **wrong)
{
	static char stack[STACK];
	const stack_t own = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_handler = leave, .sa_flags = SA_ONSTACK }, before[CAUGHT];
	static void *handle;
	stack_t stack_before;
	int signal;

	handle = NULL;
	sigaltstack(&own, &stack_before);
	for (unsigned i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &action, &before[i]);
	allow(SECONDS);
	signal = sigsetjmp(behind, 1);
	if (!signal)
		handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	allow(0);
	for (unsigned i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &before[i], NULL);
	sigaltstack(&stack_before, NULL);
	*wrong = signal ? in_words(signal) : handle ? NULL : dlerror();
	return handle;
}
