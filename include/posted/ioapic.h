/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The I/O APIC as software sees it: its registers, the redirection table entry in
 * both formats, and the message that the I/O APIC writes for it.
 *
 * Registers and compatibility format: 82093AA, "I/O APIC Registers" and "I/O
 * Redirection Table Registers". Remappable format: VT-d, "Interrupt Requests from
 * I/OxAPIC". All functions are pure.
 */
#ifndef PSTD_IOAPIC_H
#define PSTD_IOAPIC_H

#include <posted/field.h>
#include <posted/msi.h>

/* In memory: 32 bits each. */
#define PSTD_IOAPIC_IOREGSEL 0x00         /* which register IOWIN is: bits 7:0 */
#define PSTD_IOAPIC_IOWIN 0x10
#define PSTD_IOAPIC_EOIR 0x40             /* since version 20h: the vector that is done, bits 7:0 */

/* Behind IOREGSEL. An entry is two registers, its low half first. */
#define PSTD_IOAPIC_REG_ID 0x00
#define PSTD_IOAPIC_REG_VER 0x01
#define PSTD_IOAPIC_REG_ARB 0x02
#define PSTD_IOAPIC_REG_RTE(pin) (0x10u + 2 * (pin))

#define PSTD_IOAPIC_ID PSTD_BITS(27, 24)  /* in ID and ARB */
#define PSTD_IOAPIC_VERSION PSTD_BITS(7, 0)
#define PSTD_IOAPIC_MAX_ENTRY PSTD_BITS(23, 16) /* number of entries - 1 */

/* An index of 8 bits reaches so many entries and no more. */
#define PSTD_IOAPIC_MAX_PINS 120

/* Entries, both formats. */
#define PSTD_IOAPIC_VECTOR PSTD_BITS(7, 0)
#define PSTD_IOAPIC_DLM PSTD_BITS(10, 8)      /* zero in remappable format */
#define PSTD_IOAPIC_STATUS PSTD_BIT(12)       /* delivery status: not accepted yet; read only */
#define PSTD_IOAPIC_POLARITY PSTD_BIT(13)     /* 1: active low */
#define PSTD_IOAPIC_REMOTE_IRR PSTD_BIT(14)   /* level: accepted, no EOI yet; read only */
#define PSTD_IOAPIC_TRIGGER PSTD_BIT(15)      /* 1: level */
#define PSTD_IOAPIC_MASK PSTD_BIT(16)
#define PSTD_IOAPIC_FORMAT PSTD_BIT(48)       /* 1: remappable */
/* Compatibility format. */
#define PSTD_IOAPIC_DM PSTD_BIT(11)           /* 1: logical destination */
#define PSTD_IOAPIC_DEST PSTD_BITS(63, 56)
/* Remappable format. */
#define PSTD_IOAPIC_INDEX15 PSTD_BIT(11)
#define PSTD_IOAPIC_INDEX PSTD_BITS(63, 49)   /* index 14:0 */

PSTD_ASSERT(PSTD_IOAPIC_FORMAT == 0x0001000000000000, "the format is bit 48");
PSTD_ASSERT(PSTD_IOAPIC_INDEX == 0xfffe000000000000, "index 14:0 is bits 63:49");
PSTD_ASSERT(PSTD_IOAPIC_DEST == 0xff00000000000000, "the destination is bits 63:56");
PSTD_ASSERT(PSTD_IOAPIC_ID == 0x0f000000, "the id is bits 27:24");
PSTD_ASSERT(PSTD_IOAPIC_REG_RTE(PSTD_IOAPIC_MAX_PINS - 1) + 1 == 0xff,
            "the last half has the last index");

/* Every field of an entry; those of the other format are zero. */
struct pstd_ioapic_fields {
	bool remappable, masked;
	uint8_t vector;
	uint8_t dlm;
	bool status, active_low, remote_irr, level;
	/* compatibility */
	bool logical;
	uint8_t dest;
	/* remappable */
	uint16_t index;
};

static inline struct pstd_ioapic_fields pstd_ioapic_decode(uint64_t rte)
{
	struct pstd_ioapic_fields f;

	f.remappable = (rte & PSTD_IOAPIC_FORMAT) != 0;
	f.masked = (rte & PSTD_IOAPIC_MASK) != 0;
	f.vector = (uint8_t)pstd_field_get(PSTD_IOAPIC_VECTOR, rte);
	f.dlm = (uint8_t)pstd_field_get(PSTD_IOAPIC_DLM, rte);
	f.status = (rte & PSTD_IOAPIC_STATUS) != 0;
	f.active_low = (rte & PSTD_IOAPIC_POLARITY) != 0;
	f.remote_irr = (rte & PSTD_IOAPIC_REMOTE_IRR) != 0;
	f.level = (rte & PSTD_IOAPIC_TRIGGER) != 0;
	f.logical = !f.remappable && (rte & PSTD_IOAPIC_DM);
	f.dest = f.remappable ? 0 : (uint8_t)pstd_field_get(PSTD_IOAPIC_DEST, rte);
	f.index = f.remappable ? (uint16_t)(pstd_field_get(PSTD_IOAPIC_INDEX, rte) |
	                                    pstd_field_get(PSTD_IOAPIC_INDEX15, rte) << 15) : 0;
	return f;
}

/* An entry in compatibility format: fixed, active high, not masked, to one local APIC. */
static inline uint64_t pstd_ioapic_compat(uint8_t apic_id, uint8_t vector, bool level)
{
	return pstd_field(PSTD_IOAPIC_DEST, apic_id) | pstd_field(PSTD_IOAPIC_TRIGGER, level) |
	       pstd_field(PSTD_IOAPIC_VECTOR, vector);
}

/* The same in remappable format; vector must be that of the remapping entry, for the EOI. */
static inline uint64_t pstd_ioapic_remappable(uint16_t index, uint8_t vector, bool level)
{
	return PSTD_IOAPIC_FORMAT | pstd_field(PSTD_IOAPIC_INDEX, index) |
	       pstd_field(PSTD_IOAPIC_INDEX15, index >> 15) |
	       pstd_field(PSTD_IOAPIC_TRIGGER, level) | pstd_field(PSTD_IOAPIC_VECTOR, vector);
}

/*
 * True if requests are level-triggered and end with an EOI: fixed and lowest priority.
 * NMI and INIT are edges "even if programmed as level", SMI and ExtINT require edges.
 */
static inline bool pstd_ioapic_is_level(uint64_t rte)
{
	return (rte & PSTD_IOAPIC_TRIGGER) &&
	       ((rte & PSTD_IOAPIC_FORMAT) || pstd_field_get(PSTD_IOAPIC_DLM, rte) <= 1);
}

/*
 * What the I/O APIC writes when the pin of an entry that is not masked becomes
 * active. The data has vector, delivery mode and trigger mode in both formats, so
 * that an EOI finds the pin by its vector; the VT-d unit ignores it (SHV is 0).
 */
static inline struct pstd_msi_msg pstd_ioapic_message(uint64_t rte)
{
	struct pstd_ioapic_fields f = pstd_ioapic_decode(rte);
	struct pstd_msi_msg m = pstd_msi_remappable(f.index, false, 0);

	if (!f.remappable)
		m.addr_lo = (uint32_t)(pstd_field(PSTD_MSI_ADDR_BASE, PSTD_MSI_ADDR_BASE_VALUE) |
		                       pstd_field(PSTD_MSI_ADDR_DEST, f.dest) |
		                       pstd_field(PSTD_MSI_ADDR_DM, f.logical));
	m.data = (uint32_t)(pstd_field(PSTD_MSI_DATA_VECTOR, f.vector) |
	                    pstd_field(PSTD_MSI_DATA_DLM, f.dlm) |
	                    pstd_field(PSTD_MSI_DATA_TRIGGER, f.level));
	return m;
}

#endif
