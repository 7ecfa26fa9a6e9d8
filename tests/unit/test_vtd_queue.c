/* SPDX-License-Identifier: BSD-2-Clause */
/* The invalidation queue: descriptors, errors, waits; and what the cache serves until then. */
#include "vtd_unit.h"

#define TYPE(n) { (n), 0 }

static int reset(void **state)
{
	unit_build(state);
	unit.config.ecap |= VTD_ECAP_SMTS;
	unit_up(true);
	unit_queue_up(false);
	return 0;
}

static uint64_t head(void)
{
	return vtd_read(&unit.vtd, VTD_IQH, 8);
}

static uint64_t iqer(void)
{
	return vtd_read(&unit.vtd, VTD_IQER, 8);
}

static bool iqe(void)
{
	return unit_read(VTD_FSTS) & VTD_FSTS_IQE;
}

static struct vtd_descriptor wait_for(uint64_t flags)
{
	struct vtd_descriptor d = vtd_wait_status(memory_phys(&unit.memory, unit.status), 0x600d);

	d.lo = (d.lo & ~VTD_WAIT_SW) | flags;
	return d;
}

static void set_tail(uint64_t tail)
{
	vtd_write(&unit.vtd, VTD_IQT, 8, tail);
}

/* Descriptors. */

static void valid_descriptors_move_the_head(void **state)
{
	const struct vtd_descriptor valid[] = {
		{ VTD_DESC_CONTEXT | ~0ull << 12, ~0ull }, { VTD_DESC_IOTLB | ~0ull << 12, ~0ull },
		{ VTD_DESC_DEVICE_TLB | ~0ull << 12, ~0ull },
		vtd_iec_global(), vtd_iec_index(0xffff, 5), vtd_iec_index(3, 0),
		wait_for(0), wait_for(VTD_WAIT_SW | VTD_WAIT_IF | VTD_WAIT_FN),
	};

	for (int wide = 0; wide < 2; wide++) {
		uint64_t step = wide ? 32 : 16;

		reset(state);
		unit_command(VTD_GCMD_QIE, false);
		unit_queue_up(wide);
		for (unsigned i = 0; i < sizeof(valid) / sizeof(*valid); i++) {
			memset(unit.queue, 0, QUEUE);
			memcpy((uint8_t *)unit.queue + i * step, &valid[i], sizeof(valid[i]));
			set_tail((i + 1) * step);
			unit_work();
			assert_false(iqe());
			assert_int_equal(head(), (i + 1) * step);
		}
	}
}

static void each_invalid_descriptor_stops_the_queue_with_its_reason(void **state)
{
	static const struct {
		struct vtd_descriptor d;
		enum vtd_iqei reason;
	} cases[] = {
		{ TYPE(0), VTD_IQEI_TYPE },   { TYPE(6), VTD_IQEI_TYPE },
		{ TYPE(7), VTD_IQEI_TYPE },   { TYPE(8), VTD_IQEI_TYPE },
		{ TYPE(9), VTD_IQEI_TYPE },   { TYPE(10), VTD_IQEI_TYPE },
		{ TYPE(15), VTD_IQEI_TYPE },  { TYPE(0x204), VTD_IQEI_TYPE },
		{ TYPE(0x805), VTD_IQEI_TYPE },
		{ { 0x24, 0 }, VTD_IQEI_RSVD }, { { 0x104, 0 }, VTD_IQEI_RSVD },
		{ { 0x1004, 0 }, VTD_IQEI_RSVD }, { { 0x4000004, 0 }, VTD_IQEI_RSVD },
		{ { 1ull << 48 | 4, 0 }, VTD_IQEI_RSVD }, { { 4, 1 }, VTD_IQEI_RSVD },
		{ { 4, 1ull << 63 }, VTD_IQEI_RSVD },
		{ { VTD_DESC_IEC | VTD_IEC_INDEXED | 6 << 27, 0 }, VTD_IQEI_RSVD },
		{ { 0x105, 0 }, VTD_IQEI_RSVD }, { { 0x1005, 0 }, VTD_IQEI_RSVD },
		{ { 0x80000005, 0 }, VTD_IQEI_RSVD }, { { 0x85, 0 }, VTD_IQEI_RSVD },
		{ { 5, 1 }, VTD_IQEI_RSVD },    { { 5, 2 }, VTD_IQEI_RSVD },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct vtd_event event;

		reset(state);
		unit_queue(vtd_iec_global());
		unit_queue(cases[i].d);
		event = unit_work();
		assert_int_equal(iqer(), cases[i].reason);
		assert_int_equal(head(), 16);
		assert_true(iqe());
		assert_true(event.send);
		assert_int_equal(event.msg.data, FAULT_VECTOR);
	}
}

static void error_stops_until_software_clears_it(void **state)
{
	unit_queue((struct vtd_descriptor)TYPE(0));
	unit_work();
	unit_queue(wait_for(VTD_WAIT_SW));
	unit_work();
	assert_int_equal(head(), 0);
	/* Not corrected: the same again. */
	unit_write(VTD_FSTS, VTD_FSTS_IQE);
	assert_int_equal(iqer(), 0);
	assert_true(unit_work().send);
	assert_int_equal(iqer(), VTD_IQEI_TYPE);
	/* Corrected: it goes on by itself. */
	unit.queue[0] = vtd_iec_global().lo;
	unit_write(VTD_FSTS, VTD_FSTS_IQE);
	unit_work();
	assert_int_equal(head(), 32);
	assert_int_equal(*unit.status, 0x600d);
	assert_false(iqe());
}

static void page_request_drain_is_reserved_without_the_capability(void **state)
{
	for (int offered = 0; offered < 2; offered++) {
		reset(state);
		unit.config.ecap |= offered ? VTD_ECAP_PDS : 0;
		unit_up(true);
		unit_queue_up(false);
		unit_queue(wait_for(VTD_WAIT_SW | VTD_WAIT_PD));
		unit_work();
		assert_int_equal(iqer(), offered ? VTD_IQEI_NONE : VTD_IQEI_RSVD);
		assert_int_equal(*unit.status, offered ? 0x600d : 0);
	}
}

static void upper_half_of_a_wide_descriptor_is_reserved(void **state)
{
	unit_command(VTD_GCMD_QIE, false);
	unit_queue_up(true);
	unit.queue[0] = vtd_iec_global().lo;
	for (unsigned word = 2; word < 4; word++) {
		unit.queue[word] = 1;
		set_tail(32);
		unit_work();
		assert_int_equal(iqer(), VTD_IQEI_RSVD);
		unit.queue[word] = 0;
		unit_write(VTD_FSTS, VTD_FSTS_IQE);
	}
	unit_work();
	assert_int_equal(head(), 32);
}

static void each_bad_queue_stops_with_its_reason(void **state)
{
	enum { GOOD, FAR, TWO_PAGES, WIDE };
	static const struct {
		int queue;
		bool smts;
		uint64_t tail;
		enum vtd_iqei reason;
	} cases[] = {
		{ GOOD, true, 4096 - 16, VTD_IQEI_TYPE }, /* a good tail: an empty descriptor */
		{ GOOD, true, 4096, VTD_IQEI_TAIL },
		{ GOOD, true, 0x7fff0, VTD_IQEI_TAIL },
		{ TWO_PAGES, true, 4096, VTD_IQEI_TYPE },
		{ TWO_PAGES, true, 8192, VTD_IQEI_TAIL },
		{ FAR, true, 16, VTD_IQEI_FETCH },
		{ WIDE, true, 32, VTD_IQEI_TYPE },
		{ WIDE, true, 48, VTD_IQEI_ALIGNMENT },
		{ WIDE, true, 4096, VTD_IQEI_TAIL },
		{ WIDE, false, 32, VTD_IQEI_WIDTH },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t base;

		unit_build(state);
		unit.config.ecap |= cases[i].smts ? VTD_ECAP_SMTS : 0;
		unit_up(true);
		unit_queue_up(false);
		base = memory_phys(&unit.memory, unit.queue);
		vtd_write(&unit.vtd, VTD_IQA, 8, cases[i].queue == FAR         ? 0x1000
		                                 : cases[i].queue == TWO_PAGES ? base | 1
		                                 : cases[i].queue == WIDE      ? base | VTD_IQA_DW
		                                                               : base);
		set_tail(cases[i].tail);
		assert_true(unit_work().send);
		assert_int_equal(iqer(), cases[i].reason);
		assert_int_equal(head(), 0);
	}
}

static void head_of_a_queue_that_shrank_is_no_place(void **state)
{
	uint64_t base = memory_phys(&unit.memory, unit.queue);

	vtd_write(&unit.vtd, VTD_IQA, 8, base | 1);
	for (unsigned i = 0; i < QUEUE / 8; i += 2)
		unit.queue[i] = vtd_iec_global().lo;
	set_tail(QUEUE);
	unit_work();
	assert_int_equal(head(), QUEUE);
	vtd_write(&unit.vtd, VTD_IQA, 8, base);
	set_tail(0);
	unit_work();
	assert_int_equal(iqer(), VTD_IQEI_FETCH);
}

static void queue_wraps_and_begins_anew_when_enabled_again(void **state)
{
	for (unsigned i = 0; i < QUEUE / 16 + 3; i++) {
		unit_queue(vtd_iec_global());
		unit_work();
	}
	assert_int_equal(head(), 3 * 16);
	assert_int_equal(unit.vtd.invalidations, QUEUE / 16 + 3);
	unit_command(VTD_GCMD_QIE, false);
	assert_int_equal(head(), 0);
	set_tail(16);
	assert_true(!unit_work().send && head() == 0);
	unit_command(VTD_GCMD_QIE, true);
	unit_work();
	assert_int_equal(head(), 16);
}

static void one_call_does_one_descriptor(void **state)
{
	struct vtd_event event;

	unit_queue(vtd_iec_global());
	unit_queue(wait_for(VTD_WAIT_SW));
	assert_true(vtd_work(&unit.vtd, &event));
	assert_int_equal(head(), 16);
	assert_int_equal(*unit.status, 0);
	assert_true(vtd_work(&unit.vtd, &event));
	assert_int_equal(*unit.status, 0x600d);
	assert_false(vtd_work(&unit.vtd, &event));
}

static void queue_works_before_remapping_is_on(void **state)
{
	unit_init();
	unit_queue_up(false);
	unit_queue(wait_for(VTD_WAIT_SW));
	unit_work();
	assert_int_equal(*unit.status, 0x600d);
}

/* Waits. */

static void status_is_four_bytes(void **state)
{
	uint64_t at = memory_phys(&unit.memory, unit.status);

	*unit.status = 0x1111111122222222;
	unit_queue(vtd_wait_status(at, 0x33333333));
	unit_work();
	assert_int_equal(*unit.status, 0x1111111133333333);
	unit_queue(vtd_wait_status(at + 4, 0x44444444));
	unit_work();
	assert_int_equal(*unit.status, 0x4444444433333333);
	/* Above the address width: ignored. Outside memory: lost, and no error. */
	unit_queue(vtd_wait_status(at | 1ull << 50, 0x55555555));
	unit_queue(vtd_wait_status(0x1000, 0x66666666));
	unit_work();
	assert_int_equal(*unit.status, 0x4444444455555555);
	assert_false(iqe());
}

static uint64_t status_then;

static void look(void)
{
	status_then = *unit.status;
}

static void status_comes_after_the_drain(void **state)
{
	unit.draining = look;
	status_then = 1;
	unit_queue(vtd_iec_index(1, 0));
	unit_queue(vtd_iec_index(2, 0));
	unit_work();
	unit_queue(wait_for(VTD_WAIT_SW));
	unit_work();
	assert_int_equal(unit.drains, 1);
	assert_int_equal(status_then, 0);
	assert_int_equal(*unit.status, 0x600d);
	/* Nothing was invalidated since: nobody can use an old entry. */
	unit_queue(wait_for(VTD_WAIT_SW));
	unit_work();
	assert_int_equal(unit.drains, 1);
}

static bool completes(void)
{
	struct vtd_event event;

	unit_queue(wait_for(VTD_WAIT_IF));
	event = unit_work();
	assert_true(!event.send || event.msg.data == WAIT_VECTOR);
	return event.send;
}

static bool held(void)
{
	return unit_read(VTD_IECTL) & VTD_ECTL_IP;
}

static void completion_event_is_raised_once_until_it_is_serviced(void **state)
{
	assert_true(completes());
	assert_int_equal(unit_read(VTD_ICS), VTD_ICS_IWC);
	assert_false(completes());
	unit_write(VTD_ICS, VTD_ICS_IWC);
	assert_true(completes());
}

static void masked_completion_event_is_held(void **state)
{
	unit_write(VTD_IECTL, VTD_ECTL_IM);
	assert_false(completes());
	assert_true(held());
	assert_int_equal(unit_write(VTD_IECTL, 0).msg.data, WAIT_VECTOR);
	assert_false(held());
	/* Serviced while it was held: not sent. */
	unit_write(VTD_ICS, VTD_ICS_IWC);
	unit_write(VTD_IECTL, VTD_ECTL_IM);
	assert_false(completes());
	unit_write(VTD_ICS, VTD_ICS_IWC);
	assert_false(held());
	assert_false(unit_write(VTD_IECTL, 0).send);
}

static void error_while_a_fault_is_pending_raises_no_event(void **state)
{
	assert_true(vtd_fault(&unit.vtd, VTD_FAULT_INDEX, false, 0, SID).send);
	unit_queue((struct vtd_descriptor)TYPE(0));
	assert_false(unit_work().send);
	assert_true(iqe());
	/* Nor a fault while the error is. */
	unit_write(FRCD + 12, VTD_FRCD_F >> 32);
	assert_false(vtd_fault(&unit.vtd, VTD_FAULT_INDEX, false, 0, SID).send);
}

/* An overflow is left alone: the records that it found in its way are free again. */
static void error_while_an_overflow_is_pending_raises_no_event(void **state)
{
	for (unsigned i = 0; i <= RECORDS; i++)
		vtd_fault(&unit.vtd, VTD_FAULT_INDEX, false, 0, SID);
	for (unsigned i = 0; i < RECORDS; i++)
		unit_write(FRCD + 16 * i + 12, VTD_FRCD_F >> 32);
	assert_int_equal(unit_read(VTD_FSTS) & VTD_FSTS_PENDING, VTD_FSTS_PFO);
	unit_queue((struct vtd_descriptor)TYPE(0));
	assert_false(unit_work().send);
	assert_true(iqe());
}

/* The cache, as software meets it. */

static int reset_cached(void **state)
{
	unit_build(state);
	unit.config.cache = unit.slots;
	unit.config.cache_entries = SLOTS;
	unit.config.cache_ways = 4;
	unit_up(true);
	unit_queue_up(false);
	return 0;
}

static void put(uint32_t index, uint8_t vector)
{
	irte_replace(&unit.table[index], irte_remapped(1, vector, SID));
}

/* The vector that a request for an entry gives, 0 if it is blocked. */
static uint8_t served(uint32_t index)
{
	return unit_request(index).msg.vector;
}

static void invalidate(struct vtd_descriptor d)
{
	unit_queue(d);
	unit_queue(wait_for(VTD_WAIT_SW));
	unit_work();
}

static void old_entry_is_served_until_it_is_invalidated(void **state)
{
	const struct vtd_descriptor how[] = { vtd_iec_global(), vtd_iec_index(5, 0) };

	for (unsigned i = 0; i < 2; i++) {
		put(5, 0x41);
		put(6, 0x51);
		invalidate(vtd_iec_global());
		assert_int_equal(served(5), 0x41);
		assert_int_equal(served(6), 0x51);
		put(5, 0x42);
		put(6, 0x52);
		assert_int_equal(served(5), 0x41);
		invalidate(vtd_iec_index(4, 0));
		assert_int_equal(served(5), 0x41);
		invalidate(how[i]);
		assert_int_equal(served(5), 0x42);
		assert_int_equal(served(6), i ? 0x51 : 0x52);
	}
}

static void no_cache_serves_the_table(void **state)
{
	reset(state);
	put(5, 0x41);
	assert_int_equal(served(5), 0x41);
	put(5, 0x42);
	assert_int_equal(served(5), 0x42);
	assert_false(unit_request(5).missed);
}

static void index_mask_invalidates_an_aligned_block(void **state)
{
	for (unsigned mask = 0; mask <= 5; mask++) {
		reset_cached(state);
		for (uint32_t i = 0; i < ENTRIES; i++) {
			put(i, 0x41);
			assert_int_equal(served(i), 0x41);
			put(i, 0x42);
		}
		invalidate(vtd_iec_index(21, mask));
		for (uint32_t i = 0; i < ENTRIES; i++)
			assert_int_equal(served(i), i >> mask == 21u >> mask ? 0x42 : 0x41);
	}
}

/* Entries that fault: becoming good needs an invalidation in caching mode, and only there. */
static void faulting_entries_are_cached_in_caching_mode_only(void **state)
{
	struct irte bad[] = { { { 0, 0 } }, irte_remapped(1, 0x41, SID) };

	bad[1].raw.lo |= 1 << 12; /* reserved */
	for (int cm = 0; cm < 2; cm++) {
		for (unsigned i = 0; i < 2; i++) {
			reset_cached(state);
			unit.config.cap |= cm ? VTD_CAP_CM : 0;
			unit_up(true);
			unit_queue_up(false);
			irte_replace(&unit.table[5], bad[i]);
			assert_int_equal(unit_request(5).kind, VTD_BLOCKED);
			put(5, 0x42);
			assert_int_equal(served(5), cm ? 0 : 0x42);
			invalidate(vtd_iec_index(5, 0));
			assert_int_equal(served(5), 0x42);
		}
	}
}

static void source_is_checked_for_cached_entries_too(void **state)
{
	put(5, 0x41);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(served(5), 0x41);
		assert_int_equal(vtd_request(&unit.vtd, msi_remappable(5, false, 0), SID + 1).fault,
		                 VTD_FAULT_SOURCE);
		assert_false(unit_request(5).missed);
	}
}

/* ESIRTPS: setting the table and switching off invalidate by themselves. */
static void setting_the_table_invalidates_only_with_esirtps(void **state)
{
	for (int by_itself = 0; by_itself < 2; by_itself++) {
		for (int off = 0; off < 2; off++) {
			reset_cached(state);
			unit.config.cap |= by_itself ? VTD_CAP_ESIRTPS : 0;
			unit_up(true);
			put(5, 0x41);
			assert_int_equal(served(5), 0x41);
			put(5, 0x42);
			if (off) {
				unit_command(VTD_GCMD_IRE, false);
				unit_command(VTD_GCMD_IRE, true);
			} else {
				unit_set_table(unit.table, true);
			}
			assert_int_equal(served(5), by_itself ? 0x42 : 0x41);
			/* unit_up sets the table too. */
			assert_int_equal(unit.vtd.invalidations, by_itself ? 2 : 0);
		}
	}
}

/* A request that looked which table before SIRTP, and is slow: its entry is not cached. */
static void entry_of_the_old_table_is_not_cached_afterwards(void **state)
{
	struct irte *other = memory_take(&unit.memory, ENTRIES * sizeof(*other), 4096);
	uint64_t before = unit.vtd.active;
	const struct vtd_asked asked = { .index = 5, .sid = SID, .x2apic = true };
	struct vtd_request_result slow;

	put(5, 0x41);
	irte_replace(&other[5], irte_remapped(1, 0x42, SID));
	unit_set_table(other, true);
	invalidate(vtd_iec_global());
	slow = vtd_uncached(&unit.vtd, before, asked);
	assert_int_equal(slow.msg.vector, 0x41);
	assert_int_equal(served(5), 0x42);
}

static void request_tells_that_it_missed_the_cache(void **state)
{
	put(5, 0x41);
	irte_replace(&unit.table[6], irte_posted(memory_phys(&unit.memory, unit.pid), 0x41, SID));
	for (uint32_t index = 5; index < 7; index++) {
		assert_true(unit_request(index).missed);
		assert_false(unit_request(index).missed);
		invalidate(vtd_iec_index((uint16_t)index, 0));
		assert_true(unit_request(index).missed);
	}
	assert_int_equal(unit.vtd.invalidations, 2);
	/* One that faults misses every time. */
	assert_true(unit_request(7).missed);
	assert_true(unit_request(7).missed);
	/* No entry was asked for. */
	assert_false(unit_request(ENTRIES).missed);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)
#define CACHED(name) cmocka_unit_test_setup(name, reset_cached)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(valid_descriptors_move_the_head),
		TEST(each_invalid_descriptor_stops_the_queue_with_its_reason),
		TEST(error_stops_until_software_clears_it),
		TEST(page_request_drain_is_reserved_without_the_capability),
		TEST(upper_half_of_a_wide_descriptor_is_reserved),
		TEST(each_bad_queue_stops_with_its_reason),
		TEST(head_of_a_queue_that_shrank_is_no_place),
		TEST(queue_wraps_and_begins_anew_when_enabled_again),
		TEST(one_call_does_one_descriptor),
		TEST(queue_works_before_remapping_is_on),
		TEST(status_is_four_bytes),
		TEST(status_comes_after_the_drain),
		TEST(completion_event_is_raised_once_until_it_is_serviced),
		TEST(masked_completion_event_is_held),
		TEST(error_while_a_fault_is_pending_raises_no_event),
		TEST(error_while_an_overflow_is_pending_raises_no_event),
		CACHED(old_entry_is_served_until_it_is_invalidated),
		CACHED(no_cache_serves_the_table),
		CACHED(index_mask_invalidates_an_aligned_block),
		CACHED(faulting_entries_are_cached_in_caching_mode_only),
		CACHED(source_is_checked_for_cached_entries_too),
		CACHED(setting_the_table_invalidates_only_with_esirtps),
		CACHED(entry_of_the_old_table_is_not_cached_afterwards),
		CACHED(request_tells_that_it_missed_the_cache),
	};

	return cmocka_run_group_tests_name("vtd_queue", tests, NULL, NULL);
}
