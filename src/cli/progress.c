/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/progress.h"
#include "cli/terminal.h"
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const uint64_t second = 1000000000;

static sigset_t ending_signals(void)
{
	static const int ending[] = { SIGINT, SIGTERM };
	struct sigaction a;
	sigset_t set;

	sigemptyset(&set);
	for (unsigned n = 0; n < sizeof(ending) / sizeof(ending[0]); n++)
		if (!sigaction(ending[n], NULL, &a) && a.sa_handler != SIG_IGN)
			sigaddset(&set, ending[n]);
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

	int came = sigtimedwait(&set, NULL, &t);

	if (came < 0)
		return true;
	p->interrupted = came;
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
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* In the last column the cursor of some terminals goes to the next line. */
	if (p->terminal)
		fprintf(stderr, "\r\033[K%.*s", (int)terminal_width(STDERR_FILENO) - 1, text);
	else
		fprintf(stderr, "%s\n", text);
	fflush(stderr);
	p->shown = p->terminal;
}

void progress_clear(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}

void progress_die(const struct progress *p)
{
	sigset_t set;

	if (!p->interrupted)
		return;
	sigemptyset(&set);
	sigaddset(&set, p->interrupted);
	signal(p->interrupted, SIG_DFL);
	raise(p->interrupted);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
