/* SPDX-License-Identifier: BSD-2-Clause */
/* IPIs that a processor virtualizes: it posts by itself to whom its table names. */
#ifndef MACHINE_IPI_H
#define MACHINE_IPI_H

#include <explore/step.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * "Virtualizing IPI Writes": the table's entry of a virtual APIC ID is a descriptor's address,
 * with bit 0 set. The steps are those of software: PIR, then ON, then the notification.
 * True: PIR had the vector. For agents with a store buffer: the sender is a processor.
 */
bool ipi_post(const uint64_t *table, unsigned id, uint8_t vector);

#endif
