/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PC's pair of 8259A interrupt controllers: master at ports 20H and 21H, slave at
 * A0H and A1H on the master's IR2, edge/level control at 4D0H and 4D1H. 8259A data
 * sheet; PIIX for ELCR. In 8086 mode always.
 *
 * Any number of callers at once, of each function. A lock is held for some stores.
 */
#ifndef PSTD_HW_PIC_H
#define PSTD_HW_PIC_H

#include <posted/atomic.h>

#pragma GCC visibility push(default)

enum pstd_pic_port {
	PSTD_PIC_MASTER_COMMAND = 0x20,
	PSTD_PIC_MASTER_DATA = 0x21,
	PSTD_PIC_SLAVE_COMMAND = 0xa0,
	PSTD_PIC_SLAVE_DATA = 0xa1,
	PSTD_PIC_ELCR_MASTER = 0x4d0,
	PSTD_PIC_ELCR_SLAVE = 0x4d1,
};

enum { PSTD_PIC_INPUTS = 16 };

/* One of the two. */
struct pstd_pic {
	bool is_master;
	uint8_t lines, irr, isr, imr; /* a bit for each IR; irr: what waits */
	uint8_t elcr;                 /* 1: level */
	uint8_t lowest;               /* the IR of lowest priority; 7 if never rotated */
	uint8_t base, icw3, icw4;     /* base: vector of IR0 */
	uint8_t expect;               /* number of the ICW that is due, 0 if none */
	bool needs_icw4, single;      /* of ICW1 */
	bool special_mask, rotate_in_aeoi;
	bool read_isr, poll;          /* what the next read of the command port is */
	bool out;                     /* the INT pin */
};

struct pstd_pic_pair {
	struct pstd_spinlock lock;
	struct pstd_pic master, slave;
	uint64_t intr; /* the master's INT pin, for who has no lock */
};

/* As after power-on; nothing is asked for before it has had its ICWs. */
void pstd_pic_init(struct pstd_pic_pair *p);

/* Ports, a byte each. Any other port reads FFH and is not written. */
uint8_t pstd_pic_read(struct pstd_pic_pair *p, unsigned port);
void pstd_pic_write(struct pstd_pic_pair *p, unsigned port, uint8_t value);

/* Drives IRQ 0 to 15 but 2, which is the slave's. It must stay high until acknowledged. */
void pstd_pic_set_irq(struct pstd_pic_pair *p, unsigned irq, bool high);

/* The INTR line. Stays high until acknowledged, whatever becomes of the request. */
bool pstd_pic_intr(const struct pstd_pic_pair *p);

/* The acknowledge cycle (two INTA pulses): the vector; IR7's if the request is gone. */
uint8_t pstd_pic_acknowledge(struct pstd_pic_pair *p);

#pragma GCC visibility pop

#endif
