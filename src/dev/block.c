/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A block device over a real file. Its thread is the engine: it takes commands
 * from the queues, gives them to io_uring, and writes completions back.
 *
 * Guest and device share the rings and nothing else. An index is published with
 * release (a locked exchange in the doorbell) and read with acquire, and what it
 * covers is then the reader's until its own index gives it back.
 */
#include "dev/block_regs.h"
#include "dev/worker.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <liburing.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LINE = 64,
	MAX_LENGTH = 1 << 20,
	MAX_DEPTH = 4096,
	MAX_COMMANDS = 32767, /* io_uring's own limit, less one for the wake-up */
	IDLE_POLLS = 64,      /* rounds, a few microseconds, before it sleeps */
};

/* A completion of io_uring that is not a read: the wake eventfd became readable. */
static const uint64_t WAKE = UINT64_MAX;

/* A command under way, by its id. */
struct block_slot {
	uint64_t offset;
	uint32_t length;
	bool busy;
};

struct block_port {
	struct machine_vector *vector;
	struct block_slot *slot;
};

struct block {
	struct device device;
	struct block_regs regs;
	struct block_port *port; /* by queue, the device's own side of it */
	char *file;
	int fd;
	struct io_uring ring;
	bool ring_made;
	/* the thread's */
	unsigned in_flight;
	bool wake_armed; /* io_uring watches the eventfd */
	bool broken;     /* a guest broke the rules: no commands are taken any more */
	/* shared with the doorbells */
	_Alignas(LINE) bool asleep;
};

static void *zalloc_lines(size_t size)
{
	void *p = aligned_alloc(LINE, (size + LINE - 1) / LINE * LINE);

	return p ? memset(p, 0, size) : NULL;
}

static void block_complete(struct block *b, unsigned queue, uint32_t id, int status)
{
	struct block_queue *q = &b->regs.queue[queue];

	/*
	 * There is room: commands taken are at most depth ahead of cq_head. The
	 * data and the entry come before the index, the index before the interrupt.
	 */
	q->cq[q->cq_tail % q->depth] = (struct block_completion){ .id = id, .status = status };
	__atomic_store_n(&q->cq_tail, q->cq_tail + 1, __ATOMIC_RELEASE);
	machine_raise(b->port[queue].vector);
}

static bool block_good(const struct block *b, unsigned queue, const struct block_command *c)
{
	return c->id < b->regs.queue[queue].depth && !b->port[queue].slot[c->id].busy &&
	       c->length >= 1 && c->length <= MAX_LENGTH && c->offset < b->regs.size;
}

/* The command is a copy: the guest can no longer change what was checked. */
static void block_command(struct block *b, unsigned queue, struct block_command c)
{
	struct io_uring_sqe *sqe;

	if (!block_good(b, queue, &c)) {
		block_complete(b, queue, c.id, -EINVAL);
		return;
	}
	/* Never null: the ring has an entry for each command that can be under way. */
	sqe = io_uring_get_sqe(&b->ring);
	io_uring_prep_read(sqe, b->fd, c.buffer, c.length, c.offset);
	io_uring_sqe_set_data64(sqe, (uint64_t)queue << 32 | c.id);
	b->port[queue].slot[c.id] = (struct block_slot){
		.offset = c.offset, .length = c.length, .busy = true,
	};
	b->in_flight++;
}

/* Takes what a queue's guest has submitted; false if that is nothing. */
static bool block_take_queue(struct block *b, unsigned queue)
{
	struct block_queue *q = &b->regs.queue[queue];
	/* Pairs with the doorbell: the entries up to tail, and the cq_head of that time. */
	uint64_t tail = __atomic_load_n(&q->sq_tail, __ATOMIC_ACQUIRE), head = q->sq_head;
	/* Pairs with the guest's release: it has read the completions before cq_head. */
	uint64_t cq_head = __atomic_load_n(&q->cq_head, __ATOMIC_ACQUIRE);

	if (tail == head)
		return false;
	if (tail - head > q->depth || tail - cq_head > q->depth) {
		worker_fail(&b->device, "queue %u: the guest moved the tail from %" PRIu64
		            " to %" PRIu64 ", with the completions read up to %" PRIu64
		            "; at most %" PRIu32 " commands may be under way",
		            queue, head, tail, cq_head, q->depth);
		b->broken = true;
		return false;
	}
	for (; head != tail; head++)
		block_command(b, queue, q->sq[head % q->depth]);
	__atomic_store_n(&q->sq_head, head, __ATOMIC_RELEASE);
	return true;
}

static bool block_take(struct block *b)
{
	bool any = false;

	for (unsigned i = 0; i < b->regs.queues && !b->broken; i++)
		any |= block_take_queue(b, i);
	return any;
}

/* A read ended; with fewer bytes than asked for only where the file ended at the start. */
static void block_finish(struct block *b, unsigned queue, uint32_t id, int result)
{
	struct block_slot *s = &b->port[queue].slot[id];
	uint64_t left = b->regs.size - s->offset;
	int expected = s->length < left ? s->length : left;
	bool cut = result >= 0 && result < expected;
	int status = cut ? -EIO : result < expected ? result : expected;

	if (status < 0)
		worker_fail(&b->device, "read of %" PRIu32 " bytes at offset %" PRIu64
		            " of %s failed: %s%s", s->length, s->offset, b->file,
		            strerror(-status), cut ? " (the file ends early)" : "");
	s->busy = false;
	b->in_flight--;
	block_complete(b, queue, id, status);
}

/* Takes what io_uring has completed; false if that is nothing. */
static bool block_reap(struct block *b)
{
	struct io_uring_cqe *cqe;
	unsigned head, count = 0;
	uint64_t value;

	io_uring_for_each_cqe(&b->ring, head, cqe) {
		count++;
		if (cqe->user_data != WAKE) {
			block_finish(b, cqe->user_data >> 32, cqe->user_data, cqe->res);
			continue;
		}
		b->wake_armed = false;
		(void)eventfd_read(b->device.wake, &value);
	}
	io_uring_cq_advance(&b->ring, count);
	return count;
}

/* Gives io_uring what was prepared, and waits for so many completions. */
static bool block_submit(struct block *b, unsigned wait)
{
	int r = io_uring_submit_and_wait(&b->ring, wait);

	/* Short of memory, or interrupted: what is left is submitted next time. */
	if (r >= 0 || r == -EINTR || r == -EAGAIN || r == -EBUSY)
		return true;
	worker_fail(&b->device, "io_uring failed: %s", strerror(-r));
	return false;
}

static void block_arm_wake(struct block *b)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&b->ring);

	io_uring_prep_poll_add(sqe, b->device.wake, POLLIN);
	io_uring_sqe_set_data64(sqe, WAKE);
	b->wake_armed = true;
}

static bool block_submitted(const struct block *b)
{
	for (unsigned i = 0; i < b->regs.queues; i++) {
		const struct block_queue *q = &b->regs.queue[i];

		if (__atomic_load_n(&q->sq_tail, __ATOMIC_SEQ_CST) != q->sq_head)
			return true;
	}
	return false;
}

/*
 * Waits in io_uring for a completion, a doorbell or the end. First asleep is set,
 * then the tails are read again; a doorbell first sets its tail, then reads
 * asleep. Both steps of both sides are sequentially consistent, so at least one
 * of them sees the other: we find the command here, or the doorbell writes the
 * eventfd. That write is not lost either: the eventfd stays readable until
 * block_reap reads it, however late io_uring begins to watch it, and all tails
 * are read after that. The same holds for stopping, set before its own write.
 */
static bool block_sleep(struct block *b)
{
	bool good = true, take = !b->broken && !worker_stopping(&b->device);

	if (!b->wake_armed)
		block_arm_wake(b);
	(void)__atomic_exchange_n(&b->asleep, true, __ATOMIC_SEQ_CST);
	if (!take || !block_submitted(b))
		good = block_submit(b, 1);
	__atomic_store_n(&b->asleep, false, __ATOMIC_RELAXED);
	return good;
}

/* Commands that io_uring was never given. */
static unsigned block_unsubmitted(const struct block *b)
{
	const struct io_uring_sq *sq = &b->ring.sq;
	unsigned count = 0;

	for (unsigned i = *sq->khead; i != sq->sqe_tail; i++)
		count += sq->sqes[i & sq->ring_mask].user_data != WAKE;
	return count;
}

/*
 * Where io_uring can no longer be called: reads that it was given go on, and write
 * to the guests' buffers, so they are waited for, without a call.
 */
static void block_reap_rest(struct block *b)
{
	while (b->in_flight > block_unsubmitted(b))
		if (!block_reap(b))
			usleep(100);
}

static void block_body(struct device *d)
{
	struct block *b = (struct block *)d;
	unsigned idle = 0;

	for (;;) {
		bool stopping = worker_stopping(d);
		bool busy = !stopping && block_take(b);

		if (io_uring_sq_ready(&b->ring) && !block_submit(b, 0))
			break;
		busy |= block_reap(b);
		if (stopping && !b->in_flight)
			break;
		if (busy)
			idle = 0;
		else if (idle++ < IDLE_POLLS)
			__builtin_ia32_pause();
		else if (!block_sleep(b))
			break;
	}
	block_reap_rest(b);
}

/*
 * On the guest's pCPU. The exchange is the full fence that block_sleep's comment
 * asks for. Only one doorbell of those that find the device asleep wakes it; one
 * that is late, and finds a later sleep, wakes it for nothing.
 */
static void block_doorbell(struct block_regs *r, unsigned queue, uint64_t tail)
{
	struct block *b = (struct block *)((char *)r - offsetof(struct block, regs));

	if (queue >= r->queues)
		return;
	(void)__atomic_exchange_n(&r->queue[queue].sq_tail, tail, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&b->asleep, __ATOMIC_SEQ_CST) &&
	    __atomic_exchange_n(&b->asleep, false, __ATOMIC_SEQ_CST))
		worker_wake(&b->device);
}

static bool block_check(const struct device_config *c, char error[MACHINE_ERROR])
{
	struct stat st;

	if (c->depth < 1 || c->depth > MAX_DEPTH || c->queues < 1 ||
	    c->queues > MAX_COMMANDS / c->depth)
		snprintf(error, MACHINE_ERROR, "%s: %u queues of depth %u; give a depth of 1 to "
		         "%d, and at most %d commands in all queues", c->name, c->queues, c->depth,
		         MAX_DEPTH, MAX_COMMANDS);
	else if (stat(c->file, &st))
		snprintf(error, MACHINE_ERROR, "%s: cannot open %.128s: %s", c->name, c->file,
		         strerror(errno));
	else if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		snprintf(error, MACHINE_ERROR, "%s: %.128s is neither a regular file nor a block "
		         "device", c->name, c->file);
	else
		return true;
	return false;
}

static bool block_open(struct block *b, const struct device_config *c, char error[MACHINE_ERROR])
{
	off_t size;

	b->file = strdup(c->file);
	b->fd = open(c->file, O_RDONLY | O_CLOEXEC | (c->direct ? O_DIRECT : 0));
	if (!b->file || b->fd < 0) {
		snprintf(error, MACHINE_ERROR, "%s: cannot open %.128s: %s%s", c->name, c->file,
		         strerror(errno), c->direct && errno == EINVAL ?
		         "; its file system may not know O_DIRECT: leave out direct" : "");
		return false;
	}
	size = lseek(b->fd, 0, SEEK_END);
	if (size <= 0) {
		snprintf(error, MACHINE_ERROR, "%s: %.128s %s", c->name, c->file,
		         size ? strerror(errno) : "is empty; there is nothing to read");
		return false;
	}
	b->regs.size = size;
	return true;
}

static bool block_make_ring(struct block *b, const struct device_config *c,
                            char error[MACHINE_ERROR])
{
	int r = io_uring_queue_init(c->queues * c->depth + 1, &b->ring, 0);

	b->ring_made = r == 0;
	if (r)
		snprintf(error, MACHINE_ERROR, "%s: io_uring is not available: %s; see sysctl "
		         "kernel.io_uring_disabled, a container's seccomp profile and ulimit -l",
		         c->name, strerror(-r));
	return b->ring_made;
}

static bool block_make_queue(struct block *b, struct machine *m, const struct device_config *c,
                             unsigned n, char error[MACHINE_ERROR])
{
	struct block_queue *q = &b->regs.queue[n];
	struct block_port *p = &b->port[n];

	q->depth = c->depth;
	q->vcpu = (c->vcpu + n) % c->vm_vcpus;
	q->sq = calloc(c->depth, sizeof(*q->sq));
	q->cq = calloc(c->depth, sizeof(*q->cq));
	p->slot = calloc(c->depth, sizeof(*p->slot));
	if (!q->sq || !q->cq || !p->slot) {
		snprintf(error, MACHINE_ERROR, "%s: out of memory", c->name);
		return false;
	}
	p->vector = worker_vector(m, c, n, error);
	if (!p->vector)
		return false;
	q->vector = machine_vector_guest(p->vector);
	return true;
}

static bool block_make_queues(struct block *b, struct machine *m, const struct device_config *c,
                              char error[MACHINE_ERROR])
{
	b->regs.queue = zalloc_lines(c->queues * sizeof(*b->regs.queue));
	b->port = calloc(c->queues, sizeof(*b->port));
	if (!b->regs.queue || !b->port) {
		snprintf(error, MACHINE_ERROR, "%s: out of memory", c->name);
		return false;
	}
	b->regs.queues = c->queues;
	b->regs.doorbell = block_doorbell;
	for (unsigned i = 0; i < c->queues; i++)
		if (!block_make_queue(b, m, c, i, error))
			return false;
	return true;
}

static void block_destroy(struct device *d)
{
	struct block *b = (struct block *)d;

	if (b->ring_made)
		io_uring_queue_exit(&b->ring);
	if (b->fd >= 0)
		close(b->fd);
	for (unsigned i = 0; i < b->regs.queues; i++) {
		free(b->regs.queue[i].sq);
		free(b->regs.queue[i].cq);
		free(b->port[i].slot);
	}
	free(b->regs.queue);
	free(b->port);
	free(b->file);
	worker_fini(d);
	free(b);
}

static struct device *block_create(struct machine *m, const struct device_config *c,
                                   char error[MACHINE_ERROR])
{
	struct block *b;

	if (!block_check(c, error))
		return NULL;
	b = zalloc_lines(sizeof(*b));
	if (!b) {
		snprintf(error, MACHINE_ERROR, "%s: out of memory", c->name);
		return NULL;
	}
	b->fd = -1;
	if (worker_init(&b->device, c, block_body, error) && block_open(b, c, error) &&
	    block_make_ring(b, c, error) && block_make_queues(b, m, c, error)) {
		machine_map(m, c->vm, "block", &b->regs);
		return &b->device;
	}
	block_destroy(&b->device);
	return NULL;
}

const struct device_ops device_block = {
	.name = "block",
	.summary = "a real file, read through io_uring: an interrupt at each completion",
	.create = block_create,
	.start = worker_start,
	.stop = worker_stop,
	.destroy = block_destroy,
	.failure = worker_failure,
};
