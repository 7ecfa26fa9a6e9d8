/* SPDX-License-Identifier: BSD-2-Clause */
/* What kept this process's threads from a CPU: other threads, and other virtual machines. */
#ifndef CLI_HOST_LOAD_H
#define CLI_HOST_LOAD_H

#include <stdbool.h>

struct host_load {
	bool known;       /* the kernel counts it (/proc/self/schedstat is there) */
	double run_delay; /* s: its threads could run, and waited for a CPU; of all together */
	double steal;     /* s: the CPUs were taken from the whole system by its hypervisor */
};

/* Of the threads there are now, since each of them began. */
struct host_load host_load_now(void);

/* Of threads there were at both times, or that began between; all must still be there. */
struct host_load host_load_since(const struct host_load *then);

#endif
