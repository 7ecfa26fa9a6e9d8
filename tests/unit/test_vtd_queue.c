/* SPDX-License-Identifier: BSD-2-Clause */
/* The invalidation queue: descriptors, errors, waits; and what the cache serves until then. */
#include "vtd_unit.h"

#define TYPE(n) { (n), 0 }

static int reset(void **state)
{
	unit_build(state);
	unit.config.ecap |= PSTD_VTD_ECAP_SMTS;
	unit_up(true);
	unit_queue_up(false);
	return 0;
}

static uint64_t head(void)
{
	return pstd_vtd_read(&unit.vtd, PSTD_VTD_IQH, 8);
}

static uint64_t iqer(void)
{
	return pstd_vtd_read(&unit.vtd, PSTD_VTD_IQER, 8);
}

static bool iqe(void)
{
	return unit_read(PSTD_VTD_FSTS) & PSTD_VTD_FSTS_IQE;
}

static struct pstd_vtd_descriptor wait_for(uint64_t flags)
{
	struct pstd_vtd_descriptor d =
		pstd_vtd_wait_status(pstd_memory_phys(&unit.memory, unit.status), 0x600d);

	d.lo = (d.lo & ~PSTD_VTD_WAIT_SW) | flags;
	return d;
}

static void set_tail(uint64_t tail)
{
	pstd_vtd_write(&unit.vtd, PSTD_VTD_IQT, 8, tail);
}

/* Descriptors. */

static void valid_descriptors_move_the_head(void **state)
{
	const struct pstd_vtd_descriptor valid[] = {
		{ PSTD_VTD_DESC_CONTEXT | ~0ull << 12, ~0ull },
		{ PSTD_VTD_DESC_IOTLB | ~0ull << 12, ~0ull },
		{ PSTD_VTD_DESC_DEVICE_TLB | ~0ull << 12, ~0ull },
		pstd_vtd_iec_global(), pstd_vtd_iec_index(0xffff, 5), pstd_vtd_iec_index(3, 0),
		wait_for(0), wait_for(PSTD_VTD_WAIT_SW | PSTD_VTD_WAIT_IF | PSTD_VTD_WAIT_FN),
	};

	for (int wide = 0; wide < 2; wide++) {
		uint64_t step = wide ? 32 : 16;

		reset(state);
		unit_command(PSTD_VTD_GCMD_QIE, false);
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
		struct pstd_vtd_descriptor d;
		enum pstd_vtd_iqei reason;
	} cases[] = {
		{ TYPE(0), PSTD_VTD_IQEI_TYPE },   { TYPE(6), PSTD_VTD_IQEI_TYPE },
		{ TYPE(7), PSTD_VTD_IQEI_TYPE },   { TYPE(8), PSTD_VTD_IQEI_TYPE },
		{ TYPE(9), PSTD_VTD_IQEI_TYPE },   { TYPE(10), PSTD_VTD_IQEI_TYPE },
		{ TYPE(15), PSTD_VTD_IQEI_TYPE },  { TYPE(0x204), PSTD_VTD_IQEI_TYPE },
		{ TYPE(0x805), PSTD_VTD_IQEI_TYPE },
		{ { 0x24, 0 }, PSTD_VTD_IQEI_RSVD }, { { 0x104, 0 }, PSTD_VTD_IQEI_RSVD },
		{ { 0x1004, 0 }, PSTD_VTD_IQEI_RSVD }, { { 0x4000004, 0 }, PSTD_VTD_IQEI_RSVD },
		{ { 1ull << 48 | 4, 0 }, PSTD_VTD_IQEI_RSVD }, { { 4, 1 }, PSTD_VTD_IQEI_RSVD },
		{ { 4, 1ull << 63 }, PSTD_VTD_IQEI_RSVD },
		{ { PSTD_VTD_DESC_IEC | PSTD_VTD_IEC_INDEXED | 6 << 27, 0 }, PSTD_VTD_IQEI_RSVD },
		{ { 0x105, 0 }, PSTD_VTD_IQEI_RSVD }, { { 0x1005, 0 }, PSTD_VTD_IQEI_RSVD },
		{ { 0x80000005, 0 }, PSTD_VTD_IQEI_RSVD }, { { 0x85, 0 }, PSTD_VTD_IQEI_RSVD },
		{ { 5, 1 }, PSTD_VTD_IQEI_RSVD },    { { 5, 2 }, PSTD_VTD_IQEI_RSVD },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pstd_vtd_event event;

		reset(state);
		unit_queue(pstd_vtd_iec_global());
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
	unit_queue((struct pstd_vtd_descriptor)TYPE(0));
	unit_work();
	unit_queue(wait_for(PSTD_VTD_WAIT_SW));
	unit_work();
	assert_int_equal(head(), 0);
	/* Not corrected: the same again. */
	unit_write(PSTD_VTD_FSTS, PSTD_VTD_FSTS_IQE);
	assert_int_equal(iqer(), 0);
	assert_true(unit_work().send);
	assert_int_equal(iqer(), PSTD_VTD_IQEI_TYPE);
	/* Corrected: it goes on by itself. */
	unit.queue[0] = pstd_vtd_iec_global().lo;
	unit_write(PSTD_VTD_FSTS, PSTD_VTD_FSTS_IQE);
	unit_work();
	assert_int_equal(head(), 32);
	assert_int_equal(*unit.status, 0x600d);
	assert_false(iqe());
}

static void page_request_drain_is_reserved_without_the_capability(void **state)
{
	for (int offered = 0; offered < 2; offered++) {
		reset(state);
		unit.config.ecap |= offered ? PSTD_VTD_ECAP_PDS : 0;
		unit_up(true);
		unit_queue_up(false);
		unit_queue(wait_for(PSTD_VTD_WAIT_SW | PSTD_VTD_WAIT_PD));
		unit_work();
		assert_int_equal(iqer(), offered ? PSTD_VTD_IQEI_NONE : PSTD_VTD_IQEI_RSVD);
		assert_int_equal(*unit.status, offered ? 0x600d : 0);
	}
}

static void upper_half_of_a_wide_descriptor_is_reserved(void **state)
{
	unit_command(PSTD_VTD_GCMD_QIE, false);
	unit_queue_up(true);
	unit.queue[0] = pstd_vtd_iec_global().lo;
	for (unsigned word = 2; word < 4; word++) {
		unit.queue[word] = 1;
		set_tail(32);
		unit_work();
		assert_int_equal(iqer(), PSTD_VTD_IQEI_RSVD);
		unit.queue[word] = 0;
		unit_write(PSTD_VTD_FSTS, PSTD_VTD_FSTS_IQE);
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
		enum pstd_vtd_iqei reason;
	} cases[] = {
		/* a good tail: an empty descriptor */
		{ GOOD, true, 4096 - 16, PSTD_VTD_IQEI_TYPE },
		{ GOOD, true, 4096, PSTD_VTD_IQEI_TAIL },
		{ GOOD, true, 0x7fff0, PSTD_VTD_IQEI_TAIL },
		{ TWO_PAGES, true, 4096, PSTD_VTD_IQEI_TYPE },
		{ TWO_PAGES, true, 8192, PSTD_VTD_IQEI_TAIL },
		{ FAR, true, 16, PSTD_VTD_IQEI_FETCH },
		{ WIDE, true, 32, PSTD_VTD_IQEI_TYPE },
		{ WIDE, true, 48, PSTD_VTD_IQEI_ALIGNMENT },
		{ WIDE, true, 4096, PSTD_VTD_IQEI_TAIL },
		{ WIDE, false, 32, PSTD_VTD_IQEI_WIDTH },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t base;

		unit_build(state);
		unit.config.ecap |= cases[i].smts ? PSTD_VTD_ECAP_SMTS : 0;
		unit_up(true);
		unit_queue_up(false);
		base = pstd_memory_phys(&unit.memory, unit.queue);
		pstd_vtd_write(&unit.vtd, PSTD_VTD_IQA, 8,
		               cases[i].queue == FAR         ? 0x1000
		               : cases[i].queue == TWO_PAGES ? base | 1
		               : cases[i].queue == WIDE      ? base | PSTD_VTD_IQA_DW
		                                             : base);
		set_tail(cases[i].tail);
		assert_true(unit_work().send);
		assert_int_equal(iqer(), cases[i].reason);
		assert_int_equal(head(), 0);
	}
}

static void head_of_a_queue_that_shrank_is_no_place(void **state)
{
	uint64_t base = pstd_memory_phys(&unit.memory, unit.queue);

	pstd_vtd_write(&unit.vtd, PSTD_VTD_IQA, 8, base | 1);
	for (unsigned i = 0; i < QUEUE / 8; i += 2)
		unit.queue[i] = pstd_vtd_iec_global().lo;
	set_tail(QUEUE);
	unit_work();
	assert_int_equal(head(), QUEUE);
	pstd_vtd_write(&unit.vtd, PSTD_VTD_IQA, 8, base);
	set_tail(0);
	unit_work();
	assert_int_equal(iqer(), PSTD_VTD_IQEI_FETCH);
}

static void queue_wraps_and_begins_anew_when_enabled_again(void **state)
{
	for (unsigned i = 0; i < QUEUE / 16 + 3; i++) {
		unit_queue(pstd_vtd_iec_global());
		unit_work();
	}
	assert_int_equal(head(), 3 * 16);
	assert_int_equal(unit.vtd.invalidations, QUEUE / 16 + 3);
	unit_command(PSTD_VTD_GCMD_QIE, false);
	assert_int_equal(head(), 0);
	set_tail(16);
	assert_true(!unit_work().send && head() == 0);
	unit_command(PSTD_VTD_GCMD_QIE, true);
	unit_work();
	assert_int_equal(head(), 16);
}

static void one_call_does_one_descriptor(void **state)
{
	struct pstd_vtd_event event;

	unit_queue(pstd_vtd_iec_global());
	unit_queue(wait_for(PSTD_VTD_WAIT_SW));
	assert_true(pstd_vtd_work(&unit.vtd, &event));
	assert_int_equal(head(), 16);
	assert_int_equal(*unit.status, 0);
	assert_true(pstd_vtd_work(&unit.vtd, &event));
	assert_int_equal(*unit.status, 0x600d);
	assert_false(pstd_vtd_work(&unit.vtd, &event));
}

static void queue_works_before_remapping_is_on(void **state)
{
	unit_init();
	unit_queue_up(false);
	unit_queue(wait_for(PSTD_VTD_WAIT_SW));
	unit_work();
	assert_int_equal(*unit.status, 0x600d);
}

/* Waits. */

static void status_is_four_bytes(void **state)
{
	uint64_t at = pstd_memory_phys(&unit.memory, unit.status);

	*unit.status = 0x1111111122222222;
	unit_queue(pstd_vtd_wait_status(at, 0x33333333));
	unit_work();
	assert_int_equal(*unit.status, 0x1111111133333333);
	unit_queue(pstd_vtd_wait_status(at + 4, 0x44444444));
	unit_work();
	assert_int_equal(*unit.status, 0x4444444433333333);
	/* Above the address width: ignored. Outside memory: lost, and no error. */
	unit_queue(pstd_vtd_wait_status(at | 1ull << 50, 0x55555555));
	unit_queue(pstd_vtd_wait_status(0x1000, 0x66666666));
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
	unit_queue(pstd_vtd_iec_index(1, 0));
	unit_queue(pstd_vtd_iec_index(2, 0));
	unit_work();
	unit_queue(wait_for(PSTD_VTD_WAIT_SW));
	unit_work();
	assert_int_equal(unit.drains, 1);
	assert_int_equal(status_then, 0);
	assert_int_equal(*unit.status, 0x600d);
	/* Nothing was invalidated since: nobody can use an old entry. */
	unit_queue(wait_for(PSTD_VTD_WAIT_SW));
	unit_work();
	assert_int_equal(unit.drains, 1);
}

static bool completes(void)
{
	struct pstd_vtd_event event;

	unit_queue(wait_for(PSTD_VTD_WAIT_IF));
	event = unit_work();
	assert_true(!event.send || event.msg.data == WAIT_VECTOR);
	return event.send;
}

static bool held(void)
{
	return unit_read(PSTD_VTD_IECTL) & PSTD_VTD_ECTL_IP;
}

static void completion_event_is_raised_once_until_it_is_serviced(void **state)
{
	assert_true(completes());
	assert_int_equal(unit_read(PSTD_VTD_ICS), PSTD_VTD_ICS_IWC);
	assert_false(completes());
	unit_write(PSTD_VTD_ICS, PSTD_VTD_ICS_IWC);
	assert_true(completes());
}

static void masked_completion_event_is_held(void **state)
{
	unit_write(PSTD_VTD_IECTL, PSTD_VTD_ECTL_IM);
	assert_false(completes());
	assert_true(held());
	assert_int_equal(unit_write(PSTD_VTD_IECTL, 0).msg.data, WAIT_VECTOR);
	assert_false(held());
	/* Serviced while it was held: not sent. */
	unit_write(PSTD_VTD_ICS, PSTD_VTD_ICS_IWC);
	unit_write(PSTD_VTD_IECTL, PSTD_VTD_ECTL_IM);
	assert_false(completes());
	unit_write(PSTD_VTD_ICS, PSTD_VTD_ICS_IWC);
	assert_false(held());
	assert_false(unit_write(PSTD_VTD_IECTL, 0).send);
}

static void error_while_a_fault_is_pending_raises_no_event(void **state)
{
	assert_true(pstd_vtd_fault(&unit.vtd, PSTD_VTD_FAULT_INDEX, false, 0, SID).send);
	unit_queue((struct pstd_vtd_descriptor)TYPE(0));
	assert_false(unit_work().send);
	assert_true(iqe());
	/* Nor a fault while the error is. */
	unit_write(FRCD + 12, PSTD_VTD_FRCD_F >> 32);
	assert_false(pstd_vtd_fault(&unit.vtd, PSTD_VTD_FAULT_INDEX, false, 0, SID).send);
}

/* An overflow is left alone: the records that it found in its way are free again. */
static void error_while_an_overflow_is_pending_raises_no_event(void **state)
{
	for (unsigned i = 0; i <= RECORDS; i++)
		pstd_vtd_fault(&unit.vtd, PSTD_VTD_FAULT_INDEX, false, 0, SID);
	for (unsigned i = 0; i < RECORDS; i++)
		unit_write(FRCD + 16 * i + 12, PSTD_VTD_FRCD_F >> 32);
	assert_int_equal(unit_read(PSTD_VTD_FSTS) & PSTD_VTD_FSTS_PENDING, PSTD_VTD_FSTS_PFO);
	unit_queue((struct pstd_vtd_descriptor)TYPE(0));
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
	pstd_irte_replace(&unit.table[index], pstd_irte_remapped(1, vector, SID));
}

/* The vector that a request for an entry gives, 0 if it is blocked. */
static uint8_t served(uint32_t index)
{
	return unit_request(index).msg.vector;
}

static void invalidate(struct pstd_vtd_descriptor d)
{
	unit_queue(d);
	unit_queue(wait_for(PSTD_VTD_WAIT_SW));
	unit_work();
}

static void old_entry_is_served_until_it_is_invalidated(void **state)
{
	const struct pstd_vtd_descriptor how[] = { pstd_vtd_iec_global(),
		                                   pstd_vtd_iec_index(5, 0) };

	for (unsigned i = 0; i < 2; i++) {
		put(5, 0x41);
		put(6, 0x51);
		invalidate(pstd_vtd_iec_global());
		assert_int_equal(served(5), 0x41);
		assert_int_equal(served(6), 0x51);
		put(5, 0x42);
		put(6, 0x52);
		assert_int_equal(served(5), 0x41);
		invalidate(pstd_vtd_iec_index(4, 0));
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
		invalidate(pstd_vtd_iec_index(21, mask));
		for (uint32_t i = 0; i < ENTRIES; i++)
			assert_int_equal(served(i), i >> mask == 21u >> mask ? 0x42 : 0x41);
	}
}

/* Entries that fault: becoming good needs an invalidation in caching mode, and only there. */
static void faulting_entries_are_cached_in_caching_mode_only(void **state)
{
	struct pstd_irte bad[] = { { { 0, 0 } }, pstd_irte_remapped(1, 0x41, SID) };

	bad[1].raw.lo |= 1 << 12; /* reserved */
	for (int cm = 0; cm < 2; cm++) {
		for (unsigned i = 0; i < 2; i++) {
			reset_cached(state);
			unit.config.cap |= cm ? PSTD_VTD_CAP_CM : 0;
			unit_up(true);
			unit_queue_up(false);
			pstd_irte_replace(&unit.table[5], bad[i]);
			assert_int_equal(unit_request(5).kind, PSTD_VTD_BLOCKED);
			put(5, 0x42);
			assert_int_equal(served(5), cm ? 0 : 0x42);
			invalidate(pstd_vtd_iec_index(5, 0));
			assert_int_equal(served(5), 0x42);
		}
	}
}

static void source_is_checked_for_cached_entries_too(void **state)
{
	struct pstd_msi_msg m = pstd_msi_remappable(5, false, 0);

	put(5, 0x41);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(served(5), 0x41);
		assert_int_equal(pstd_vtd_request(&unit.vtd, m, SID + 1).fault,
		                 PSTD_VTD_FAULT_SOURCE);
		assert_false(unit_request(5).missed);
	}
}

/* ESIRTPS: setting the table and switching off invalidate by themselves. */
static void setting_the_table_invalidates_only_with_esirtps(void **state)
{
	for (int by_itself = 0; by_itself < 2; by_itself++) {
		for (int off = 0; off < 2; off++) {
			reset_cached(state);
			unit.config.cap |= by_itself ? PSTD_VTD_CAP_ESIRTPS : 0;
			unit_up(true);
			put(5, 0x41);
			assert_int_equal(served(5), 0x41);
			put(5, 0x42);
			if (off) {
				unit_command(PSTD_VTD_GCMD_IRE, false);
				unit_command(PSTD_VTD_GCMD_IRE, true);
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
	struct pstd_irte *other = pstd_memory_take(&unit.memory, ENTRIES * sizeof(*other), 4096);
	uint64_t before = unit.vtd.active;
	const struct pstd_vtd_asked asked = { .index = 5, .sid = SID, .x2apic = true };
	struct pstd_vtd_request_result slow;

	put(5, 0x41);
	pstd_irte_replace(&other[5], pstd_irte_remapped(1, 0x42, SID));
	unit_set_table(other, true);
	invalidate(pstd_vtd_iec_global());
	slow = pstd_vtd_uncached(&unit.vtd, before, asked);
	assert_int_equal(slow.msg.vector, 0x41);
	assert_int_equal(served(5), 0x42);
}

static void request_tells_that_it_missed_the_cache(void **state)
{
	put(5, 0x41);
	pstd_irte_replace(&unit.table[6],
	                  pstd_irte_posted(pstd_memory_phys(&unit.memory, unit.pid), 0x41, SID));
	for (uint32_t index = 5; index < 7; index++) {
		assert_true(unit_request(index).missed);
		assert_false(unit_request(index).missed);
		invalidate(pstd_vtd_iec_index((uint16_t)index, 0));
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
