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
#ifndef PSTD_MSI_H
#define PSTD_MSI_H

#include <posted/field.h>

struct pstd_msi_msg {
	uint32_t addr_lo, addr_hi, data;
};

/* Address, low dword. */
#define PSTD_MSI_ADDR_BASE PSTD_BITS(31, 20) /* 0xfee */
#define PSTD_MSI_ADDR_BASE_VALUE 0xfee
#define PSTD_MSI_ADDR_FORMAT PSTD_BIT(4)     /* 1: remappable */
/* Compatibility format. */
#define PSTD_MSI_ADDR_DEST PSTD_BITS(19, 12)
#define PSTD_MSI_ADDR_DEST15 PSTD_BITS(11, 5) /* destination 14:8, an extension of hypervisors */
#define PSTD_MSI_ADDR_RH PSTD_BIT(3)
#define PSTD_MSI_ADDR_DM PSTD_BIT(2)
#define PSTD_MSI_ADDR_HI_DEST PSTD_BITS(31, 8) /* upper dword: destination 31:8 */
#define PSTD_MSI_DATA_VECTOR PSTD_BITS(7, 0)
#define PSTD_MSI_DATA_DLM PSTD_BITS(10, 8)
#define PSTD_MSI_DATA_LEVEL PSTD_BIT(14)
#define PSTD_MSI_DATA_TRIGGER PSTD_BIT(15)
/* Remappable format. */
#define PSTD_MSI_ADDR_HANDLE PSTD_BITS(19, 5) /* handle 14:0 */
#define PSTD_MSI_ADDR_SHV PSTD_BIT(3)         /* data holds a subhandle */
#define PSTD_MSI_ADDR_HANDLE15 PSTD_BIT(2)
#define PSTD_MSI_DATA_SUBHANDLE PSTD_BITS(15, 0)
#define PSTD_MSI_DATA_RSVD PSTD_BITS(31, 16) /* zero if SHV; ignored if not */

PSTD_ASSERT(sizeof(struct pstd_msi_msg) == 12, "a message is address, upper address, data");
PSTD_ASSERT(PSTD_MSI_ADDR_BASE == 0xfff00000, "FEEh is address bits 31:20");
PSTD_ASSERT(PSTD_MSI_ADDR_FORMAT == 0x10, "the format is address bit 4");
PSTD_ASSERT(PSTD_MSI_ADDR_DEST == 0xff000, "the destination is address bits 19:12");
PSTD_ASSERT(PSTD_MSI_ADDR_RH == 0x8, "RH is address bit 3");
PSTD_ASSERT(PSTD_MSI_ADDR_DM == 0x4, "DM is address bit 2");
PSTD_ASSERT(PSTD_MSI_ADDR_HI_DEST == 0xffffff00, "destination 31:8 is upper address bits 31:8");
PSTD_ASSERT(PSTD_MSI_DATA_VECTOR == 0xff, "the vector is data bits 7:0");
PSTD_ASSERT(PSTD_MSI_DATA_DLM == 0x700, "the delivery mode is data bits 10:8");
PSTD_ASSERT(PSTD_MSI_DATA_LEVEL == 0x4000, "the level is data bit 14");
PSTD_ASSERT(PSTD_MSI_DATA_TRIGGER == 0x8000, "the trigger mode is data bit 15");
PSTD_ASSERT(PSTD_MSI_ADDR_HANDLE == 0xfffe0, "handle 14:0 is address bits 19:5");
PSTD_ASSERT(PSTD_MSI_ADDR_SHV == 0x8, "SHV is address bit 3");
PSTD_ASSERT(PSTD_MSI_ADDR_HANDLE15 == 0x4, "handle 15 is address bit 2");
PSTD_ASSERT(PSTD_MSI_DATA_SUBHANDLE == 0xffff, "the subhandle is data bits 15:0");
PSTD_ASSERT(PSTD_MSI_DATA_RSVD == 0xffff0000, "with a subhandle data bits 31:16 are reserved");

/* True if the address is an interrupt's at all. */
static inline bool pstd_msi_is_interrupt(struct pstd_msi_msg m)
{
	return pstd_field_get(PSTD_MSI_ADDR_BASE, m.addr_lo) == PSTD_MSI_ADDR_BASE_VALUE;
}

static inline bool pstd_msi_is_remappable(struct pstd_msi_msg m)
{
	return m.addr_lo & PSTD_MSI_ADDR_FORMAT;
}

/* A remappable message. Without shv the subhandle is not sent. */
static inline struct pstd_msi_msg pstd_msi_remappable(uint16_t handle, bool shv, uint16_t subhandle)
{
	struct pstd_msi_msg m = {
		(uint32_t)(pstd_field(PSTD_MSI_ADDR_BASE, PSTD_MSI_ADDR_BASE_VALUE) |
		           PSTD_MSI_ADDR_FORMAT | pstd_field(PSTD_MSI_ADDR_HANDLE, handle) |
		           pstd_field(PSTD_MSI_ADDR_SHV, shv) |
		           pstd_field(PSTD_MSI_ADDR_HANDLE15, handle >> 15)),
		0,
		shv ? subhandle : 0u,
	};

	return m;
}

static inline uint16_t pstd_msi_handle(struct pstd_msi_msg m)
{
	return (uint16_t)(pstd_field_get(PSTD_MSI_ADDR_HANDLE, m.addr_lo) |
	                  pstd_field_get(PSTD_MSI_ADDR_HANDLE15, m.addr_lo) << 15);
}

/* Index of the remapping entry: a plain 17-bit sum, which may lie beyond any table. */
static inline uint32_t pstd_msi_index(struct pstd_msi_msg m)
{
	uint32_t subhandle = (uint32_t)pstd_field_get(PSTD_MSI_DATA_SUBHANDLE, m.data);

	return pstd_msi_handle(m) + (m.addr_lo & PSTD_MSI_ADDR_SHV ? subhandle : 0);
}

/* A compatibility message: fixed, edge, to one local APIC by its id. */
static inline struct pstd_msi_msg pstd_msi_compat(uint32_t apic_id, uint8_t vector)
{
	struct pstd_msi_msg m = {
		(uint32_t)(pstd_field(PSTD_MSI_ADDR_BASE, PSTD_MSI_ADDR_BASE_VALUE) |
		           pstd_field(PSTD_MSI_ADDR_DEST, apic_id)),
		(uint32_t)pstd_field(PSTD_MSI_ADDR_HI_DEST, apic_id >> 8),
		vector,
	};

	return m;
}

/* Destination of a compatibility message, upper bits from the KVM extension. */
static inline uint32_t pstd_msi_dest(struct pstd_msi_msg m)
{
	return (uint32_t)(pstd_field_get(PSTD_MSI_ADDR_DEST, m.addr_lo) |
	                  pstd_field_get(PSTD_MSI_ADDR_HI_DEST, m.addr_hi) << 8);
}

/* The same where hypervisors put destination 14:8 into the lower address instead. */
static inline uint32_t pstd_msi_dest15(struct pstd_msi_msg m)
{
	return (uint32_t)(pstd_field_get(PSTD_MSI_ADDR_DEST, m.addr_lo) |
	                  pstd_field_get(PSTD_MSI_ADDR_DEST15, m.addr_lo) << 8);
}

static inline uint8_t pstd_msi_vector(struct pstd_msi_msg m)
{
	return (uint8_t)pstd_field_get(PSTD_MSI_DATA_VECTOR, m.data);
}

/* Delivery mode; a pstd_apic_delivery_mode where it is not a reserved encoding. */
static inline uint8_t pstd_msi_delivery_mode(struct pstd_msi_msg m)
{
	return (uint8_t)pstd_field_get(PSTD_MSI_DATA_DLM, m.data);
}

static inline bool pstd_msi_logical(struct pstd_msi_msg m)
{
	return m.addr_lo & PSTD_MSI_ADDR_DM;
}

static inline bool pstd_msi_redirection_hint(struct pstd_msi_msg m)
{
	return m.addr_lo & PSTD_MSI_ADDR_RH;
}

#endif
