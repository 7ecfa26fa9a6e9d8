/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Units in the threaded machine: a fault is recorded, its event interrupts pCPU
 * 0, and the host's driver tells of it and makes room for the next; each unit has
 * a table of its own; pins of the I/O APIC before the first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "exec/threads/machine.h"
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE = 5000 }; /* milliseconds */

static enum guest_next run(struct guest *g)
{
	return GUEST_HALT;
}

static void interrupt(struct guest *g, uint8_t vector)
{
	guest_eoi(g);
}

static const struct guest_ops sleeper = { .name = "sleeper", .summary = "takes what comes",
	                                  .run = run, .interrupt = interrupt };
static const struct machine_vm vm = { .name = "vm", .vcpus = 1, .guest = &sleeper };

static char error[MACHINE_ERROR];

/* Two units; the second cannot post and has one record. */
static struct machine *create(void)
{
	struct machine_unit units[2] = { machine_default_unit, machine_default_unit };
	struct machine_config c = { .pcpus = 1, .x2apic = true, .hlt_exiting = true,
		                    .slice_us = 1000, .vms = &vm, .vm_count = 1,
		                    .units = units, .unit_count = 2 };
	struct machine *m;

	units[1].name = "iommu1";
	units[1].posting = false;
	units[1].fault_records = 1;
	m = machine_create(&c, error);
	assert_non_null(m);
	return m;
}

/* All are posted: behind unit 1 every request faults, with 24h. */
static struct machine_vector *add(struct machine *m, unsigned unit)
{
	const struct machine_vector_config c = { .name = "v", .sid = (uint16_t)(0x0108 + unit),
		                                 .unit = unit, .way = MACHINE_POSTED };
	struct machine_vector *v = machine_vector_add(m, &c, error);

	assert_non_null(v);
	return v;
}

static void expect_faults(const struct machine *m, uint64_t count)
{
	for (unsigned i = 0; machine_unit_faults(m, 1).count < count; i++) {
		assert_true(i < PATIENCE);
		usleep(1000);
	}
	assert_int_equal(machine_unit_faults(m, 1).count, count);
}

static void faults_reach_the_driver_one_after_the_other(void **state)
{
	struct machine *m = create();
	struct machine_vector *v = add(m, 1);
	struct machine_stats s;

	assert_true(machine_start(m, error));
	for (uint64_t i = 1; i <= 3; i++) {
		machine_raise(v);
		expect_faults(m, i);
	}
	machine_stop(m);
	machine_stats(m, &s);
	assert_int_equal(s.faults, 3);
	assert_int_equal(s.handled, 0);
	assert_string_equal(machine_unit_faults(m, 1).unit, "iommu1");
	assert_string_equal(machine_unit_faults(m, 1).last,
	                    "[INTR-REMAP] Request device [01:01.1] fault index 0x0 "
	                    "[fault reason 0x24] a reserved field of the remapping entry is set");
	assert_int_equal(machine_unit_faults(m, 0).count, 0);
	machine_destroy(m);
}

/* One record, and faults faster than anybody can look. */
static void driver_recovers_from_an_overflow(void **state)
{
	struct machine *m = create();
	struct machine_vector *v = add(m, 1);
	uint64_t seen;

	for (unsigned i = 0; i < 10; i++)
		machine_raise(v);
	assert_true(machine_start(m, error));
	expect_faults(m, 1);
	for (unsigned i = 0; i < 10000; i++)
		machine_raise(v);
	/* Without recovery there would be room for one. */
	seen = machine_unit_faults(m, 1).count;
	for (unsigned i = 0; machine_unit_faults(m, 1).count < seen + 3; i++) {
		assert_true(i < PATIENCE);
		machine_raise(v);
		usleep(1000);
	}
	machine_stop(m);
	machine_destroy(m);
}

static void units_do_not_share_faults_or_entries(void **state)
{
	struct machine *m = create();
	struct machine_vector *bad = add(m, 1), *good = add(m, 0);
	struct machine_stats s;

	assert_true(machine_start(m, error));
	machine_raise(bad);
	machine_raise(good);
	expect_faults(m, 1);
	for (unsigned i = 0;; i++) {
		machine_stats(m, &s);
		if (s.handled)
			break;
		assert_true(i < PATIENCE);
		usleep(1000);
	}
	machine_stop(m);
	assert_int_equal(s.handled, 1);
	assert_int_equal(machine_unit_faults(m, 0).count, 0);
	machine_destroy(m);
}

enum { PULSES = 200000 };

static pthread_barrier_t both;

static void *pulse(void *vector)
{
	machine_thread_begin();
	pthread_barrier_wait(&both);
	for (unsigned i = 0; i < PULSES; i++)
		machine_raise(vector);
	machine_thread_end();
	return NULL;
}

static void report(const struct machine_loss *l, void *arg)
{
	print_error("vector %02x: %lu sent, %lu handled, %lu merged\n", l->vector,
	            (unsigned long)l->sent, (unsigned long)l->handled,
	            (unsigned long)l->coalesced);
}

/* Each gets its own message out of the one chip, though both pulse at once. */
static void pins_of_two_devices_keep_apart(void **state)
{
	struct machine *m = create();
	struct machine_vector *v[2];
	struct machine_stats s;
	pthread_t threads[2];

	for (unsigned i = 0; i < 2; i++) {
		const struct machine_vector_config c = { .name = "pin", .pin = 1 + i,
			                                 .way = MACHINE_POSTED };

		v[i] = machine_vector_add(m, &c, error);
		assert_non_null(v[i]);
	}
	assert_true(machine_start(m, error));
	pthread_barrier_init(&both, NULL, 2);
	for (unsigned i = 0; i < 2; i++)
		assert_false(pthread_create(&threads[i], NULL, pulse, v[i]));
	for (unsigned i = 0; i < 2; i++)
		assert_false(pthread_join(threads[i], NULL));
	pthread_barrier_destroy(&both);
	assert_true(machine_drain(m, PATIENCE));
	machine_stop(m);
	machine_stats(m, &s);
	assert_int_equal(s.sent, 2 * PULSES);
	assert_int_equal(machine_losses(m, report, NULL), 0);
	machine_destroy(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_reach_the_driver_one_after_the_other),
		cmocka_unit_test(driver_recovers_from_an_overflow),
		cmocka_unit_test(units_do_not_share_faults_or_entries),
		cmocka_unit_test(pins_of_two_devices_keep_apart),
	};
	int failed;

	machine_thread_begin();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	machine_thread_end();
	return failed;
}
