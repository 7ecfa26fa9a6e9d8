/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every device is made of: a thread, an eventfd that wakes it, and a
 * sentence on what went wrong. A device's own struct begins with this one.
 */
#ifndef DEV_WORKER_H
#define DEV_WORKER_H

#include "dev/dev.h"
#include <limits.h>
#include <pthread.h>

enum {
	WORKER_FAILURE = PATH_MAX + 128,
	WORKER_MAX_HZ = 1000000,
};

struct device {
	char *name;                     /* for messages */
	void (*body)(struct device *d); /* what the thread does until it shall stop */
	pthread_t thread;
	bool running;
	int wake;            /* eventfd: readable when the thread shall look around */
	bool stopping;       /* shared: set before wake is written */
	const char *failure; /* shared: published once, by the thread; it is in text */
	char text[WORKER_FAILURE];
};

/* False: error says why. d must be zeroed, and needs worker_fini in any case. */
bool worker_init(struct device *d, const struct device_config *c, void (*body)(struct device *),
                 char error[MACHINE_ERROR]);
void worker_fini(struct device *d);

/* Adds the device's vector of this number, named as VFIO names it; null: error says why. */
struct machine_vector *worker_vector(struct machine *m, const struct device_config *c,
                                     unsigned entry, char error[MACHINE_ERROR]);

/* device_ops.start, stop and failure. */
bool worker_start(struct device *d, char error[MACHINE_ERROR]);
void worker_stop(struct device *d);
const char *worker_failure(const struct device *d);

/* Makes the eventfd readable. Any thread. */
void worker_wake(struct device *d);

/* For the thread. The first failure is kept. */
bool worker_stopping(const struct device *d);
void worker_fail(struct device *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A timerfd that expires so many times a second (1 to WORKER_MAX_HZ), or -1 and errno. */
int worker_timerfd(unsigned hz);

#endif
