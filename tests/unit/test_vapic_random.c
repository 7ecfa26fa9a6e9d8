/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * posted/hw/vapic.h against a slow, obvious reference, written from the manual's words:
 * random operations on both, the same state after each. A million; with
 * POSTED_SOAK=1 a hundred million.
 */
#include <posted/hw/vapic.h>
#include <posted/vmx.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { TARGETS = 6, WIDTH = 46 };

/* The reference: one bool a vector, and every search goes through them all. */
static struct reference {
	bool virr[256], visr[256], eoi_exit[256];
	unsigned rvi, svi, vtpr, vppr, threshold;
	uint32_t eoi, icr, icr_edx, icr_hi, self_ipi;
	bool vid, register_virt, ipi_virt, x2apic, window, recognized;
	/* PID-pointer table and descriptors, each a string of bits */
	uint64_t entry[TARGETS];
	uint64_t last;
	uint8_t pid[TARGETS][64];
	/* what the last operation led to */
	enum pstd_vapic_effect effect;
	unsigned qualification;
	uint32_t dest, nv; /* of a notification */
} ref;

/* Where both have the descriptors: the same address in each entry of the table. */
static struct {
	struct pstd_desc pid[TARGETS];
	uint64_t entry[TARGETS];
} ram;

static struct pstd_memory memory = { .base = (uint8_t *)&ram, .size = sizeof(ram) };

static bool bit_of(const uint8_t *bits, unsigned n)
{
	return bits[n / 8] >> n % 8 & 1;
}

static void set_bit_of(uint8_t *bits, unsigned n)
{
	bits[n / 8] = (uint8_t)(bits[n / 8] | 1u << n % 8);
}

static uint32_t field_of(const uint8_t *bits, unsigned high, unsigned low)
{
	uint32_t value = 0;

	for (unsigned n = low; n <= high; n++)
		value |= (uint32_t)bit_of(bits, n) << (n - low);
	return value;
}

static unsigned highest(const bool set[256])
{
	for (unsigned vector = 255; vector > 0; vector--)
		if (set[vector])
			return vector;
	return 0;
}

/* "IF VTPR[7:4] >= SVI[7:4] THEN VPPR := VTPR AND FFH; ELSE VPPR := SVI AND F0H; FI" */
static void ref_ppr(void)
{
	if (ref.vtpr / 16 >= ref.svi / 16)
		ref.vppr = ref.vtpr;
	else
		ref.vppr = ref.svi / 16 * 16;
}

/* "IF interrupt-window exiting is 0 AND RVI[7:4] > VPPR[7:4] THEN recognize" */
static void ref_evaluate(void)
{
	ref.recognized = !ref.window && ref.rvi / 16 > ref.vppr / 16;
}

static void ref_entry(void)
{
	ref.recognized = false;
	if (ref.vid) {
		ref_ppr();
		ref_evaluate();
	}
}

static void ref_exit(enum pstd_vapic_effect effect, unsigned qualification)
{
	ref.effect = effect;
	ref.qualification = qualification;
}

static void ref_tpr(uint32_t value)
{
	ref.vtpr = value % 256;
	if (ref.vid) {
		ref_ppr();
		ref_evaluate();
	} else if (ref.threshold > ref.vtpr / 16) {
		ref_exit(PSTD_VAPIC_TPR_BELOW_THRESHOLD, 0);
	}
}

static void ref_eoi(uint32_t value)
{
	unsigned vector = ref.svi;

	ref.eoi = value;
	if (!ref.vid) {
		ref_exit(PSTD_VAPIC_APIC_WRITE, 0xb0);
		return;
	}
	ref.eoi = 0;
	ref.visr[vector] = false;
	ref.svi = highest(ref.visr);
	ref_ppr();
	if (ref.eoi_exit[vector])
		ref_exit(PSTD_VAPIC_EOI_INDUCED, vector);
	else
		ref_evaluate();
}

static void ref_self_ipi(unsigned vector)
{
	ref.virr[vector] = true;
	ref.rvi = ref.rvi > vector ? ref.rvi : vector;
	ref_evaluate();
}

static bool bits_are(uint32_t word, unsigned high, unsigned low, unsigned value)
{
	return (word >> low & ((1ull << (high - low + 1)) - 1)) == value;
}

/*
 * "If the virtual vector is below 16 or T is greater than the last PID-pointer index",
 * or the entry is not valid: exit. Else PIR[V] := 1; if ON and SN are 0, ON := 1 and NV
 * goes to NDST, in the form of the real local APIC.
 */
static void ref_ipi_virtualization(unsigned vector, uint32_t target)
{
	uint64_t entry;
	uint8_t *pid;

	ref_exit(PSTD_VAPIC_APIC_WRITE, 0x300);
	if (vector < 16 || target > ref.last)
		return;
	entry = ref.entry[target];
	if (entry >> WIDTH != 0 || entry % 64 != 1)
		return;
	pid = ref.pid[(entry - PSTD_MEMORY_PHYS_BASE) / 64];
	set_bit_of(pid, vector);
	ref_exit(PSTD_VAPIC_NOTHING, 0);
	if (bit_of(pid, 256) || bit_of(pid, 257))
		return;
	set_bit_of(pid, 256);
	ref_exit(PSTD_VAPIC_SEND, 0);
	ref.nv = field_of(pid, 279, 272);
	ref.dest = ref.x2apic ? field_of(pid, 319, 288) : field_of(pid, 303, 296);
}

/* What both forms of the ICR must have to be a clean IPI to one physical destination. */
static bool ref_posts(uint32_t value)
{
	return ref.ipi_virt && bits_are(value, 19, 18, 0) && bits_are(value, 15, 15, 0) &&
	       bits_are(value, 12, 12, 0) && bits_are(value, 11, 11, 0) &&
	       bits_are(value, 10, 8, 0);
}

static bool ref_icr_reserved(uint32_t value)
{
	return !bits_are(value, 31, 20, 0) || !bits_are(value, 17, 16, 0) ||
	       !bits_are(value, 13, 13, 0);
}

static void ref_icr(uint32_t value)
{
	ref.icr = value;
	if (ref.vid && bits_are(value, 31, 20, 0) && bits_are(value, 19, 18, 1) &&
	    bits_are(value, 17, 16, 0) && bits_are(value, 15, 15, 0) &&
	    bits_are(value, 13, 13, 0) && bits_are(value, 12, 12, 0) &&
	    bits_are(value, 10, 8, 0) && value % 256 / 16 != 0)
		ref_self_ipi(value % 256);
	else if (ref_posts(value) && !ref_icr_reserved(value))
		ref_ipi_virtualization(value % 256, ref.icr_hi / (1u << 24));
	else
		ref_exit(PSTD_VAPIC_APIC_WRITE, 0x300);
}

/* "Virtualizing MSR-Based APIC Accesses": which writes go to the page, and which fault. */
static bool ref_writes_msr(uint32_t msr)
{
	return msr == 0x808 || (ref.vid && (msr == 0x80b || msr == 0x83f)) ||
	       (ref.ipi_virt && msr == 0x830);
}

static bool ref_faults(uint32_t msr, uint64_t value)
{
	if (msr == 0x80b)
		return value != 0;
	if (msr == 0x830)
		return ref_icr_reserved((uint32_t)value);
	return value >= 256;
}

static void ref_wrmsr(uint32_t msr, uint64_t value)
{
	switch (msr) {
	case 0x808:
		ref_tpr((uint32_t)value);
		break;
	case 0x80b:
		ref_eoi(0);
		break;
	case 0x830:
		ref.icr = (uint32_t)value;
		ref.icr_edx = value >> 32;
		ref_exit(PSTD_VAPIC_APIC_WRITE, 0x300);
		if (ref_posts(ref.icr))
			ref_ipi_virtualization(value % 256, ref.icr_edx);
		break;
	case 0x83f:
		ref.self_ipi = (uint32_t)value;
		if (value < 16)
			ref_exit(PSTD_VAPIC_APIC_WRITE, 0x3f0);
		else
			ref_self_ipi((unsigned)value);
		break;
	}
}

static void ref_write(unsigned offset, uint32_t value)
{
	switch (offset) {
	case 0x80:
		ref_tpr(value);
		break;
	case 0xb0:
		ref_eoi(value);
		break;
	case 0x300:
		ref_icr(value);
		break;
	case 0x310:
		ref.icr_hi = value & 0xff000000;
		break;
	default:
		ref_exit(PSTD_VAPIC_APIC_WRITE, offset);
	}
}

static void ref_deliver(void)
{
	unsigned vector = ref.rvi;

	ref.visr[vector] = true;
	ref.svi = vector;
	ref.vppr = vector / 16 * 16;
	ref.virr[vector] = false;
	ref.rvi = highest(ref.virr);
	ref.recognized = false;
}

/* The rows of "Virtualizing Reads" and "Writes to the APIC-Access Page". */
static bool listed(unsigned offset, const unsigned *list)
{
	for (; *list; list++)
		if (*list == offset)
			return true;
	return false;
}

static bool ref_reads(unsigned offset)
{
	static const unsigned few[] = { 0x20,  0x30,  0x80,  0xb0,  0xd0,  0xe0,  0xf0,
		                        0x280, 0x300, 0x310, 0x320, 0x330, 0x340, 0x350,
		                        0x360, 0x370, 0x380, 0x3e0, 0 };

	if (ref.register_virt)
		return listed(offset, few) || (offset >= 0x100 && offset <= 0x270);
	return offset == 0x80 || (ref.vid && (offset == 0xb0 || offset == 0x300));
}

static bool ref_writes(unsigned offset)
{
	static const unsigned few[] = { 0x20,  0x80,  0xb0,  0xd0,  0xe0,  0xf0,
		                        0x280, 0x300, 0x310, 0x320, 0x330, 0x340, 0x350,
		                        0x360, 0x370, 0x380, 0x3e0, 0 };

	if (ref.register_virt)
		return listed(offset, few);
	return offset == 0x80 || (ref.vid && (offset == 0xb0 || offset == 0x300)) ||
	       (ref.ipi_virt && offset == 0x300);
}

/* What is tested, and what both are compared by. */

static struct pstd_apic_page page;
static struct pstd_vapic v;
static uint64_t seed;

static uint32_t any(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 32) % below);
}

/* Eight bools of a byte each, as eight bits. */
static uint8_t packed(const bool *set)
{
	uint64_t bytes;

	memcpy(&bytes, set, sizeof(bytes));
	return (uint8_t)(bytes * 0x0102040810204080ull >> 56);
}

static bool same_bank(const bool set[256], unsigned bank)
{
	uint32_t differ = 0;

	for (unsigned first = 0; first < 256; first += 32) {
		uint32_t word = 0;

		for (unsigned byte = 0; byte < 4; byte++)
			word |= (uint32_t)packed(&set[first + 8 * byte]) << 8 * byte;
		differ |= word ^ pstd_apic_read(&page, bank + first / 2);
	}
	return !differ;
}

static bool same(const struct pstd_vapic_result *r)
{
	return same_bank(ref.virr, PSTD_APIC_IRR) && same_bank(ref.visr, PSTD_APIC_ISR) &&
	       v.rvi == ref.rvi && v.svi == ref.svi && v.recognized == ref.recognized &&
	       pstd_apic_read(&page, PSTD_APIC_TPR) == ref.vtpr &&
	       pstd_apic_read(&page, PSTD_APIC_PPR) == ref.vppr &&
	       pstd_apic_read(&page, PSTD_APIC_EOI) == ref.eoi &&
	       pstd_apic_read(&page, PSTD_APIC_ICR) == ref.icr &&
	       pstd_apic_read(&page, PSTD_APIC_ICR_HI) == ref.icr_hi &&
	       pstd_apic_read(&page, PSTD_APIC_ICR + 4) == ref.icr_edx &&
	       pstd_apic_read(&page, PSTD_APIC_SELF_IPI) == ref.self_ipi &&
	       !memcmp(ram.pid, ref.pid, sizeof(ref.pid)) && r->effect == ref.effect &&
	       r->qualification == ref.qualification;
}

static bool same_notification(const struct pstd_apic_msg *m)
{
	return ref.effect != PSTD_VAPIC_SEND ||
	       (m->dlm == PSTD_APIC_DM_FIXED && !m->logical && m->shorthand == PSTD_APIC_TO_DEST &&
	        m->vector == ref.nv && m->dest == ref.dest);
}

/* An operation: on both, with the same random arguments. */

static struct pstd_vapic_result write_page(void)
{
	static const unsigned likely[] = { 0x80, 0xb0, 0x300, 0x310 };
	unsigned offset = any(4) ? likely[any(4)] : any(64) << 4;
	/* Mostly what has few bits beyond a vector and perhaps the shorthand for oneself. */
	uint32_t value = any(256) | (any(2) ? 0x40000 : 0) | (any(2) ? 0 : 1u << any(32));

	if (offset == 0x310)
		value |= any(TARGETS + 1) << 24;

	assert_int_equal(pstd_vapic_writes(&v, offset, 4), ref_writes(offset));
	if (!ref_writes(offset))
		return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_NOTHING };
	ref_write(offset, value);
	pstd_apic_write(&page, offset, value);
	return pstd_vapic_write_emulation(&v, offset);
}

static struct pstd_vapic_result read_page(void)
{
	unsigned offset = any(80) << 4;

	assert_int_equal(pstd_vapic_reads(&v, offset, 4), ref_reads(offset));
	assert_int_equal(pstd_vapic_reads_msr(&v, offset), ref.register_virt || offset == 0x80);
	return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_NOTHING };
}

static struct pstd_vapic_result write_msr(void)
{
	static const uint32_t likely[] = { 0x808, 0x80b, 0x830, 0x830, 0x83f };
	uint32_t msr = any(8) ? likely[any(5)] : 0x800 + any(0x40);
	uint64_t value = msr == 0x80b ? 0 : any(256);

	if (msr == 0x830)
		value |= (uint64_t)any(TARGETS + 1) << 32;
	if (!any(4))
		value |= 1ull << any(64);
	assert_int_equal(pstd_vapic_writes_msr(&v, (msr - 0x800) * 16), ref_writes_msr(msr));
	if (!ref_writes_msr(msr))
		return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_NOTHING };
	assert_int_equal(pstd_vapic_msr_reserved((msr - 0x800) * 16, value),
	                 ref_faults(msr, value));
	if (ref_faults(msr, value))
		return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_NOTHING };
	ref_wrmsr(msr, value);
	return pstd_vapic_write_msr(&v, (msr - 0x800) * 16, value);
}

/* Software has the descriptors: it takes what is there, or sets them up otherwise. */
static struct pstd_vapic_result change_descriptor(void)
{
	unsigned which = any(TARGETS);
	struct pstd_desc *d = &ram.pid[which];
	uint64_t bad = any(4) ? 0 : any(2) ? 1ull << any(6) : 1ull << (WIDTH + any(64 - WIDTH));

	memset(d, 0, 32);
	d->control = (uint64_t)any(~0u) << 32 | any(256) << 16 | !any(3) << 1 | !any(4);
	memcpy(ref.pid[which], d, sizeof(ref.pid[which]));
	which = any(TARGETS);
	ram.entry[which] = ((PSTD_MEMORY_PHYS_BASE + 64 * any(TARGETS)) | 1) ^ bad;
	ref.entry[which] = ram.entry[which];
	return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_NOTHING };
}

static struct pstd_vapic_result deliver(void)
{
	if (ref.recognized) {
		assert_int_equal(pstd_vapic_deliver(&v), ref.rvi);
		ref_deliver();
	}
	return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_NOTHING };
}

static struct pstd_vapic_result process_posted(void)
{
	struct pstd_desc d = { 0 };
	unsigned most = 0;

	for (unsigned n = any(4); ref.vid && n; n--) {
		unsigned vector = any(256);

		pstd_test_and_set_pir(&d, (uint8_t)vector);
		ref.virr[vector] = true;
		most = vector > most ? vector : most;
	}
	ref.rvi = most > ref.rvi ? most : ref.rvi;
	pstd_vapic_merge_pir(&v, &d);
	assert_true(pstd_pir_empty(&d));
	if (ref.vid) {
		ref_evaluate();
		pstd_vapic_evaluate_pending(&v);
	}
	return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_NOTHING };
}

static void choose_controls(void)
{
	unsigned vector = any(256);

	v.vid = ref.vid = any(8);
	v.register_virt = ref.register_virt = any(2);
	v.ipi_virt = ref.ipi_virt = any(4);
	v.x2apic = ref.x2apic = any(2);
	ref.last = any(TARGETS);
	v.pid_last = (uint16_t)ref.last;
	v.intr_window = ref.window = !any(4);
	ref.threshold = any(16);
	v.tpr_threshold = (uint8_t)ref.threshold;
	v.eoi_exit[vector / 64] ^= PSTD_BIT(vector % 64);
	ref.eoi_exit[vector] = !ref.eoi_exit[vector];
}

/* Software has the guest for a moment: other controls, or a request of its own, then VM entry. */
static struct pstd_vapic_result enter(void)
{
	if (!any(4)) {
		unsigned vector = any(256);

		pstd_apic_set(&page, PSTD_APIC_IRR, (uint8_t)vector);
		ref.virr[vector] = true;
		v.rvi = pstd_apic_highest_or_0(&page, PSTD_APIC_IRR);
		ref.rvi = highest(ref.virr);
	}
	if (!any(4))
		choose_controls();
	pstd_vapic_vm_entry(&v);
	ref_entry();
	return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_NOTHING };
}

static void step(uint64_t round, unsigned n)
{
	static struct pstd_vapic_result (*const operations[])(void) = {
		write_page, write_page, write_page, read_page, write_msr, write_msr,
		deliver, deliver, process_posted, change_descriptor, enter,
	};
	unsigned which = any(sizeof(operations) / sizeof(operations[0]));
	struct pstd_vapic_result r;

	ref.effect = PSTD_VAPIC_NOTHING;
	ref.qualification = 0;
	r = operations[which]();
	if (!same(&r) || !same_notification(&r.notification))
		fail_msg("round %lu, step %u: after operation %u the state is another",
		         (unsigned long)round, n, which);
}

static void page_is_as_the_manual_says_after_any_operations(void **state)
{
	uint64_t rounds = getenv("POSTED_SOAK") ? 100 : 1;

	for (uint64_t round = 1; round <= rounds; round++) {
		seed = round * 0x9e3779b97f4a7c15ull;
		memset(&ref, 0, sizeof(ref));
		memset(&page, 0, sizeof(page));
		memset(&ram, 0, sizeof(ram));
		v = (struct pstd_vapic){ .page = &page, .memory = &memory, .address_width = WIDTH,
			                 .pid_table = pstd_memory_phys(&memory, ram.entry) };
		choose_controls();
		for (unsigned n = 0; n < 1000000; n++)
			step(round, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(page_is_as_the_manual_says_after_any_operations),
	};

	return cmocka_run_group_tests_name("vapic random", tests, NULL, NULL);
}
