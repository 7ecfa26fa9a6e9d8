/* SPDX-License-Identifier: BSD-2-Clause */
/* "APIC Timer": one-shot, periodic, TSC-deadline; what a write in the middle does. */
#include "lapic_unit.h"

enum { ONE_SHOT = 0x41, PERIODIC = 0x20041, DEADLINE = 0x40041, RESERVED = 0x60041 };

/* Divides by 2: the divide configuration is 0. */
static void start(uint32_t lvt, uint32_t count)
{
	put(PSTD_APIC_LVT_TIMER, lvt);
	put(PSTD_APIC_INITIAL_COUNT, count);
}

static uint64_t pass(uint64_t time)
{
	now += time;
	return pstd_lapic_timer(&l, now);
}

static void take(void)
{
	assert_int_equal(pstd_lapic_pending(&l), 0x41);
	pstd_lapic_acknowledge(&l);
	pstd_lapic_eoi(&l);
	assert_int_equal(pstd_lapic_pending(&l), -1);
}

static void one_shot_expires_once_and_stays_at_0(void **state)
{
	start(ONE_SHOT, 100);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 100);
	assert_int_equal(pstd_lapic_timer_next(&l), 200);
	assert_int_equal(pass(199), 0);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 1);
	assert_int_equal(pass(1), 1);
	take();
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 0);
	assert_int_equal(pass(1000), 0);
	assert_int_equal(get(PSTD_APIC_INITIAL_COUNT), 100);
}

static void periodic_starts_again_by_itself(void **state)
{
	start(PERIODIC, 100);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(pass(200), 1);
		take();
		assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 100);
	}
	assert_int_equal(pass(650), 3);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 75);
	take();
}

static void access_sees_what_was_due(void **state)
{
	start(ONE_SHOT, 100);
	now = 500;
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 0);
	take();
}

static void masked_timer_counts_in_silence(void **state)
{
	start(0x10000 | PERIODIC, 100);
	assert_int_equal(pass(450), 2);
	assert_int_equal(pstd_lapic_pending(&l), -1);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 75);
}

static void initial_count_of_0_stops_it(void **state)
{
	for (uint32_t mode = ONE_SHOT; mode <= PERIODIC; mode += PERIODIC - ONE_SHOT) {
		start(mode, 100);
		put(PSTD_APIC_INITIAL_COUNT, 0);
		assert_int_equal(pstd_lapic_timer_next(&l), ~0ull);
		assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 0);
		assert_int_equal(pass(1000), 0);
	}
}

static void new_initial_count_restarts_it(void **state)
{
	start(ONE_SHOT, 100);
	pass(100);
	put(PSTD_APIC_INITIAL_COUNT, 70);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 70);
	assert_int_equal(pass(139), 0);
	assert_int_equal(pass(1), 1);
}

static void new_divide_changes_the_rate_of_what_is_left(void **state)
{
	start(ONE_SHOT, 100);
	pass(100);
	put(PSTD_APIC_DIVIDE, 0xb);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 50);
	assert_int_equal(pass(49), 0);
	assert_int_equal(pass(1), 1);
}

/* TSC-deadline and reserved mode, entered or left; between the two that count it goes on. */
static void change_of_mode_disarms_but_between_those_that_count(void **state)
{
	static const uint32_t modes[] = { ONE_SHOT, PERIODIC, DEADLINE, RESERVED };

	for (unsigned from = 0; from < 4; from++) {
		for (unsigned to = 0; to < 4; to++) {
			bool goes_on = from < 3 && (from == to || (from < 2 && to < 2));

			unit_enabled(state);
			start(modes[from], 100);
			put_msr(PSTD_APIC_MSR_TSC_DEADLINE, 200);
			put(PSTD_APIC_LVT_TIMER, modes[to]);
			assert_int_equal(pstd_lapic_timer_next(&l), goes_on ? 200 : ~0ull);
		}
	}
}

static void one_shot_made_periodic_goes_on_and_starts_again(void **state)
{
	start(ONE_SHOT, 100);
	pass(100);
	put(PSTD_APIC_LVT_TIMER, PERIODIC);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 50);
	assert_int_equal(pass(100), 1);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 100);
	assert_int_equal(pass(200), 1);
	take();
}

static void periodic_made_one_shot_ends_with_its_count(void **state)
{
	start(PERIODIC, 100);
	pass(300);
	put(PSTD_APIC_LVT_TIMER, ONE_SHOT);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 50);
	assert_int_equal(pass(100), 1);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 0);
	assert_int_equal(pass(1000), 0);
	take();
}

static void one_shot_that_expired_is_not_started_by_periodic(void **state)
{
	start(ONE_SHOT, 100);
	pass(200);
	put(PSTD_APIC_LVT_TIMER, PERIODIC);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 0);
	assert_int_equal(pass(1000), 0);
}

static void count_that_came_before_its_mode_ticks(void **state)
{
	put(PSTD_APIC_INITIAL_COUNT, 100);
	pass(10);
	put(PSTD_APIC_LVT_TIMER, PERIODIC);
	assert_int_equal(pass(190), 1);
	take();
	assert_int_equal(pass(200), 1);
	take();
}

static void vector_and_mask_change_without_disarming(void **state)
{
	start(ONE_SHOT, 100);
	put(PSTD_APIC_LVT_TIMER, 0x10051);
	put(PSTD_APIC_LVT_TIMER, 0x51);
	pass(200);
	assert_int_equal(pstd_lapic_pending(&l), 0x51);
}

static void deadline_expires_when_the_counter_reaches_it(void **state)
{
	put(PSTD_APIC_LVT_TIMER, DEADLINE);
	assert_true(put_msr(PSTD_APIC_MSR_TSC_DEADLINE, 1000));
	assert_int_equal(get_msr(PSTD_APIC_MSR_TSC_DEADLINE), 1000);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 0);
	assert_int_equal(pass(999), 0);
	assert_int_equal(pass(1), 1);
	take();
	assert_int_equal(get_msr(PSTD_APIC_MSR_TSC_DEADLINE), 0);
	assert_int_equal(pass(100000), 0);
}

static void deadline_in_the_past_expires_at_once(void **state)
{
	now = 5000;
	put(PSTD_APIC_LVT_TIMER, DEADLINE);
	put_msr(PSTD_APIC_MSR_TSC_DEADLINE, 4999);
	take();
	assert_int_equal(get_msr(PSTD_APIC_MSR_TSC_DEADLINE), 0);
}

static void deadline_of_0_disarms(void **state)
{
	put(PSTD_APIC_LVT_TIMER, DEADLINE);
	put_msr(PSTD_APIC_MSR_TSC_DEADLINE, 1000);
	put_msr(PSTD_APIC_MSR_TSC_DEADLINE, 0);
	assert_int_equal(pass(2000), 0);
}

static void initial_count_is_ignored_in_deadline_mode(void **state)
{
	put(PSTD_APIC_LVT_TIMER, DEADLINE);
	put_msr(PSTD_APIC_MSR_TSC_DEADLINE, 1000);
	put(PSTD_APIC_INITIAL_COUNT, 5);
	assert_int_equal(get(PSTD_APIC_INITIAL_COUNT), 0);
	assert_int_equal(pstd_lapic_timer_next(&l), 1000);
}

static void deadline_is_ignored_in_other_modes(void **state)
{
	start(ONE_SHOT, 100);
	assert_true(put_msr(PSTD_APIC_MSR_TSC_DEADLINE, 50));
	assert_int_equal(get_msr(PSTD_APIC_MSR_TSC_DEADLINE), 0);
	assert_int_equal(pstd_lapic_timer_next(&l), 200);
}

static void reserved_mode_does_not_run(void **state)
{
	start(RESERVED, 100);
	put_msr(PSTD_APIC_MSR_TSC_DEADLINE, 50);
	assert_int_equal(pstd_lapic_timer_next(&l), ~0ull);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 0);
}

static void longest_count_does_not_overflow(void **state)
{
	const struct pstd_lapic_config c = { .address_width = 40, .cycle = 1000 };

	pstd_lapic_reset(&l, &c);
	put(PSTD_APIC_SVR, 0x1ff);
	put(PSTD_APIC_DIVIDE, 0xa); /* by 128 */
	start(PERIODIC, 0xffffffff);
	assert_int_equal(pstd_lapic_timer_next(&l), 0xffffffffull * 128 * 1000);
	assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), 0xffffffff);
	assert_int_equal(pass(0xffffffffull * 128 * 1000), 1);
}

#define TEST(name) cmocka_unit_test_setup(name, unit_enabled)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_shot_expires_once_and_stays_at_0),
		TEST(periodic_starts_again_by_itself),
		TEST(access_sees_what_was_due),
		TEST(masked_timer_counts_in_silence),
		TEST(initial_count_of_0_stops_it),
		TEST(new_initial_count_restarts_it),
		TEST(new_divide_changes_the_rate_of_what_is_left),
		TEST(change_of_mode_disarms_but_between_those_that_count),
		TEST(one_shot_made_periodic_goes_on_and_starts_again),
		TEST(periodic_made_one_shot_ends_with_its_count),
		TEST(one_shot_that_expired_is_not_started_by_periodic),
		TEST(count_that_came_before_its_mode_ticks),
		TEST(vector_and_mask_change_without_disarming),
		TEST(deadline_expires_when_the_counter_reaches_it),
		TEST(deadline_in_the_past_expires_at_once),
		TEST(deadline_of_0_disarms),
		TEST(initial_count_is_ignored_in_deadline_mode),
		TEST(deadline_is_ignored_in_other_modes),
		TEST(reserved_mode_does_not_run),
		TEST(longest_count_does_not_overflow),
	};

	return cmocka_run_group_tests_name("lapic_timer", tests, NULL, NULL);
}
