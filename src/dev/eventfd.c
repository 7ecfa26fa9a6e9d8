/* SPDX-License-Identifier: BSD-2-Clause */
#include "dev/worker.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct source {
	struct device device;
	struct machine_vector *vector;
	int fd;
	bool own;  /* made here */
	int timer; /* writes to it, or -1 */
};

/*
 * Reads without waiting: poll said that there is something, but another reader
 * may be faster. The descriptor's flags are its owner's, so O_NONBLOCK is not an
 * option; a kind of file that does not know RWF_NOWAIT has to be trusted.
 */
static ssize_t read_now(int fd)
{
	uint64_t value;
	const struct iovec where = { .iov_base = &value, .iov_len = sizeof(value) };
	ssize_t n = preadv2(fd, &where, 1, -1, RWF_NOWAIT);

	return n < 0 && errno == EOPNOTSUPP ? read(fd, &value, sizeof(value)) : n;
}

/* False: nothing more will come. */
static bool source_take(struct source *s, short events)
{
	ssize_t n = events & POLLIN ? read_now(s->fd) : 0;

	if (n > 0)
		machine_raise(s->vector);
	else if (n == 0)
		worker_fail(&s->device, "descriptor %d closed", s->fd);
	else if (errno != EAGAIN && errno != EINTR)
		worker_fail(&s->device, "read of descriptor %d failed: %s", s->fd, strerror(errno));
	return !s->device.failure;
}

static void source_tick(struct source *s)
{
	uint64_t expirations;

	if (read(s->timer, &expirations, sizeof(expirations)) > 0 && eventfd_write(s->fd, 1))
		worker_fail(&s->device, "write to its eventfd failed: %s", strerror(errno));
}

static void source_body(struct device *d)
{
	struct source *s = (struct source *)d;
	struct pollfd p[] = {
		{ .fd = d->wake, .events = POLLIN },
		{ .fd = s->fd, .events = POLLIN },
		{ .fd = s->timer, .events = POLLIN }, /* poll skips a negative one */
	};

	while (!worker_stopping(d)) {
		if (poll(p, 3, -1) < 0) {
			if (errno == EINTR)
				continue;
			worker_fail(d, "poll of descriptor %d failed: %s", s->fd, strerror(errno));
			return;
		}
		if (p[2].revents)
			source_tick(s);
		if (p[1].revents && !source_take(s, p[1].revents))
			return;
	}
}

static bool source_make(struct source *s, const struct device_config *c, char error[MACHINE_ERROR])
{
	s->own = true;
	s->fd = eventfd(0, EFD_CLOEXEC);
	if (s->fd >= 0 && c->hz)
		s->timer = worker_timerfd(c->hz);
	if (s->fd >= 0 && (!c->hz || s->timer >= 0))
		return true;
	snprintf(error, MACHINE_ERROR, "%s: cannot make its eventfd: %s", c->name, strerror(errno));
	return false;
}

/* Takes somebody else's descriptor. */
static bool source_adopt(struct source *s, const struct device_config *c,
                         char error[MACHINE_ERROR])
{
	int flags = fcntl(c->fd, F_GETFL);
	struct stat st;

	s->fd = c->fd;
	if (flags < 0 || fstat(c->fd, &st))
		snprintf(error, MACHINE_ERROR, "%s: descriptor %d is not open; "
		         "open it in the shell, as in %d</run/my.fifo", c->name, c->fd, c->fd);
	else if ((flags & O_ACCMODE) == O_WRONLY || flags & O_PATH)
		snprintf(error, MACHINE_ERROR, "%s: descriptor %d is not open for reading",
		         c->name, c->fd);
	else if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode))
		snprintf(error, MACHINE_ERROR, "%s: descriptor %d is a file, in which nothing ever "
		         "happens; give an eventfd, a pipe or a socket", c->name, c->fd);
	else
		return true;
	return false;
}

static bool source_check(const struct device_config *c, char error[MACHINE_ERROR])
{
	if (c->hz > WORKER_MAX_HZ)
		snprintf(error, MACHINE_ERROR, "%s: hz is %u; give at most %u writes a second",
		         c->name, c->hz, WORKER_MAX_HZ);
	else if (c->hz && c->fd >= 0)
		snprintf(error, MACHINE_ERROR, "%s: hz is for an eventfd of its own; "
		         "leave out hz or fd", c->name);
	else
		return true;
	return false;
}

static void source_destroy(struct device *d)
{
	struct source *s = (struct source *)d;

	if (s->own && s->fd >= 0)
		close(s->fd);
	if (s->timer >= 0)
		close(s->timer);
	worker_fini(d);
	free(s);
}

static struct device *source_create(struct machine *m, const struct device_config *c,
                                    char error[MACHINE_ERROR])
{
	struct source *s;

	if (!source_check(c, error))
		return NULL;
	s = calloc(1, sizeof(*s));
	if (!s) {
		snprintf(error, MACHINE_ERROR, "%s: out of memory", c->name);
		return NULL;
	}
	s->timer = s->fd = -1;
	if (worker_init(&s->device, c, source_body, error) &&
	    (c->fd < 0 ? source_make(s, c, error) : source_adopt(s, c, error))) {
		s->vector = worker_vector(m, c, 0, error);
		if (s->vector)
			return &s->device;
	}
	source_destroy(&s->device);
	return NULL;
}

const struct device_ops device_eventfd = {
	.name = "eventfd",
	.summary = "any readable descriptor: an interrupt at each read",
	.create = source_create,
	.start = worker_start,
	.stop = worker_stop,
	.destroy = source_destroy,
	.failure = worker_failure,
};
