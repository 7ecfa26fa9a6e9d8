/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VMM's main loop: one thread for each VM that waits for the eventfds of
 * its vectors, reads them and injects, as user space does without an irqfd.
 */
#include "exec/threads/internal.h"
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* What a counter merged is counted here; one injection stands for all of it. */
static void inject(struct machine_vector *v)
{
	uint64_t count;

	if (read(v->fd, &count, sizeof(count)) != sizeof(count))
		return;
	if (count > 1)
		pstd_count(&v->vcpu->hyp.coalesced[v->guest_vector], count - 1);
	read_lock();
	pstd_msi_inject(&v->vcpu->vm->hyp, pstd_msi_compat(v->vcpu->hyp.apic_id, v->guest_vector));
	read_unlock();
}

static void *main_loop(void *vm_)
{
	struct vm *vm = vm_;
	struct epoll_event events[64];

	read_register();
	for (bool stop = false; !stop;) {
		int n = epoll_wait(vm->epoll, events, 64, -1);

		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr)
				inject(events[i].data.ptr);
			else
				stop = true;
		}
		stop |= n < 0 && errno != EINTR;
	}
	read_unregister();
	return NULL;
}

bool userspace_watch(struct machine_vector *v)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = v };

	if (v->fd >= 0)
		return true;
	v->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (v->fd < 0)
		return false;
	if (!epoll_ctl(v->vcpu->vm->epoll, EPOLL_CTL_ADD, v->fd, &event))
		return true;
	close(v->fd);
	v->fd = -1;
	return false;
}

bool userspace_start(struct vm *vm)
{
	struct epoll_event event = { .events = EPOLLIN };

	if (epoll_ctl(vm->epoll, EPOLL_CTL_ADD, vm->user_stop, &event))
		return false;
	vm->user_runs = !pthread_create(&vm->user, NULL, main_loop, vm);
	return vm->user_runs;
}

void userspace_stop(struct vm *vm)
{
	uint64_t one = 1;

	if (!vm->user_runs)
		return;
	while (write(vm->user_stop, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	pthread_join(vm->user, NULL);
	vm->user_runs = false;
}

void userspace_collect(struct machine_vector *v)
{
	if (v->fd < 0 || read(v->fd, &v->unread, sizeof(v->unread)) != sizeof(v->unread))
		v->unread = 0;
}
