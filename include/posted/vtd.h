/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt side of a VT-d unit as software sees it: registers, fault
 * records and invalidation descriptors.
 *
 * VT-d, "Register Descriptions", "Fault Recording Registers", "Queued
 * Invalidation Interface". All functions are pure.
 */
#ifndef PSTD_VTD_H
#define PSTD_VTD_H

#include <posted/field.h>

/* Register offsets. "Register Location". */
#define PSTD_VTD_VER 0x000
#define PSTD_VTD_CAP 0x008
#define PSTD_VTD_ECAP 0x010
#define PSTD_VTD_GCMD 0x018
#define PSTD_VTD_GSTS 0x01c
#define PSTD_VTD_RTADDR 0x020
#define PSTD_VTD_FSTS 0x034
#define PSTD_VTD_FECTL 0x038
#define PSTD_VTD_FEDATA 0x03c
#define PSTD_VTD_FEADDR 0x040
#define PSTD_VTD_FEUADDR 0x044
#define PSTD_VTD_IQH 0x080
#define PSTD_VTD_IQT 0x088
#define PSTD_VTD_IQA 0x090
#define PSTD_VTD_ICS 0x09c
#define PSTD_VTD_IECTL 0x0a0
#define PSTD_VTD_IEDATA 0x0a4
#define PSTD_VTD_IEADDR 0x0a8
#define PSTD_VTD_IEUADDR 0x0ac
#define PSTD_VTD_IQER 0x0b0
#define PSTD_VTD_IRTA 0x0b8
#define PSTD_VTD_REGISTERS_END 0x0c0   /* of those above; the fault records are where CAP says */

/* "Capability Register". */
#define PSTD_VTD_CAP_RWBF PSTD_BIT(4)
#define PSTD_VTD_CAP_CM PSTD_BIT(7)           /* caching mode: faulting entries may be cached too */
#define PSTD_VTD_CAP_MGAW PSTD_BITS(21, 16)   /* guest address width - 1 */
#define PSTD_VTD_CAP_FRO PSTD_BITS(33, 24)    /* offset of the fault records / 16 */
#define PSTD_VTD_CAP_NFR PSTD_BITS(47, 40)    /* number of fault records - 1 */
#define PSTD_VTD_CAP_PI PSTD_BIT(59)          /* posted interrupts */
#define PSTD_VTD_CAP_ESIRTPS PSTD_BIT(62)     /* SIRTP invalidates the entry cache by itself */

/* "Extended Capability Register". */
#define PSTD_VTD_ECAP_C PSTD_BIT(0)           /* page-walk coherency */
#define PSTD_VTD_ECAP_QI PSTD_BIT(1)          /* queued invalidation */
#define PSTD_VTD_ECAP_IR PSTD_BIT(3)          /* interrupt remapping */
#define PSTD_VTD_ECAP_EIM PSTD_BIT(4)         /* x2APIC destinations */
#define PSTD_VTD_ECAP_IRO PSTD_BITS(17, 8)    /* offset of the IOTLB registers / 16 */
#define PSTD_VTD_ECAP_MHMV PSTD_BITS(23, 20)  /* greatest mask of an index-selective invalidation */
#define PSTD_VTD_ECAP_MTS PSTD_BIT(25)
#define PSTD_VTD_ECAP_PDS PSTD_BIT(42)        /* page-request drain */
#define PSTD_VTD_ECAP_SMTS PSTD_BIT(43)       /* scalable mode: 256-bit descriptors */
#define PSTD_VTD_ECAP_EIMER PSTD_BIT(61)      /* x2APIC destinations are required */
#define PSTD_VTD_ECAP_IRREQ PSTD_BIT(62)      /* remapping is required */

/* "Global Command Register" and "Global Status Register": the same bits. */
#define PSTD_VTD_GCMD_TE PSTD_BIT(31)
#define PSTD_VTD_GCMD_SRTP PSTD_BIT(30)
#define PSTD_VTD_GCMD_WBF PSTD_BIT(27)
#define PSTD_VTD_GCMD_QIE PSTD_BIT(26)        /* queued invalidation enable */
#define PSTD_VTD_GCMD_IRE PSTD_BIT(25)        /* interrupt remapping enable */
#define PSTD_VTD_GCMD_SIRTP PSTD_BIT(24)      /* set interrupt remap table pointer; one-shot */
#define PSTD_VTD_GCMD_CFI PSTD_BIT(23)        /* compatibility format passes */
#define PSTD_VTD_GSTS_TES PSTD_VTD_GCMD_TE
#define PSTD_VTD_GSTS_RTPS PSTD_VTD_GCMD_SRTP
#define PSTD_VTD_GSTS_QIES PSTD_VTD_GCMD_QIE
#define PSTD_VTD_GSTS_IRES PSTD_VTD_GCMD_IRE
#define PSTD_VTD_GSTS_IRTPS PSTD_VTD_GCMD_SIRTP
#define PSTD_VTD_GSTS_CFIS PSTD_VTD_GCMD_CFI
/* What software keeps of GSTS when it writes GCMD: all but the one-shot bits. */
#define PSTD_VTD_GSTS_KEEP 0x96ffffffu

/* "Fault Status Register". */
#define PSTD_VTD_FSTS_PFO PSTD_BIT(0)         /* overflow; write 1 to clear */
#define PSTD_VTD_FSTS_PPF PSTD_BIT(1)         /* some record has F set; read only */
#define PSTD_VTD_FSTS_IQE PSTD_BIT(4)         /* invalidation queue error; write 1 to clear */
#define PSTD_VTD_FSTS_ICE PSTD_BIT(5)
#define PSTD_VTD_FSTS_ITE PSTD_BIT(6)
#define PSTD_VTD_FSTS_FRI PSTD_BITS(15, 8) /* first record with F set */
/* While one of these is set, another raises no fault event. */
#define PSTD_VTD_FSTS_PENDING                                                            \
	(PSTD_VTD_FSTS_PFO | PSTD_VTD_FSTS_PPF | PSTD_VTD_FSTS_IQE | PSTD_VTD_FSTS_ICE | \
	 PSTD_VTD_FSTS_ITE)

/* "Fault Event Control Register" and "Invalidation Event Control Register". */
#define PSTD_VTD_ECTL_IM PSTD_BIT(31) /* masked */
#define PSTD_VTD_ECTL_IP PSTD_BIT(30) /* pending; read only */

/* The rest of both events' registers. */
#define PSTD_VTD_EDATA PSTD_BITS(15, 0)
#define PSTD_VTD_EADDR PSTD_BITS(31, 2)

#define PSTD_VTD_ICS_IWC PSTD_BIT(0)   /* wait descriptor complete; write 1 to clear */

/* "Invalidation Queue Address Register". */
#define PSTD_VTD_IQA_BASE PSTD_BITS(63, 12)
#define PSTD_VTD_IQA_DW PSTD_BIT(11)          /* 256-bit descriptors */
#define PSTD_VTD_IQA_QS PSTD_BITS(2, 0)       /* 2^QS pages */
#define PSTD_VTD_IQ_OFFSET PSTD_BITS(18, 4)   /* IQH, IQT */

#define PSTD_VTD_RTADDR_BASE PSTD_BITS(63, 12)

/* "Interrupt Remapping Table Address Register". */
#define PSTD_VTD_IRTA_BASE PSTD_BITS(63, 12)
#define PSTD_VTD_IRTA_EIME PSTD_BIT(11)
#define PSTD_VTD_IRTA_S PSTD_BITS(3, 0) /* 2^(S+1) entries */

/* "Invalidation Queue Error Record Register". */
#define PSTD_VTD_IQER_IQEI PSTD_BITS(3, 0)
enum pstd_vtd_iqei {
	PSTD_VTD_IQEI_NONE = 0,
	PSTD_VTD_IQEI_TAIL = 1,       /* tail outside the queue */
	PSTD_VTD_IQEI_FETCH = 2,      /* error fetching a descriptor */
	PSTD_VTD_IQEI_TYPE = 3,       /* invalid type */
	PSTD_VTD_IQEI_RSVD = 4,       /* reserved field set */
	PSTD_VTD_IQEI_WIDTH = 5,      /* invalid descriptor width */
	PSTD_VTD_IQEI_ALIGNMENT = 6,  /* tail not aligned to 256 bits */
	PSTD_VTD_IQEI_TTM = 7,
};

/* "Interrupt Remapping Fault Conditions". */
enum pstd_vtd_fault {
	PSTD_VTD_FAULT_NONE = 0,
	PSTD_VTD_FAULT_REQUEST_RSVD = 0x20,
	PSTD_VTD_FAULT_INDEX = 0x21,
	PSTD_VTD_FAULT_NOT_PRESENT = 0x22,
	PSTD_VTD_FAULT_TABLE = 0x23,
	PSTD_VTD_FAULT_IRTE_RSVD = 0x24,
	PSTD_VTD_FAULT_COMPATIBILITY = 0x25,
	PSTD_VTD_FAULT_SOURCE = 0x26,
	PSTD_VTD_FAULT_PID = 0x27,
	PSTD_VTD_FAULT_PID_RSVD = 0x28,
	PSTD_VTD_FAULT_UNTRANSLATED = 0x29,
	PSTD_VTD_FAULT_EIM_REQUIRED = 0x2a,
	PSTD_VTD_FAULT_IR_REQUIRED = 0x2b,
};

/* True if FPD, set in the entry, keeps a fault for this reason from being recorded. */
static inline bool pstd_vtd_fault_qualified(enum pstd_vtd_fault reason)
{
	return reason == PSTD_VTD_FAULT_NOT_PRESENT || reason == PSTD_VTD_FAULT_IRTE_RSVD ||
	       reason == PSTD_VTD_FAULT_SOURCE || reason == PSTD_VTD_FAULT_PID ||
	       reason == PSTD_VTD_FAULT_PID_RSVD;
}

/* A fault record, 128 bits: low and high quadword. "Fault Recording Registers". */
#define PSTD_VTD_FRCD_INDEX PSTD_BITS(63, 48) /* low: index of the entry, in interrupt faults */
#define PSTD_VTD_FRCD_SID PSTD_BITS(15, 0)    /* high, whose bits the manual counts from 64 */
#define PSTD_VTD_FRCD_REASON PSTD_BITS(39, 32)
#define PSTD_VTD_FRCD_TYPE PSTD_BIT(62)
#define PSTD_VTD_FRCD_F PSTD_BIT(63)          /* the record is valid; write 1 to clear */

/* Invalidation descriptors: two quadwords, the 256-bit form has two more, zero. */
struct pstd_vtd_descriptor {
	uint64_t lo, hi;
};

#define PSTD_VTD_DESC_TYPE PSTD_BITS(3, 0)
#define PSTD_VTD_DESC_TYPE_HI PSTD_BITS(11, 9)
enum pstd_vtd_descriptor_type {
	PSTD_VTD_DESC_CONTEXT = 1,
	PSTD_VTD_DESC_IOTLB = 2,
	PSTD_VTD_DESC_DEVICE_TLB = 3,
	PSTD_VTD_DESC_IEC = 4,
	PSTD_VTD_DESC_WAIT = 5,
};

/* "Interrupt Entry Cache Invalidate Descriptor". */
#define PSTD_VTD_IEC_INDEXED PSTD_BIT(4)      /* 0: global */
#define PSTD_VTD_IEC_IM PSTD_BITS(31, 27)     /* 2^IM entries */
#define PSTD_VTD_IEC_IIDX PSTD_BITS(47, 32)

/* "Invalidation Wait Descriptor". */
#define PSTD_VTD_WAIT_IF PSTD_BIT(4)          /* raise the completion event */
#define PSTD_VTD_WAIT_SW PSTD_BIT(5)          /* write the status */
#define PSTD_VTD_WAIT_FN PSTD_BIT(6)          /* fence */
#define PSTD_VTD_WAIT_PD PSTD_BIT(7)
#define PSTD_VTD_WAIT_DATA PSTD_BITS(63, 32)
#define PSTD_VTD_WAIT_ADDRESS PSTD_BITS(63, 2) /* of the high quadword */

PSTD_ASSERT(PSTD_VTD_CAP_PI == 0x0800000000000000, "PI is bit 59");
PSTD_ASSERT(PSTD_VTD_CAP_FRO == 0x3ff000000, "FRO is bits 33:24");
PSTD_ASSERT(PSTD_VTD_CAP_NFR == 0xff0000000000, "NFR is bits 47:40");
PSTD_ASSERT(PSTD_VTD_ECAP_MHMV == 0xf00000, "MHMV is bits 23:20");
PSTD_ASSERT(PSTD_VTD_GCMD_QIE == 0x04000000, "QIE is bit 26");
PSTD_ASSERT(PSTD_VTD_GCMD_IRE == 0x02000000, "IRE is bit 25");
PSTD_ASSERT(PSTD_VTD_GCMD_SIRTP == 0x01000000, "SIRTP is bit 24");
PSTD_ASSERT(PSTD_VTD_GCMD_CFI == 0x00800000, "CFI is bit 23");
PSTD_ASSERT(PSTD_VTD_FRCD_REASON == 0xff00000000, "the reason is bits 103:96");
PSTD_ASSERT(PSTD_VTD_IEC_IM == 0xf8000000, "IM is bits 31:27");
PSTD_ASSERT(PSTD_VTD_IEC_IIDX == 0xffff00000000, "IIDX is bits 47:32");

static inline struct pstd_vtd_descriptor pstd_vtd_iec_global(void)
{
	struct pstd_vtd_descriptor d = { PSTD_VTD_DESC_IEC, 0 };

	return d;
}

/* 2^mask entries, from index with its low mask bits cleared. */
static inline struct pstd_vtd_descriptor pstd_vtd_iec_index(uint16_t index, unsigned mask)
{
	uint64_t which = pstd_field(PSTD_VTD_IEC_IM, mask) | pstd_field(PSTD_VTD_IEC_IIDX, index);
	struct pstd_vtd_descriptor d = { PSTD_VTD_DESC_IEC | PSTD_VTD_IEC_INDEXED | which, 0 };

	return d;
}

/* A wait that writes data to physical address status (4-byte aligned) when all before is done. */
static inline struct pstd_vtd_descriptor pstd_vtd_wait_status(uint64_t status, uint32_t data)
{
	struct pstd_vtd_descriptor d = { PSTD_VTD_DESC_WAIT | PSTD_VTD_WAIT_SW |
		                                 pstd_field(PSTD_VTD_WAIT_DATA, data),
		                         status & PSTD_VTD_WAIT_ADDRESS };

	return d;
}

#endif
