/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The block device as its driver sees it: queues in memory that guest and
 * device share, a doorbell each, and the MSI-X vector of each queue. One vCPU
 * drives a queue. The device reads only; commands complete in any order.
 */
#ifndef DEV_BLOCK_REGS_H
#define DEV_BLOCK_REGS_H

#include <stdint.h>

struct block_command {
	uint64_t offset; /* in the file, bytes */
	void *buffer;    /* the guest's; 4096-byte aligned for a direct device */
	uint32_t length;
	uint32_t id;     /* comes back in the completion; below the queue's depth */
};

struct block_completion {
	uint32_t id;
	int32_t status; /* bytes read (short only at the file's end), or a negative error number */
};

/* Rings of depth entries; indexes count up for ever and are taken modulo depth. */
struct block_queue {
	struct block_command *sq;
	struct block_completion *cq;
	uint32_t depth;
	unsigned vcpu;  /* whose */
	uint8_t vector; /* the guest's, as in the MSI-X table */
	/* Shared words, each on its own line: written by the guest, then by the device. */
	_Alignas(64) uint64_t sq_tail, cq_head;
	_Alignas(64) uint64_t sq_head, cq_tail;
};

struct block_regs {
	uint64_t size; /* of the file, bytes */
	unsigned queues;
	struct block_queue *queue;
	/* Tells the device that queue's sq_tail moved (the call publishes the new tail). */
	void (*doorbell)(struct block_regs *r, unsigned queue, uint64_t tail);
};

#endif
