/* SPDX-License-Identifier: BSD-2-Clause */
#include "dev/worker.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct timerdev {
	struct device device;
	struct machine_vector *vector;
	int fd;
};

/* One interrupt for each read, however many expirations it tells of: as a late timer ticks once. */
static void timerdev_body(struct device *d)
{
	struct timerdev *t = (struct timerdev *)d;
	struct pollfd p[] = {
		{ .fd = d->wake, .events = POLLIN },
		{ .fd = t->fd, .events = POLLIN },
	};
	uint64_t expirations;

	while (!worker_stopping(d)) {
		if (poll(p, 2, -1) < 0 && errno != EINTR) {
			worker_fail(d, "poll of the timer failed: %s", strerror(errno));
			return;
		}
		if (read(t->fd, &expirations, sizeof(expirations)) > 0)
			machine_raise(t->vector);
	}
}

static void timerdev_destroy(struct device *d)
{
	struct timerdev *t = (struct timerdev *)d;

	if (t->fd >= 0)
		close(t->fd);
	worker_fini(d);
	free(t);
}

static bool timerdev_init(struct timerdev *t, struct machine *m, const struct device_config *c,
                          char error[MACHINE_ERROR])
{
	if (!worker_init(&t->device, c, timerdev_body, error))
		return false;
	t->fd = worker_timerfd(c->hz);
	if (t->fd < 0) {
		snprintf(error, MACHINE_ERROR, "%s: cannot make a timerfd: %s", c->name,
		         strerror(errno));
		return false;
	}
	t->vector = worker_vector(m, c, 0, error);
	return t->vector;
}

static struct device *timerdev_create(struct machine *m, const struct device_config *c,
                                      char error[MACHINE_ERROR])
{
	struct timerdev *t;

	if (c->hz < 1 || c->hz > WORKER_MAX_HZ) {
		snprintf(error, MACHINE_ERROR, "%s: hz is %u; give 1 to %u ticks a second", c->name,
		         c->hz, WORKER_MAX_HZ);
		return NULL;
	}
	t = calloc(1, sizeof(*t));
	if (!t) {
		snprintf(error, MACHINE_ERROR, "%s: out of memory", c->name);
		return NULL;
	}
	t->fd = -1;
	if (timerdev_init(t, m, c, error))
		return &t->device;
	timerdev_destroy(&t->device);
	return NULL;
}

const struct device_ops device_timer = {
	.name = "timer",
	.summary = "a timerfd: an interrupt at each tick",
	.create = timerdev_create,
	.start = worker_start,
	.stop = worker_stop,
	.destroy = timerdev_destroy,
	.failure = worker_failure,
};
