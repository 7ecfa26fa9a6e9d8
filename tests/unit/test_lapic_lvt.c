/* SPDX-License-Identifier: BSD-2-Clause */
/* "Local Vector Table": each entry's interrupts, in every delivery mode; the two pins. */
#include "lapic_unit.h"

static unsigned entry_dlm(unsigned dlm)
{
	return dlm << 8;
}

static uint32_t after_signal(unsigned lvt, uint32_t entry)
{
	unit_enabled(NULL);
	put(lvt, entry);
	pstd_lapic_local(&l, lvt);
	return pstd_lapic_events(&l);
}

/* Fixed, SMI, NMI; INIT and ExtINT are not supported for these, the rest is reserved. */
static void inner_sources_signal_three_modes(void **state)
{
	static const unsigned lvts[] = { PSTD_APIC_LVT_CMCI, PSTD_APIC_LVT_THERMAL,
		                         PSTD_APIC_LVT_PERF };

	for (unsigned i = 0; i < 3; i++) {
		for (unsigned dlm = 0; dlm < 8; dlm++) {
			bool known = dlm == PSTD_APIC_DM_SMI || dlm == PSTD_APIC_DM_NMI;

			assert_int_equal(after_signal(lvts[i], entry_dlm(dlm) | 0x51),
			                 known ? 1u << dlm : 0);
			assert_int_equal(pstd_lapic_pending(&l), dlm ? -1 : 0x51);
			assert_int_equal(after_signal(lvts[i], 0x10051 | entry_dlm(dlm)), 0);
			assert_int_equal(pstd_lapic_pending(&l), -1);
		}
	}
}

static void bad_vector_in_an_entry_is_a_receive_error(void **state)
{
	assert_int_equal(after_signal(PSTD_APIC_LVT_THERMAL, 0x0f), 0);
	assert_int_equal(errors(), PSTD_APIC_ESR_RECEIVE_VECTOR);
}

static void performance_interrupt_masks_its_entry(void **state)
{
	after_signal(PSTD_APIC_LVT_PERF, 0x51);
	assert_int_equal(get(PSTD_APIC_LVT_PERF), 0x10051);
	after_signal(PSTD_APIC_LVT_THERMAL, 0x51);
	assert_int_equal(get(PSTD_APIC_LVT_THERMAL), 0x51);
}

static void events_stay_until_taken(void **state)
{
	after_signal(PSTD_APIC_LVT_THERMAL, entry_dlm(PSTD_APIC_DM_NMI));
	put(PSTD_APIC_LVT_THERMAL, entry_dlm(PSTD_APIC_DM_SMI));
	pstd_lapic_local(&l, PSTD_APIC_LVT_THERMAL);
	assert_int_equal(pstd_lapic_events(&l), 1 << PSTD_APIC_DM_NMI | 1 << PSTD_APIC_DM_SMI);
	pstd_lapic_event_taken(&l, PSTD_APIC_DM_NMI);
	assert_int_equal(pstd_lapic_events(&l), 1 << PSTD_APIC_DM_SMI);
}

/* Pins. */

static void edge_is_an_edge_by_the_pins_polarity(void **state)
{
	for (unsigned n = 0; n < 2; n++) {
		for (unsigned low = 0; low < 2; low++) {
			unit_enabled(state);
			pstd_lapic_pin(&l, n, low);
			put(PSTD_APIC_LVT_LINT0 + n * 16, low << 13 | 0x51);
			assert_int_equal(pstd_lapic_pending(&l), -1);
			pstd_lapic_pin(&l, n, !low);
			assert_int_equal(pstd_lapic_pending(&l), 0x51);
			pstd_lapic_acknowledge(&l);
			pstd_lapic_eoi(&l);
			pstd_lapic_pin(&l, n, !low);
			assert_int_equal(pstd_lapic_pending(&l), -1);
			pstd_lapic_pin(&l, n, low);
			assert_int_equal(pstd_lapic_pending(&l), -1);
		}
	}
}

static void masked_edge_is_lost(void **state)
{
	put(PSTD_APIC_LVT_LINT0, 0x10051);
	pstd_lapic_pin(&l, 0, true);
	put(PSTD_APIC_LVT_LINT0, 0x51);
	assert_int_equal(pstd_lapic_pending(&l), -1);
}

static void level_asks_again_after_eoi_while_it_is_active(void **state)
{
	put(PSTD_APIC_LVT_LINT0, 0x8051);
	pstd_lapic_pin(&l, 0, true);
	assert_int_equal(pstd_lapic_pending(&l), 0x51);
	assert_int_equal(get(PSTD_APIC_LVT_LINT0), 0xc051); /* remote IRR */
	pstd_lapic_acknowledge(&l);
	pstd_lapic_pin(&l, 0, true);
	assert_int_equal(pstd_apic_highest(&l.regs, PSTD_APIC_IRR), -1);
	assert_int_equal(pstd_lapic_eoi(&l), 0x51);
	assert_int_equal(pstd_lapic_pending(&l), 0x51);
	pstd_lapic_acknowledge(&l);
	pstd_lapic_pin(&l, 0, false);
	assert_int_equal(pstd_lapic_eoi(&l), 0x51);
	assert_int_equal(pstd_lapic_pending(&l), -1);
	assert_int_equal(get(PSTD_APIC_LVT_LINT0), 0x8051);
}

static void masked_level_waits_for_its_unmasking(void **state)
{
	put(PSTD_APIC_LVT_LINT0, 0x18051);
	pstd_lapic_pin(&l, 0, true);
	assert_int_equal(pstd_lapic_pending(&l), -1);
	put(PSTD_APIC_LVT_LINT0, 0x8051);
	assert_int_equal(pstd_lapic_pending(&l), 0x51);
}

static void lint1_is_never_level_triggered(void **state)
{
	put(PSTD_APIC_LVT_LINT1, 0x8051);
	pstd_lapic_pin(&l, 1, true);
	assert_int_equal(pstd_lapic_pending(&l), 0x51);
	pstd_lapic_acknowledge(&l);
	assert_int_equal(pstd_lapic_eoi(&l), -1);
	assert_int_equal(pstd_lapic_pending(&l), -1);
}

static void smi_nmi_and_init_are_edges_whatever_the_trigger_mode(void **state)
{
	static const unsigned modes[] = { PSTD_APIC_DM_SMI, PSTD_APIC_DM_NMI, PSTD_APIC_DM_INIT };

	for (unsigned i = 0; i < 3; i++) {
		unit_enabled(state);
		put(PSTD_APIC_LVT_LINT0, 0x8000 | entry_dlm(modes[i]));
		pstd_lapic_pin(&l, 0, true);
		assert_int_equal(pstd_lapic_events(&l), 1u << modes[i]);
		pstd_lapic_event_taken(&l, modes[i]);
		pstd_lapic_pin(&l, 0, true);
		assert_int_equal(pstd_lapic_events(&l), 0);
	}
}

static void extint_is_there_as_long_as_the_pin(void **state)
{
	put(PSTD_APIC_LVT_LINT0, 0x700);
	assert_int_equal(pstd_lapic_events(&l), 0);
	pstd_lapic_pin(&l, 0, true);
	assert_int_equal(pstd_lapic_events(&l), 1 << PSTD_APIC_DM_EXTINT);
	pstd_lapic_event_taken(&l, PSTD_APIC_DM_EXTINT);
	assert_int_equal(pstd_lapic_events(&l), 1 << PSTD_APIC_DM_EXTINT);
	put(PSTD_APIC_LVT_LINT0, 0x10700);
	assert_int_equal(pstd_lapic_events(&l), 0);
	put(PSTD_APIC_LVT_LINT0, 0x700);
	pstd_lapic_pin(&l, 0, false);
	assert_int_equal(pstd_lapic_events(&l), 0);
}

/* Whatever it depends on changes: polarity, mask, mode, either pin, software disable, reset. */
static void extint_follows_pin_and_entry(void **state)
{
	put(PSTD_APIC_LVT_LINT0, 0x2700);
	assert_true(pstd_lapic_extint(&l));
	pstd_lapic_pin(&l, 0, true);
	assert_false(pstd_lapic_extint(&l));
	put(PSTD_APIC_LVT_LINT0, 0x700);
	assert_true(pstd_lapic_extint(&l));
	put(PSTD_APIC_LVT_LINT0, 0x400);
	assert_false(pstd_lapic_extint(&l));
	put(PSTD_APIC_LVT_LINT1, 0x700);
	pstd_lapic_pin(&l, 1, true);
	assert_true(pstd_lapic_extint(&l));
	put(PSTD_APIC_SVR, 0xff);
	assert_false(pstd_lapic_extint(&l));
	put(PSTD_APIC_SVR, 0x1ff);
	put(PSTD_APIC_LVT_LINT1, 0x700);
	assert_true(pstd_lapic_extint(&l));
	pstd_lapic_init(&l);
	assert_false(pstd_lapic_extint(&l));
}

/* "External Interrupts": LINT0 and LINT1 are INTR and NMI then. */
static void pins_of_a_disabled_apic_are_intr_and_nmi(void **state)
{
	pstd_lapic_pin(&l, 0, true);
	assert_false(pstd_lapic_extint(&l));
	assert_true(put_msr(PSTD_APIC_MSR_BASE, PSTD_APIC_BASE_DEFAULT));
	assert_int_equal(pstd_lapic_events(&l), 1 << PSTD_APIC_DM_EXTINT);
	pstd_lapic_pin(&l, 0, false);
	pstd_lapic_pin(&l, 1, true);
	assert_int_equal(pstd_lapic_events(&l), 1 << PSTD_APIC_DM_NMI);
	pstd_lapic_event_taken(&l, PSTD_APIC_DM_NMI);
	pstd_lapic_pin(&l, 0, true);
	assert_true(put_msr(PSTD_APIC_MSR_BASE, PSTD_APIC_BASE_DEFAULT | PSTD_APIC_BASE_EN));
	assert_int_equal(pstd_lapic_events(&l), 0);
}

static void extint_by_message_is_there_until_taken(void **state)
{
	pstd_lapic_receive(&l, &(struct pstd_apic_msg){ .dlm = PSTD_APIC_DM_EXTINT });
	assert_int_equal(pstd_lapic_events(&l), 1 << PSTD_APIC_DM_EXTINT);
	pstd_lapic_event_taken(&l, PSTD_APIC_DM_EXTINT);
	assert_int_equal(pstd_lapic_events(&l), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, unit_enabled)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(inner_sources_signal_three_modes),
		TEST(bad_vector_in_an_entry_is_a_receive_error),
		TEST(performance_interrupt_masks_its_entry),
		TEST(events_stay_until_taken),
		TEST(edge_is_an_edge_by_the_pins_polarity),
		TEST(masked_edge_is_lost),
		TEST(level_asks_again_after_eoi_while_it_is_active),
		TEST(masked_level_waits_for_its_unmasking),
		TEST(lint1_is_never_level_triggered),
		TEST(smi_nmi_and_init_are_edges_whatever_the_trigger_mode),
		TEST(extint_is_there_as_long_as_the_pin),
		TEST(extint_follows_pin_and_entry),
		TEST(pins_of_a_disabled_apic_are_intr_and_nmi),
		TEST(extint_by_message_is_there_until_taken),
	};

	return cmocka_run_group_tests_name("lapic_lvt", tests, NULL, NULL);
}
