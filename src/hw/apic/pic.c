/* SPDX-License-Identifier: BSD-2-Clause */
#include <posted/hw/pic.h>

/* ICW1, at the command port. */
#define ICW1 0x10
#define ICW1_SNGL 0x02
#define ICW1_IC4 0x01
#define ICW2_BASE 0xf8
#define ICW3_ID 0x07
#define ICW4_SFNM 0x10
#define ICW4_AEOI 0x02

/* OCW2 and OCW3, at the command port. */
#define OCW2_R 0x80
#define OCW2_SL 0x40
#define OCW2_EOI 0x20
#define OCW2_LEVEL 0x07
#define OCW3 0x08
#define OCW3_ESMM 0x40
#define OCW3_SMM 0x20
#define OCW3_P 0x04
#define OCW3_RR 0x02
#define OCW3_RIS 0x01

#define POLL_I 0x80

/* IRQ 0, 1, 2, 8 and 13 are always edges. */
#define ELCR_MASTER 0xf8
#define ELCR_SLAVE 0xde

/* Of the initialization sequence, struct pstd_pic's expect. */
enum { EXPECT_NONE = 0, EXPECT_ICW1 = 1, EXPECT_ICW2, EXPECT_ICW3, EXPECT_ICW4 };

enum { CASCADE = 2, SPURIOUS = 7 };

static uint8_t bit(unsigned ir)
{
	return (uint8_t)(1u << ir);
}

/* The IR of highest priority among bits, -1 if none. */
static int highest(const struct pstd_pic *c, uint8_t bits)
{
	for (unsigned i = 1; i <= 8; i++)
		if (bits & bit((c->lowest + i) & 7))
			return (c->lowest + i) & 7;
	return -1;
}

/* What in service holds others back: in special mask mode not what is masked. */
static uint8_t in_service(const struct pstd_pic *c)
{
	return c->special_mask ? c->isr & (uint8_t)~c->imr : c->isr;
}

/* The master's IRs that have a slave. */
static uint8_t slaves(const struct pstd_pic *c)
{
	return c->is_master && !c->single ? c->icw3 : 0;
}

/*
 * The priority resolver: the request that would be acknowledged now, -1 if none is
 * above what is in service. In special fully nested mode a slave's next request is,
 * although its first is in service.
 */
static int resolve(const struct pstd_pic *c)
{
	int wants = highest(c, c->irr & (uint8_t)~c->imr), first;

	if (wants < 0 || c->expect)
		return -1;
	first = highest(c, in_service(c) | bit((unsigned)wants));
	if (first != wants)
		return -1;
	if (!(in_service(c) & bit((unsigned)wants)))
		return wants;
	return (c->icw4 & ICW4_SFNM) && (slaves(c) & bit((unsigned)wants)) ? wants : -1;
}

/* Both kinds of request begin with the rise of the line and end with its fall at the latest. */
static void set_line(struct pstd_pic *c, unsigned ir, bool high)
{
	if (high && !(c->lines & bit(ir))) {
		c->lines |= bit(ir);
		c->irr |= bit(ir);
	} else if (!high) {
		c->lines &= (uint8_t)~bit(ir);
		c->irr &= (uint8_t)~bit(ir);
	}
}

/* Both INT pins, after any change. Each stays high until its chip is acknowledged. */
static void settle(struct pstd_pic_pair *p)
{
	p->slave.out |= resolve(&p->slave) >= 0;
	set_line(&p->master, CASCADE, p->slave.out);
	p->master.out |= resolve(&p->master) >= 0;
	pstd_store_release(&p->intr, p->master.out);
}

/* Lowers INT, and at the master the edge that the slave's INT makes. */
static void lower(struct pstd_pic_pair *p, struct pstd_pic *c)
{
	c->out = false;
	if (!c->is_master)
		set_line(&p->master, CASCADE, false);
}

/* One chip's side of an acknowledge cycle: the IR, -1 if the request is gone. */
static int inta(struct pstd_pic_pair *p, struct pstd_pic *c)
{
	int ir = resolve(c);

	lower(p, c);
	if (ir < 0)
		return -1;
	/* An edge requests once, a level as long as it lasts. */
	if (!(c->elcr & bit((unsigned)ir)))
		c->irr &= (uint8_t)~bit((unsigned)ir);
	if (!(c->icw4 & ICW4_AEOI))
		c->isr |= bit((unsigned)ir);
	else if (c->rotate_in_aeoi)
		c->lowest = (uint8_t)ir;
	return ir;
}

/* ICW1 begins initialization: the edge sense circuits are reset, all else is cleared. */
static void begin(struct pstd_pic_pair *p, struct pstd_pic *c, uint8_t value)
{
	lower(p, c);
	*c = (struct pstd_pic){
		.is_master = c->is_master,
		.lines = c->lines,
		.elcr = c->elcr,
		.irr = c->lines & c->elcr,
		.lowest = 7,
		.icw3 = c->is_master ? 0 : ICW3_ID,
		.single = value & ICW1_SNGL,
		.needs_icw4 = value & ICW1_IC4,
		.expect = EXPECT_ICW2,
	};
}

/* "Rotate", "specific level", "EOI": eight commands. */
static void ocw2(struct pstd_pic *c, uint8_t value)
{
	int ir = value & OCW2_SL ? value & OCW2_LEVEL : highest(c, in_service(c));

	if (!(value & OCW2_EOI)) {
		if (!(value & OCW2_SL))
			c->rotate_in_aeoi = value & OCW2_R;
		else if (value & OCW2_R)
			c->lowest = value & OCW2_LEVEL;
		return;
	}
	if (ir < 0)
		return;
	c->isr &= (uint8_t)~bit((unsigned)ir);
	if (value & OCW2_R)
		c->lowest = (uint8_t)ir;
}

static void ocw3(struct pstd_pic *c, uint8_t value)
{
	if (value & OCW3_ESMM)
		c->special_mask = value & OCW3_SMM;
	if (value & OCW3_P)
		c->poll = true;
	else if (value & OCW3_RR)
		c->read_isr = value & OCW3_RIS;
}

static void write_command(struct pstd_pic_pair *p, struct pstd_pic *c, uint8_t value)
{
	if (value & ICW1)
		begin(p, c, value);
	else if (value & OCW3)
		ocw3(c, value);
	else
		ocw2(c, value);
}

static void write_data(struct pstd_pic *c, uint8_t value)
{
	uint8_t last = c->needs_icw4 ? EXPECT_ICW4 : EXPECT_NONE;

	switch (c->expect) {
	case EXPECT_NONE:
		c->imr = value;
		break;
	case EXPECT_ICW2:
		c->base = value & ICW2_BASE;
		c->expect = c->single ? last : EXPECT_ICW3;
		break;
	case EXPECT_ICW3:
		c->icw3 = value;
		c->expect = last;
		break;
	case EXPECT_ICW4:
		c->icw4 = value;
		c->expect = EXPECT_NONE;
		break;
	}
}

static void write_elcr(struct pstd_pic *c, uint8_t value)
{
	uint8_t elcr = value & (c->is_master ? ELCR_MASTER : ELCR_SLAVE);
	uint8_t stays = (uint8_t)~(elcr | c->elcr);

	c->irr = (c->irr & stays) | (c->lines & elcr);
	c->elcr = elcr;
}

/* "Poll command": the read is the acknowledge. */
static uint8_t poll(struct pstd_pic_pair *p, struct pstd_pic *c)
{
	int ir = inta(p, c);

	c->poll = false;
	return ir < 0 ? 0 : (uint8_t)(POLL_I | ir);
}

static uint8_t read_chip(struct pstd_pic_pair *p, struct pstd_pic *c, bool data)
{
	if (c->poll)
		return poll(p, c);
	if (data)
		return c->imr;
	return c->read_isr ? c->isr : c->irr;
}

/* The second INTA pulse: whoever was selected puts its vector on the bus. */
static uint8_t vector(struct pstd_pic_pair *p, int ir)
{
	if (ir != CASCADE || !(slaves(&p->master) & bit(CASCADE)))
		return (uint8_t)(p->master.base | (ir < 0 ? SPURIOUS : ir));
	if ((p->slave.icw3 & ICW3_ID) != CASCADE)
		return 0xff; /* nobody answers */
	ir = inta(p, &p->slave);
	return (uint8_t)(p->slave.base | (ir < 0 ? SPURIOUS : ir));
}

/* Which chip a port leads to; null: neither. */
static struct pstd_pic *chip_at(struct pstd_pic_pair *p, unsigned port)
{
	switch (port) {
	case PSTD_PIC_MASTER_COMMAND:
	case PSTD_PIC_MASTER_DATA:
	case PSTD_PIC_ELCR_MASTER:
		return &p->master;
	case PSTD_PIC_SLAVE_COMMAND:
	case PSTD_PIC_SLAVE_DATA:
	case PSTD_PIC_ELCR_SLAVE:
		return &p->slave;
	}
	return 0;
}

void pstd_pic_init(struct pstd_pic_pair *p)
{
	*p = (struct pstd_pic_pair){
		.master = { .is_master = true, .lowest = 7, .expect = EXPECT_ICW1 },
		.slave = { .lowest = 7, .icw3 = ICW3_ID, .expect = EXPECT_ICW1 },
	};
}

uint8_t pstd_pic_read(struct pstd_pic_pair *p, unsigned port)
{
	struct pstd_pic *c = chip_at(p, port);
	uint8_t value;

	if (!c)
		return 0xff;
	pstd_spin_lock(&p->lock);
	if (port >= PSTD_PIC_ELCR_MASTER)
		value = c->elcr;
	else
		value = read_chip(p, c, port & 1);
	settle(p);
	pstd_spin_unlock(&p->lock);
	return value;
}

void pstd_pic_write(struct pstd_pic_pair *p, unsigned port, uint8_t value)
{
	struct pstd_pic *c = chip_at(p, port);

	if (!c)
		return;
	pstd_spin_lock(&p->lock);
	if (port >= PSTD_PIC_ELCR_MASTER)
		write_elcr(c, value);
	else if (port & 1)
		write_data(c, value);
	else
		write_command(p, c, value);
	settle(p);
	pstd_spin_unlock(&p->lock);
}

void pstd_pic_set_irq(struct pstd_pic_pair *p, unsigned irq, bool high)
{
	if (irq > 15 || irq == CASCADE)
		return;
	pstd_spin_lock(&p->lock);
	set_line(irq < 8 ? &p->master : &p->slave, irq % 8, high);
	settle(p);
	pstd_spin_unlock(&p->lock);
}

bool pstd_pic_intr(const struct pstd_pic_pair *p)
{
	return pstd_load_acquire(&p->intr);
}

uint8_t pstd_pic_acknowledge(struct pstd_pic_pair *p)
{
	uint8_t value;

	pstd_spin_lock(&p->lock);
	value = vector(p, inta(p, &p->master));
	settle(p);
	pstd_spin_unlock(&p->lock);
	return value;
}
