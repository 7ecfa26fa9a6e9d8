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
	uint32_t crc;    /* CRC-32C of the device's data in file order */
	unsigned passes; /* that every part of the file completed */
	bool mismatch;   /* two passes over one part differed */
	bool failed;     /* a read failed, and the device was used no more: no CRC */
	int error;       /* of that read, positive */
	uint64_t failed_offset;
};

/* False: the VM has no such block device. Any vCPU of the VM will do. */
bool reader_result(struct guest *g, unsigned device, struct reader_result *out);

uint64_t ticker_count(struct guest *g);

/* By the vCPU that began; the one that answers has none. */
uint64_t ipi_round_trips(struct guest *g);
const struct histogram *ipi_latency(struct guest *g);

#endif
