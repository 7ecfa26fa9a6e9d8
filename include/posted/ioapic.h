/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The I/O APIC as software sees it: its registers, the redirection table entry in
 * both formats, and the message that the I/O APIC writes for it.
 *
 * Registers and compatibility format: 82093AA, "I/O APIC Registers" and "I/O
 * Redirection Table Registers". Remappable format: VT-d, "Interrupt Requests from
 * I/OxAPIC". All functions are pure.
 */
#ifndef POSTED_IOAPIC_H
#define POSTED_IOAPIC_H

#include <posted/field.h>
#include <posted/msi.h>

/* In memory: 32 bits each. */
#define IOAPIC_IOREGSEL 0x00           /* which register IOWIN is: bits 7:0 */
#define IOAPIC_IOWIN 0x10
#define IOAPIC_EOIR 0x40               /* since version 20h: the vector that is done, bits 7:0 */

/* Behind IOREGSEL. An entry is two registers, its low half first. */
#define IOAPIC_REG_ID 0x00
#define IOAPIC_REG_VER 0x01
#define IOAPIC_REG_ARB 0x02
#define IOAPIC_REG_RTE(pin) (0x10u + 2 * (pin))

#define IOAPIC_ID PI_BITS(27, 24)      /* in ID and ARB */
#define IOAPIC_VERSION PI_BITS(7, 0)
#define IOAPIC_MAX_ENTRY PI_BITS(23, 16) /* number of entries - 1 */

/* An index of 8 bits reaches so many entries and no more. */
#define IOAPIC_MAX_PINS 120

/* Entries, both formats. */
#define IOAPIC_VECTOR PI_BITS(7, 0)
#define IOAPIC_DLM PI_BITS(10, 8)      /* zero in remappable format */
#define IOAPIC_STATUS PI_BIT(12)       /* delivery status: not accepted yet; read only */
#define IOAPIC_POLARITY PI_BIT(13)     /* 1: active low */
#define IOAPIC_REMOTE_IRR PI_BIT(14)   /* level: accepted, no EOI yet; read only */
#define IOAPIC_TRIGGER PI_BIT(15)      /* 1: level */
#define IOAPIC_MASK PI_BIT(16)
#define IOAPIC_FORMAT PI_BIT(48)       /* 1: remappable */
/* Compatibility format. */
#define IOAPIC_DM PI_BIT(11)           /* 1: logical destination */
#define IOAPIC_DEST PI_BITS(63, 56)
/* Remappable format. */
#define IOAPIC_INDEX15 PI_BIT(11)
#define IOAPIC_INDEX PI_BITS(63, 49)   /* index 14:0 */

POSTED_ASSERT(IOAPIC_FORMAT == 0x0001000000000000, "the format is bit 48");
POSTED_ASSERT(IOAPIC_INDEX == 0xfffe000000000000, "index 14:0 is bits 63:49");
POSTED_ASSERT(IOAPIC_DEST == 0xff00000000000000, "the destination is bits 63:56");
POSTED_ASSERT(IOAPIC_ID == 0x0f000000, "the id is bits 27:24");
POSTED_ASSERT(IOAPIC_REG_RTE(IOAPIC_MAX_PINS - 1) + 1 == 0xff, "the last half has the last index");

/* Every field of an entry; those of the other format are zero. */
struct ioapic_fields {
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

static inline struct ioapic_fields ioapic_decode(uint64_t rte)
{
	struct ioapic_fields f;

	f.remappable = (rte & IOAPIC_FORMAT) != 0;
	f.masked = (rte & IOAPIC_MASK) != 0;
	f.vector = (uint8_t)pi_field_get(IOAPIC_VECTOR, rte);
	f.dlm = (uint8_t)pi_field_get(IOAPIC_DLM, rte);
	f.status = (rte & IOAPIC_STATUS) != 0;
	f.active_low = (rte & IOAPIC_POLARITY) != 0;
	f.remote_irr = (rte & IOAPIC_REMOTE_IRR) != 0;
	f.level = (rte & IOAPIC_TRIGGER) != 0;
	f.logical = !f.remappable && (rte & IOAPIC_DM);
	f.dest = f.remappable ? 0 : (uint8_t)pi_field_get(IOAPIC_DEST, rte);
	f.index = f.remappable ? (uint16_t)(pi_field_get(IOAPIC_INDEX, rte) |
	                                    pi_field_get(IOAPIC_INDEX15, rte) << 15) : 0;
	return f;
}

/* An entry in compatibility format: fixed, active high, not masked, to one local APIC. */
static inline uint64_t ioapic_compat(uint8_t apic_id, uint8_t vector, bool level)
{
	return pi_field(IOAPIC_DEST, apic_id) | pi_field(IOAPIC_TRIGGER, level) |
	       pi_field(IOAPIC_VECTOR, vector);
}

/* The same in remappable format; vector must be that of the remapping entry, for the EOI. */
static inline uint64_t ioapic_remappable(uint16_t index, uint8_t vector, bool level)
{
	return IOAPIC_FORMAT | pi_field(IOAPIC_INDEX, index) |
	       pi_field(IOAPIC_INDEX15, index >> 15) | pi_field(IOAPIC_TRIGGER, level) |
	       pi_field(IOAPIC_VECTOR, vector);
}

/*
 * True if requests are level-triggered and end with an EOI: fixed and lowest priority.
 * NMI and INIT are edges "even if programmed as level", SMI and ExtINT require edges.
 */
static inline bool ioapic_is_level(uint64_t rte)
{
	return (rte & IOAPIC_TRIGGER) &&
	       ((rte & IOAPIC_FORMAT) || pi_field_get(IOAPIC_DLM, rte) <= 1);
}

/*
 * What the I/O APIC writes when the pin of an entry that is not masked becomes
 * active. The data has vector, delivery mode and trigger mode in both formats, so
 * that an EOI finds the pin by its vector; the VT-d unit ignores it (SHV is 0).
 */
static inline struct msi_msg ioapic_message(uint64_t rte)
{
	struct ioapic_fields f = ioapic_decode(rte);
	struct msi_msg m = msi_remappable(f.index, false, 0);

	if (!f.remappable)
		m.addr_lo = (uint32_t)(pi_field(MSI_ADDR_BASE, MSI_ADDR_BASE_VALUE) |
		                       pi_field(MSI_ADDR_DEST, f.dest) |
		                       pi_field(MSI_ADDR_DM, f.logical));
	m.data = (uint32_t)(pi_field(MSI_DATA_VECTOR, f.vector) | pi_field(MSI_DATA_DLM, f.dlm) |
	                    pi_field(MSI_DATA_TRIGGER, f.level));
	return m;
}

#endif
