/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guests that come with the machine, and what each has to report. The
 * figures are for after machine_stop.
 */
#ifndef GUEST_GUESTS_H
#define GUEST_GUESTS_H

#include "exec/histogram.h"
#include "exec/threads/guest.h"

/* Reads every block device of its VM again and again, and checks what it read. */
extern const struct guest_ops guest_reader;
/* Counts its interrupts. */
extern const struct guest_ops guest_ticker;
/* Does nothing. */
extern const struct guest_ops guest_idle;
/* Pairs of vCPUs that send an interrupt back and forth. */
extern const struct guest_ops guest_ipi_pairs;

extern const struct guest_ops *const guest_kinds[]; /* ends with a null */

/* What all vCPUs of a VM together read from one device. */
struct reader_result {
	uint64_t bytes; /* in all passes, as reads */
	uint64_t reads;
	bool mismatch;   /* two passes over one part differed */
	bool failed;     /* a read failed, and the device was used no more */
	int error;       /* of that read, positive */
	uint64_t failed_offset;
};

/* False: the VM has no such block device. Any vCPU of the VM will do. */
bool reader_result(struct guest *g, unsigned device, struct reader_result *out);

/* What was read through one queue, whose part of the file is read from its start to its end. */
struct reader_part {
	uint64_t offset, size; /* of the part; bytes */
	unsigned passes;       /* that it completed */
	uint32_t crc;          /* CRC-32C of the last of these */
	uint64_t rest;         /* the pass under way when time was up: bytes from the start */
	uint32_t rest_crc;     /* of these */
};

/* False: the device has no such queue. */
bool reader_part(struct guest *g, unsigned device, unsigned queue, struct reader_part *out);

uint64_t ticker_count(struct guest *g);

/* By the vCPU that began; the one that answers has none. */
uint64_t ipi_round_trips(struct guest *g);
const struct histogram *ipi_latency(struct guest *g);

#endif
