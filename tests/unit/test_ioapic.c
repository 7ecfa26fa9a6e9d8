/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * posted/hw/ioapic.h, by the words of the 82093AA's data sheet; through a VT-d unit; and at
 * random beside a reference that is nothing but those words.
 */
#include "vtd_unit.h"
#include <posted/hw/ioapic.h>

#include <posted/apic.h>
#include <stdlib.h>

enum { PIN = 5, PINS = 24 };

static struct pstd_ioapic io;

static void start(enum pstd_ioapic_version version)
{
	assert_null(pstd_ioapic_init(&io, version, PINS, SID));
}

static int reset(void **state)
{
	start(PSTD_IOAPIC_WITH_EOIR);
	return 0;
}

static uint32_t get(unsigned reg)
{
	pstd_ioapic_write(&io, PSTD_IOAPIC_IOREGSEL, reg);
	return pstd_ioapic_read(&io, PSTD_IOAPIC_IOWIN);
}

static void put(unsigned reg, uint32_t value)
{
	pstd_ioapic_write(&io, PSTD_IOAPIC_IOREGSEL, reg);
	pstd_ioapic_write(&io, PSTD_IOAPIC_IOWIN, value);
}

static uint64_t rte(unsigned pin)
{
	return get(PSTD_IOAPIC_REG_RTE(pin)) | (uint64_t)get(PSTD_IOAPIC_REG_RTE(pin) + 1) << 32;
}

/* The high half first: the low one may unmask. */
static void set_rte(unsigned pin, uint64_t value)
{
	put(PSTD_IOAPIC_REG_RTE(pin) + 1, (uint32_t)(value >> 32));
	put(PSTD_IOAPIC_REG_RTE(pin), (uint32_t)value);
}

static void pulse(unsigned pin)
{
	pstd_ioapic_set_pin(&io, pin, true);
	pstd_ioapic_set_pin(&io, pin, false);
}

/* Takes all that is to be sent: how many, the last in m. */
static unsigned sent(struct pstd_msi_msg *m)
{
	unsigned n = 0;

	while (pstd_ioapic_next(&io, m))
		n++;
	return n;
}

static void assert_sent(unsigned n)
{
	struct pstd_msi_msg m;

	assert_int_equal(sent(&m), n);
}

/* Registers. */

static void registers_are_those_of_the_version(void **state)
{
	static const struct {
		enum pstd_ioapic_version version;
		unsigned reg;
		uint32_t written, read;
	} rows[] = {
		{ PSTD_IOAPIC_82093AA, PSTD_IOAPIC_REG_ID, 0xffffffff, 0x0f000000 },
		{ PSTD_IOAPIC_82093AA, PSTD_IOAPIC_REG_VER, 0xffffffff, 0x00170011 },
		{ PSTD_IOAPIC_82093AA, 0x03, 0xffffffff, 0 },
		{ PSTD_IOAPIC_82093AA, 0x0f, 0xffffffff, 0 },
		/* "RO": delivery status and remote IRR; 55:17 reserved. As an edge. */
		{ PSTD_IOAPIC_82093AA, PSTD_IOAPIC_REG_RTE(0), 0xffff7fff, 0x00012fff },
		{ PSTD_IOAPIC_82093AA, PSTD_IOAPIC_REG_RTE(0) + 1, 0xffffffff, 0xff000000 },
		{ PSTD_IOAPIC_82093AA, PSTD_IOAPIC_REG_RTE(23), 0xffffffff, 0x0001afff },
		{ PSTD_IOAPIC_82093AA, PSTD_IOAPIC_REG_RTE(24), 0xffffffff, 0 },
		{ PSTD_IOAPIC_82093AA, 0xff, 0xffffffff, 0 },
		{ PSTD_IOAPIC_WITH_EOIR, PSTD_IOAPIC_REG_ID, 0x05000000, 0x05000000 },
		{ PSTD_IOAPIC_WITH_EOIR, PSTD_IOAPIC_REG_VER, 0, 0x00170020 },
		{ PSTD_IOAPIC_WITH_EOIR, PSTD_IOAPIC_REG_ARB, 0xffffffff, 0 },
		{ PSTD_IOAPIC_WITH_EOIR, PSTD_IOAPIC_REG_RTE(7), 0xffffffff, 0x0001afff },
		{ PSTD_IOAPIC_WITH_EOIR, PSTD_IOAPIC_REG_RTE(7) + 1, 0xffffffff, 0xffff0000 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start(rows[i].version);
		put(rows[i].reg, rows[i].written);
		assert_int_equal(get(rows[i].reg), rows[i].read);
	}
}

/* "This register is loaded when the I/O APIC ID register is written": later ones have it too. */
static void arbitration_id_is_loaded_with_the_id(void **state)
{
	static const enum pstd_ioapic_version versions[] = { PSTD_IOAPIC_82093AA,
		                                             PSTD_IOAPIC_WITH_EOIR };

	for (unsigned i = 0; i < 2; i++) {
		start(versions[i]);
		assert_int_equal(get(PSTD_IOAPIC_REG_ARB), 0);
		put(PSTD_IOAPIC_REG_ID, 0x09000000);
		assert_int_equal(get(PSTD_IOAPIC_REG_ARB), 0x09000000);
		put(PSTD_IOAPIC_REG_ARB, 0);
		assert_int_equal(get(PSTD_IOAPIC_REG_ARB), 0x09000000);
		assert_int_equal(get(PSTD_IOAPIC_REG_ID), 0x09000000);
	}
}

static void only_bits_7_to_0_select_a_register(void **state)
{
	pstd_ioapic_write(&io, PSTD_IOAPIC_IOREGSEL, 0xabcdef01);
	assert_int_equal(pstd_ioapic_read(&io, PSTD_IOAPIC_IOREGSEL), 1);
	assert_int_equal(pstd_ioapic_read(&io, PSTD_IOAPIC_IOWIN), 0x00170020);
}

static void what_does_not_exist_reads_zero_and_is_not_written(void **state)
{
	struct pstd_ioapic before;

	pstd_ioapic_write(&io, PSTD_IOAPIC_IOREGSEL, PSTD_IOAPIC_REG_RTE(3));
	memcpy(&before, &io, sizeof(io));
	for (unsigned offset = 0; offset < 4096; offset++) {
		if (offset == PSTD_IOAPIC_IOREGSEL || offset == PSTD_IOAPIC_IOWIN)
			continue;
		assert_int_equal(pstd_ioapic_read(&io, offset), 0);
		pstd_ioapic_write(&io, offset, 0xffffffff);
	}
	pstd_ioapic_set_pin(&io, PINS, true);
	pstd_ioapic_set_pin(&io, ~0u, true);
	assert_memory_equal(&before, &io, sizeof(io));
	/* An entry without a pin would see its pin low: active. */
	for (unsigned reg = PSTD_IOAPIC_REG_RTE(PINS); reg <= 0xff; reg += 2)
		put(reg, (uint32_t)(PSTD_IOAPIC_TRIGGER | PSTD_IOAPIC_POLARITY) | 0x41);
	assert_sent(0);
}

static void entries_are_masked_after_reset_and_as_many_as_there_are_pins(void **state)
{
	static const unsigned sizes[] = { 1, 24, 64, 65, PSTD_IOAPIC_MAX_PINS };

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		unsigned last = sizes[i] - 1;

		assert_null(pstd_ioapic_init(&io, PSTD_IOAPIC_WITH_EOIR, sizes[i], SID));
		assert_int_equal(pstd_field_get(PSTD_IOAPIC_MAX_ENTRY, get(PSTD_IOAPIC_REG_VER)),
		                 last);
		for (unsigned pin = 0; pin <= last; pin++)
			assert_int_equal(rte(pin), PSTD_IOAPIC_MASK);
		set_rte(last, pstd_ioapic_compat(1, 0x41, false));
		pulse(last);
		assert_sent(1);
	}
	assert_non_null(pstd_ioapic_init(&io, PSTD_IOAPIC_WITH_EOIR, 0, SID));
	assert_non_null(
		pstd_ioapic_init(&io, PSTD_IOAPIC_WITH_EOIR, PSTD_IOAPIC_MAX_PINS + 1, SID));
	assert_non_null(pstd_ioapic_init(&io, 0x12, 24, SID));
}

/* Edges. */

static void edge_is_sent_once_each_time_the_pin_becomes_active(void **state)
{
	struct pstd_msi_msg m;

	set_rte(PIN, pstd_ioapic_compat(3, 0x41, false));
	assert_sent(0);
	for (int i = 0; i < 3; i++) {
		pstd_ioapic_set_pin(&io, PIN, true);
		assert_int_equal(sent(&m), 1);
		assert_int_equal(m.addr_lo, 0xfee03000);
		assert_int_equal(m.addr_hi, 0);
		assert_int_equal(m.data, 0x41);
		pstd_ioapic_set_pin(&io, PIN, true);
		assert_sent(0);
		pstd_ioapic_set_pin(&io, PIN, false);
		assert_sent(0);
	}
	assert_false(rte(PIN) & PSTD_IOAPIC_REMOTE_IRR);
}

static void active_low_pin_is_active_when_low(void **state)
{
	pstd_ioapic_set_pin(&io, PIN, true);
	set_rte(PIN, pstd_ioapic_compat(3, 0x41, false) | PSTD_IOAPIC_POLARITY);
	assert_sent(0);
	pstd_ioapic_set_pin(&io, PIN, false);
	assert_sent(1);
	pstd_ioapic_set_pin(&io, PIN, true);
	assert_sent(0);
}

/* "Delivery status: send pending" lasts until the message is on its way. */
static void edges_merge_while_the_first_is_pending(void **state)
{
	set_rte(PIN, pstd_ioapic_compat(3, 0x41, false));
	assert_false(rte(PIN) & PSTD_IOAPIC_STATUS);
	pulse(PIN);
	pulse(PIN);
	assert_true(rte(PIN) & PSTD_IOAPIC_STATUS);
	assert_sent(1);
	assert_false(rte(PIN) & PSTD_IOAPIC_STATUS);
}

/* "Edge-sensitive interrupts signaled on a masked pin are ignored (not delivered or held)." */
static void edge_on_a_masked_pin_is_lost(void **state)
{
	set_rte(PIN, pstd_ioapic_compat(3, 0x41, false) | PSTD_IOAPIC_MASK);
	pstd_ioapic_set_pin(&io, PIN, true);
	set_rte(PIN, pstd_ioapic_compat(3, 0x41, false));
	assert_sent(0);
	pstd_ioapic_set_pin(&io, PIN, false);
	pstd_ioapic_set_pin(&io, PIN, true);
	assert_sent(1);
}

/* Masking is "identical to the case where the device withdraws the interrupt". */
static void masking_withdraws_what_is_pending(void **state)
{
	for (int level = 0; level < 2; level++) {
		set_rte(PIN, pstd_ioapic_compat(3, 0x41, level));
		pstd_ioapic_set_pin(&io, PIN, true);
		set_rte(PIN, pstd_ioapic_compat(3, 0x41, level) | PSTD_IOAPIC_MASK);
		assert_sent(0);
		set_rte(PIN, pstd_ioapic_compat(3, 0x41, level));
		assert_sent(level);
		pstd_ioapic_set_pin(&io, PIN, false);
	}
}

/* Levels. */

static void level_is_sent_and_awaits_its_eoi(void **state)
{
	struct pstd_msi_msg m;

	set_rte(PIN, pstd_ioapic_compat(3, 0x41, true));
	pstd_ioapic_set_pin(&io, PIN, true);
	assert_false(rte(PIN) & PSTD_IOAPIC_REMOTE_IRR);
	assert_int_equal(sent(&m), 1);
	assert_int_equal(m.data, 0x8041);
	assert_true(rte(PIN) & PSTD_IOAPIC_REMOTE_IRR);
	/* However the pin moves. */
	pulse(PIN);
	pstd_ioapic_set_pin(&io, PIN, true);
	assert_sent(0);
	pstd_ioapic_set_pin(&io, PIN, false);
	pstd_ioapic_eoi(&io, 0x41);
	assert_false(rte(PIN) & PSTD_IOAPIC_REMOTE_IRR);
	assert_sent(0);
}

static void level_still_active_at_eoi_is_sent_again(void **state)
{
	set_rte(PIN, pstd_ioapic_compat(3, 0x41, true));
	pstd_ioapic_set_pin(&io, PIN, true);
	for (int i = 0; i < 5; i++) {
		assert_sent(1);
		pstd_ioapic_eoi(&io, 0x41);
	}
	assert_sent(1);
}

static void level_withdrawn_before_it_is_sent_is_not_sent(void **state)
{
	set_rte(PIN, pstd_ioapic_compat(3, 0x41, true));
	pulse(PIN);
	assert_sent(0);
	assert_false(rte(PIN) & (PSTD_IOAPIC_REMOTE_IRR | PSTD_IOAPIC_STATUS));
}

static void level_on_a_masked_pin_is_sent_when_unmasked_if_still_there(void **state)
{
	set_rte(PIN, pstd_ioapic_compat(3, 0x41, true) | PSTD_IOAPIC_MASK);
	pstd_ioapic_set_pin(&io, PIN, true);
	assert_sent(0);
	put(PSTD_IOAPIC_REG_RTE(PIN), 0x8041);
	assert_sent(1);
	pstd_ioapic_set_pin(&io, PIN, false);
	pstd_ioapic_eoi(&io, 0x41);
	put(PSTD_IOAPIC_REG_RTE(PIN), 0x18041);
	pulse(PIN);
	put(PSTD_IOAPIC_REG_RTE(PIN), 0x8041);
	assert_sent(0);
}

/* "Changing the mask bit after the interrupt is accepted has no effect on that interrupt." */
static void eoi_reaches_a_pin_that_was_masked_meanwhile(void **state)
{
	set_rte(PIN, pstd_ioapic_compat(3, 0x41, true));
	pstd_ioapic_set_pin(&io, PIN, true);
	assert_sent(1);
	put(PSTD_IOAPIC_REG_RTE(PIN), 0x18041);
	assert_true(rte(PIN) & PSTD_IOAPIC_REMOTE_IRR);
	pstd_ioapic_eoi(&io, 0x41);
	assert_false(rte(PIN) & PSTD_IOAPIC_REMOTE_IRR);
	assert_sent(0);
	put(PSTD_IOAPIC_REG_RTE(PIN), 0x8041);
	assert_sent(1);
}

/* "Each of those entries will have the bit reset": by message and by register. */
static void eoi_is_for_all_pins_with_its_vector_and_for_no_others(void **state)
{
	for (int directed = 0; directed < 2; directed++) {
		for (unsigned pin = 0; pin < PINS; pin++) {
			set_rte(pin, pstd_ioapic_compat(3, pin % 3 ? 0x41 : 0x51, pin != 7));
			pstd_ioapic_set_pin(&io, pin, true);
		}
		assert_sent(PINS);
		if (directed)
			pstd_ioapic_write(&io, PSTD_IOAPIC_EOIR, 0xffffff41);
		else
			pstd_ioapic_eoi(&io, 0x41);
		for (unsigned pin = 0; pin < PINS; pin++)
			assert_int_equal(!!(rte(pin) & PSTD_IOAPIC_STATUS), pin % 3 && pin != 7);
		assert_sent(PINS / 3 * 2 - 1);
		reset(state);
	}
}

static void version_11h_has_no_eoi_register(void **state)
{
	start(PSTD_IOAPIC_82093AA);
	set_rte(PIN, pstd_ioapic_compat(3, 0x41, true));
	pstd_ioapic_set_pin(&io, PIN, true);
	assert_sent(1);
	pstd_ioapic_write(&io, PSTD_IOAPIC_EOIR, 0x41);
	assert_true(rte(PIN) & PSTD_IOAPIC_REMOTE_IRR);
}

/* What software does there instead: mask and make it an edge, then a level again. */
static void level_made_an_edge_and_back_awaits_no_eoi(void **state)
{
	start(PSTD_IOAPIC_82093AA);
	set_rte(PIN, pstd_ioapic_compat(3, 0x41, true));
	pstd_ioapic_set_pin(&io, PIN, true);
	assert_sent(1);
	put(PSTD_IOAPIC_REG_RTE(PIN), 0x10041);
	assert_false(rte(PIN) & PSTD_IOAPIC_REMOTE_IRR);
	put(PSTD_IOAPIC_REG_RTE(PIN), 0x8041);
	assert_sent(1);
}

static void pending_level_made_an_edge_is_not_sent(void **state)
{
	set_rte(PIN, pstd_ioapic_compat(3, 0x41, true));
	pstd_ioapic_set_pin(&io, PIN, true);
	put(PSTD_IOAPIC_REG_RTE(PIN), 0x41);
	assert_sent(0);
}

/* Delivery modes. */

static void modes_are_sent_as_programmed_and_only_two_are_levels(void **state)
{
	for (unsigned dlm = 0; dlm < 8; dlm++) {
		bool level = dlm == PSTD_APIC_DM_FIXED || dlm == PSTD_APIC_DM_LOWEST;
		struct pstd_msi_msg m;

		set_rte(dlm, pstd_ioapic_compat(0x0f, 0x40, true) |
		                     pstd_field(PSTD_IOAPIC_DLM, dlm) | PSTD_IOAPIC_DM);
		pstd_ioapic_set_pin(&io, dlm, true);
		assert_int_equal(sent(&m), 1);
		assert_int_equal(m.addr_lo, 0xfee0f004);
		assert_int_equal(pstd_msi_delivery_mode(m), dlm);
		assert_int_equal(pstd_msi_vector(m), 0x40);
		assert_int_equal(!!(rte(dlm) & PSTD_IOAPIC_REMOTE_IRR), level);
		/* The others are edges "even if programmed as level": a second one needs no EOI. */
		pstd_ioapic_set_pin(&io, dlm, false);
		pstd_ioapic_set_pin(&io, dlm, true);
		assert_int_equal(sent(&m), !level);
	}
}

/* Through a VT-d unit. */

static void remappable_entry_is_remapped_for_the_source_id_of_the_io_apic(void **state)
{
	struct pstd_irte_fields f = { .p = true, .vector = 0x61, .tm = true, .dst = 9, .sid = SID,
		                      .svt = PSTD_IRTE_SVT_SID };
	struct pstd_vtd_request_result r;
	struct pstd_msi_msg m;

	unit_build(state);
	unit_up(true);
	pstd_irte_replace(&unit.table[33], pstd_irte_encode(&f));
	set_rte(PIN, pstd_ioapic_remappable(33, 0x61, true));
	pstd_ioapic_set_pin(&io, PIN, true);
	assert_int_equal(sent(&m), 1);
	r = pstd_vtd_request(&unit.vtd, m, io.sid);
	assert_int_equal(r.kind, PSTD_VTD_REMAPPED);
	assert_int_equal(r.index, 33);
	assert_int_equal(r.msg.dest, 9);
	assert_int_equal(r.msg.vector, 0x61);
	assert_true(r.msg.level);
	/* The EOI finds the pin by the vector that both entries have. */
	pstd_ioapic_set_pin(&io, PIN, false);
	pstd_ioapic_eoi(&io, r.msg.vector);
	assert_false(rte(PIN) & PSTD_IOAPIC_REMOTE_IRR);
	assert_int_equal(pstd_vtd_request(&unit.vtd, m, SID + 1).fault, PSTD_VTD_FAULT_SOURCE);
}

static void remappable_level_can_be_posted(void **state)
{
	struct pstd_vtd_request_result r;
	struct pstd_msi_msg m;

	unit_build(state);
	unit_up(true);
	pstd_irte_replace(&unit.table[33],
	                  pstd_irte_posted(pstd_memory_phys(&unit.memory, unit.pid), 0x61, SID));
	set_rte(PIN, pstd_ioapic_remappable(33, 0x61, true));
	pstd_ioapic_set_pin(&io, PIN, true);
	assert_int_equal(sent(&m), 1);
	r = pstd_vtd_request(&unit.vtd, m, io.sid);
	assert_int_equal(r.kind, PSTD_VTD_POST);
	assert_int_equal(r.vector, 0x61);
	/* Posted as an edge: the hypervisor owes the EOI, and gives it through the register. */
	pstd_ioapic_set_pin(&io, PIN, false);
	pstd_ioapic_write(&io, PSTD_IOAPIC_EOIR, 0x61);
	assert_false(rte(PIN) & PSTD_IOAPIC_REMOTE_IRR);
}

static void index_15_of_a_remappable_entry_is_bit_11(void **state)
{
	struct pstd_msi_msg m;

	set_rte(PIN, pstd_ioapic_remappable(0xfffe, 0x61, false));
	assert_int_equal(rte(PIN), 0xfffd000000000861);
	pulse(PIN);
	assert_int_equal(sent(&m), 1);
	assert_int_equal(pstd_msi_index(m), 0xfffe);
	/* Delivery modes are the remapping entry's: a level is a level. */
	set_rte(PIN, pstd_ioapic_remappable(1, 0x61, true) |
	                     pstd_field(PSTD_IOAPIC_DLM, PSTD_APIC_DM_NMI));
	pstd_ioapic_set_pin(&io, PIN, true);
	assert_sent(1);
	assert_true(rte(PIN) & PSTD_IOAPIC_REMOTE_IRR);
}

/* At random, beside a reference: a pin is its fields, and each rule a sentence. */

static struct ref_pin {
	bool high, masked, level, active_low, logical, remote_irr, edge_waits;
	uint8_t vector, dlm;
	uint16_t top; /* bits 63:48 */
} ref[PSTD_IOAPIC_MAX_PINS];

static bool ref_is_level(const struct ref_pin *p)
{
	return p->level && (p->top & 1 || p->dlm == 0 || p->dlm == 1);
}

static bool ref_to_send(const struct ref_pin *p)
{
	if (p->masked)
		return false;
	if (!ref_is_level(p))
		return p->edge_waits;
	return p->high != p->active_low && !p->remote_irr;
}

static uint64_t ref_rte(const struct ref_pin *p)
{
	return (uint64_t)p->top << 48 | (uint64_t)p->masked << 16 | (uint64_t)p->level << 15 |
	       (uint64_t)p->remote_irr << 14 | (uint64_t)p->active_low << 13 |
	       (uint64_t)ref_to_send(p) << 12 | (uint64_t)p->logical << 11 |
	       (uint64_t)p->dlm << 8 | p->vector;
}

static void ref_write(struct ref_pin *p, bool high_half, uint32_t value)
{
	bool was_level = ref_is_level(p);

	if (high_half) {
		p->top = (uint16_t)(value >> 16);
	} else {
		p->vector = (uint8_t)value;
		p->dlm = value >> 8 & 7;
		p->logical = value >> 11 & 1;
		p->active_low = value >> 13 & 1;
		p->level = value >> 15 & 1;
		p->masked = value >> 16 & 1;
	}
	if (p->masked || was_level || ref_is_level(p))
		p->edge_waits = false;
	if (!ref_is_level(p))
		p->remote_irr = false;
}

static void ref_set_pin(struct ref_pin *p, bool high)
{
	bool was = p->high != p->active_low;

	p->high = high;
	if (!was && p->high != p->active_low && !p->masked && !ref_is_level(p))
		p->edge_waits = true;
}

static void ref_eoi(unsigned pins, uint8_t vector)
{
	for (unsigned i = 0; i < pins; i++)
		if (ref[i].vector == vector)
			ref[i].remote_irr = false;
}

/* The lowest pin that has something to send has sent it; pins: none had. */
static unsigned ref_next(unsigned pins)
{
	unsigned i = 0;

	while (i < pins && !ref_to_send(&ref[i]))
		i++;
	if (i < pins && ref_is_level(&ref[i]))
		ref[i].remote_irr = true;
	if (i < pins)
		ref[i].edge_waits = false;
	return i;
}

static uint64_t seed;

static uint64_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Few vectors and mostly valid modes, so that things meet. */
static uint32_t random_half(void)
{
	uint32_t r = (uint32_t)next_random();

	r &= r & 0x100000 ? ~0x10000u : ~0u;
	r &= r & 0x600000 ? ~0x600u : ~0u;
	return (r & ~0xfcu) | 0x40;
}

static void same_next(unsigned pins)
{
	struct pstd_msi_msg m = { 0 };
	bool found = pstd_ioapic_next(&io, &m);
	unsigned pin = ref_next(pins);

	assert_int_equal(found, pin < pins);
	if (!found)
		return;
	/* pstd_ioapic_message has an outside judge of its own: vectors of family ioapic_rte. */
	assert_int_equal(m.addr_lo, pstd_ioapic_message(ref_rte(&ref[pin])).addr_lo);
	assert_int_equal(m.data, pstd_ioapic_message(ref_rte(&ref[pin])).data);
}

static void random_step(unsigned pins)
{
	unsigned pin = (unsigned)(next_random() >> 20) % pins, half;
	uint32_t value = random_half();

	switch ((next_random() >> 30) % 8) {
	case 0:
		half = value >> 30 & 1;
		put(PSTD_IOAPIC_REG_RTE(pin) + half, value);
		ref_write(&ref[pin], half, value);
		break;
	case 1:
	case 2:
		pstd_ioapic_set_pin(&io, pin, value >> 31);
		ref_set_pin(&ref[pin], value >> 31);
		break;
	case 3:
		pstd_ioapic_eoi(&io, (uint8_t)value);
		ref_eoi(pins, (uint8_t)value);
		break;
	case 4:
		pstd_ioapic_write(&io, PSTD_IOAPIC_EOIR, value);
		ref_eoi(pins, (uint8_t)value);
		break;
	default:
		same_next(pins);
	}
}

static void random_operations_leave_what_the_reference_says(void **state)
{
	static const unsigned sizes[] = { 1, 4, 24, PSTD_IOAPIC_MAX_PINS };
	uint64_t steps = getenv("POSTED_SOAK") ? 100000000 : 1000000;

	for (unsigned run = 0; run < 40; run++) {
		unsigned pins = sizes[run % 4];

		seed = run + 1;
		memset(ref, 0, sizeof(ref));
		for (unsigned i = 0; i < pins; i++)
			ref[i].masked = true;
		assert_null(pstd_ioapic_init(&io, PSTD_IOAPIC_WITH_EOIR, pins, SID));
		for (uint64_t step = 0; step < steps / 40; step++) {
			random_step(pins);
			for (unsigned i = 0; i < pins; i += step % 16 ? 7 : 1)
				if (rte(i) != ref_rte(&ref[i]))
					fail_msg("run %u, step %lu, pin %u: %lx is not %lx", run,
					         (unsigned long)step, i, (unsigned long)rte(i),
					         (unsigned long)ref_rte(&ref[i]));
		}
	}
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(registers_are_those_of_the_version),
		TEST(arbitration_id_is_loaded_with_the_id),
		TEST(only_bits_7_to_0_select_a_register),
		TEST(what_does_not_exist_reads_zero_and_is_not_written),
		TEST(entries_are_masked_after_reset_and_as_many_as_there_are_pins),
		TEST(edge_is_sent_once_each_time_the_pin_becomes_active),
		TEST(active_low_pin_is_active_when_low),
		TEST(edges_merge_while_the_first_is_pending),
		TEST(edge_on_a_masked_pin_is_lost),
		TEST(masking_withdraws_what_is_pending),
		TEST(level_is_sent_and_awaits_its_eoi),
		TEST(level_still_active_at_eoi_is_sent_again),
		TEST(level_withdrawn_before_it_is_sent_is_not_sent),
		TEST(level_on_a_masked_pin_is_sent_when_unmasked_if_still_there),
		TEST(eoi_reaches_a_pin_that_was_masked_meanwhile),
		TEST(eoi_is_for_all_pins_with_its_vector_and_for_no_others),
		TEST(version_11h_has_no_eoi_register),
		TEST(level_made_an_edge_and_back_awaits_no_eoi),
		TEST(pending_level_made_an_edge_is_not_sent),
		TEST(modes_are_sent_as_programmed_and_only_two_are_levels),
		TEST(remappable_entry_is_remapped_for_the_source_id_of_the_io_apic),
		TEST(remappable_level_can_be_posted),
		TEST(index_15_of_a_remappable_entry_is_bit_11),
		TEST(random_operations_leave_what_the_reference_says),
	};

	return cmocka_run_group_tests_name("ioapic", tests, NULL, NULL);
}
