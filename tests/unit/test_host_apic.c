/* SPDX-License-Identifier: BSD-2-Clause */
/* exec/host_apic.h: what the host's registers do, in both modes; above all its timer. */
#include "exec/host_apic.h"
#include "own_vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct pstd_lapic l;

static void expect_none(void)
{
	assert_int_equal(pstd_lapic_pending(&l), -1);
}

/* The timer's vector waits, and is handled. */
static void expect_tick(void)
{
	struct pstd_apic_msg none;

	assert_int_equal(pstd_lapic_pending(&l), OWN_TIMER);
	assert_int_equal(pstd_lapic_acknowledge(&l), OWN_TIMER);
	assert_false(host_apic_write(&l, PSTD_APIC_EOI, 0, &none));
	expect_none();
}

static void timer_ticks_once_at_its_deadline(void **state)
{
	for (unsigned x2apic = 0; x2apic < 2; x2apic++) {
		host_apic_start(&l, 3, x2apic, &own_vectors);
		host_apic_arm(&l, 1000);
		assert_int_equal(pstd_lapic_timer(&l, 999), 0);
		expect_none();
		assert_int_equal(pstd_lapic_timer(&l, 1000), 1);
		expect_tick();
		assert_int_equal(pstd_lapic_timer(&l, 5000), 0);
		expect_none();
	}
}

static void timer_is_armed_anew_and_disarmed(void **state)
{
	host_apic_start(&l, 0, true, &own_vectors);
	host_apic_arm(&l, 1000);
	host_apic_arm(&l, 2000);
	assert_int_equal(pstd_lapic_timer(&l, 1500), 0);
	assert_int_equal(pstd_lapic_timer(&l, 2500), 1);
	expect_tick();
	host_apic_arm(&l, 3000);
	host_apic_arm(&l, 0);
	assert_int_equal(pstd_lapic_timer(&l, 4000), 0);
	expect_none();
}

/* What the host does between does not let the time come. */
static void accesses_let_no_time_pass(void **state)
{
	struct pstd_apic_msg ipi;

	host_apic_start(&l, 0, true, &own_vectors);
	host_apic_arm(&l, 1000);
	assert_true(host_apic_write(&l, PSTD_APIC_ICR, pstd_apic_icr(5, 0x41, true), &ipi));
	assert_int_equal(ipi.dest, 5);
	assert_int_equal(ipi.vector, 0x41);
	assert_int_equal(pstd_lapic_timer_next(&l), 1000);
}

/* The sender's line is not touched: what it sent is seen when it is looked for. */
static void arming_does_not_look_into_the_inbox(void **state)
{
	host_apic_start(&l, 0, true, &own_vectors);
	pstd_lapic_notify(&l, 0x41);
	host_apic_arm(&l, 1000);
	assert_true(pstd_lapic_knocked(&l));
	assert_int_equal(pstd_lapic_pending(&l), 0x41);
	assert_false(pstd_lapic_knocked(&l));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timer_ticks_once_at_its_deadline),
		cmocka_unit_test(timer_is_armed_anew_and_disarmed),
		cmocka_unit_test(accesses_let_no_time_pass),
		cmocka_unit_test(arming_does_not_look_into_the_inbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
