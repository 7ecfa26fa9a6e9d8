/* SPDX-License-Identifier: BSD-2-Clause */
#include "dev/worker.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

static void *worker_main(void *arg)
{
	struct device *d = arg;

	machine_thread_begin();
	d->body(d);
	machine_thread_end();
	return NULL;
}

bool worker_init(struct device *d, const struct device_config *c, void (*body)(struct device *),
                 char error[MACHINE_ERROR])
{
	d->body = body;
	d->name = strdup(c->name);
	d->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (d->name && d->wake >= 0)
		return true;
	snprintf(error, MACHINE_ERROR, "%s: cannot make an eventfd: %s", c->name, strerror(errno));
	return false;
}

void worker_fini(struct device *d)
{
	if (d->wake >= 0)
		close(d->wake);
	free(d->name);
}

struct machine_vector *worker_vector(struct machine *m, const struct device_config *c,
                                     unsigned entry, char error[MACHINE_ERROR])
{
	char name[64];

	/* As vfio-platform names it, whose devices are no PCI functions; and as vfio-pci. */
	if (c->pin)
		snprintf(name, sizeof(name), "vfio-irq[%u](%.*s)", c->pin,
		         (int)strcspn(c->name, " "), c->name);
	else
		snprintf(name, sizeof(name), "vfio-msix[%u](0000:%02x:%02x.%x)", entry,
		         c->sid >> 8, c->sid >> 3 & 0x1f, c->sid & 7);
	return machine_vector_add(m, &(struct machine_vector_config){
		.name = name,
		.sid = c->sid,
		.unit = c->unit,
		.entry = entry,
		.pin = c->pin,
		.vm = c->vm,
		.vcpu = (c->vcpu + entry) % c->vm_vcpus,
		.way = c->way,
	}, error);
}

void worker_wake(struct device *d)
{
	const uint64_t one = 1;

	/* Nothing else can fail: the eventfd is ours and its count is small. */
	while (write(d->wake, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

bool worker_start(struct device *d, char error[MACHINE_ERROR])
{
	int r = pthread_create(&d->thread, NULL, worker_main, d);

	d->running = r == 0;
	if (r)
		snprintf(error, MACHINE_ERROR, "%s: cannot start its thread: %s", d->name,
		         strerror(r));
	return d->running;
}

void worker_stop(struct device *d)
{
	if (!d->running)
		return;
	__atomic_store_n(&d->stopping, true, __ATOMIC_RELEASE);
	worker_wake(d);
	pthread_join(d->thread, NULL);
	d->running = false;
}

const char *worker_failure(const struct device *d)
{
	return __atomic_load_n(&d->failure, __ATOMIC_ACQUIRE);
}

bool worker_stopping(const struct device *d)
{
	return __atomic_load_n(&d->stopping, __ATOMIC_ACQUIRE);
}

void worker_fail(struct device *d, const char *format, ...)
{
	va_list arguments;

	if (d->failure)
		return;
	va_start(arguments, format);
	vsnprintf(d->text, sizeof(d->text), format, arguments);
	va_end(arguments);
	__atomic_store_n(&d->failure, d->text, __ATOMIC_RELEASE);
}

int worker_timerfd(unsigned hz)
{
	long ns = 1000000000 / hz;
	struct timespec tick = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd >= 0 && timerfd_settime(fd, 0, &(struct itimerspec){ tick, tick }, NULL)) {
		close(fd);
		fd = -1;
	}
	return fd;
}
