/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt side of a VT-d unit as software sees it: registers, fault
 * records and invalidation descriptors.
 *
 * VT-d, "Register Descriptions", "Fault Recording Registers", "Queued
 * Invalidation Interface". All functions are pure.
 */
#ifndef POSTED_VTD_H
#define POSTED_VTD_H

#include <posted/field.h>

/* Register offsets. "Register Location". */
#define VTD_VER 0x000
#define VTD_CAP 0x008
#define VTD_ECAP 0x010
#define VTD_GCMD 0x018
#define VTD_GSTS 0x01c
#define VTD_RTADDR 0x020
#define VTD_FSTS 0x034
#define VTD_FECTL 0x038
#define VTD_FEDATA 0x03c
#define VTD_FEADDR 0x040
#define VTD_FEUADDR 0x044
#define VTD_IQH 0x080
#define VTD_IQT 0x088
#define VTD_IQA 0x090
#define VTD_ICS 0x09c
#define VTD_IECTL 0x0a0
#define VTD_IEDATA 0x0a4
#define VTD_IEADDR 0x0a8
#define VTD_IEUADDR 0x0ac
#define VTD_IQER 0x0b0
#define VTD_IRTA 0x0b8
#define VTD_REGISTERS_END 0x0c0        /* of those above; the fault records are where CAP says */

/* "Capability Register". */
#define VTD_CAP_RWBF PI_BIT(4)
#define VTD_CAP_CM PI_BIT(7)           /* caching mode: faulting entries may be cached too */
#define VTD_CAP_MGAW PI_BITS(21, 16)   /* guest address width - 1 */
#define VTD_CAP_FRO PI_BITS(33, 24)    /* offset of the fault records / 16 */
#define VTD_CAP_NFR PI_BITS(47, 40)    /* number of fault records - 1 */
#define VTD_CAP_PI PI_BIT(59)          /* posted interrupts */
#define VTD_CAP_ESIRTPS PI_BIT(62)     /* SIRTP invalidates the entry cache by itself */

/* "Extended Capability Register". */
#define VTD_ECAP_C PI_BIT(0)           /* page-walk coherency */
#define VTD_ECAP_QI PI_BIT(1)          /* queued invalidation */
#define VTD_ECAP_IR PI_BIT(3)          /* interrupt remapping */
#define VTD_ECAP_EIM PI_BIT(4)         /* x2APIC destinations */
#define VTD_ECAP_IRO PI_BITS(17, 8)    /* offset of the IOTLB registers / 16 */
#define VTD_ECAP_MHMV PI_BITS(23, 20)  /* greatest mask of an index-selective invalidation */
#define VTD_ECAP_MTS PI_BIT(25)
#define VTD_ECAP_PDS PI_BIT(42)        /* page-request drain */
#define VTD_ECAP_SMTS PI_BIT(43)       /* scalable mode: 256-bit descriptors */
#define VTD_ECAP_EIMER PI_BIT(61)      /* x2APIC destinations are required */
#define VTD_ECAP_IRREQ PI_BIT(62)      /* remapping is required */

/* "Global Command Register" and "Global Status Register": the same bits. */
#define VTD_GCMD_TE PI_BIT(31)
#define VTD_GCMD_SRTP PI_BIT(30)
#define VTD_GCMD_WBF PI_BIT(27)
#define VTD_GCMD_QIE PI_BIT(26)        /* queued invalidation enable */
#define VTD_GCMD_IRE PI_BIT(25)        /* interrupt remapping enable */
#define VTD_GCMD_SIRTP PI_BIT(24)      /* set interrupt remap table pointer; one-shot */
#define VTD_GCMD_CFI PI_BIT(23)        /* compatibility format passes */
#define VTD_GSTS_TES VTD_GCMD_TE
#define VTD_GSTS_RTPS VTD_GCMD_SRTP
#define VTD_GSTS_QIES VTD_GCMD_QIE
#define VTD_GSTS_IRES VTD_GCMD_IRE
#define VTD_GSTS_IRTPS VTD_GCMD_SIRTP
#define VTD_GSTS_CFIS VTD_GCMD_CFI
/* What software keeps of GSTS when it writes GCMD: all but the one-shot bits. */
#define VTD_GSTS_KEEP 0x96ffffffu

/* "Fault Status Register". */
#define VTD_FSTS_PFO PI_BIT(0)         /* overflow; write 1 to clear */
#define VTD_FSTS_PPF PI_BIT(1)         /* some record has F set; read only */
#define VTD_FSTS_IQE PI_BIT(4)         /* invalidation queue error; write 1 to clear */
#define VTD_FSTS_ICE PI_BIT(5)
#define VTD_FSTS_ITE PI_BIT(6)
#define VTD_FSTS_FRI PI_BITS(15, 8)    /* first record with F set */
/* While one of these is set, another raises no fault event. */
#define VTD_FSTS_PENDING \
	(VTD_FSTS_PFO | VTD_FSTS_PPF | VTD_FSTS_IQE | VTD_FSTS_ICE | VTD_FSTS_ITE)

/* "Fault Event Control Register" and "Invalidation Event Control Register". */
#define VTD_ECTL_IM PI_BIT(31)         /* masked */
#define VTD_ECTL_IP PI_BIT(30)         /* pending; read only */

/* The rest of both events' registers. */
#define VTD_EDATA PI_BITS(15, 0)
#define VTD_EADDR PI_BITS(31, 2)

#define VTD_ICS_IWC PI_BIT(0)          /* wait descriptor complete; write 1 to clear */

/* "Invalidation Queue Address Register". */
#define VTD_IQA_BASE PI_BITS(63, 12)
#define VTD_IQA_DW PI_BIT(11)          /* 256-bit descriptors */
#define VTD_IQA_QS PI_BITS(2, 0)       /* 2^QS pages */
#define VTD_IQ_OFFSET PI_BITS(18, 4)   /* IQH, IQT */

#define VTD_RTADDR_BASE PI_BITS(63, 12)

/* "Interrupt Remapping Table Address Register". */
#define VTD_IRTA_BASE PI_BITS(63, 12)
#define VTD_IRTA_EIME PI_BIT(11)
#define VTD_IRTA_S PI_BITS(3, 0)       /* 2^(S+1) entries */

/* "Invalidation Queue Error Record Register". */
#define VTD_IQER_IQEI PI_BITS(3, 0)
enum vtd_iqei {
	VTD_IQEI_NONE = 0,
	VTD_IQEI_TAIL = 1,       /* tail outside the queue */
	VTD_IQEI_FETCH = 2,      /* error fetching a descriptor */
	VTD_IQEI_TYPE = 3,       /* invalid type */
	VTD_IQEI_RSVD = 4,       /* reserved field set */
	VTD_IQEI_WIDTH = 5,      /* invalid descriptor width */
	VTD_IQEI_ALIGNMENT = 6,  /* tail not aligned to 256 bits */
	VTD_IQEI_TTM = 7,
};

/* "Interrupt Remapping Fault Conditions". */
enum vtd_fault {
	VTD_FAULT_NONE = 0,
	VTD_FAULT_REQUEST_RSVD = 0x20,
	VTD_FAULT_INDEX = 0x21,
	VTD_FAULT_NOT_PRESENT = 0x22,
	VTD_FAULT_TABLE = 0x23,
	VTD_FAULT_IRTE_RSVD = 0x24,
	VTD_FAULT_COMPATIBILITY = 0x25,
	VTD_FAULT_SOURCE = 0x26,
	VTD_FAULT_PID = 0x27,
	VTD_FAULT_PID_RSVD = 0x28,
	VTD_FAULT_UNTRANSLATED = 0x29,
	VTD_FAULT_EIM_REQUIRED = 0x2a,
	VTD_FAULT_IR_REQUIRED = 0x2b,
};

/* True if FPD, set in the entry, keeps a fault for this reason from being recorded. */
static inline bool vtd_fault_qualified(enum vtd_fault reason)
{
	return reason == VTD_FAULT_NOT_PRESENT || reason == VTD_FAULT_IRTE_RSVD ||
	       reason == VTD_FAULT_SOURCE || reason == VTD_FAULT_PID ||
	       reason == VTD_FAULT_PID_RSVD;
}

/* A fault record, 128 bits: low and high quadword. "Fault Recording Registers". */
#define VTD_FRCD_INDEX PI_BITS(63, 48) /* low: index of the entry, in interrupt faults */
#define VTD_FRCD_SID PI_BITS(15, 0)    /* high, whose bits the manual counts from 64 */
#define VTD_FRCD_REASON PI_BITS(39, 32)
#define VTD_FRCD_TYPE PI_BIT(62)
#define VTD_FRCD_F PI_BIT(63)          /* the record is valid; write 1 to clear */

/* Invalidation descriptors: two quadwords, the 256-bit form has two more, zero. */
struct vtd_descriptor {
	uint64_t lo, hi;
};

#define VTD_DESC_TYPE PI_BITS(3, 0)
#define VTD_DESC_TYPE_HI PI_BITS(11, 9)
enum vtd_descriptor_type {
	VTD_DESC_CONTEXT = 1,
	VTD_DESC_IOTLB = 2,
	VTD_DESC_DEVICE_TLB = 3,
	VTD_DESC_IEC = 4,
	VTD_DESC_WAIT = 5,
};

/* "Interrupt Entry Cache Invalidate Descriptor". */
#define VTD_IEC_INDEXED PI_BIT(4)      /* 0: global */
#define VTD_IEC_IM PI_BITS(31, 27)     /* 2^IM entries */
#define VTD_IEC_IIDX PI_BITS(47, 32)

/* "Invalidation Wait Descriptor". */
#define VTD_WAIT_IF PI_BIT(4)          /* raise the completion event */
#define VTD_WAIT_SW PI_BIT(5)          /* write the status */
#define VTD_WAIT_FN PI_BIT(6)          /* fence */
#define VTD_WAIT_PD PI_BIT(7)
#define VTD_WAIT_DATA PI_BITS(63, 32)
#define VTD_WAIT_ADDRESS PI_BITS(63, 2) /* of the high quadword */

POSTED_ASSERT(VTD_CAP_PI == 0x0800000000000000, "PI is bit 59");
POSTED_ASSERT(VTD_CAP_FRO == 0x3ff000000, "FRO is bits 33:24");
POSTED_ASSERT(VTD_CAP_NFR == 0xff0000000000, "NFR is bits 47:40");
POSTED_ASSERT(VTD_ECAP_MHMV == 0xf00000, "MHMV is bits 23:20");
POSTED_ASSERT(VTD_GCMD_QIE == 0x04000000, "QIE is bit 26");
POSTED_ASSERT(VTD_GCMD_IRE == 0x02000000, "IRE is bit 25");
POSTED_ASSERT(VTD_GCMD_SIRTP == 0x01000000, "SIRTP is bit 24");
POSTED_ASSERT(VTD_GCMD_CFI == 0x00800000, "CFI is bit 23");
POSTED_ASSERT(VTD_FRCD_REASON == 0xff00000000, "the reason is bits 103:96");
POSTED_ASSERT(VTD_IEC_IM == 0xf8000000, "IM is bits 31:27");
POSTED_ASSERT(VTD_IEC_IIDX == 0xffff00000000, "IIDX is bits 47:32");

static inline struct vtd_descriptor vtd_iec_global(void)
{
	struct vtd_descriptor d = { VTD_DESC_IEC, 0 };

	return d;
}

/* 2^mask entries, from index with its low mask bits cleared. */
static inline struct vtd_descriptor vtd_iec_index(uint16_t index, unsigned mask)
{
	struct vtd_descriptor d = { VTD_DESC_IEC | VTD_IEC_INDEXED | pi_field(VTD_IEC_IM, mask) |
		                            pi_field(VTD_IEC_IIDX, index), 0 };

	return d;
}

/* A wait that writes data to physical address status (4-byte aligned) when all before is done. */
static inline struct vtd_descriptor vtd_wait_status(uint64_t status, uint32_t data)
{
	struct vtd_descriptor d = { VTD_DESC_WAIT | VTD_WAIT_SW | pi_field(VTD_WAIT_DATA, data),
		                    status & VTD_WAIT_ADDRESS };

	return d;
}

#endif
