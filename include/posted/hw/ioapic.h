/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An I/O APIC: pins in, messages out. 82093AA (version 11h); the EOI register and
 * entries in remappable format, as later ones have them (version 20h).
 *
 * Any number of callers at once, of each function: devices drive pins, CPUs access
 * registers, EOIs come from wherever. A lock is held for some stores. Nobody calls
 * ahead: what is to be sent waits in its entry (delivery status is "send pending")
 * until somebody takes it with pstd_ioapic_next. So after each of the other calls
 * the caller takes messages until there is none; who takes one need not be who made it.
 */
#ifndef PSTD_HW_IOAPIC_H
#define PSTD_HW_IOAPIC_H

#include <posted/atomic.h>
#include <posted/ioapic.h>

#pragma GCC visibility push(default)

enum pstd_ioapic_version {
	PSTD_IOAPIC_82093AA = 0x11,
	PSTD_IOAPIC_WITH_EOIR = 0x20, /* and with remappable format */
};

struct pstd_ioapic {
	/* constant after pstd_ioapic_init */
	enum pstd_ioapic_version version;
	unsigned pins;
	uint16_t sid; /* source id of its messages, as the DMAR's device scope has it */
	/* under the lock */
	struct pstd_spinlock lock;
	uint8_t select, id;
	uint64_t rte[PSTD_IOAPIC_MAX_PINS]; /* without delivery status */
	uint64_t high[2];    /* the pins, electrically */
	uint64_t pending[2]; /* "send pending": read without it too */
};

/* True if a pin is as its polarity calls active. Under the lock, or while nothing runs. */
bool pstd_ioapic_active(const struct pstd_ioapic *io, unsigned pin);

/* Reset: all entries masked, all pins low. Null, or what is impossible. One caller. */
const char *pstd_ioapic_init(struct pstd_ioapic *io, enum pstd_ioapic_version version,
                             unsigned pins, uint16_t sid);

/*
 * Registers, at PSTD_IOAPIC_IOREGSEL, PSTD_IOAPIC_IOWIN and PSTD_IOAPIC_EOIR: 32 bits. What does
 * not exist reads zero and is not written.
 */
uint32_t pstd_ioapic_read(struct pstd_ioapic *io, unsigned offset);
void pstd_ioapic_write(struct pstd_ioapic *io, unsigned offset, uint32_t value);

/*
 * Drives a pin high or low; polarity says which of them is active. An edge on a
 * masked pin is lost; a level counts when it is unmasked.
 */
void pstd_ioapic_set_pin(struct pstd_ioapic *io, unsigned pin, bool high);

/*
 * An EOI message: all level pins with this vector that await one have had it, and
 * those still active send again. Also what a write of PSTD_IOAPIC_EOIR does.
 */
void pstd_ioapic_eoi(struct pstd_ioapic *io, uint8_t vector);

/*
 * Takes one message that is to be sent, from the lowest pin; it is the caller's to
 * carry to the VT-d unit as from io->sid. False if there is none. One load if so.
 */
bool pstd_ioapic_next(struct pstd_ioapic *io, struct pstd_msi_msg *m);

#pragma GCC visibility pop

#endif
