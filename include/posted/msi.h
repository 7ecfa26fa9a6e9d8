/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt messages: the address and data a device writes.
 *
 * Compatibility format: SDM volume 3, "Message Address Register Format" and
 * "Message Data Register Format"; with the extension of the KVM MSI ABI that
 * carries destination bits 31:8 in the upper address.
 * Remappable format: VT-d, "Interrupt Requests in Remappable Format".
 * All functions are pure.
 */
#ifndef POSTED_MSI_H
#define POSTED_MSI_H

#include <posted/field.h>

struct msi_msg {
	uint32_t addr_lo, addr_hi, data;
};

/* Address, low dword. */
#define MSI_ADDR_BASE PI_BITS(31, 20) /* 0xfee */
#define MSI_ADDR_BASE_VALUE 0xfee
#define MSI_ADDR_FORMAT PI_BIT(4)     /* 1: remappable */
/* Compatibility format. */
#define MSI_ADDR_DEST PI_BITS(19, 12)
#define MSI_ADDR_DEST15 PI_BITS(11, 5) /* destination 14:8, an extension of hypervisors */
#define MSI_ADDR_RH PI_BIT(3)
#define MSI_ADDR_DM PI_BIT(2)
#define MSI_ADDR_HI_DEST PI_BITS(31, 8) /* upper dword: destination 31:8 */
#define MSI_DATA_VECTOR PI_BITS(7, 0)
#define MSI_DATA_DLM PI_BITS(10, 8)
#define MSI_DATA_LEVEL PI_BIT(14)
#define MSI_DATA_TRIGGER PI_BIT(15)
/* Remappable format. */
#define MSI_ADDR_HANDLE PI_BITS(19, 5) /* handle 14:0 */
#define MSI_ADDR_SHV PI_BIT(3)         /* data holds a subhandle */
#define MSI_ADDR_HANDLE15 PI_BIT(2)
#define MSI_DATA_SUBHANDLE PI_BITS(15, 0)
#define MSI_DATA_RSVD PI_BITS(31, 16) /* zero if SHV; ignored if not */

POSTED_ASSERT(sizeof(struct msi_msg) == 12, "a message is address, upper address, data");
POSTED_ASSERT(MSI_ADDR_BASE == 0xfff00000, "FEEh is address bits 31:20");
POSTED_ASSERT(MSI_ADDR_FORMAT == 0x10, "the format is address bit 4");
POSTED_ASSERT(MSI_ADDR_DEST == 0xff000, "the destination is address bits 19:12");
POSTED_ASSERT(MSI_ADDR_RH == 0x8, "RH is address bit 3");
POSTED_ASSERT(MSI_ADDR_DM == 0x4, "DM is address bit 2");
POSTED_ASSERT(MSI_ADDR_HI_DEST == 0xffffff00, "destination 31:8 is upper address bits 31:8");
POSTED_ASSERT(MSI_DATA_VECTOR == 0xff, "the vector is data bits 7:0");
POSTED_ASSERT(MSI_DATA_DLM == 0x700, "the delivery mode is data bits 10:8");
POSTED_ASSERT(MSI_DATA_LEVEL == 0x4000, "the level is data bit 14");
POSTED_ASSERT(MSI_DATA_TRIGGER == 0x8000, "the trigger mode is data bit 15");
POSTED_ASSERT(MSI_ADDR_HANDLE == 0xfffe0, "handle 14:0 is address bits 19:5");
POSTED_ASSERT(MSI_ADDR_SHV == 0x8, "SHV is address bit 3");
POSTED_ASSERT(MSI_ADDR_HANDLE15 == 0x4, "handle 15 is address bit 2");
POSTED_ASSERT(MSI_DATA_SUBHANDLE == 0xffff, "the subhandle is data bits 15:0");
POSTED_ASSERT(MSI_DATA_RSVD == 0xffff0000, "with a subhandle data bits 31:16 are reserved");

/* True if the address is an interrupt's at all. */
static inline bool msi_is_interrupt(struct msi_msg m)
{
	return pi_field_get(MSI_ADDR_BASE, m.addr_lo) == MSI_ADDR_BASE_VALUE;
}

static inline bool msi_is_remappable(struct msi_msg m)
{
	return m.addr_lo & MSI_ADDR_FORMAT;
}

/* A remappable message. Without shv the subhandle is not sent. */
static inline struct msi_msg msi_remappable(uint16_t handle, bool shv, uint16_t subhandle)
{
	struct msi_msg m = {
		(uint32_t)(pi_field(MSI_ADDR_BASE, MSI_ADDR_BASE_VALUE) | MSI_ADDR_FORMAT |
		           pi_field(MSI_ADDR_HANDLE, handle) | pi_field(MSI_ADDR_SHV, shv) |
		           pi_field(MSI_ADDR_HANDLE15, handle >> 15)),
		0,
		shv ? subhandle : 0u,
	};

	return m;
}

static inline uint16_t msi_handle(struct msi_msg m)
{
	return (uint16_t)(pi_field_get(MSI_ADDR_HANDLE, m.addr_lo) |
	                  pi_field_get(MSI_ADDR_HANDLE15, m.addr_lo) << 15);
}

/* Index of the remapping entry: a plain 17-bit sum, which may lie beyond any table. */
static inline uint32_t msi_index(struct msi_msg m)
{
	uint32_t subhandle = (uint32_t)pi_field_get(MSI_DATA_SUBHANDLE, m.data);

	return msi_handle(m) + (m.addr_lo & MSI_ADDR_SHV ? subhandle : 0);
}

/* A compatibility message: fixed, edge, to one local APIC by its id. */
static inline struct msi_msg msi_compat(uint32_t apic_id, uint8_t vector)
{
	struct msi_msg m = {
		(uint32_t)(pi_field(MSI_ADDR_BASE, MSI_ADDR_BASE_VALUE) |
		           pi_field(MSI_ADDR_DEST, apic_id)),
		(uint32_t)pi_field(MSI_ADDR_HI_DEST, apic_id >> 8),
		vector,
	};

	return m;
}

/* Destination of a compatibility message, upper bits from the KVM extension. */
static inline uint32_t msi_dest(struct msi_msg m)
{
	return (uint32_t)(pi_field_get(MSI_ADDR_DEST, m.addr_lo) |
	                  pi_field_get(MSI_ADDR_HI_DEST, m.addr_hi) << 8);
}

/* The same where hypervisors put destination 14:8 into the lower address instead. */
static inline uint32_t msi_dest15(struct msi_msg m)
{
	return (uint32_t)(pi_field_get(MSI_ADDR_DEST, m.addr_lo) |
	                  pi_field_get(MSI_ADDR_DEST15, m.addr_lo) << 8);
}

static inline uint8_t msi_vector(struct msi_msg m)
{
	return (uint8_t)pi_field_get(MSI_DATA_VECTOR, m.data);
}

/* Delivery mode; an apic_delivery_mode where it is not a reserved encoding. */
static inline uint8_t msi_delivery_mode(struct msi_msg m)
{
	return (uint8_t)pi_field_get(MSI_DATA_DLM, m.data);
}

static inline bool msi_logical(struct msi_msg m)
{
	return m.addr_lo & MSI_ADDR_DM;
}

static inline bool msi_redirection_hint(struct msi_msg m)
{
	return m.addr_lo & MSI_ADDR_RH;
}

#endif
