/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The I/O APIC's redirection table entry, in both formats, and the message that
 * the I/O APIC writes for it.
 *
 * Compatibility format: 82093AA, "I/O Redirection Table Registers". Remappable
 * format: VT-d, "Interrupt Requests from I/OxAPIC". All functions are pure.
 */
#ifndef POSTED_IOAPIC_H
#define POSTED_IOAPIC_H

#include <posted/field.h>
#include <posted/msi.h>

/* Both formats. */
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
