/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/progress.h"
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const uint64_t second = 1000000000;

static sigset_t ending_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	return set;
}

uint64_t progress_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * second + (uint64_t)t.tv_nsec;
}

void progress_begin(struct progress *p, bool quiet)
{
	sigset_t set = ending_signals();

	p->quiet = quiet;
	p->terminal = isatty(STDERR_FILENO);
	p->begin = progress_clock();
	p->next = p->begin + second;
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

bool progress_wait(struct progress *p, uint64_t until)
{
	sigset_t set = ending_signals();
	uint64_t now = progress_clock(), left = until > now ? until - now : 0;
	struct timespec t = { (time_t)(left / second), (long)(left % second) };

	if (sigtimedwait(&set, NULL, &t) < 0)
		return true;
	p->interrupted = true;
	return false;
}

bool progress_due(struct progress *p)
{
	uint64_t now = progress_clock();

	if (p->quiet || now < p->next)
		return false;
	while (p->next <= now)
		p->next += second;
	return true;
}

void progress_line(struct progress *p, const char *format, ...)
{
	va_list args;

	if (p->terminal)
		fputs("\r\033[K", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	if (!p->terminal)
		fputc('\n', stderr);
	fflush(stderr);
	p->shown = p->terminal;
}

void progress_clear(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
