/* SPDX-License-Identifier: BSD-2-Clause */
/* For test_vtd*.c: a unit with its memory, and what a driver does with it. */
#ifndef VTD_UNIT_H
#define VTD_UNIT_H

#include <posted/hw/vtd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

enum {
	ENTRIES = 64,
	SID = 0x0310,
	RECORDS = 4,        /* fault records */
	FRCD = 0x200,       /* offset of the first */
	SLOTS = 64,         /* of the cache, if there is one */
	QUEUE = 4096,       /* bytes of the invalidation queue */
	FAULT_VECTOR = 0x31,
	WAIT_VECTOR = 0x32,
};

static struct {
	uint8_t ram[4 * 4096] __attribute__((aligned(4096)));
	struct pstd_memory memory;
	struct pstd_irte *table;
	uint64_t *queue, *status;
	struct pstd_desc *pid;
	struct pstd_vtd_cache_slot slots[SLOTS];
	uint64_t frcd[2 * RECORDS];
	struct pstd_vtd_config config;
	struct pstd_vtd vtd;
	unsigned drains;
	void (*draining)(void); /* what happens meanwhile */
	uint64_t tail;
} unit;

static inline void unit_drain(void *ctx)
{
	unit.drains++;
	if (unit.draining)
		unit.draining();
}

/* Memory and configuration; a test may change the latter before unit_init. */
static inline int unit_build(void **state)
{
	memset(&unit, 0, sizeof(unit));
	unit.memory = (struct pstd_memory){ .base = unit.ram, .size = sizeof(unit.ram) };
	unit.table = pstd_memory_take(&unit.memory, ENTRIES * sizeof(*unit.table), 4096);
	unit.queue = pstd_memory_take(&unit.memory, QUEUE, 4096);
	unit.pid = pstd_memory_take(&unit.memory, sizeof(*unit.pid), 64);
	unit.status = pstd_memory_take(&unit.memory, sizeof(*unit.status), 8);
	unit.pid->control = pstd_control(0xf2, 5);
	unit.config = (struct pstd_vtd_config){
		.memory = &unit.memory,
		.address_width = 39,
		.cap = PSTD_VTD_CAP_PI | pstd_field(PSTD_VTD_CAP_FRO, FRCD / 16) |
		       pstd_field(PSTD_VTD_CAP_NFR, RECORDS - 1),
		.ecap = PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM |
		        pstd_field(PSTD_VTD_ECAP_MHMV, 5),
		.frcd = unit.frcd,
		.drain = unit_drain,
	};
	return 0;
}

static inline void unit_init(void)
{
	assert_null(pstd_vtd_init(&unit.vtd, &unit.config));
}

static inline uint32_t unit_read(unsigned offset)
{
	return (uint32_t)pstd_vtd_read(&unit.vtd, offset, 4);
}

static inline struct pstd_vtd_event unit_write(unsigned offset, uint64_t value)
{
	return pstd_vtd_write(&unit.vtd, offset, 4, value);
}

/* Changes one bit of the configuration, as the manual tells software to. */
static inline void unit_command(uint64_t bit, bool on)
{
	uint64_t keep = unit_read(PSTD_VTD_GSTS) & PSTD_VTD_GSTS_KEEP;

	unit_write(PSTD_VTD_GCMD, on ? keep | bit : keep & ~bit);
}

static inline void unit_set_table(const struct pstd_irte *table, bool eime)
{
	uint64_t s = 31 - (unsigned)__builtin_clz(ENTRIES) - 1;

	pstd_vtd_write(&unit.vtd, PSTD_VTD_IRTA, 8, pstd_memory_phys(&unit.memory, table) | s |
	                                            (eime ? PSTD_VTD_IRTA_EIME : 0));
	unit_command(PSTD_VTD_GCMD_SIRTP, true);
}

/* Remapping on, from reset. */
static inline void unit_up(bool eime)
{
	unit_init();
	unit_set_table(unit.table, eime);
	unit_command(PSTD_VTD_GCMD_IRE, true);
	assert_true(unit_read(PSTD_VTD_GSTS) & PSTD_VTD_GSTS_IRES);
	unit.drains = 0;
}

/* The queue on, wide: of 256-bit descriptors; both events have their vectors, unmasked. */
static inline void unit_queue_up(bool wide)
{
	pstd_vtd_write(&unit.vtd, PSTD_VTD_IQA, 8, pstd_memory_phys(&unit.memory, unit.queue) |
	                                           (wide ? PSTD_VTD_IQA_DW : 0));
	unit_command(PSTD_VTD_GCMD_QIE, true);
	unit_write(PSTD_VTD_FEDATA, FAULT_VECTOR);
	unit_write(PSTD_VTD_FECTL, 0);
	unit_write(PSTD_VTD_IEDATA, WAIT_VECTOR);
	unit_write(PSTD_VTD_IECTL, 0);
}

/* Queues a 128-bit descriptor, and tells the unit. */
static inline void unit_queue(struct pstd_vtd_descriptor d)
{
	unit.queue[unit.tail / 8] = d.lo;
	unit.queue[unit.tail / 8 + 1] = d.hi;
	unit.tail = (unit.tail + 16) % QUEUE;
	pstd_vtd_write(&unit.vtd, PSTD_VTD_IQT, 8, unit.tail);
}

/* Lets the unit work until it has nothing to do; the last event that it sent. */
static inline struct pstd_vtd_event unit_work(void)
{
	struct pstd_vtd_event last = { 0 }, event;

	while (pstd_vtd_work(&unit.vtd, &event))
		if (event.send)
			last = event;
	return last;
}

static inline struct pstd_vtd_request_result unit_request(uint32_t index)
{
	return pstd_vtd_request(&unit.vtd, pstd_msi_remappable((uint16_t)index, false, 0), SID);
}

#endif
