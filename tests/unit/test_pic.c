/* SPDX-License-Identifier: BSD-2-Clause */
/* posted/hw/pic.h, by the words of the 8259A's data sheet, as a PC wires the pair. */
#include <posted/hw/pic.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <sched.h>

enum { BASE = 0x20, SLAVE_BASE = 0x28, NOBODY = 0xff };
enum { EOI = 0x20, SPECIFIC_EOI = 0x60, ROTATE_EOI = 0xa0, ROTATE_SPECIFIC_EOI = 0xe0,
       ROTATE_IN_AEOI = 0x80, NO_ROTATE_IN_AEOI = 0x00, SET_PRIORITY = 0xc0, NO_OPERATION = 0x40 };
enum { POLL = 0x0c, READ_IRR = 0x0a, READ_ISR = 0x0b, SPECIAL_MASK = 0x68, NORMAL_MASK = 0x48 };
enum { X86 = 0x01, AEOI = 0x02, SFNM = 0x10 };

static struct pstd_pic_pair pics;

static void out(unsigned port, unsigned value)
{
	pstd_pic_write(&pics, port, (uint8_t)value);
}

static uint8_t in(unsigned port)
{
	return pstd_pic_read(&pics, port);
}

/* A PC's firmware. */
static void initialize(uint8_t icw4)
{
	out(PSTD_PIC_MASTER_COMMAND, 0x11);
	out(PSTD_PIC_MASTER_DATA, BASE);
	out(PSTD_PIC_MASTER_DATA, 0x04);
	out(PSTD_PIC_MASTER_DATA, icw4);
	out(PSTD_PIC_SLAVE_COMMAND, 0x11);
	out(PSTD_PIC_SLAVE_DATA, SLAVE_BASE);
	out(PSTD_PIC_SLAVE_DATA, 0x02);
	out(PSTD_PIC_SLAVE_DATA, icw4 & ~SFNM);
}

static int reset(void **state)
{
	pstd_pic_init(&pics);
	initialize(X86);
	return 0;
}

static void drive(unsigned irq, bool high)
{
	pstd_pic_set_irq(&pics, irq, high);
}

static uint8_t irr(unsigned port)
{
	out(port, READ_IRR);
	return in(port);
}

static uint8_t isr(unsigned port)
{
	out(port, READ_ISR);
	return in(port);
}

/* The CPU: if INTR is high it acknowledges. */
static void assert_taken(unsigned irq)
{
	assert_true(pstd_pic_intr(&pics));
	assert_int_equal(pstd_pic_acknowledge(&pics), BASE + irq);
}

static void eoi(unsigned irq)
{
	if (irq >= 8)
		out(PSTD_PIC_SLAVE_COMMAND, EOI);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
}

/* Initialization. */

static void nothing_is_asked_for_before_initialization_is_whole(void **state)
{
	static const struct {
		unsigned port;
		uint8_t value;
	} icws[] = { { PSTD_PIC_MASTER_COMMAND, 0x11 }, { PSTD_PIC_MASTER_DATA, BASE },
		     { PSTD_PIC_MASTER_DATA, 0x04 }, { PSTD_PIC_MASTER_DATA, X86 } };

	pstd_pic_init(&pics);
	drive(1, true);
	out(PSTD_PIC_MASTER_DATA, 0); /* no OCW1 yet */
	for (unsigned i = 0; i < 4; i++) {
		assert_false(pstd_pic_intr(&pics));
		out(icws[i].port, icws[i].value);
	}
	/* "Following initialization an input must make a low-to-high transition." */
	assert_false(pstd_pic_intr(&pics));
	drive(1, false);
	drive(1, true);
	assert_taken(1);
}

/* ICW1: bit 0 says whether there is an ICW4, bit 1 whether there is no ICW3. */
static void icw1_says_which_words_follow(void **state)
{
	static const struct {
		uint8_t icw1, follow;
	} rows[] = { { 0x10, 2 }, { 0x11, 3 }, { 0x12, 1 }, { 0x13, 2 } };

	for (unsigned i = 0; i < 4; i++) {
		out(PSTD_PIC_MASTER_COMMAND, rows[i].icw1);
		for (unsigned n = 0; n < rows[i].follow; n++) {
			out(PSTD_PIC_MASTER_DATA, 0x55);
			assert_int_equal(in(PSTD_PIC_MASTER_DATA), 0);
		}
		out(PSTD_PIC_MASTER_DATA, 0xa5);
		assert_int_equal(in(PSTD_PIC_MASTER_DATA), 0xa5);
	}
}

/* ICW1: IMR is cleared, IR7 is lowest, special mask mode is cleared, status read is IRR. */
static void icw1_clears_what_was_programmed(void **state)
{
	out(PSTD_PIC_MASTER_DATA, 0xff);
	out(PSTD_PIC_MASTER_COMMAND, SET_PRIORITY | 3);
	out(PSTD_PIC_MASTER_COMMAND, SPECIAL_MASK);
	out(PSTD_PIC_MASTER_COMMAND, READ_ISR);
	initialize(X86);
	assert_int_equal(in(PSTD_PIC_MASTER_DATA), 0);
	drive(3, true);
	assert_int_equal(in(PSTD_PIC_MASTER_COMMAND), 0x08);
	drive(4, true);
	assert_taken(3);
	out(PSTD_PIC_MASTER_DATA, 0x08);
	assert_false(pstd_pic_intr(&pics));
	initialize(X86);
	assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), 0);
}

static void vector_is_icw2_s_upper_five_bits_and_the_ir(void **state)
{
	out(PSTD_PIC_MASTER_COMMAND, 0x11);
	out(PSTD_PIC_MASTER_DATA, 0xf7);
	out(PSTD_PIC_MASTER_DATA, 0x04);
	out(PSTD_PIC_MASTER_DATA, X86);
	drive(5, true);
	assert_int_equal(pstd_pic_acknowledge(&pics), 0xf5);
}

static void ports_of_nobody_read_ffh(void **state)
{
	for (unsigned port = 0; port < 0x600; port++) {
		if ((port & ~0x81u) == 0x20 || (port & ~1u) == 0x4d0)
			continue;
		assert_int_equal(in(port), 0xff);
		out(port, 0x11);
	}
	drive(2, true);
	drive(16, true);
	assert_false(pstd_pic_intr(&pics));
}

/* Requests. */

static void every_irq_has_its_vector(void **state)
{
	for (unsigned irq = 0; irq < 16; irq++) {
		if (irq == 2)
			continue;
		drive(irq, true);
		assert_taken(irq);
		assert_false(pstd_pic_intr(&pics));
		assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), 1u << (irq < 8 ? irq : 2));
		assert_int_equal(isr(PSTD_PIC_SLAVE_COMMAND), irq < 8 ? 0 : 1u << (irq - 8));
		eoi(irq);
		assert_false(pstd_pic_intr(&pics));
		drive(irq, false);
	}
}

/* "The input can remain high without generating another interrupt." */
static void edge_requests_once(void **state)
{
	drive(3, true);
	assert_taken(3);
	eoi(3);
	drive(3, true);
	assert_false(pstd_pic_intr(&pics));
	drive(3, false);
	drive(3, true);
	assert_taken(3);
}

/* "The request must be removed before the EOI to prevent a second interrupt." */
static void level_requests_as_long_as_it_lasts(void **state)
{
	out(PSTD_PIC_ELCR_MASTER, 0x20);
	out(PSTD_PIC_ELCR_SLAVE, 0x04);
	for (unsigned irq = 5; irq <= 10; irq += 5) {
		drive(irq, true);
		assert_taken(irq);
		assert_false(pstd_pic_intr(&pics));
		eoi(irq);
		assert_taken(irq);
		drive(irq, false);
		eoi(irq);
		assert_false(pstd_pic_intr(&pics));
	}
}

static void elcr_keeps_five_irqs_edges_and_moves_the_others(void **state)
{
	out(PSTD_PIC_ELCR_MASTER, 0xff);
	out(PSTD_PIC_ELCR_SLAVE, 0xff);
	assert_int_equal(in(PSTD_PIC_ELCR_MASTER), 0xf8);
	assert_int_equal(in(PSTD_PIC_ELCR_SLAVE), 0xde);
	/* A line that is high when it becomes a level requests; as an edge again it does not. */
	out(PSTD_PIC_ELCR_MASTER, 0);
	drive(5, true);
	assert_taken(5);
	eoi(5);
	out(PSTD_PIC_ELCR_MASTER, 0x20);
	assert_int_equal(irr(PSTD_PIC_MASTER_COMMAND), 0x20);
	out(PSTD_PIC_ELCR_MASTER, 0);
	assert_int_equal(irr(PSTD_PIC_MASTER_COMMAND), 0);
	/* An edge that waits goes on waiting. */
	drive(6, true);
	out(PSTD_PIC_ELCR_MASTER, 0x80);
	out(PSTD_PIC_ELCR_MASTER, 0);
	assert_taken(6);
	/* ICW1 leaves it alone. */
	out(PSTD_PIC_ELCR_MASTER, 0x20);
	initialize(X86);
	assert_int_equal(in(PSTD_PIC_ELCR_MASTER), 0x20);
	assert_taken(5);
}

/* "If IR goes low before the first INTA a DEFAULT IR7 will occur." */
static void request_that_goes_away_is_a_spurious_ir7(void **state)
{
	for (unsigned irq = 3; irq <= 11; irq += 8) {
		drive(irq, true);
		drive(irq, false);
		assert_true(pstd_pic_intr(&pics));
		assert_int_equal(pstd_pic_acknowledge(&pics), irq < 8 ? BASE + 7 : SLAVE_BASE + 7);
		/* The master knows nothing of the slave's: its IR2 is in service. */
		assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), irq < 8 ? 0 : 0x04);
		assert_int_equal(isr(PSTD_PIC_SLAVE_COMMAND), 0);
		out(PSTD_PIC_MASTER_COMMAND, EOI);
		assert_false(pstd_pic_intr(&pics));
	}
}

static void request_that_is_masked_too_late_is_a_spurious_ir7(void **state)
{
	drive(3, true);
	out(PSTD_PIC_MASTER_DATA, 0x08);
	assert_int_equal(pstd_pic_acknowledge(&pics), BASE + 7);
	assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), 0);
	/* "IRR is not affected by IMR": it is still there when unmasked. */
	assert_int_equal(irr(PSTD_PIC_MASTER_COMMAND), 0x08);
	out(PSTD_PIC_MASTER_DATA, 0);
	assert_taken(3);
}

static void acknowledge_without_a_request_is_a_spurious_ir7(void **state)
{
	assert_int_equal(pstd_pic_acknowledge(&pics), BASE + 7);
	assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), 0);
}

/* Priorities. */

/* "Fully nested": IR0 is highest; while one is in service, its own and lower ones wait. */
static void higher_priority_interrupts_what_is_in_service(void **state)
{
	drive(6, true);
	drive(4, true);
	assert_taken(4);
	assert_false(pstd_pic_intr(&pics));
	drive(4, false);
	drive(4, true);
	assert_false(pstd_pic_intr(&pics));
	drive(1, true);
	assert_taken(1);
	/* "Non-specific EOI: the highest in service", here 1, then 4. */
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), 0x10);
	assert_false(pstd_pic_intr(&pics));
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	assert_taken(4);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	assert_taken(6);
}

/* The slave is at IR2: above the master's IR3. */
static void slave_s_irqs_lie_between_irq_1_and_irq_3(void **state)
{
	static const unsigned order[] = { 0, 1, 8, 9, 10, 11, 12, 13, 14, 15, 3, 4, 5, 6, 7 };

	for (unsigned irq = 16; irq--;)
		drive(irq, true);
	for (unsigned i = 0; i < 15; i++) {
		assert_taken(order[i]);
		eoi(order[i]);
	}
	assert_false(pstd_pic_intr(&pics));
}

static void specific_eoi_ends_the_one_it_names(void **state)
{
	drive(4, true);
	assert_taken(4);
	drive(1, true);
	assert_taken(1);
	out(PSTD_PIC_MASTER_COMMAND, SPECIFIC_EOI | 4);
	assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), 0x02);
	out(PSTD_PIC_MASTER_COMMAND, SPECIFIC_EOI | 6);
	assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), 0x02);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), 0);
}

/* Each way to move the priorities: afterwards IR n is lowest and IR n + 1 highest. */
static void rotation_makes_an_ir_the_lowest(void **state)
{
	static const struct {
		uint8_t command;
		bool ends; /* what is in service, IR4 */
		uint8_t highest;
	} rows[] = {
		{ EOI, true, 0 },
		{ SPECIFIC_EOI | 4, true, 0 },
		{ ROTATE_EOI, true, 5 },
		{ ROTATE_SPECIFIC_EOI | 4, true, 5 },
		{ ROTATE_SPECIFIC_EOI | 6, false, 7 },
		{ SET_PRIORITY | 2, false, 3 },
		{ NO_OPERATION | 2, false, 0 },
		{ ROTATE_IN_AEOI, false, 0 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		reset(state);
		out(PSTD_PIC_MASTER_DATA, 0x04);
		drive(4, true);
		assert_taken(4);
		out(PSTD_PIC_MASTER_COMMAND, rows[i].command);
		assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), rows[i].ends ? 0 : 0x10);
		out(PSTD_PIC_MASTER_COMMAND, SPECIFIC_EOI | 4);
		for (unsigned irq = 0; irq < 8; irq++) {
			drive(irq, false);
			drive(irq, true);
		}
		for (unsigned n = 0; n < 8; n++) {
			unsigned irq = (rows[i].highest + n) & 7;

			if (irq == 2)
				continue;
			assert_taken(irq);
			out(PSTD_PIC_MASTER_COMMAND, SPECIFIC_EOI | irq);
		}
	}
}

/* "Automatic EOI": by the chip itself, at the end of the acknowledge. */
static void automatic_eoi_leaves_nothing_in_service(void **state)
{
	initialize(X86 | AEOI);
	drive(12, true);
	drive(13, true);
	drive(4, true);
	assert_taken(12);
	assert_taken(13);
	assert_taken(4);
	assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND) | isr(PSTD_PIC_SLAVE_COMMAND), 0);
	assert_false(pstd_pic_intr(&pics));
	/* And rotates if it was told to. */
	drive(4, false);
	out(PSTD_PIC_MASTER_COMMAND, ROTATE_IN_AEOI);
	for (unsigned turn = 0; turn < 3; turn++) {
		for (unsigned irq = 4; irq < 6; irq++) {
			drive(4, true);
			drive(5, true);
			assert_taken(irq);
			drive(irq, false);
		}
	}
	out(PSTD_PIC_MASTER_COMMAND, NO_ROTATE_IN_AEOI);
	drive(4, false);
	drive(4, true);
	assert_true(pstd_pic_intr(&pics));
}

/*
 * "Special mask mode: a masked level inhibits itself and enables all others that
 * are not masked", lower ones too; and a non-specific EOI does not clear it.
 */
static void special_mask_mode_lets_lower_ones_through(void **state)
{
	drive(3, true);
	assert_taken(3);
	drive(6, true);
	out(PSTD_PIC_MASTER_DATA, 0x08);
	assert_false(pstd_pic_intr(&pics));
	out(PSTD_PIC_MASTER_COMMAND, SPECIAL_MASK);
	assert_taken(6);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), 0x08);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), 0x08);
	out(PSTD_PIC_MASTER_COMMAND, NORMAL_MASK);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), 0);
}

/* "ESMM = 0: SMM becomes a don't care." */
static void special_mask_bit_counts_only_with_its_enable(void **state)
{
	drive(3, true);
	assert_taken(3);
	drive(6, true);
	out(PSTD_PIC_MASTER_DATA, 0x08);
	out(PSTD_PIC_MASTER_COMMAND, 0x28);
	assert_false(pstd_pic_intr(&pics));
}

/*
 * "In the normal nested mode a slave is masked out when its request is in service";
 * in special fully nested mode its higher ones are recognized, lower ones are not.
 */
static void special_fully_nested_mode_lets_the_slave_nest(void **state)
{
	for (unsigned sfnm = 0; sfnm < 2; sfnm++) {
		reset(state);
		initialize(sfnm ? X86 | SFNM : X86);
		drive(12, true);
		assert_taken(12);
		drive(14, true);
		drive(3, true);
		assert_false(pstd_pic_intr(&pics));
		drive(9, true);
		assert_int_equal(pstd_pic_intr(&pics), sfnm);
		if (sfnm)
			assert_taken(9);
	}
}

/* The cascade. */

static void slave_answers_only_to_its_own_id(void **state)
{
	out(PSTD_PIC_SLAVE_COMMAND, 0x11);
	out(PSTD_PIC_SLAVE_DATA, SLAVE_BASE);
	out(PSTD_PIC_SLAVE_DATA, 3);
	out(PSTD_PIC_SLAVE_DATA, X86);
	drive(9, true);
	assert_int_equal(pstd_pic_acknowledge(&pics), NOBODY);
}

static void master_without_slaves_gives_ir2_s_own_vector(void **state)
{
	for (unsigned single = 0; single < 2; single++) {
		reset(state);
		out(PSTD_PIC_MASTER_COMMAND, single ? 0x13 : 0x11);
		out(PSTD_PIC_MASTER_DATA, BASE);
		if (!single)
			out(PSTD_PIC_MASTER_DATA, 0x00);
		out(PSTD_PIC_MASTER_DATA, X86);
		drive(9, true);
		assert_int_equal(pstd_pic_acknowledge(&pics), BASE + 2);
	}
}

static void slave_asks_again_for_what_still_waits(void **state)
{
	drive(10, true);
	drive(12, true);
	assert_taken(10);
	out(PSTD_PIC_SLAVE_COMMAND, EOI);
	assert_false(pstd_pic_intr(&pics));
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	assert_taken(12);
	/* And in the other order. */
	drive(14, true);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	assert_false(pstd_pic_intr(&pics));
	out(PSTD_PIC_SLAVE_COMMAND, EOI);
	assert_taken(14);
}

/* Status. */

static void status_read_is_remembered(void **state)
{
	drive(3, true);
	assert_taken(3);
	drive(6, true);
	assert_int_equal(in(PSTD_PIC_MASTER_COMMAND), 0x40);
	out(PSTD_PIC_MASTER_COMMAND, READ_ISR);
	assert_int_equal(in(PSTD_PIC_MASTER_COMMAND), 0x08);
	assert_int_equal(in(PSTD_PIC_MASTER_COMMAND), 0x08);
	/* OCW3 without RR leaves it so. */
	out(PSTD_PIC_MASTER_COMMAND, 0x09 & ~0x02);
	assert_int_equal(in(PSTD_PIC_MASTER_COMMAND), 0x08);
	out(PSTD_PIC_MASTER_COMMAND, READ_IRR);
	assert_int_equal(in(PSTD_PIC_MASTER_COMMAND), 0x40);
	out(PSTD_PIC_MASTER_DATA, 0x5a);
	assert_int_equal(in(PSTD_PIC_MASTER_DATA), 0x5a);
}

/* "Poll command: the next read is an acknowledge: bit 7 and the level." */
static void poll_is_an_acknowledge(void **state)
{
	drive(4, true);
	drive(9, true);
	out(PSTD_PIC_MASTER_COMMAND, POLL);
	assert_int_equal(in(PSTD_PIC_MASTER_COMMAND), 0x82);
	out(PSTD_PIC_SLAVE_COMMAND, POLL);
	assert_int_equal(in(PSTD_PIC_SLAVE_DATA), 0x81);
	assert_int_equal(isr(PSTD_PIC_MASTER_COMMAND), 0x04);
	assert_int_equal(isr(PSTD_PIC_SLAVE_COMMAND), 0x02);
	assert_false(pstd_pic_intr(&pics));
	eoi(9);
	/* Poll wins over a status read in one command, and lasts for one read. */
	out(PSTD_PIC_MASTER_COMMAND, POLL | READ_ISR);
	assert_int_equal(in(PSTD_PIC_MASTER_COMMAND), 0x84);
	assert_int_equal(in(PSTD_PIC_MASTER_COMMAND), 0x10);
	out(PSTD_PIC_MASTER_COMMAND, POLL);
	assert_int_equal(in(PSTD_PIC_MASTER_COMMAND), 0);
}

/*
 * At random: whatever was programmed, an acknowledge gives what a walk over the IRs
 * from the highest priority down gives, or is spurious; and there is a way to rest.
 */

static int walk(const struct pstd_pic *c, bool has_slave)
{
	for (unsigned i = 1; i <= 8 && !c->expect; i++) {
		unsigned ir = (c->lowest + i) % 8;
		bool masked = c->imr >> ir & 1, wants = (c->irr >> ir & 1) && !masked;
		bool holds = (c->isr >> ir & 1) && !(c->special_mask && masked);

		if (wants && (!holds || ((c->icw4 & SFNM) && has_slave && ir == 2)))
			return (int)ir;
		if (holds)
			return -1;
	}
	return -1;
}

static void acknowledge_as_the_walk_says(void)
{
	bool has_slave = !pics.master.single && (pics.master.icw3 & 4);
	int ir = walk(&pics.master, has_slave), at_slave = walk(&pics.slave, false);
	uint8_t expected = pics.master.base | (ir < 0 ? 7 : ir), service = pics.master.isr;

	if (ir == 2 && has_slave)
		expected = (pics.slave.icw3 & 7) != 2 ? NOBODY :
		           pics.slave.base | (at_slave < 0 ? 7 : at_slave);
	/* INTR says so, if there is anything; if there is nothing it may say so all the same. */
	assert_true(ir < 0 || pstd_pic_intr(&pics));
	assert_int_equal(pstd_pic_acknowledge(&pics), expected);
	if (ir >= 0 && !(pics.master.icw4 & AEOI))
		service |= 1u << ir;
	assert_int_equal(pics.master.isr, service);
}

static uint64_t seed;

static unsigned next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 24);
}

static void random_step(void)
{
	static const unsigned ports[] = { PSTD_PIC_MASTER_COMMAND, PSTD_PIC_SLAVE_COMMAND,
		                          PSTD_PIC_MASTER_DATA,    PSTD_PIC_SLAVE_DATA,
		                          PSTD_PIC_ELCR_MASTER,    PSTD_PIC_ELCR_SLAVE };
	unsigned r = next_random(), port = ports[(r >> 8) % 6], value = r >> 16;

	switch (r % 8) {
	case 0:
	case 1:
	case 2:
		drive(value % 16, r >> 15 & 1);
		break;
	case 3:
		/* ICW1 now and then only. */
		out(port, (r >> 12) % 64 ? value & ~0x10u : value);
		break;
	case 4:
		in(port);
		break;
	case 5:
		eoi(value % 16);
		break;
	default:
		acknowledge_as_the_walk_says();
	}
}

static void random_operations_keep_the_priorities(void **state)
{
	for (unsigned run = 1; run <= 100; run++) {
		seed = run;
		reset(state);
		for (unsigned i = 0; i < 20000; i++) {
			if (i % 500 == 0)
				initialize(next_random() & 1 ? X86 | SFNM : X86);
			random_step();
		}
		initialize(X86);
		for (unsigned irq = 0; irq < 16; irq++)
			drive(irq, false);
		for (unsigned n = 0; n < 2 && pstd_pic_intr(&pics); n++) {
			pstd_pic_acknowledge(&pics);
			eoi(15);
		}
		assert_false(pstd_pic_intr(&pics));
	}
}

/* Races: devices raise, the CPU takes; a line is lowered by who served it. */

enum { ROUNDS = 20000 };
static uint64_t served[16], done;

static void *run_device(void *arg)
{
	unsigned irq = (unsigned)(uintptr_t)arg;

	for (uint64_t i = 1; i <= ROUNDS; i++) {
		drive(irq, true);
		while (pstd_load_acquire(&served[irq]) < i)
			sched_yield();
		drive(irq, false);
	}
	pstd_count(&done, 1);
	return NULL;
}

static void racing_edges_are_each_taken_once(void **state)
{
	static const unsigned irqs[] = { 1, 4, 8, 15 };
	pthread_t thread[4];

	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, run_device,
		                                (void *)(uintptr_t)irqs[i]), 0);
	while (pstd_load_acquire(&done) < 4) {
		unsigned irq;

		if (!pstd_pic_intr(&pics)) {
			sched_yield();
			continue;
		}
		irq = pstd_pic_acknowledge(&pics) - BASE;
		eoi(irq);
		pstd_count(&served[irq], 1);
	}
	for (unsigned i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	for (unsigned irq = 0; irq < 16; irq++)
		assert_int_equal(served[irq], irq == 1 || irq == 4 || irq == 8 || irq == 15 ?
		                                      ROUNDS : 0);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_asked_for_before_initialization_is_whole),
		TEST(icw1_says_which_words_follow),
		TEST(icw1_clears_what_was_programmed),
		TEST(vector_is_icw2_s_upper_five_bits_and_the_ir),
		TEST(ports_of_nobody_read_ffh),
		TEST(every_irq_has_its_vector),
		TEST(edge_requests_once),
		TEST(level_requests_as_long_as_it_lasts),
		TEST(elcr_keeps_five_irqs_edges_and_moves_the_others),
		TEST(request_that_goes_away_is_a_spurious_ir7),
		TEST(request_that_is_masked_too_late_is_a_spurious_ir7),
		TEST(acknowledge_without_a_request_is_a_spurious_ir7),
		TEST(higher_priority_interrupts_what_is_in_service),
		TEST(slave_s_irqs_lie_between_irq_1_and_irq_3),
		TEST(specific_eoi_ends_the_one_it_names),
		TEST(rotation_makes_an_ir_the_lowest),
		TEST(automatic_eoi_leaves_nothing_in_service),
		TEST(special_mask_mode_lets_lower_ones_through),
		TEST(special_mask_bit_counts_only_with_its_enable),
		TEST(special_fully_nested_mode_lets_the_slave_nest),
		TEST(slave_answers_only_to_its_own_id),
		TEST(master_without_slaves_gives_ir2_s_own_vector),
		TEST(slave_asks_again_for_what_still_waits),
		TEST(status_read_is_remembered),
		TEST(poll_is_an_acknowledge),
		TEST(random_operations_keep_the_priorities),
		TEST(racing_edges_are_each_taken_once),
	};

	return cmocka_run_group_tests_name("pic", tests, NULL, NULL);
}
