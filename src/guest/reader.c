/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All vCPUs of a VM together read its block devices from end to end, over and
 * over, and compute the CRC of what came.
 *
 * A device's file is cut into one part for each of its queues. A part is read in
 * order, as many blocks under way as the queue takes; they may complete in any
 * order but are summed in theirs. All state of a part, here a lane, belongs to
 * the vCPU that drives its queue; only a disk's failed flag is shared.
 */
#include "dev/block_regs.h"
#include "guest/crc32c.h"
#include "guest/guests.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK = 4096,
	BLOCKS_A_RUN = 4, /* summed in one run: a few microseconds with what cache misses cost */
};

struct reader_slot {
	bool ready;
	int32_t status;
};

struct reader_lane {
	struct reader_disk *disk;
	struct block_queue *queue;
	unsigned number;       /* of the queue */
	uint64_t start, count; /* its part of the file, in blocks */
	unsigned char *buffer; /* depth blocks */
	struct reader_slot *slot;
	/* blocks since the start, over all passes; block n uses slot n % depth */
	uint64_t submitted, summed;
	bool ending; /* submits no more */
	uint32_t crc, pass_crc; /* of the pass under way, of the one before */
	unsigned passes;
	bool mismatch;
	uint64_t bytes, reads;
	int error;
	uint64_t failed_offset;
} __attribute__((aligned(64)));

struct reader_disk {
	struct block_regs *regs;
	uint64_t size;
	unsigned lanes;
	struct reader_lane *lane; /* by queue */
	bool failed; /* shared: set by any vCPU, then all stop using the device */
};

/* Of the VM: made by the first vCPU's init, freed by the first fini. */
struct reader_vm {
	struct reader_disk *disk;
	unsigned disks;
};

struct reader {
	struct reader_lane **lane; /* this vCPU's */
	unsigned lanes;
	unsigned turn;
};

static uint64_t block_offset(const struct reader_lane *l, uint64_t n)
{
	return (l->start + n % l->count) * BLOCK;
}

static uint32_t block_size(const struct reader_lane *l, uint64_t n)
{
	uint64_t left = l->disk->size - block_offset(l, n);

	return left < BLOCK ? left : BLOCK;
}

/*
 * Whether the next block may be submitted. Time that is up, or a device that
 * failed, ends the lane for good, in the middle of a pass as elsewhere.
 */
static bool lane_open(struct reader_lane *l, bool stopping)
{
	if (stopping || __atomic_load_n(&l->disk->failed, __ATOMIC_RELAXED))
		l->ending = true;
	return !l->ending && l->submitted - l->summed < l->queue->depth;
}

static void lane_submit(struct reader_lane *l, bool stopping)
{
	struct block_queue *q = l->queue;
	uint64_t before = l->submitted;

	while (lane_open(l, stopping)) {
		uint32_t id = l->submitted % q->depth;

		l->slot[id].ready = false;
		q->sq[id] = (struct block_command){
			.offset = block_offset(l, l->submitted),
			.buffer = l->buffer + (size_t)id * BLOCK,
			.length = BLOCK,
			.id = id,
		};
		l->submitted++;
	}
	if (l->submitted != before)
		l->disk->regs->doorbell(l->disk->regs, l->number, l->submitted);
}

static void lane_fail(struct reader_lane *l, int status)
{
	if (!l->error) {
		l->error = status < 0 ? -status : EIO;
		l->failed_offset = block_offset(l, l->summed);
	}
	__atomic_store_n(&l->disk->failed, true, __ATOMIC_RELAXED);
}

static void lane_end_pass(struct reader_lane *l)
{
	if (l->passes && l->crc != l->pass_crc)
		l->mismatch = true;
	l->pass_crc = l->crc;
	l->crc = 0;
	l->passes++;
}

static bool lane_ready(const struct reader_lane *l)
{
	return l->summed < l->submitted && l->slot[l->summed % l->queue->depth].ready;
}

/* Takes the next block in order. */
static void lane_sum(struct reader_lane *l)
{
	uint32_t id = l->summed % l->queue->depth;
	int32_t status = l->slot[id].status;

	if (status < 0 || (uint32_t)status != block_size(l, l->summed)) {
		lane_fail(l, status);
	} else {
		l->crc = crc32c(l->crc, l->buffer + (size_t)id * BLOCK, status);
		l->bytes += status;
		l->reads++;
	}
	l->summed++;
	if (l->summed % l->count == 0 && !l->error)
		lane_end_pass(l);
}

static bool lane_done(const struct reader_lane *l)
{
	return l->ending && l->summed == l->submitted;
}

/* Takes the completions off the queue: acquire and release pair with the device's. */
static void lane_complete(struct reader_lane *l)
{
	struct block_queue *q = l->queue;
	uint64_t tail = __atomic_load_n(&q->cq_tail, __ATOMIC_ACQUIRE), head = q->cq_head;

	for (; head != tail; head++) {
		const struct block_completion *c = &q->cq[head % q->depth];

		l->slot[c->id] = (struct reader_slot){ .ready = true, .status = c->status };
	}
	__atomic_store_n(&q->cq_head, head, __ATOMIC_RELEASE);
}

static bool lane_init(struct reader_lane *l, struct reader_disk *d, unsigned queue)
{
	uint64_t blocks = (d->size + BLOCK - 1) / BLOCK;
	unsigned queues = d->lanes;

	l->disk = d;
	l->queue = &d->regs->queue[queue];
	l->number = queue;
	l->start = blocks / queues * queue + blocks % queues * queue / queues;
	l->count = blocks / queues + blocks % queues * (queue + 1) / queues -
	           blocks % queues * queue / queues;
	l->buffer = aligned_alloc(BLOCK, (size_t)l->queue->depth * BLOCK);
	l->slot = calloc(l->queue->depth, sizeof(*l->slot));
	return l->buffer && l->slot;
}

static bool disk_init(struct reader_disk *d, struct block_regs *regs)
{
	size_t size = regs->queues * sizeof(*d->lane);

	d->regs = regs;
	d->size = regs->size;
	d->lane = aligned_alloc(_Alignof(struct reader_lane), size);
	if (!d->lane)
		return false;
	memset(d->lane, 0, size);
	d->lanes = regs->queues;
	for (unsigned i = 0; i < d->lanes; i++)
		if (!lane_init(&d->lane[i], d, i))
			return false;
	return true;
}

static bool vm_init(struct guest *g)
{
	struct reader_vm *vm = guest_vm_state(g);

	while (guest_device(g, "block", vm->disks))
		vm->disks++;
	vm->disk = calloc(vm->disks, sizeof(*vm->disk));
	for (unsigned n = 0; vm->disk && n < vm->disks; n++)
		if (!disk_init(&vm->disk[n], guest_device(g, "block", n)))
			return false;
	return vm->disk;
}

/* The lanes of this vCPU's queues; a part without blocks has nothing to do. */
static bool reader_take_lanes(struct reader *r, struct reader_vm *vm, unsigned vcpu)
{
	unsigned most = 0;

	for (unsigned n = 0; n < vm->disks; n++)
		most += vm->disk[n].lanes;
	r->lane = calloc(most, sizeof(struct reader_lane *));
	for (unsigned n = 0; r->lane && n < vm->disks; n++)
		for (unsigned i = 0; i < vm->disk[n].lanes; i++) {
			struct reader_lane *l = &vm->disk[n].lane[i];

			if (l->queue->vcpu == vcpu && l->count)
				r->lane[r->lanes++] = l;
		}
	return r->lane;
}

static void disk_fini(struct reader_disk *d)
{
	for (unsigned i = 0; i < d->lanes; i++) {
		free(d->lane[i].buffer);
		free(d->lane[i].slot);
	}
	free(d->lane);
}

static void reader_fini(struct guest *g)
{
	struct reader_vm *vm = guest_vm_state(g);
	struct reader *r = guest_state(g);

	for (unsigned n = 0; vm->disk && n < vm->disks; n++)
		disk_fini(&vm->disk[n]);
	free(vm->disk);
	free(r->lane);
	*vm = (struct reader_vm){ 0 };
	*r = (struct reader){ 0 };
}

static bool reader_init(struct guest *g, char *why, size_t size)
{
	struct reader_vm *vm = guest_vm_state(g);

	if (!guest_device(g, "block", 0)) {
		snprintf(why, size, "guest reader needs a block device passed through to its VM");
		return false;
	}
	if ((!vm->disk && !vm_init(g)) || !reader_take_lanes(guest_state(g), vm, guest_id(g))) {
		reader_fini(g);
		snprintf(why, size, "guest reader: out of memory for its buffers; "
		         "take a smaller queue depth");
		return false;
	}
	return true;
}

static enum guest_next reader_next(struct reader *r, bool stopping)
{
	enum guest_next next = GUEST_DONE;

	for (unsigned i = 0; i < r->lanes; i++) {
		if (lane_ready(r->lane[i]) || lane_open(r->lane[i], stopping))
			return GUEST_RUN;
		if (!lane_done(r->lane[i]))
			next = GUEST_HALT;
	}
	return next;
}

/* One lane in turn: a few blocks, and new commands in their place. */
static enum guest_next reader_run(struct guest *g)
{
	struct reader *r = guest_state(g);
	bool stopping = guest_stopping(g);

	if (r->lanes) {
		struct reader_lane *l = r->lane[r->turn++ % r->lanes];

		for (int n = 0; n < BLOCKS_A_RUN && lane_ready(l); n++)
			lane_sum(l);
		lane_submit(l, stopping);
	}
	return reader_next(r, stopping);
}

static void reader_interrupt(struct guest *g, uint8_t vector)
{
	struct reader *r = guest_state(g);

	for (unsigned i = 0; i < r->lanes; i++)
		if (r->lane[i]->queue->vector == vector)
			lane_complete(r->lane[i]);
	guest_eoi(g);
}

static void result_add(struct reader_result *out, const struct reader_lane *l)
{
	out->bytes += l->bytes;
	out->reads += l->reads;
	out->mismatch |= l->mismatch;
	if (l->error && !out->error) {
		out->error = l->error;
		out->failed_offset = l->failed_offset;
	}
}

bool reader_result(struct guest *g, unsigned device, struct reader_result *out)
{
	const struct reader_vm *vm = guest_vm_state(g);
	const struct reader_disk *d;

	if (device >= vm->disks)
		return false;
	d = &vm->disk[device];
	*out = (struct reader_result){ .failed = d->failed };
	for (unsigned i = 0; i < d->lanes; i++)
		result_add(out, &d->lane[i]);
	return true;
}

/* Bytes of a lane's first blocks: the file's last block may be short. */
static uint64_t lane_size(const struct reader_lane *l, uint64_t blocks)
{
	uint64_t end = (l->start + blocks) * BLOCK, size = l->disk->size;

	return blocks ? (end < size ? end : size) - l->start * BLOCK : 0;
}

bool reader_part(struct guest *g, unsigned device, unsigned queue, struct reader_part *out)
{
	const struct reader_vm *vm = guest_vm_state(g);
	const struct reader_lane *l;

	if (device >= vm->disks || queue >= vm->disk[device].lanes)
		return false;
	l = &vm->disk[device].lane[queue];
	*out = (struct reader_part){ .offset = l->start * BLOCK, .size = lane_size(l, l->count) };
	if (!l->count)
		return true;
	out->passes = l->passes;
	out->crc = l->pass_crc;
	out->rest = lane_size(l, l->summed % l->count);
	out->rest_crc = l->crc;
	return true;
}

const struct guest_ops guest_reader = {
	.name = "reader",
	.summary = "reads every block device of its VM in full and sums it (CRC-32C)",
	.finishes = true,
	.vcpu_size = sizeof(struct reader),
	.vm_size = sizeof(struct reader_vm),
	.init = reader_init,
	.run = reader_run,
	.interrupt = reader_interrupt,
	.fini = reader_fini,
};
