/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's driver takes faults: all of them, wherever they were recorded, and comes to an end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "exec/iommu.h"
#include <string.h>

enum { RECORDS = 4, FAULT_VECTOR = 0x31, PATIENCE = 64 };

static struct {
	uint8_t ram[8 * 4096] __attribute__((aligned(4096)));
	struct pstd_memory memory;
	struct pstd_vtd unit;
	uint64_t records[2 * RECORDS];
	struct iommu iommu;
	unsigned events;
	/* the source ids of the faults taken, in that order */
	uint16_t taken[PATIENCE];
	unsigned count;
	uint16_t more; /* the source of one more fault, which comes when the last record is taken */
} host;

/* Nothing is under way when this is called. */
static void drain(void *unused)
{
}

static void send(void *unused, struct pstd_msi_msg event)
{
	host.events += event.data == FAULT_VECTOR;
}

static void fault(uint16_t sid)
{
	struct pstd_vtd_event e =
		pstd_vtd_fault(&host.unit, PSTD_VTD_FAULT_NOT_PRESENT, false, 1, sid);

	if (e.send)
		send(NULL, e.msg);
}

static void take(void *unused, const struct iommu_fault *f)
{
	assert_true(host.count < PATIENCE);
	host.taken[host.count++] = f->sid;
	if (!host.more || f->sid != RECORDS)
		return;
	fault(host.more);
	host.more = 0;
}

static unsigned take_all(void)
{
	host.count = 0;
	iommu_faults(&host.iommu, take, NULL);
	return host.count;
}

/* A unit of these capabilities, and its driver, which has not started. */
static struct iommu_config build(uint64_t ecap)
{
	const struct pstd_vtd_config c = {
		.memory = &host.memory,
		.address_width = 46,
		.cap = pstd_field(PSTD_VTD_CAP_FRO, 0x40) |
		       pstd_field(PSTD_VTD_CAP_NFR, RECORDS - 1),
		.ecap = ecap | PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM,
		.frcd = host.records,
		.drain = drain,
	};
	struct iommu_config driver = {
		.unit = &host.unit,
		.memory = &host.memory,
		.table_size = 7,
		.x2apic = true,
		.fault_event = pstd_msi_compat(0, FAULT_VECTOR),
		.send = send,
	};

	memset(&host, 0, sizeof(host));
	host.memory = (struct pstd_memory){ .base = host.ram, .size = sizeof(host.ram) };
	driver.table = pstd_memory_phys(&host.memory, pstd_memory_take(&host.memory, 4096, 4096));
	assert_null(pstd_vtd_init(&host.unit, &c));
	return driver;
}

static int start(void **state)
{
	struct iommu_config driver = build(0);

	assert_null(iommu_start(&host.iommu, &driver));
	return 0;
}

static uint64_t status(void)
{
	return pstd_vtd_read(&host.unit, PSTD_VTD_FSTS, 4) &
	       (PSTD_VTD_FSTS_PPF | PSTD_VTD_FSTS_PFO);
}

static void toggle_remapping(void)
{
	uint64_t kept = pstd_vtd_read(&host.unit, PSTD_VTD_GSTS, 4) & PSTD_VTD_GSTS_KEEP;

	pstd_vtd_write(&host.unit, PSTD_VTD_GCMD, 4, kept & ~PSTD_VTD_GCMD_IRE);
	pstd_vtd_write(&host.unit, PSTD_VTD_GCMD, 4, kept | PSTD_VTD_GCMD_IRE);
}

static void faults_are_taken_in_their_order(void **state)
{
	for (unsigned round = 0; round < 3; round++) {
		for (uint16_t sid = 1; sid <= RECORDS - 1; sid++)
			fault(sid);
		assert_int_equal(take_all(), RECORDS - 1);
		for (uint16_t sid = 1; sid <= RECORDS - 1; sid++)
			assert_int_equal(host.taken[sid - 1], sid);
		assert_int_equal(host.events, round + 1);
	}
	assert_int_equal(take_all(), 0);
}

/* Switching off and on makes the next fault go to record 0, while FSTS names a later one. */
static void records_with_free_ones_between_them_are_all_taken(void **state)
{
	fault(1);
	fault(2);
	assert_int_equal(take_all(), 2);
	fault(3);
	toggle_remapping();
	fault(4);
	assert_int_equal(take_all(), 2);
	assert_int_equal(host.taken[0], 3);
	assert_int_equal(host.taken[1], 4);
	assert_int_equal(status(), 0);
}

static void overflow_is_serviced(void **state)
{
	for (uint16_t sid = 1; sid <= RECORDS + 2; sid++)
		fault(sid);
	assert_int_equal(take_all(), RECORDS);
	assert_int_equal(status(), 0);
	fault(9);
	assert_int_equal(host.events, 2);
	assert_int_equal(take_all(), 1);
	assert_int_equal(host.taken[0], 9);
}

/* In a record that was looked at already. */
static void fault_that_comes_meanwhile_is_taken_too(void **state)
{
	for (uint16_t sid = 1; sid <= RECORDS; sid++)
		fault(sid);
	host.more = 9;
	assert_int_equal(take_all(), RECORDS + 1);
	assert_int_equal(host.taken[RECORDS], 9);
	assert_int_equal(status(), 0);
}

/* A fault of the time before the driver came does not make room for one less. */
static void start_leaves_older_records_and_all_the_room(void **state)
{
	struct iommu_config driver = build(PSTD_VTD_ECAP_IRREQ);

	pstd_vtd_fault(&host.unit, PSTD_VTD_FAULT_IR_REQUIRED, false, 0, 1);
	assert_null(iommu_start(&host.iommu, &driver));
	assert_int_equal(host.events, 1);
	for (uint16_t sid = 2; sid <= RECORDS; sid++)
		fault(sid);
	assert_int_equal(status(), PSTD_VTD_FSTS_PPF);
	assert_int_equal(take_all(), RECORDS);
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(faults_are_taken_in_their_order),
		TEST(records_with_free_ones_between_them_are_all_taken),
		TEST(overflow_is_serviced),
		TEST(fault_that_comes_meanwhile_is_taken_too),
		TEST(start_leaves_older_records_and_all_the_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
