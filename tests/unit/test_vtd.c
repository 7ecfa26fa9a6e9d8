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
static void assert_blocked(struct pstd_irte_fields f, enum pstd_vtd_fault fault)
{
	for (int fpd = 0; fpd < 2; fpd++) {
		struct pstd_vtd_request_result r;

		f.fpd = fpd;
		pstd_irte_replace(&unit.table[1], pstd_irte_encode(&f));
		r = unit_request(1);
		assert_int_equal(r.kind, PSTD_VTD_BLOCKED);
		assert_int_equal(r.fault, fault);
		assert_int_equal(r.index, 1);
		assert_int_equal(r.qualified, fpd);
	}
}

/* Requests. */

static void remapped_entry_gives_its_message(void **state)
{
	struct pstd_irte_fields f = { .p = true, .vector = 0x41, .dm = true, .rh = true, .tm = true,
		                      .dlm = 1, .dst = 0x12345678 };
	struct pstd_vtd_request_result r;

	pstd_irte_replace(&unit.table[3], pstd_irte_encode(&f));
	r = unit_request(3);
	assert_int_equal(r.kind, PSTD_VTD_REMAPPED);
	assert_int_equal(r.index, 3);
	assert_int_equal(r.msg.dest, 0x12345678);
	assert_int_equal(r.msg.vector, 0x41);
	assert_int_equal(r.msg.dlm, 1);
	assert_true(r.msg.logical && r.msg.redirection_hint && r.msg.level);
}

static void xapic_destination_is_bits_47_to_40_of_the_entry(void **state)
{
	up_xapic();
	pstd_irte_replace(&unit.table[0],
	                  pstd_irte_remapped(pstd_irte_dst(0x78, false), 0x41, SID));
	assert_int_equal(unit_request(0).msg.dest, 0x78);
}

static void posted_entry_gives_the_descriptor_and_the_virtual_vector(void **state)
{
	struct pstd_irte_fields f = { .p = true, .posted = true, .vector = 0x41, .urg = true,
		                      .pda = pstd_memory_phys(&unit.memory, unit.pid) };
	struct pstd_vtd_request_result r;

	pstd_irte_replace(&unit.table[2], pstd_irte_encode(&f));
	r = unit_request(2);
	assert_int_equal(r.kind, PSTD_VTD_POST);
	assert_ptr_equal(r.pid, unit.pid);
	assert_int_equal(r.vector, 0x41);
	assert_true(r.urgent);
	pstd_irte_replace(&unit.table[2], pstd_irte_posted(f.pda, 0x42, SID));
	assert_false(unit_request(2).urgent);
}

static void request_changes_neither_table_nor_descriptor(void **state)
{
	uint8_t before[sizeof(unit.ram)];

	pstd_irte_replace(&unit.table[2],
	                  pstd_irte_posted(pstd_memory_phys(&unit.memory, unit.pid), 0x41, SID));
	memcpy(before, unit.ram, sizeof(unit.ram));
	unit_request(2);
	unit_request(3);
	assert_memory_equal(unit.ram, before, sizeof(unit.ram));
}

static void subhandle_selects_the_entry_and_reserved_data_is_fault_20(void **state)
{
	struct pstd_msi_msg m = pstd_msi_remappable(2, true, 5);

	pstd_irte_replace(&unit.table[7], pstd_irte_remapped(1, 0x41, SID));
	assert_int_equal(pstd_vtd_request(&unit.vtd, m, SID).kind, PSTD_VTD_REMAPPED);
	m.data |= 0x10000;
	assert_int_equal(pstd_vtd_request(&unit.vtd, m, SID).fault, PSTD_VTD_FAULT_REQUEST_RSVD);
	m = pstd_msi_remappable(7, false, 0);
	m.data = 0xffffffff;
	assert_int_equal(pstd_vtd_request(&unit.vtd, m, SID).kind, PSTD_VTD_REMAPPED);
}

static void index_beyond_the_table_is_fault_21(void **state)
{
	assert_int_equal(unit_request(ENTRIES).fault, PSTD_VTD_FAULT_INDEX);
	assert_int_equal(unit_request(0xffff).fault, PSTD_VTD_FAULT_INDEX);
	assert_int_equal(unit_request(ENTRIES - 1).fault, PSTD_VTD_FAULT_NOT_PRESENT);
}

/* 17 bits of it: FFFFh and 5 are no entry 4. */
static void index_is_a_plain_sum(void **state)
{
	struct pstd_vtd_request_result r;

	pstd_irte_replace(&unit.table[4], pstd_irte_remapped(1, 0x41, SID));
	r = pstd_vtd_request(&unit.vtd, pstd_msi_remappable(0xffff, true, 5), SID);
	assert_int_equal(r.fault, PSTD_VTD_FAULT_INDEX);
	assert_int_equal(r.index, 0x10004);
}

static void entry_not_present_is_fault_22(void **state)
{
	assert_blocked((struct pstd_irte_fields){ .vector = 0x41 }, PSTD_VTD_FAULT_NOT_PRESENT);
}

static void table_outside_memory_is_fault_23(void **state)
{
	pstd_vtd_write(&unit.vtd, PSTD_VTD_IRTA, 8, 0x1000 | PSTD_VTD_IRTA_EIME);
	unit_command(PSTD_VTD_GCMD_SIRTP, true);
	assert_int_equal(unit_request(0).fault, PSTD_VTD_FAULT_TABLE);
}

/* Sets one bit, 0 to 127, of an entry that is good otherwise; what the request becomes. */
static struct pstd_vtd_request_result with_bit(struct pstd_irte e, unsigned bit)
{
	*(bit < 64 ? &e.raw.lo : &e.raw.hi) |= 1ull << bit % 64;
	pstd_irte_replace(&unit.table[1], e);
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
	struct pstd_irte remapped = pstd_irte_remapped(1, 0x41, SID);
	struct pstd_irte posted =
		pstd_irte_posted(pstd_memory_phys(&unit.memory, unit.pid), 0x41, SID);

	for (unsigned i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		for (unsigned bit = reserved[i].low; bit <= reserved[i].high; bit++) {
			struct pstd_irte e = reserved[i].posted ? posted : remapped;

			assert_int_equal(with_bit(e, bit).fault, PSTD_VTD_FAULT_IRTE_RSVD);
		}
	}
	for (unsigned bit = 64 + 39; bit < 128; bit++) /* above the host address width */
		assert_int_equal(with_bit(posted, bit).fault, PSTD_VTD_FAULT_IRTE_RSVD);
}

static void xapic_mode_reserves_the_rest_of_the_destination(void **state)
{
	struct pstd_irte e = pstd_irte_remapped(0, 0x41, SID);

	for (unsigned bit = 32; bit < 64; bit++)
		assert_int_equal(with_bit(e, bit).kind, PSTD_VTD_REMAPPED);
	up_xapic();
	for (unsigned bit = 32; bit < 64; bit++)
		assert_int_equal(with_bit(e, bit).kind,
		                 bit >= 40 && bit < 48 ? PSTD_VTD_REMAPPED : PSTD_VTD_BLOCKED);
}

static void posted_entry_is_reserved_without_the_capability(void **state)
{
	unit.config.cap &= ~PSTD_VTD_CAP_PI;
	unit_up(true);
	pstd_irte_replace(&unit.table[1],
	                  pstd_irte_posted(pstd_memory_phys(&unit.memory, unit.pid), 0x41, SID));
	assert_int_equal(unit_request(1).fault, PSTD_VTD_FAULT_IRTE_RSVD);
}

static struct pstd_vtd_request_result compatibility(void)
{
	return pstd_vtd_request(&unit.vtd, pstd_msi_compat(3, 0x41), SID);
}

static void compatibility_request_passes_only_without_eime_and_with_cfi(void **state)
{
	assert_int_equal(compatibility().fault, PSTD_VTD_FAULT_COMPATIBILITY);
	unit_command(PSTD_VTD_GCMD_CFI, true);
	assert_int_equal(compatibility().fault, PSTD_VTD_FAULT_COMPATIBILITY);
	up_xapic();
	assert_int_equal(compatibility().fault, PSTD_VTD_FAULT_COMPATIBILITY);
	unit_command(PSTD_VTD_GCMD_CFI, true);
	assert_int_equal(compatibility().kind, PSTD_VTD_PASS);
	assert_int_equal(compatibility().msg.dest, 3);
	assert_int_equal(compatibility().msg.vector, 0x41);
	unit_command(PSTD_VTD_GCMD_CFI, false);
	assert_int_equal(compatibility().fault, PSTD_VTD_FAULT_COMPATIBILITY);
}

static void everything_passes_while_remapping_is_off(void **state)
{
	unit_command(PSTD_VTD_GCMD_IRE, false);
	assert_int_equal(compatibility().kind, PSTD_VTD_PASS);
	assert_int_equal(unit_request(ENTRIES).kind, PSTD_VTD_PASS);
}

static void nothing_passes_if_remapping_is_required_and_off(void **state)
{
	unit.config.ecap |= PSTD_VTD_ECAP_IRREQ;
	unit_up(true);
	pstd_irte_replace(&unit.table[1], pstd_irte_remapped(1, 0x41, SID));
	assert_int_equal(unit_request(1).kind, PSTD_VTD_REMAPPED);
	unit_command(PSTD_VTD_GCMD_IRE, false);
	assert_int_equal(compatibility().fault, PSTD_VTD_FAULT_IR_REQUIRED);
	assert_int_equal(unit_request(1).fault, PSTD_VTD_FAULT_IR_REQUIRED);
}

static void nothing_passes_if_x2apic_destinations_are_required_and_off(void **state)
{
	pstd_irte_replace(&unit.table[1], pstd_irte_remapped(1, 0x41, SID));
	unit.config.ecap |= PSTD_VTD_ECAP_EIMER;
	unit_up(true);
	assert_int_equal(unit_request(1).kind, PSTD_VTD_REMAPPED);
	up_xapic();
	unit_command(PSTD_VTD_GCMD_CFI, true);
	assert_int_equal(unit_request(1).fault, PSTD_VTD_FAULT_EIM_REQUIRED);
	assert_int_equal(compatibility().fault, PSTD_VTD_FAULT_EIM_REQUIRED);
}

static void entry_above_the_address_width_is_fault_21(void **state)
{
	pstd_vtd_write(&unit.vtd, PSTD_VTD_IRTA, 8, 1ull << 39 | PSTD_VTD_IRTA_EIME | 5);
	unit_command(PSTD_VTD_GCMD_SIRTP, true);
	assert_int_equal(unit_request(1).fault, PSTD_VTD_FAULT_INDEX);
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

	pstd_irte_replace(&unit.table[1], pstd_irte_remapped(1, 0x41, SID));
	assert_int_equal(pstd_vtd_dma(&unit.vtd, 0xfee00030, 0, 4, true, SID).kind,
	                 PSTD_VTD_REMAPPED);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct pstd_vtd_request_result r =
			pstd_vtd_dma(&unit.vtd, bad[i].address, 0, bad[i].size, bad[i].write, SID);

		assert_int_equal(r.fault, PSTD_VTD_FAULT_UNTRANSLATED);
	}
}

/* By SQ, which function-number bits a source may differ in. */
static void source_id_is_compared_as_sq_says(void **state)
{
	static const uint16_t ignored[] = { 0, 4, 6, 7 };

	for (unsigned sq = 0; sq < 4; sq++) {
		for (unsigned bit = 0; bit < 16; bit++) {
			struct pstd_irte_fields f = { .p = true, .sid = SID ^ (uint16_t)(1u << bit),
				                      .sq = (uint8_t)sq, .svt = PSTD_IRTE_SVT_SID };

			if (!(1u << bit & ignored[sq])) {
				assert_blocked(f, PSTD_VTD_FAULT_SOURCE);
				continue;
			}
			pstd_irte_replace(&unit.table[1], pstd_irte_encode(&f));
			assert_int_equal(unit_request(1).kind, PSTD_VTD_REMAPPED);
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
		struct pstd_irte_fields f = { .p = true,
			                      .sid = cases[i].range,
			                      .svt = PSTD_IRTE_SVT_BUS };

		pstd_irte_replace(&unit.table[1], pstd_irte_encode(&f));
		assert_int_equal(unit_request(1).kind,
		                 cases[i].allowed ? PSTD_VTD_REMAPPED : PSTD_VTD_BLOCKED);
	}
}

static void source_is_not_compared_without_validation(void **state)
{
	struct pstd_irte_fields f = { .p = true, .sid = 0xffff };

	pstd_irte_replace(&unit.table[1], pstd_irte_encode(&f));
	assert_int_equal(unit_request(1).kind, PSTD_VTD_REMAPPED);
}

static void reserved_source_validation_type_is_fault_26(void **state)
{
	assert_blocked((struct pstd_irte_fields){ .p = true, .sid = SID, .svt = 3 },
	               PSTD_VTD_FAULT_SOURCE);
}

static void source_is_compared_before_reserved_bits(void **state)
{
	struct pstd_irte e = pstd_irte_remapped(1, 0x41, SID + 1);

	assert_int_equal(with_bit(e, 12).fault, PSTD_VTD_FAULT_SOURCE);
	e = pstd_irte_posted(pstd_memory_phys(&unit.memory, unit.pid), 0x41, SID + 1);
	assert_int_equal(with_bit(e, 12).fault, PSTD_VTD_FAULT_SOURCE);
}

static void descriptor_outside_memory_is_fault_27(void **state)
{
	assert_blocked((struct pstd_irte_fields){ .p = true, .posted = true, .pda = 0x1000 },
	               PSTD_VTD_FAULT_PID);
}

/* Posting. */

static void post_notifies_if_on_was_clear_and_sn_does_not_forbid_it(void **state)
{
	for (unsigned bits = 0; bits < 8; bits++) {
		bool on = bits & 1, sn = bits & 2, urgent = bits & 4;
		bool notify = !on && (!sn || urgent);
		uint64_t control = pstd_control(0xf2, 5) | (on ? PSTD_ON : 0) | (sn ? PSTD_SN : 0);
		struct pstd_vtd_post_result r;

		reset(state);
		unit.pid->control = control;
		r = pstd_vtd_post(unit.pid, 0x41, urgent, true);
		assert_false(r.fault || r.merged);
		assert_int_equal(r.notify, notify);
		assert_int_equal(unit.pid->control, control | (notify ? PSTD_ON : 0));
		assert_int_equal(unit.pid->pir[1], 2);
		assert_int_equal(unit.pid->pir[0] | unit.pid->pir[2] | unit.pid->pir[3], 0);
	}
}

static void notification_is_nv_to_ndst(void **state)
{
	struct pstd_vtd_post_result r;

	unit.pid->control = pstd_control(0xf1, 0x12345678);
	r = pstd_vtd_post(unit.pid, 0x41, false, true);
	assert_int_equal(r.notification.dest, 0x12345678);
	assert_int_equal(r.notification.vector, 0xf1);
	assert_int_equal(r.notification.dlm, PSTD_APIC_DM_FIXED);
	assert_false(r.notification.logical || r.notification.level);
	unit.pid->control = pstd_control(0xf2, pstd_ndst(0x78, false));
	assert_int_equal(pstd_vtd_post(unit.pid, 0x41, false, false).notification.dest, 0x78);
}

static void second_post_of_a_vector_merges(void **state)
{
	assert_false(pstd_vtd_post(unit.pid, 0x41, false, true).merged);
	assert_true(pstd_vtd_post(unit.pid, 0x41, false, true).merged);
	pstd_clear_on(unit.pid);
	assert_true(pstd_vtd_post(unit.pid, 0x41, false, true).notify);
}

static void each_reserved_bit_of_a_descriptor_blocks_the_post_unchanged(void **state)
{
	for (unsigned bit = 256; bit < 512; bit++) {
		bool field = bit < 258 || (bit >= 272 && bit < 280) || (bit >= 288 && bit < 320);
		bool field_xapic = field && (bit < 288 || (bit >= 296 && bit < 304));
		struct pstd_desc before;

		reset(state);
		unit.pid->control = 0;
		((uint64_t *)unit.pid)[bit / 64] |= 1ull << bit % 64;
		before = *unit.pid;
		assert_int_equal(pstd_vtd_post(unit.pid, 0x41, false, true).fault,
		                 field ? PSTD_VTD_FAULT_NONE : PSTD_VTD_FAULT_PID_RSVD);
		if (!field)
			assert_memory_equal(unit.pid, &before, sizeof(before));
		*unit.pid = before;
		assert_int_equal(pstd_vtd_post(unit.pid, 0x41, false, false).fault,
		                 field_xapic ? PSTD_VTD_FAULT_NONE : PSTD_VTD_FAULT_PID_RSVD);
	}
}

/* Races. */

#define POSTS 200000

static uint64_t notifications, done;

static void *poster(void *arg)
{
	uint64_t notified = 0;

	for (unsigned i = 0; i < POSTS; i++)
		notified += pstd_vtd_post(unit.pid, (uint8_t)(i * 7), false, true).notify;
	pstd_count(&notifications, notified);
	pstd_count(&done, 1);
	return NULL;
}

/* What the notified side does; true if a notification was outstanding. */
static bool process(void)
{
	uint64_t pir[4];

	if (!pstd_on(unit.pid))
		return false;
	pstd_clear_on(unit.pid);
	pstd_take_pir(unit.pid, pir);
	return true;
}

static void racing_posts_leave_nothing_behind_without_a_notification(void **state)
{
	uint64_t processed = 0;
	pthread_t thread[2];

	pstd_store_release(&notifications, 0);
	pstd_store_release(&done, 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, poster, NULL), 0);
	while (pstd_load_acquire(&done) < 2)
		processed += process();
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	processed += process();
	assert_true(pstd_pir_empty(unit.pid));
	assert_int_equal(processed, pstd_load_acquire(&notifications));
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
