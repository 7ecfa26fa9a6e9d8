/* SPDX-License-Identifier: BSD-2-Clause */
/* IA32_APIC_BASE: "x2APIC State Transitions", and the state after reset and INIT. */
#include "lapic_unit.h"

/* EXTD and EN, as bits 1:0. */
enum { DISABLED = 0, INVALID = 1, XAPIC = 2, X2APIC = 3 };

static uint64_t base_of(unsigned state)
{
	return PSTD_APIC_BASE_DEFAULT | (uint64_t)state << 10;
}

static void bring_to(unsigned state)
{
	unit_reset(PSTD_LAPIC_ALL);
	if (state == X2APIC)
		assert_true(put_msr(PSTD_APIC_MSR_BASE, base_of(X2APIC)));
	if (state == DISABLED)
		assert_true(put_msr(PSTD_APIC_MSR_BASE, base_of(DISABLED)));
}

/* The figure "Local x2APIC State Transitions with IA32_APIC_BASE, INIT, and Reset". */
static const struct {
	unsigned from, to;
	bool faults;
} transitions[] = {
	{ XAPIC, XAPIC, false },     { XAPIC, X2APIC, false },   { XAPIC, DISABLED, false },
	{ XAPIC, INVALID, true },    { X2APIC, X2APIC, false },  { X2APIC, DISABLED, false },
	{ X2APIC, XAPIC, true },     { X2APIC, INVALID, true },  { DISABLED, DISABLED, false },
	{ DISABLED, XAPIC, false },  { DISABLED, X2APIC, true }, { DISABLED, INVALID, true },
};

static void each_transition_is_made_or_faults(void **state)
{
	for (unsigned i = 0; i < sizeof(transitions) / sizeof(transitions[0]); i++) {
		struct pstd_lapic_out out;
		bool done;

		bring_to(transitions[i].from);
		done = pstd_lapic_wrmsr(&l, PSTD_APIC_MSR_BASE, base_of(transitions[i].to), 0,
		                        &out);
		assert_int_equal(done, !transitions[i].faults);
		assert_int_equal(get_msr(PSTD_APIC_MSR_BASE),
		                 base_of(done ? transitions[i].to : transitions[i].from));
		assert_int_equal(out.identity,
		                 done && transitions[i].from != transitions[i].to);
	}
}

static void every_reserved_bit_faults(void **state)
{
	for (unsigned bit = 0; bit < 64; bit++) {
		bool reserved = bit < 8 || bit == 9 || bit >= 40;

		if (bit == 10 || bit == 11)
			continue; /* the mode */
		unit_reset(PSTD_LAPIC_ALL);
		assert_int_equal(put_msr(PSTD_APIC_MSR_BASE, l.base ^ 1ull << bit), !reserved);
	}
}

static void extd_is_reserved_without_x2apic(void **state)
{
	unit_reset(PSTD_LAPIC_ALL & ~PSTD_LAPIC_X2APIC);
	assert_false(put_msr(PSTD_APIC_MSR_BASE, l.base | PSTD_APIC_BASE_EXTD));
	assert_int_equal(pstd_lapic_mode(&l), PSTD_APIC_XAPIC);
}

static void page_is_where_the_base_says(void **state)
{
	unit_reset(PSTD_LAPIC_ALL);
	assert_true(pstd_lapic_claims(&l, 0xfee00000));
	assert_true(pstd_lapic_claims(&l, 0xfee00fff));
	assert_false(pstd_lapic_claims(&l, 0xfee01000));
	assert_true(put_msr(PSTD_APIC_MSR_BASE, 0x1234567000 | PSTD_APIC_BASE_EN));
	assert_true(pstd_lapic_claims(&l, 0x1234567080));
	assert_false(pstd_lapic_claims(&l, 0xfee00000));
	assert_true(put_msr(PSTD_APIC_MSR_BASE,
	                    0x1234567000 | PSTD_APIC_BASE_EN | PSTD_APIC_BASE_EXTD));
	assert_false(pstd_lapic_claims(&l, 0x1234567080));
}

static void bsp_is_told(void **state)
{
	const struct pstd_lapic_config c = { .address_width = 36, .bsp = true };

	pstd_lapic_reset(&l, &c);
	assert_int_equal(get_msr(PSTD_APIC_MSR_BASE), 0xfee00900);
}

/* "Local APIC State After Power-Up or Reset": offset, value; those not here are 0. */
static const struct {
	unsigned offset;
	uint32_t value;
} after_reset[] = {
	{ PSTD_APIC_ID, 0x45000000 },        { PSTD_APIC_VERSION, 0x01060014 },
	{ PSTD_APIC_DFR, 0xffffffff },       { PSTD_APIC_SVR, 0xff },
	{ PSTD_APIC_LVT_CMCI, 0x10000 },     { PSTD_APIC_LVT_TIMER, 0x10000 },
	{ PSTD_APIC_LVT_THERMAL, 0x10000 },  { PSTD_APIC_LVT_PERF, 0x10000 },
	{ PSTD_APIC_LVT_LINT0, 0x10000 },    { PSTD_APIC_LVT_LINT1, 0x10000 },
	{ PSTD_APIC_LVT_ERROR, 0x10000 },
};

static void expect_reset_state(void)
{
	for (unsigned offset = 0; offset < 0x400; offset += 16) {
		const struct pstd_lapic_row *row = pstd_lapic_row(&l, offset);
		uint32_t expected = 0;

		for (unsigned i = 0; i < sizeof(after_reset) / sizeof(after_reset[0]); i++)
			if (after_reset[i].offset == offset)
				expected = after_reset[i].value;
		if (row && row->access & PSTD_LAPIC_MMIO_R)
			assert_int_equal(get(offset), expected);
	}
	assert_int_equal(pstd_lapic_pending(&l), -1);
	assert_int_equal(pstd_lapic_timer_next(&l), ~0ull);
}

static void scribble(void)
{
	put(PSTD_APIC_SVR, 0x1ff);
	put(PSTD_APIC_TPR, 0x20);
	put(PSTD_APIC_LDR, 0x01000000);
	put(PSTD_APIC_DFR, 0);
	put(PSTD_APIC_LVT_TIMER, 0x41);
	put(PSTD_APIC_LVT_LINT0, 0x700);
	put(PSTD_APIC_DIVIDE, 3);
	put(PSTD_APIC_INITIAL_COUNT, 1000);
	put(PSTD_APIC_ICR_HI, 0x7000000);
	pstd_lapic_receive(&l, &(struct pstd_apic_msg){ .vector = 0x61, .level = true });
	pstd_lapic_pending(&l);
	pstd_lapic_acknowledge(&l);
	pstd_lapic_accept(&l, 0x51);
}

static void reset_and_init_leave_the_manuals_values(void **state)
{
	unit_reset(PSTD_LAPIC_ALL);
	expect_reset_state();
	scribble();
	pstd_lapic_init(&l);
	expect_reset_state();
}

static void init_keeps_x2apic_mode_and_the_id(void **state)
{
	unit_x2apic(state);
	put_msr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_TPR), 0x20);
	pstd_lapic_init(&l);
	assert_int_equal(pstd_lapic_mode(&l), PSTD_APIC_X2APIC);
	assert_int_equal(get_msr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_ID)), UNIT_ID);
	assert_int_equal(get_msr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_LDR)), 0x12340020);
	assert_int_equal(get_msr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_TPR)), 0);
	assert_int_equal(get_msr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_SVR)), 0xff);
}

/* INIT is taken from the events by who calls pstd_lapic_init; a SIPI behind it must stay. */
static void init_keeps_a_startup_message(void **state)
{
	unit_enabled(state);
	pstd_lapic_receive(&l, &(struct pstd_apic_msg){ .dlm = PSTD_APIC_DM_INIT });
	pstd_lapic_receive(&l, &(struct pstd_apic_msg){ .dlm = PSTD_APIC_DM_SIPI, .vector = 0x9a });
	assert_int_equal(pstd_lapic_events(&l), 1 << PSTD_APIC_DM_INIT | 1 << PSTD_APIC_DM_SIPI);
	pstd_lapic_event_taken(&l, PSTD_APIC_DM_INIT);
	pstd_lapic_init(&l);
	assert_int_equal(pstd_lapic_events(&l), 1 << PSTD_APIC_DM_SIPI);
	assert_int_equal(l.startup, 0x9a);
}

static void x2apic_takes_over_all_but_id_ldr_and_icr_high(void **state)
{
	unit_enabled(state);
	scribble();
	assert_true(put_msr(PSTD_APIC_MSR_BASE, l.base | PSTD_APIC_BASE_EXTD));
	assert_int_equal(get_msr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_ID)), UNIT_ID);
	assert_int_equal(get_msr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_LDR)), 0x12340020);
	assert_int_equal(get_msr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR)), 0);
	assert_int_equal(get_msr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_TPR)), 0x20);
	assert_int_equal(get_msr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_SVR)), 0x1ff);
	assert_int_equal(get_msr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_LVT_TIMER)), 0x41);
	assert_int_equal(get_msr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_INITIAL_COUNT)), 1000);
	assert_true(pstd_apic_test(&l.regs, PSTD_APIC_ISR, 0x61));
	assert_true(pstd_apic_test(&l.regs, PSTD_APIC_IRR, 0x51));
}

static void disabling_forgets_everything(void **state)
{
	unit_enabled(state);
	scribble();
	assert_true(put_msr(PSTD_APIC_MSR_BASE, base_of(DISABLED)));
	assert_true(put_msr(PSTD_APIC_MSR_BASE, base_of(XAPIC)));
	expect_reset_state();
}

static void disabled_apic_accepts_nothing(void **state)
{
	bring_to(DISABLED);
	for (unsigned dlm = 0; dlm < 8; dlm++)
		pstd_lapic_receive(&l,
		                   &(struct pstd_apic_msg){ .dlm = (uint8_t)dlm, .vector = 0x41 });
	assert_int_equal(pstd_lapic_events(&l), 0);
	assert_int_equal(pstd_lapic_pending(&l), -1);
	assert_int_equal(get(PSTD_APIC_VERSION), 0xffffffff);
	assert_int_equal(pstd_lapic_identity(&l).mode, PSTD_APIC_DISABLED);
}

static void identity_follows_mode_and_registers(void **state)
{
	struct pstd_apic_identity a;

	unit_enabled(state);
	put(PSTD_APIC_LDR, 0x02000000);
	put(PSTD_APIC_DFR, 0);
	a = pstd_lapic_identity(&l);
	assert_int_equal(a.mode, PSTD_APIC_XAPIC);
	assert_int_equal(a.id, UNIT_ID & 0xff);
	assert_true(a.enabled);
	assert_true(pstd_apic_matches(&a, 0x02, true));
	assert_true(pstd_apic_matches(&a, UNIT_ID & 0xff, false));
	unit_x2apic(state);
	a = pstd_lapic_identity(&l);
	assert_int_equal(a.id, UNIT_ID);
	assert_true(pstd_apic_matches(&a, 0x12340020, true));
	assert_false(pstd_apic_matches(&a, 0x12340010, true));
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_transition_is_made_or_faults),
		TEST(every_reserved_bit_faults),
		TEST(extd_is_reserved_without_x2apic),
		TEST(page_is_where_the_base_says),
		TEST(bsp_is_told),
		TEST(reset_and_init_leave_the_manuals_values),
		TEST(init_keeps_x2apic_mode_and_the_id),
		TEST(init_keeps_a_startup_message),
		TEST(x2apic_takes_over_all_but_id_ldr_and_icr_high),
		TEST(disabling_forgets_everything),
		TEST(disabled_apic_accepts_nothing),
		TEST(identity_follows_mode_and_registers),
	};

	return cmocka_run_group_tests_name("lapic_base", tests, NULL, NULL);
}
