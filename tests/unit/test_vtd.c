/* SPDX-License-Identifier: BSD-2-Clause */
/* posted/hw/vtd.h: requests that are passed, remapped, posted or blocked, and the posting step. */
#include "vtd_unit.h"

#include <pthread.h>

static int reset(void **state)
{
	unit_build(state);
	unit_up(true);
	return 0;
}

/* From reset again, in xAPIC mode. */
static void up_xapic(void)
{
	unit_up(false);
}

/* A request for entry 1, made of these fields, is blocked for this reason, recorded unless FPD. */
static void assert_blocked(struct irte_fields f, enum vtd_fault fault)
{
	for (int fpd = 0; fpd < 2; fpd++) {
		struct vtd_request_result r;

		f.fpd = fpd;
		irte_replace(&unit.table[1], irte_encode(&f));
		r = unit_request(1);
		assert_int_equal(r.kind, VTD_BLOCKED);
		assert_int_equal(r.fault, fault);
		assert_int_equal(r.index, 1);
		assert_int_equal(r.qualified, fpd);
	}
}

/* Requests. */

static void remapped_entry_gives_its_message(void **state)
{
	struct irte_fields f = { .p = true, .vector = 0x41, .dm = true, .rh = true, .tm = true,
		                 .dlm = 1, .dst = 0x12345678 };
	struct vtd_request_result r;

	irte_replace(&unit.table[3], irte_encode(&f));
	r = unit_request(3);
	assert_int_equal(r.kind, VTD_REMAPPED);
	assert_int_equal(r.index, 3);
	assert_int_equal(r.msg.dest, 0x12345678);
	assert_int_equal(r.msg.vector, 0x41);
	assert_int_equal(r.msg.dlm, 1);
	assert_true(r.msg.logical && r.msg.redirection_hint && r.msg.level);
}

static void xapic_destination_is_bits_47_to_40_of_the_entry(void **state)
{
	up_xapic();
	irte_replace(&unit.table[0], irte_remapped(irte_dst(0x78, false), 0x41, SID));
	assert_int_equal(unit_request(0).msg.dest, 0x78);
}

static void posted_entry_gives_the_descriptor_and_the_virtual_vector(void **state)
{
	struct irte_fields f = { .p = true, .posted = true, .vector = 0x41, .urg = true,
		                 .pda = memory_phys(&unit.memory, unit.pid) };
	struct vtd_request_result r;

	irte_replace(&unit.table[2], irte_encode(&f));
	r = unit_request(2);
	assert_int_equal(r.kind, VTD_POST);
	assert_ptr_equal(r.pid, unit.pid);
	assert_int_equal(r.vector, 0x41);
	assert_true(r.urgent);
	irte_replace(&unit.table[2], irte_posted(f.pda, 0x42, SID));
	assert_false(unit_request(2).urgent);
}

static void request_changes_neither_table_nor_descriptor(void **state)
{
	uint8_t before[sizeof(unit.ram)];

	irte_replace(&unit.table[2], irte_posted(memory_phys(&unit.memory, unit.pid), 0x41, SID));
	memcpy(before, unit.ram, sizeof(unit.ram));
	unit_request(2);
	unit_request(3);
	assert_memory_equal(unit.ram, before, sizeof(unit.ram));
}

static void subhandle_selects_the_entry_and_reserved_data_is_fault_20(void **state)
{
	struct msi_msg m = msi_remappable(2, true, 5);

	irte_replace(&unit.table[7], irte_remapped(1, 0x41, SID));
	assert_int_equal(vtd_request(&unit.vtd, m, SID).kind, VTD_REMAPPED);
	m.data |= 0x10000;
	assert_int_equal(vtd_request(&unit.vtd, m, SID).fault, VTD_FAULT_REQUEST_RSVD);
	m = msi_remappable(7, false, 0);
	m.data = 0xffffffff;
	assert_int_equal(vtd_request(&unit.vtd, m, SID).kind, VTD_REMAPPED);
}

static void index_beyond_the_table_is_fault_21(void **state)
{
	assert_int_equal(unit_request(ENTRIES).fault, VTD_FAULT_INDEX);
	assert_int_equal(unit_request(0xffff).fault, VTD_FAULT_INDEX);
	assert_int_equal(unit_request(ENTRIES - 1).fault, VTD_FAULT_NOT_PRESENT);
}

/* 17 bits of it: FFFFh and 5 are no entry 4. */
static void index_is_a_plain_sum(void **state)
{
	struct vtd_request_result r;

	irte_replace(&unit.table[4], irte_remapped(1, 0x41, SID));
	r = vtd_request(&unit.vtd, msi_remappable(0xffff, true, 5), SID);
	assert_int_equal(r.fault, VTD_FAULT_INDEX);
	assert_int_equal(r.index, 0x10004);
}

static void entry_not_present_is_fault_22(void **state)
{
	assert_blocked((struct irte_fields){ .vector = 0x41 }, VTD_FAULT_NOT_PRESENT);
}

static void table_outside_memory_is_fault_23(void **state)
{
	vtd_write(&unit.vtd, VTD_IRTA, 8, 0x1000 | VTD_IRTA_EIME);
	unit_command(VTD_GCMD_SIRTP, true);
	assert_int_equal(unit_request(0).fault, VTD_FAULT_TABLE);
}

/* Sets one bit, 0 to 127, of an entry that is good otherwise; what the request becomes. */
static struct vtd_request_result with_bit(struct irte e, unsigned bit)
{
	*(bit < 64 ? &e.raw.lo : &e.raw.hi) |= 1ull << bit % 64;
	irte_replace(&unit.table[1], e);
	return unit_request(1);
}

static void each_reserved_bit_of_an_entry_is_fault_24(void **state)
{
	static const struct {
		bool posted;
		unsigned low, high;
	} reserved[] = {
		{ false, 12, 13 }, { false, 24, 31 }, { false, 84, 127 },
		{ true, 2, 7 },    { true, 12, 13 },  { true, 24, 37 },   { true, 84, 95 },
	};
	struct irte remapped = irte_remapped(1, 0x41, SID);
	struct irte posted = irte_posted(memory_phys(&unit.memory, unit.pid), 0x41, SID);

	for (unsigned i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		for (unsigned bit = reserved[i].low; bit <= reserved[i].high; bit++) {
			struct irte e = reserved[i].posted ? posted : remapped;

			assert_int_equal(with_bit(e, bit).fault, VTD_FAULT_IRTE_RSVD);
		}
	}
	for (unsigned bit = 64 + 39; bit < 128; bit++) /* above the host address width */
		assert_int_equal(with_bit(posted, bit).fault, VTD_FAULT_IRTE_RSVD);
}

static void xapic_mode_reserves_the_rest_of_the_destination(void **state)
{
	struct irte e = irte_remapped(0, 0x41, SID);

	for (unsigned bit = 32; bit < 64; bit++)
		assert_int_equal(with_bit(e, bit).kind, VTD_REMAPPED);
	up_xapic();
	for (unsigned bit = 32; bit < 64; bit++)
		assert_int_equal(with_bit(e, bit).kind,
		                 bit >= 40 && bit < 48 ? VTD_REMAPPED : VTD_BLOCKED);
}

static void posted_entry_is_reserved_without_the_capability(void **state)
{
	unit.config.cap &= ~VTD_CAP_PI;
	unit_up(true);
	irte_replace(&unit.table[1], irte_posted(memory_phys(&unit.memory, unit.pid), 0x41, SID));
	assert_int_equal(unit_request(1).fault, VTD_FAULT_IRTE_RSVD);
}

static struct vtd_request_result compatibility(void)
{
	return vtd_request(&unit.vtd, msi_compat(3, 0x41), SID);
}

static void compatibility_request_passes_only_without_eime_and_with_cfi(void **state)
{
	assert_int_equal(compatibility().fault, VTD_FAULT_COMPATIBILITY);
	unit_command(VTD_GCMD_CFI, true);
	assert_int_equal(compatibility().fault, VTD_FAULT_COMPATIBILITY);
	up_xapic();
	assert_int_equal(compatibility().fault, VTD_FAULT_COMPATIBILITY);
	unit_command(VTD_GCMD_CFI, true);
	assert_int_equal(compatibility().kind, VTD_PASS);
	assert_int_equal(compatibility().msg.dest, 3);
	assert_int_equal(compatibility().msg.vector, 0x41);
	unit_command(VTD_GCMD_CFI, false);
	assert_int_equal(compatibility().fault, VTD_FAULT_COMPATIBILITY);
}

static void everything_passes_while_remapping_is_off(void **state)
{
	unit_command(VTD_GCMD_IRE, false);
	assert_int_equal(compatibility().kind, VTD_PASS);
	assert_int_equal(unit_request(ENTRIES).kind, VTD_PASS);
}

static void nothing_passes_if_remapping_is_required_and_off(void **state)
{
	unit.config.ecap |= VTD_ECAP_IRREQ;
	unit_up(true);
	irte_replace(&unit.table[1], irte_remapped(1, 0x41, SID));
	assert_int_equal(unit_request(1).kind, VTD_REMAPPED);
	unit_command(VTD_GCMD_IRE, false);
	assert_int_equal(compatibility().fault, VTD_FAULT_IR_REQUIRED);
	assert_int_equal(unit_request(1).fault, VTD_FAULT_IR_REQUIRED);
}

static void nothing_passes_if_x2apic_destinations_are_required_and_off(void **state)
{
	irte_replace(&unit.table[1], irte_remapped(1, 0x41, SID));
	unit.config.ecap |= VTD_ECAP_EIMER;
	unit_up(true);
	assert_int_equal(unit_request(1).kind, VTD_REMAPPED);
	up_xapic();
	unit_command(VTD_GCMD_CFI, true);
	assert_int_equal(unit_request(1).fault, VTD_FAULT_EIM_REQUIRED);
	assert_int_equal(compatibility().fault, VTD_FAULT_EIM_REQUIRED);
}

static void entry_above_the_address_width_is_fault_21(void **state)
{
	vtd_write(&unit.vtd, VTD_IRTA, 8, 1ull << 39 | VTD_IRTA_EIME | 5);
	unit_command(VTD_GCMD_SIRTP, true);
	assert_int_equal(unit_request(1).fault, VTD_FAULT_INDEX);
}

/* 29h: what reaches FEEx_xxxxH and is no interrupt. */
static void only_an_aligned_write_of_four_bytes_is_an_interrupt(void **state)
{
	static const struct {
		uint64_t address;
		unsigned size;
		bool write;
	} bad[] = {
		{ 0xfee00030, 4, false }, { 0xfee00030, 2, true }, { 0xfee00030, 8, true },
		{ 0xfee00031, 4, true },  { 0xfee00032, 4, true }, { 0x1fee00030, 4, true },
		{ 0xfef00030, 4, true },
	};

	irte_replace(&unit.table[1], irte_remapped(1, 0x41, SID));
	assert_int_equal(vtd_dma(&unit.vtd, 0xfee00030, 0, 4, true, SID).kind, VTD_REMAPPED);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(vtd_dma(&unit.vtd, bad[i].address, 0, bad[i].size, bad[i].write,
		                         SID).fault, VTD_FAULT_UNTRANSLATED);
}

/* By SQ, which function-number bits a source may differ in. */
static void source_id_is_compared_as_sq_says(void **state)
{
	static const uint16_t ignored[] = { 0, 4, 6, 7 };

	for (unsigned sq = 0; sq < 4; sq++) {
		for (unsigned bit = 0; bit < 16; bit++) {
			struct irte_fields f = { .p = true, .sid = SID ^ (uint16_t)(1u << bit),
				                 .sq = (uint8_t)sq, .svt = IRTE_SVT_SID };

			if (!(1u << bit & ignored[sq])) {
				assert_blocked(f, VTD_FAULT_SOURCE);
				continue;
			}
			irte_replace(&unit.table[1], irte_encode(&f));
			assert_int_equal(unit_request(1).kind, VTD_REMAPPED);
		}
	}
}

static void source_bus_is_first_to_last_inclusive(void **state)
{
	static const struct {
		uint16_t range;
		bool allowed; /* bus 3 */
	} cases[] = {
		{ 0x0303, true }, { 0x0005, true }, { 0x0305, true }, { 0x0103, true },
		{ 0x0405, false }, { 0x0002, false }, { 0x0501, false },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct irte_fields f = { .p = true, .sid = cases[i].range, .svt = IRTE_SVT_BUS };

		irte_replace(&unit.table[1], irte_encode(&f));
		assert_int_equal(unit_request(1).kind,
		                 cases[i].allowed ? VTD_REMAPPED : VTD_BLOCKED);
	}
}

static void source_is_not_compared_without_validation(void **state)
{
	struct irte_fields f = { .p = true, .sid = 0xffff };

	irte_replace(&unit.table[1], irte_encode(&f));
	assert_int_equal(unit_request(1).kind, VTD_REMAPPED);
}

static void reserved_source_validation_type_is_fault_26(void **state)
{
	assert_blocked((struct irte_fields){ .p = true, .sid = SID, .svt = 3 }, VTD_FAULT_SOURCE);
}

static void source_is_compared_before_reserved_bits(void **state)
{
	struct irte e = irte_remapped(1, 0x41, SID + 1);

	assert_int_equal(with_bit(e, 12).fault, VTD_FAULT_SOURCE);
	e = irte_posted(memory_phys(&unit.memory, unit.pid), 0x41, SID + 1);
	assert_int_equal(with_bit(e, 12).fault, VTD_FAULT_SOURCE);
}

static void descriptor_outside_memory_is_fault_27(void **state)
{
	assert_blocked((struct irte_fields){ .p = true, .posted = true, .pda = 0x1000 },
	               VTD_FAULT_PID);
}

/* Posting. */

static void post_notifies_if_on_was_clear_and_sn_does_not_forbid_it(void **state)
{
	for (unsigned bits = 0; bits < 8; bits++) {
		bool on = bits & 1, sn = bits & 2, urgent = bits & 4;
		bool notify = !on && (!sn || urgent);
		uint64_t control = pi_control(0xf2, 5) | (on ? PI_ON : 0) | (sn ? PI_SN : 0);
		struct vtd_post_result r;

		reset(state);
		unit.pid->control = control;
		r = vtd_post(unit.pid, 0x41, urgent, true);
		assert_false(r.fault || r.merged);
		assert_int_equal(r.notify, notify);
		assert_int_equal(unit.pid->control, control | (notify ? PI_ON : 0));
		assert_int_equal(unit.pid->pir[1], 2);
		assert_int_equal(unit.pid->pir[0] | unit.pid->pir[2] | unit.pid->pir[3], 0);
	}
}

static void notification_is_nv_to_ndst(void **state)
{
	struct vtd_post_result r;

	unit.pid->control = pi_control(0xf1, 0x12345678);
	r = vtd_post(unit.pid, 0x41, false, true);
	assert_int_equal(r.notification.dest, 0x12345678);
	assert_int_equal(r.notification.vector, 0xf1);
	assert_int_equal(r.notification.dlm, APIC_DM_FIXED);
	assert_false(r.notification.logical || r.notification.level);
	unit.pid->control = pi_control(0xf2, pi_ndst(0x78, false));
	assert_int_equal(vtd_post(unit.pid, 0x41, false, false).notification.dest, 0x78);
}

static void second_post_of_a_vector_merges(void **state)
{
	assert_false(vtd_post(unit.pid, 0x41, false, true).merged);
	assert_true(vtd_post(unit.pid, 0x41, false, true).merged);
	pi_clear_on(unit.pid);
	assert_true(vtd_post(unit.pid, 0x41, false, true).notify);
}

static void each_reserved_bit_of_a_descriptor_blocks_the_post_unchanged(void **state)
{
	for (unsigned bit = 256; bit < 512; bit++) {
		bool field = bit < 258 || (bit >= 272 && bit < 280) || (bit >= 288 && bit < 320);
		bool field_xapic = field && (bit < 288 || (bit >= 296 && bit < 304));
		struct pi_desc before;

		reset(state);
		unit.pid->control = 0;
		((uint64_t *)unit.pid)[bit / 64] |= 1ull << bit % 64;
		before = *unit.pid;
		assert_int_equal(vtd_post(unit.pid, 0x41, false, true).fault,
		                 field ? VTD_FAULT_NONE : VTD_FAULT_PID_RSVD);
		if (!field)
			assert_memory_equal(unit.pid, &before, sizeof(before));
		*unit.pid = before;
		assert_int_equal(vtd_post(unit.pid, 0x41, false, false).fault,
		                 field_xapic ? VTD_FAULT_NONE : VTD_FAULT_PID_RSVD);
	}
}

/* Races. */

#define POSTS 200000

static uint64_t notifications, done;

static void *poster(void *arg)
{
	uint64_t notified = 0;

	for (unsigned i = 0; i < POSTS; i++)
		notified += vtd_post(unit.pid, (uint8_t)(i * 7), false, true).notify;
	pi_count(&notifications, notified);
	pi_count(&done, 1);
	return NULL;
}

/* What the notified side does; true if a notification was outstanding. */
static bool process(void)
{
	uint64_t pir[4];

	if (!pi_on(unit.pid))
		return false;
	pi_clear_on(unit.pid);
	pi_take_pir(unit.pid, pir);
	return true;
}

static void racing_posts_leave_nothing_behind_without_a_notification(void **state)
{
	uint64_t processed = 0;
	pthread_t thread[2];

	pi_store_release(&notifications, 0);
	pi_store_release(&done, 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, poster, NULL), 0);
	while (pi_load_acquire(&done) < 2)
		processed += process();
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	processed += process();
	assert_true(pi_pir_empty(unit.pid));
	assert_int_equal(processed, pi_load_acquire(&notifications));
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(remapped_entry_gives_its_message),
		TEST(xapic_destination_is_bits_47_to_40_of_the_entry),
		TEST(posted_entry_gives_the_descriptor_and_the_virtual_vector),
		TEST(request_changes_neither_table_nor_descriptor),
		TEST(subhandle_selects_the_entry_and_reserved_data_is_fault_20),
		TEST(index_beyond_the_table_is_fault_21),
		TEST(index_is_a_plain_sum),
		TEST(entry_not_present_is_fault_22),
		TEST(table_outside_memory_is_fault_23),
		TEST(each_reserved_bit_of_an_entry_is_fault_24),
		TEST(xapic_mode_reserves_the_rest_of_the_destination),
		TEST(posted_entry_is_reserved_without_the_capability),
		TEST(compatibility_request_passes_only_without_eime_and_with_cfi),
		TEST(everything_passes_while_remapping_is_off),
		TEST(nothing_passes_if_remapping_is_required_and_off),
		TEST(nothing_passes_if_x2apic_destinations_are_required_and_off),
		TEST(entry_above_the_address_width_is_fault_21),
		TEST(only_an_aligned_write_of_four_bytes_is_an_interrupt),
		TEST(source_id_is_compared_as_sq_says),
		TEST(source_bus_is_first_to_last_inclusive),
		TEST(source_is_not_compared_without_validation),
		TEST(reserved_source_validation_type_is_fault_26),
		TEST(source_is_compared_before_reserved_bits),
		TEST(descriptor_outside_memory_is_fault_27),
		TEST(post_notifies_if_on_was_clear_and_sn_does_not_forbid_it),
		TEST(notification_is_nv_to_ndst),
		TEST(second_post_of_a_vector_merges),
		TEST(each_reserved_bit_of_a_descriptor_blocks_the_post_unchanged),
		TEST(racing_posts_leave_nothing_behind_without_a_notification),
	};

	return cmocka_run_group_tests_name("vtd", tests, NULL, NULL);
}
