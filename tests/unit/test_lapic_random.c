/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random operations on a local APIC and, beside it, on a slow and obvious one that
 * is written from the manual's words, bit by bit; after each the same state. A
 * million steps, 100 million with POSTED_SOAK=1.
 */
#include "lapic_unit.h"

#include <stdlib.h>

/* The obvious one: registers as the bytes that the manual draws. */
static struct pstd_apic_page model;
static unsigned model_tpr;

static uint8_t *byte_of(unsigned bank, unsigned vector)
{
	return (uint8_t *)&model + bank + vector / 32 * 16 + vector % 32 / 8;
}

static bool is_set(unsigned bank, unsigned vector)
{
	return *byte_of(bank, vector) >> vector % 8 & 1;
}

static void change(unsigned bank, unsigned vector, bool value)
{
	*byte_of(bank, vector) &= (uint8_t)~(1u << vector % 8);
	*byte_of(bank, vector) |= (uint8_t)(value << vector % 8);
}

/* "The highest-priority bit set", -1 if none. */
static int model_highest(unsigned bank)
{
	for (int vector = 255; vector >= 0; vector--)
		if (is_set(bank, (unsigned)vector))
			return vector;
	return -1;
}

static unsigned model_ppr(void)
{
	int isrv = model_highest(PSTD_APIC_ISR);
	unsigned class_in_service = isrv < 0 ? 0 : (unsigned)isrv / 16;

	return model_tpr / 16 >= class_in_service ? model_tpr : class_in_service * 16;
}

static int model_pending(void)
{
	int irrv = model_highest(PSTD_APIC_IRR);

	return irrv >= 0 && (unsigned)irrv / 16 > model_ppr() / 16 ? irrv : -1;
}

/* "If the trigger mode is level the TMR bit is set, if it is edge it is cleared." */
static void model_accept(unsigned vector, bool level)
{
	if (vector < 16)
		return;
	change(PSTD_APIC_IRR, vector, true);
	change(PSTD_APIC_TMR, vector, level);
}

static unsigned model_inta(unsigned spurious)
{
	int vector = model_pending();

	if (vector < 0)
		return spurious;
	change(PSTD_APIC_IRR, (unsigned)vector, false);
	change(PSTD_APIC_ISR, (unsigned)vector, true);
	return (unsigned)vector;
}

static int model_eoi(void)
{
	int vector = model_highest(PSTD_APIC_ISR);

	if (vector < 0)
		return -1;
	change(PSTD_APIC_ISR, (unsigned)vector, false);
	return is_set(PSTD_APIC_TMR, (unsigned)vector) ? vector : -1;
}

/* A 256-bit request register from elsewhere, as posted processing merges one. */
static void merge(const uint64_t bits[4])
{
	uint64_t merged[4];

	for (unsigned vector = 0; vector < 256; vector++)
		if (bits[vector / 64] >> vector % 64 & 1)
			change(PSTD_APIC_IRR, vector, true);
	pstd_apic_merge(&l.regs, PSTD_APIC_IRR, bits, merged);
}

static uint64_t seed = 0x9e3779b97f4a7c15;

static uint64_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static void step(void)
{
	uint64_t r = next_random();
	struct pstd_apic_msg m = { .vector = (uint8_t)(r >> 8), .level = r >> 16 & 1 };
	uint64_t bits[4] = { 0 };

	switch (r % 32) {
	case 0 ... 7:
		pstd_lapic_receive(&l, &m);
		model_accept(m.vector, m.level);
		break;
	case 8 ... 10:
		pstd_lapic_accept(&l, m.vector);
		model_accept(m.vector, false);
		break;
	case 11 ... 13:
		pstd_lapic_notify(&l, m.vector);
		model_accept(m.vector, false);
		break;
	case 14 ... 22:
		assert_int_equal(pstd_lapic_inta(&l), model_inta(0xff));
		break;
	case 23 ... 29:
		assert_int_equal(pstd_lapic_eoi(&l), model_eoi());
		break;
	case 30:
		/* Mostly low, or nothing would be delivered. */
		model_tpr = r >> 32 & r >> 40 & 0xff;
		put(PSTD_APIC_TPR, model_tpr);
		break;
	default:
		bits[r >> 32 & 3] = PSTD_BIT(r >> 40 & 63) & ~(uint64_t)(r >> 32 & 3 ? 0 : 0xffff);
		pstd_lapic_pending(&l); /* what arrived comes first */
		merge(bits);
	}
}

static void judge(void)
{
	assert_int_equal(pstd_lapic_pending(&l), model_pending());
	if (memcmp((uint8_t *)&l.regs + PSTD_APIC_ISR, (uint8_t *)&model + PSTD_APIC_ISR,
	           PSTD_APIC_IRR + 0x80 - PSTD_APIC_ISR))
		fail_msg("ISR, TMR or IRR differ");
}

static void random_operations_leave_what_the_manual_says(void **state)
{
	uint64_t steps = getenv("POSTED_SOAK") ? 100000000 : 1000000;

	for (uint64_t i = 0; i < steps; i++) {
		step();
		judge();
		if (i % 64 == 0)
			assert_int_equal(get(PSTD_APIC_PPR), model_ppr());
	}
	assert_true(l.accepted > steps / 16);
}

/* The timer: the obvious one counts every cycle. */
enum { ONE_SHOT = 0x41, PERIODIC = 0x20041, DEADLINE = 0x40041, RESERVED = 0x60041 };

static struct {
	uint32_t lvt, initial, current;
	unsigned divide, cycles;
	uint64_t expired;
} obvious;

static bool obvious_counts(uint32_t lvt)
{
	return !(lvt & 0x40000);
}

static void obvious_cycle(void)
{
	if (!obvious.current || ++obvious.cycles < obvious.divide)
		return;
	obvious.cycles = 0;
	if (--obvious.current)
		return;
	obvious.expired++;
	if (obvious.lvt & 0x20000)
		obvious.current = obvious.initial;
}

static void set_mode(uint32_t lvt)
{
	put(PSTD_APIC_LVT_TIMER, lvt);
	if (!obvious_counts(lvt) || !obvious_counts(obvious.lvt))
		obvious.current = 0;
	obvious.lvt = lvt;
}

/* Ignored in TSC-deadline mode; what runs, runs anew. */
static void set_count(uint32_t count)
{
	put(PSTD_APIC_INITIAL_COUNT, count);
	if (obvious.lvt != DEADLINE)
		obvious.initial = count;
	if (!obvious_counts(obvious.lvt))
		return;
	obvious.current = count;
	obvious.cycles = 0;
}

static void set_divide(unsigned divide)
{
	static const uint8_t encoded[] = { 0xb, 0, 1, 2, 3, 8 };

	put(PSTD_APIC_DIVIDE, encoded[divide]);
	obvious.divide = 1u << divide;
	obvious.cycles = 0;
}

static void random_writes_leave_what_an_obvious_timer_counts(void **state)
{
	static const uint32_t modes[] = { ONE_SHOT, PERIODIC, DEADLINE, RESERVED };
	uint64_t expired = 0, steps = getenv("POSTED_SOAK") ? 20000000 : 200000;

	memset(&obvious, 0, sizeof(obvious));
	obvious.divide = 2;
	for (uint64_t i = 0; i < steps; i++) {
		unsigned r = (unsigned)next_random() >> 8, cycles = r >> 8 & 31;

		if (r % 8 == 0)
			set_mode(modes[r >> 4 & (r & 8 ? 3 : 1)]);
		else if (r % 8 == 1)
			set_count(r >> 4 & 15);
		else if (r % 8 == 2)
			set_divide((r >> 4 & 15) % 6);
		now += cycles;
		expired += pstd_lapic_timer(&l, now);
		while (cycles--)
			obvious_cycle();
		assert_int_equal(get(PSTD_APIC_CURRENT_COUNT), obvious.current);
		assert_int_equal(expired, obvious.expired);
	}
	assert_true(expired > steps / 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(random_operations_leave_what_the_manual_says,
		                       unit_enabled),
		cmocka_unit_test_setup(random_writes_leave_what_an_obvious_timer_counts,
		                       unit_enabled),
	};

	return cmocka_run_group_tests_name("lapic_random", tests, NULL, NULL);
}
