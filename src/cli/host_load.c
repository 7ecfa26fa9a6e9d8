/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/host_load.h"
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

/* The second figure of proc(5)'s schedstat: ns spent waiting on a run queue. 0 if it is gone. */
static double run_delay(const char *thread)
{
	unsigned long long ran, waited = 0;
	char path[PATH_MAX];
	FILE *in;

	snprintf(path, sizeof(path), "/proc/self/task/%s/schedstat", thread);
	in = fopen(path, "re");
	if (in && fscanf(in, "%llu %llu", &ran, &waited) != 2)
		waited = 0;
	if (in)
		fclose(in);
	return (double)waited / 1e9;
}

/* The eighth figure of /proc/stat's first line. */
static double steal(void)
{
	FILE *in = fopen("/proc/stat", "re");
	unsigned long long ticks = 0;

	if (in && fscanf(in, "cpu %*u %*u %*u %*u %*u %*u %*u %llu", &ticks) != 1)
		ticks = 0;
	if (in)
		fclose(in);
	return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

struct host_load host_load_now(void)
{
	struct host_load now = { .known = !access("/proc/self/schedstat", R_OK),
		                 .steal = steal() };
	DIR *threads = opendir("/proc/self/task");

	for (const struct dirent *e; threads && (e = readdir(threads));)
		if (*e->d_name != '.')
			now.run_delay += run_delay(e->d_name);
	if (threads)
		closedir(threads);
	return now;
}

struct host_load host_load_since(const struct host_load *then)
{
	struct host_load now = host_load_now();

	now.run_delay -= then->run_delay;
	now.steal -= then->steal;
	/* A thread that the kernel ended, as one of io_uring's, takes its figure along. */
	if (now.run_delay < 0)
		now.run_delay = 0;
	return now;
}
