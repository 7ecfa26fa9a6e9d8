/* SPDX-License-Identifier: BSD-2-Clause */
/* posted/irte.h against "Interrupt Remapping Table Entry"; bits are the manual's, 0 to 127. */
#include <posted/irte.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

static void assert_fields_equal(const struct pstd_irte_fields *a, const struct pstd_irte_fields *b)
{
	assert_int_equal(a->p, b->p);
	assert_int_equal(a->fpd, b->fpd);
	assert_int_equal(a->posted, b->posted);
	assert_int_equal(a->avail, b->avail);
	assert_int_equal(a->vector, b->vector);
	assert_int_equal(a->sid, b->sid);
	assert_int_equal(a->sq, b->sq);
	assert_int_equal(a->svt, b->svt);
	assert_int_equal(a->dm, b->dm);
	assert_int_equal(a->rh, b->rh);
	assert_int_equal(a->tm, b->tm);
	assert_int_equal(a->dlm, b->dlm);
	assert_int_equal(a->dst, b->dst);
	assert_int_equal(a->urg, b->urg);
	assert_int_equal(a->pda, b->pda);
}

/* The fields make an entry in which bit is set, and IM if posted, and nothing else; and back. */
static void assert_bit(const struct pstd_irte_fields *f, unsigned bit)
{
	struct pstd_irte e = pstd_irte_encode(f);
	struct pstd_irte_fields back = pstd_irte_decode(e);
	uint64_t lo = f->posted ? 1ull << 15 : 0, hi = 0;

	if (bit < 64)
		lo |= 1ull << bit;
	else
		hi |= 1ull << (bit - 64);
	assert_int_equal(e.raw.lo, lo);
	assert_int_equal(e.raw.hi, hi);
	assert_fields_equal(&back, f);
}

/* Walks a one through a field of width bits, alone in its entry. */
#define WALK(is_posted, field, width, low)                                                    \
	for (unsigned i = 0; i < (width); i++) {                                              \
		struct pstd_irte_fields f = { .posted = (is_posted) };                        \
		f.field = (__typeof__(f.field))(1ull << i);                                   \
		assert_bit(&f, (low) + i);                                                    \
	}

static void common_fields(bool posted)
{
	WALK(posted, p, 1, 0)
	WALK(posted, fpd, 1, 1)
	WALK(posted, avail, 4, 8)
	WALK(posted, vector, 8, 16)
	WALK(posted, sid, 16, 64)
	WALK(posted, sq, 2, 80)
	WALK(posted, svt, 2, 82)
}

static void each_field_of_the_remapped_format_has_its_bits(void **state)
{
	common_fields(false);
	WALK(false, dm, 1, 2)
	WALK(false, rh, 1, 3)
	WALK(false, tm, 1, 4)
	WALK(false, dlm, 3, 5)
	WALK(false, dst, 32, 32)
}

static void each_field_of_the_posted_format_has_its_bits(void **state)
{
	common_fields(true);
	WALK(true, urg, 1, 14)
	for (unsigned i = 6; i < 32; i++) {
		struct pstd_irte_fields f = { .posted = true, .pda = 1ull << i };

		assert_bit(&f, 32 + i); /* address 31:6 is bits 63:38 */
	}
	for (unsigned i = 32; i < 64; i++) {
		struct pstd_irte_fields f = { .posted = true, .pda = 1ull << i };

		assert_bit(&f, 64 + i); /* address 63:32 is bits 127:96 */
	}
}

static void values_that_do_not_fit_leave_the_neighbours_alone(void **state)
{
	struct pstd_irte_fields f = { .avail = 0xff, .dlm = 0xff, .sq = 0xff, .svt = 0xff };
	struct pstd_irte e = pstd_irte_encode(&f);

	assert_int_equal(e.raw.lo, 0xfe0);
	assert_int_equal(e.raw.hi, 0xf0000);
	f = (struct pstd_irte_fields){ .posted = true, .pda = 0x3f };
	assert_int_equal(pstd_irte_encode(&f).raw.lo, 0x8000);
	assert_int_equal(pstd_irte_encode(&f).raw.hi, 0);
}

static void decoding_gives_no_fields_of_the_other_format(void **state)
{
	struct pstd_irte all = { { ~0ull, ~0ull } };
	struct pstd_irte_fields f = pstd_irte_decode(all);

	assert_false(f.dm || f.rh || f.tm || f.dlm || f.dst);
	assert_int_equal(f.pda, ~0x3full);
	all.raw.lo &= ~(1ull << 15);
	f = pstd_irte_decode(all);
	assert_false(f.urg || f.pda);
	assert_int_equal(f.dst, 0xffffffff);
}

static void every_other_bit_is_reserved(void **state)
{
	const uint64_t both = PSTD_IRTE_P | PSTD_IRTE_FPD | PSTD_IRTE_AVAIL | PSTD_IRTE_IM |
	                      PSTD_IRTE_V;
	const uint64_t remapped = both | PSTD_IRTE_DM | PSTD_IRTE_RH | PSTD_IRTE_TM |
	                          PSTD_IRTE_DLM | PSTD_IRTE_DST;
	const uint64_t posted = both | PSTD_IRTE_URG | PSTD_IRTE_PDAL;
	const uint64_t high = PSTD_IRTE_SID | PSTD_IRTE_SQ | PSTD_IRTE_SVT;

	assert_int_equal(PSTD_IRTE_REMAPPED_RSVD, ~remapped);
	assert_int_equal(PSTD_IRTE_POSTED_RSVD, ~posted);
	assert_int_equal(PSTD_IRTE_REMAPPED_RSVD_HI, ~high);
	assert_int_equal(PSTD_IRTE_POSTED_RSVD_HI, ~(high | PSTD_IRTE_PDAH));
	assert_int_equal(PSTD_IRTE_DST_XAPIC, 0xffull << 40);
}

static void destination_is_the_whole_id_or_bits_15_to_8(void **state)
{
	assert_int_equal(pstd_irte_dst(0x12345678, true), 0x12345678);
	assert_int_equal(pstd_irte_dst(0x78, false), 0x7800);
	assert_int_equal(pstd_irte_dst(0x178, false), 0x7800);
}

static void remapped_entry_is_present_fixed_edge_and_checks_its_source(void **state)
{
	struct pstd_irte_fields expected = { .p = true, .vector = 0x41, .sid = 0x0310, .svt = 1,
		                             .dst = 0x12345678 };
	struct pstd_irte_fields f = pstd_irte_decode(pstd_irte_remapped(0x12345678, 0x41, 0x0310));

	assert_fields_equal(&f, &expected);
}

static void posted_entry_is_present_not_urgent_and_checks_its_source(void **state)
{
	struct pstd_irte_fields expected = { .p = true, .posted = true, .vector = 0x41,
		                             .sid = 0x0310, .svt = 1, .pda = 0x123456789abcc0 };
	struct pstd_irte_fields f =
		pstd_irte_decode(pstd_irte_posted(0x123456789abcc0, 0x41, 0x0310));

	assert_fields_equal(&f, &expected);
}

/* Entries that Linux's documentation and a real machine's log show. */
static void real_entries_decode_to_what_their_machines_meant(void **state)
{
	struct pstd_irte doc = { { 0x000000800024000d, 0x0000000000040050 } };
	struct pstd_irte dmesg = { { 0x0000010000ef000d, 0x000000000004f0f8 } };
	struct pstd_irte_fields expected = { .p = true, .dm = true, .rh = true, .vector = 0x24,
		                             .dst = 0x80, .sid = 0x0050, .svt = 1 };
	struct pstd_irte_fields f = pstd_irte_decode(doc);

	assert_fields_equal(&f, &expected);
	expected.vector = 0xef;
	expected.dst = 0x100;
	expected.sid = 0xf0f8;
	f = pstd_irte_decode(dmesg);
	assert_fields_equal(&f, &expected);
}

static void replaced_entry_is_loaded_whole(void **state)
{
	struct pstd_irte slot[3] = { { { 1, 2 } }, { { 3, 4 } }, { { 5, 6 } } };
	struct pstd_irte value = { { 0x1122334455667788, 0x99aabbccddeeff00 } };

	pstd_irte_replace(&slot[1], value);
	assert_int_equal(pstd_irte_load(&slot[1]).raw.lo, value.raw.lo);
	assert_int_equal(pstd_irte_load(&slot[1]).raw.hi, value.raw.hi);
	assert_int_equal(slot[0].raw.lo + slot[0].raw.hi, 3);
	assert_int_equal(slot[2].raw.lo + slot[2].raw.hi, 11);
}

/* Races: every value that is ever in the slot has hi = ~lo, and a writer's number in lo. */

static struct pstd_irte live;
static uint64_t stop;

static void *writer(void *arg)
{
	uint64_t step = *(uint64_t *)arg, n = 0;

	while (!pstd_load_acquire(&stop)) {
		n += step;
		pstd_irte_replace(&live, (struct pstd_irte){ { n, ~n } });
	}
	return NULL;
}

static uint64_t milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void reader_never_sees_a_torn_entry(void **state)
{
	uint64_t step[2] = { 1, 0x100000001 }, end, seen = 0, changes = 0, torn = 0;
	pthread_t thread[2];

	pstd_irte_replace(&live, (struct pstd_irte){ { 0, ~0ull } });
	pstd_store_release(&stop, 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, writer, &step[i]), 0);
	for (end = milliseconds() + 200; milliseconds() < end || !changes;) {
		struct pstd_irte e = pstd_irte_load(&live);

		torn += e.raw.hi != ~e.raw.lo;
		changes += e.raw.lo != seen;
		seen = e.raw.lo;
	}
	pstd_store_release(&stop, 1);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	assert_int_equal(torn, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_field_of_the_remapped_format_has_its_bits),
		cmocka_unit_test(each_field_of_the_posted_format_has_its_bits),
		cmocka_unit_test(values_that_do_not_fit_leave_the_neighbours_alone),
		cmocka_unit_test(decoding_gives_no_fields_of_the_other_format),
		cmocka_unit_test(every_other_bit_is_reserved),
		cmocka_unit_test(destination_is_the_whole_id_or_bits_15_to_8),
		cmocka_unit_test(remapped_entry_is_present_fixed_edge_and_checks_its_source),
		cmocka_unit_test(posted_entry_is_present_not_urgent_and_checks_its_source),
		cmocka_unit_test(real_entries_decode_to_what_their_machines_meant),
		cmocka_unit_test(replaced_entry_is_loaded_whole),
		cmocka_unit_test(reader_never_sees_a_torn_entry),
	};

	return cmocka_run_group_tests_name("irte", tests, NULL, NULL);
}
