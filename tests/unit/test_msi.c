/* SPDX-License-Identifier: BSD-2-Clause */
/* posted/msi.h against "Message Address Register Format" and VT-d's remappable format. */
#include <posted/apic.h>
#include <posted/msi.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void remappable_handle_is_address_bits_19_to_5_and_2(void **state)
{
	for (unsigned i = 0; i < 16; i++) {
		struct pstd_msi_msg m = pstd_msi_remappable((uint16_t)(1u << i), false, 0);
		unsigned bit = i < 15 ? 5 + i : 2;

		assert_int_equal(m.addr_lo, 0xfee00010 | 1u << bit);
		assert_int_equal(m.addr_hi, 0);
		assert_int_equal(m.data, 0);
	}
}

static void remappable_shv_is_address_bit_3_and_the_subhandle_data_15_to_0(void **state)
{
	struct pstd_msi_msg m = pstd_msi_remappable(0, true, 0xabcd);

	assert_int_equal(m.addr_lo, 0xfee00018);
	assert_int_equal(m.data, 0xabcd);
}

static void remappable_subhandle_is_not_sent_without_shv(void **state)
{
	assert_int_equal(pstd_msi_remappable(0x1234, false, 0xabcd).data, 0);
}

static void every_handle_comes_back(void **state)
{
	for (uint32_t handle = 0; handle < 0x10000; handle++) {
		struct pstd_msi_msg m = pstd_msi_remappable((uint16_t)handle, false, 0);

		assert_true(pstd_msi_is_interrupt(m) && pstd_msi_is_remappable(m));
		assert_int_equal(pstd_msi_handle(m), handle);
		assert_int_equal(pstd_msi_index(m), handle);
	}
}

static void index_adds_the_subhandle_in_17_bits(void **state)
{
	assert_int_equal(pstd_msi_index(pstd_msi_remappable(0x8001, true, 3)), 0x8004);
	assert_int_equal(pstd_msi_index(pstd_msi_remappable(0x7fff, true, 1)), 0x8000);
	assert_int_equal(pstd_msi_index(pstd_msi_remappable(0xffff, true, 1)), 0x10000);
	assert_int_equal(pstd_msi_index(pstd_msi_remappable(0xffff, true, 0xffff)), 0x1fffe);
}

static void index_ignores_data_without_shv_and_its_upper_half_with_it(void **state)
{
	struct pstd_msi_msg m = pstd_msi_remappable(7, false, 0);

	m.data = 0xffffffff;
	assert_int_equal(pstd_msi_index(m), 7);
	m = pstd_msi_remappable(7, true, 1);
	m.data |= 0xffff0000;
	assert_int_equal(pstd_msi_index(m), 8);
	assert_int_equal(PSTD_MSI_DATA_RSVD, 0xffff0000);
}

static void index_ignores_address_bits_1_and_0(void **state)
{
	struct pstd_msi_msg m = pstd_msi_remappable(0x8123, true, 1);

	m.addr_lo |= 3;
	assert_int_equal(pstd_msi_index(m), 0x8124);
}

/* What lspci shows of devices behind a remapping unit. */
static void real_remappable_messages_decode(void **state)
{
	struct pstd_msi_msg nvme = { 0xfee00338, 0, 0 }, nic = { 0xfee008d8, 0, 0 };

	assert_true(pstd_msi_is_remappable(nvme) && pstd_msi_is_remappable(nic));
	assert_true(nvme.addr_lo & PSTD_MSI_ADDR_SHV);
	assert_int_equal(pstd_msi_handle(nvme), 0x19);
	assert_int_equal(pstd_msi_handle(nic), 0x46);
}

static void only_fee_addresses_are_interrupts(void **state)
{
	assert_true(pstd_msi_is_interrupt((struct pstd_msi_msg){ 0xfee00000, 0, 0 }));
	assert_true(pstd_msi_is_interrupt((struct pstd_msi_msg){ 0xfeefffff, 0, 0 }));
	assert_false(pstd_msi_is_interrupt((struct pstd_msi_msg){ 0xfedfffff, 0, 0 }));
	assert_false(pstd_msi_is_interrupt((struct pstd_msi_msg){ 0xfef00000, 0, 0 }));
	assert_false(pstd_msi_is_interrupt((struct pstd_msi_msg){ 0, 0, 0 }));
}

static void compat_destination_is_address_19_to_12_then_upper_31_to_8(void **state)
{
	for (unsigned i = 0; i < 32; i++) {
		struct pstd_msi_msg m = pstd_msi_compat(1u << i, 0x41);

		assert_int_equal(m.addr_lo, 0xfee00000 | (i < 8 ? 1u << (12 + i) : 0));
		assert_int_equal(m.addr_hi, i < 8 ? 0 : 1u << i);
		assert_int_equal(pstd_msi_dest(m), 1u << i);
		assert_false(pstd_msi_is_remappable(m));
	}
}

static void compat_destination_ignores_the_upper_addresss_low_byte(void **state)
{
	assert_int_equal(pstd_msi_dest((struct pstd_msi_msg){ 0xfee73000, 0xb38b99ff, 0 }),
	                 0xb38b9973);
}

static void compat_is_fixed_edge_physical_for_every_vector(void **state)
{
	for (unsigned vector = 0; vector < 256; vector++) {
		struct pstd_msi_msg m = pstd_msi_compat(3, (uint8_t)vector);

		assert_int_equal(m.data, vector);
		assert_int_equal(pstd_msi_vector(m), vector);
		assert_int_equal(pstd_msi_delivery_mode(m), PSTD_APIC_DM_FIXED);
		assert_false(pstd_msi_logical(m) || pstd_msi_redirection_hint(m));
	}
}

static void compat_fields_have_their_bits(void **state)
{
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(
			pstd_msi_delivery_mode((struct pstd_msi_msg){ 0xfee00000, 0, i << 8 }), i);
	assert_true(pstd_msi_redirection_hint((struct pstd_msi_msg){ 0xfee00008, 0, 0 }));
	assert_true(pstd_msi_logical((struct pstd_msi_msg){ 0xfee00004, 0, 0 }));
	assert_false(pstd_msi_logical((struct pstd_msi_msg){ 0xfee00008, 0, 0 }));
	assert_int_equal(PSTD_MSI_DATA_LEVEL, 1 << 14);
	assert_int_equal(PSTD_MSI_DATA_TRIGGER, 1 << 15);
}

/* What lspci shows on two machines; the second's data has a reserved bit set (Windows). */
static void real_compat_messages_decode(void **state)
{
	struct pstd_msi_msg linux_host = { 0xfee0300c, 0, 0x4159 };
	struct pstd_msi_msg windows = { 0xfee0400c, 0, 0x49b3 };

	assert_int_equal(pstd_msi_dest(linux_host), 3);
	assert_int_equal(pstd_msi_vector(linux_host), 0x59);
	assert_int_equal(pstd_msi_delivery_mode(linux_host), PSTD_APIC_DM_LOWEST);
	assert_true(pstd_msi_logical(linux_host) && pstd_msi_redirection_hint(linux_host));
	assert_false(linux_host.data & PSTD_MSI_DATA_TRIGGER);
	assert_int_equal(pstd_msi_dest(windows), 4);
	assert_int_equal(pstd_msi_vector(windows), 0xb3);
	assert_int_equal(pstd_msi_delivery_mode(windows), PSTD_APIC_DM_LOWEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remappable_handle_is_address_bits_19_to_5_and_2),
		cmocka_unit_test(remappable_shv_is_address_bit_3_and_the_subhandle_data_15_to_0),
		cmocka_unit_test(remappable_subhandle_is_not_sent_without_shv),
		cmocka_unit_test(every_handle_comes_back),
		cmocka_unit_test(index_adds_the_subhandle_in_17_bits),
		cmocka_unit_test(index_ignores_data_without_shv_and_its_upper_half_with_it),
		cmocka_unit_test(index_ignores_address_bits_1_and_0),
		cmocka_unit_test(real_remappable_messages_decode),
		cmocka_unit_test(only_fee_addresses_are_interrupts),
		cmocka_unit_test(compat_destination_is_address_19_to_12_then_upper_31_to_8),
		cmocka_unit_test(compat_destination_ignores_the_upper_addresss_low_byte),
		cmocka_unit_test(compat_is_fixed_edge_physical_for_every_vector),
		cmocka_unit_test(compat_fields_have_their_bits),
		cmocka_unit_test(real_compat_messages_decode),
	};

	return cmocka_run_group_tests_name("msi", tests, NULL, NULL);
}
