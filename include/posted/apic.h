/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The APIC page (the virtual-APIC page and a local APIC's registers have one
 * layout), priorities, and the interrupt command register.
 *
 * SDM volume 3, "Local APIC Register Address Map", "Task and Processor
 * Priorities", "Interrupt Command Register (ICR)". A page belongs to whoever
 * runs its vCPU: these accesses are plain and must not race.
 */
#ifndef PSTD_APIC_H
#define PSTD_APIC_H

#include <posted/field.h>

/* Offsets in the page; the x2APIC MSR is 0x800 + offset / 16. */
#define PSTD_APIC_ID 0x020
#define PSTD_APIC_VERSION 0x030
#define PSTD_APIC_TPR 0x080
#define PSTD_APIC_APR 0x090
#define PSTD_APIC_PPR 0x0a0
#define PSTD_APIC_EOI 0x0b0
#define PSTD_APIC_RRD 0x0c0
#define PSTD_APIC_LDR 0x0d0
#define PSTD_APIC_DFR 0x0e0
#define PSTD_APIC_SVR 0x0f0
#define PSTD_APIC_ISR 0x100
#define PSTD_APIC_TMR 0x180
#define PSTD_APIC_IRR 0x200
#define PSTD_APIC_ESR 0x280
#define PSTD_APIC_LVT_CMCI 0x2f0
#define PSTD_APIC_ICR 0x300
#define PSTD_APIC_ICR_HI 0x310
#define PSTD_APIC_LVT_TIMER 0x320
#define PSTD_APIC_LVT_THERMAL 0x330
#define PSTD_APIC_LVT_PERF 0x340
#define PSTD_APIC_LVT_LINT0 0x350
#define PSTD_APIC_LVT_LINT1 0x360
#define PSTD_APIC_LVT_ERROR 0x370
#define PSTD_APIC_INITIAL_COUNT 0x380
#define PSTD_APIC_CURRENT_COUNT 0x390
#define PSTD_APIC_DIVIDE 0x3e0
#define PSTD_APIC_SELF_IPI 0x3f0

#define PSTD_APIC_X2APIC_MSR(offset) (0x800u + ((offset) >> 4))
#define PSTD_APIC_X2APIC_MSR_FIRST 0x800u
#define PSTD_APIC_X2APIC_MSR_LAST 0x8ffu

/* IA32_APIC_BASE and IA32_TSC_DEADLINE. */
#define PSTD_APIC_MSR_BASE 0x1bu
#define PSTD_APIC_MSR_TSC_DEADLINE 0x6e0u

#define PSTD_APIC_BASE_BSP PSTD_BIT(8)
#define PSTD_APIC_BASE_EXTD PSTD_BIT(10) /* x2APIC mode, with EN */
#define PSTD_APIC_BASE_EN PSTD_BIT(11)
#define PSTD_APIC_BASE_ADDRESS PSTD_BITS(51, 12)
#define PSTD_APIC_BASE_DEFAULT 0xfee00000u

/* By IA32_APIC_BASE. EXTD without EN cannot be. */
enum pstd_apic_mode {
	PSTD_APIC_DISABLED,
	PSTD_APIC_XAPIC,
	PSTD_APIC_X2APIC,
};

/* Vectors below are exceptions'; no APIC delivers them. */
#define PSTD_APIC_FIRST_VECTOR 16

enum pstd_apic_delivery_mode {
	PSTD_APIC_DM_FIXED = 0,
	PSTD_APIC_DM_LOWEST = 1,
	PSTD_APIC_DM_SMI = 2,
	PSTD_APIC_DM_NMI = 4,
	PSTD_APIC_DM_INIT = 5,
	PSTD_APIC_DM_SIPI = 6,
	PSTD_APIC_DM_EXTINT = 7,
};

/* ID, LDR and DFR in xAPIC mode; in x2APIC mode the first two are 32 bits and there is no DFR. */
#define PSTD_APIC_XAPIC_ID PSTD_BITS(31, 24)
#define PSTD_APIC_LOGICAL_ID PSTD_BITS(31, 24)
#define PSTD_APIC_DFR_MODEL PSTD_BITS(31, 28) /* all ones: flat; zero: cluster */

/* Version: 1xH is an integrated APIC. */
#define PSTD_APIC_VERSION_VERSION PSTD_BITS(7, 0)
#define PSTD_APIC_VERSION_MAX_LVT PSTD_BITS(23, 16)
#define PSTD_APIC_VERSION_NO_EOI_BROADCAST PSTD_BIT(24) /* SVR has that bit */

/* Spurious-interrupt vector register. */
#define PSTD_APIC_SVR_VECTOR PSTD_BITS(7, 0)
#define PSTD_APIC_SVR_ENABLE PSTD_BIT(8)
#define PSTD_APIC_SVR_NO_FOCUS PSTD_BIT(9)
#define PSTD_APIC_SVR_NO_EOI_BROADCAST PSTD_BIT(12)

/* Error status register. */
#define PSTD_APIC_ESR_REDIRECTABLE PSTD_BIT(4)   /* a lowest-priority IPI, which it cannot send */
#define PSTD_APIC_ESR_SEND_VECTOR PSTD_BIT(5)    /* a vector below 16 was to be sent */
#define PSTD_APIC_ESR_RECEIVE_VECTOR PSTD_BIT(6) /* one was received, or is in the LVT */
#define PSTD_APIC_ESR_REGISTER PSTD_BIT(7)       /* an access where no register is, xAPIC mode */

/* Local vector table. Not every entry has every field. */
#define PSTD_APIC_LVT_VECTOR PSTD_BITS(7, 0)
#define PSTD_APIC_LVT_DLM PSTD_BITS(10, 8)
#define PSTD_APIC_LVT_STATUS PSTD_BIT(12)        /* read only */
#define PSTD_APIC_LVT_ACTIVE_LOW PSTD_BIT(13)    /* LINT0 and LINT1 */
#define PSTD_APIC_LVT_REMOTE_IRR PSTD_BIT(14)    /* those; read only */
#define PSTD_APIC_LVT_LEVEL PSTD_BIT(15)         /* those */
#define PSTD_APIC_LVT_MASK PSTD_BIT(16)
#define PSTD_APIC_LVT_TIMER_MODE PSTD_BITS(18, 17)

enum pstd_apic_timer_mode {
	PSTD_APIC_TIMER_ONE_SHOT = 0,
	PSTD_APIC_TIMER_PERIODIC = 1,
	PSTD_APIC_TIMER_TSC_DEADLINE = 2,
};

/* ICR, as the 64-bit value of x2APIC mode. */
#define PSTD_APIC_ICR_VECTOR PSTD_BITS(7, 0)
#define PSTD_APIC_ICR_DLM PSTD_BITS(10, 8)
#define PSTD_APIC_ICR_LOGICAL PSTD_BIT(11)
#define PSTD_APIC_ICR_STATUS PSTD_BIT(12) /* xAPIC: not sent yet; read only */
#define PSTD_APIC_ICR_ASSERT PSTD_BIT(14)
#define PSTD_APIC_ICR_LEVEL PSTD_BIT(15)
#define PSTD_APIC_ICR_SHORTHAND PSTD_BITS(19, 18)
#define PSTD_APIC_ICR_DEST PSTD_BITS(63, 32)       /* x2APIC */
#define PSTD_APIC_ICR_DEST_XAPIC PSTD_BITS(63, 56) /* xAPIC, where 63:32 is the register at 310H */
/* A fault in x2APIC mode. Bit 12 is none: it is written and not kept. */
#define PSTD_APIC_ICR_RSVD (PSTD_BITS(31, 20) | PSTD_BITS(17, 16) | PSTD_BIT(13))

enum pstd_apic_shorthand {
	PSTD_APIC_TO_DEST = 0,
	PSTD_APIC_TO_SELF = 1,
	PSTD_APIC_TO_ALL = 2,
	PSTD_APIC_TO_OTHERS = 3,
};

struct pstd_apic_page {
	uint32_t reg[1024];
} __attribute__((aligned(4096)));

PSTD_ASSERT(sizeof(struct pstd_apic_page) == 4096, "the APIC page is one page");
PSTD_ASSERT(PSTD_APIC_ICR_VECTOR == 0xff, "the ICR's vector is bits 7:0");
PSTD_ASSERT(PSTD_APIC_ICR_DLM == 0x700, "the ICR's delivery mode is bits 10:8");
PSTD_ASSERT(PSTD_APIC_ICR_LOGICAL == 0x800, "the ICR's destination mode is bit 11");
PSTD_ASSERT(PSTD_APIC_ICR_ASSERT == 0x4000, "the ICR's level is bit 14");
PSTD_ASSERT(PSTD_APIC_ICR_LEVEL == 0x8000, "the ICR's trigger mode is bit 15");
PSTD_ASSERT(PSTD_APIC_ICR_SHORTHAND == 0xc0000, "the ICR's shorthand is bits 19:18");
PSTD_ASSERT(PSTD_APIC_ICR_DEST == 0xffffffff00000000, "x2APIC's destination is bits 63:32");
PSTD_ASSERT(PSTD_APIC_ICR_DEST_XAPIC == 0xff00000000000000, "xAPIC's destination is bits 63:56");
PSTD_ASSERT(PSTD_APIC_ICR_RSVD == 0xfff32000, "the ICR's bits 31:20, 17:16 and 13 are reserved");
PSTD_ASSERT(PSTD_APIC_BASE_EXTD == 0x400, "EXTD is bit 10 of IA32_APIC_BASE");
PSTD_ASSERT(PSTD_APIC_BASE_EN == 0x800, "EN is bit 11 of IA32_APIC_BASE");
PSTD_ASSERT(PSTD_APIC_DFR_MODEL == 0xf0000000, "the DFR's model is bits 31:28");
PSTD_ASSERT(PSTD_APIC_SVR_ENABLE == 0x100, "the SVR's software enable is bit 8");
PSTD_ASSERT(PSTD_APIC_SVR_NO_EOI_BROADCAST == 0x1000, "the SVR's EOI suppression is bit 12");
PSTD_ASSERT(PSTD_APIC_LVT_DLM == 0x700, "the LVT's delivery mode is bits 10:8");
PSTD_ASSERT(PSTD_APIC_LVT_REMOTE_IRR == 0x4000, "the LVT's remote IRR is bit 14");
PSTD_ASSERT(PSTD_APIC_LVT_MASK == 0x10000, "the LVT's mask is bit 16");
PSTD_ASSERT(PSTD_APIC_LVT_TIMER_MODE == 0x60000, "the LVT's timer mode is bits 18:17");

/* What travels to local APICs: by message, IPI or notification. */
struct pstd_apic_msg {
	uint32_t dest; /* APIC id, or logical id */
	uint8_t vector;
	uint8_t dlm;   /* enum pstd_apic_delivery_mode */
	bool logical, redirection_hint, level;
	uint8_t shorthand; /* enum pstd_apic_shorthand: an IPI to others than dest */
};

static inline uint32_t pstd_apic_read(const struct pstd_apic_page *a, unsigned offset)
{
	return a->reg[offset / 4];
}

static inline void pstd_apic_write(struct pstd_apic_page *a, unsigned offset, uint32_t value)
{
	a->reg[offset / 4] = value;
}

/*
 * The three 256-bit registers (PSTD_APIC_ISR, PSTD_APIC_TMR, PSTD_APIC_IRR): 32 vectors
 * every 16 bytes.
 */
static inline uint32_t *pstd_apic_bank_word(struct pstd_apic_page *a, unsigned bank, uint8_t vector)
{
	return &a->reg[(bank + vector / 32u * 16) / 4];
}

static inline void pstd_apic_set(struct pstd_apic_page *a, unsigned bank, uint8_t vector)
{
	*pstd_apic_bank_word(a, bank, vector) |= 1u << vector % 32;
}

static inline void pstd_apic_clear(struct pstd_apic_page *a, unsigned bank, uint8_t vector)
{
	*pstd_apic_bank_word(a, bank, vector) &= ~(1u << vector % 32);
}

static inline bool pstd_apic_test(const struct pstd_apic_page *a, unsigned bank, uint8_t vector)
{
	return a->reg[(bank + vector / 32u * 16) / 4] >> vector % 32 & 1;
}

/* The highest vector set in a bank, -1 if none: eight words, no loop over bits. */
static inline int pstd_apic_highest(const struct pstd_apic_page *a, unsigned bank)
{
	for (int i = 7; i >= 0; i--) {
		uint32_t word = a->reg[(bank + (unsigned)i * 16) / 4];

		if (word)
			return i * 32 + 31 - __builtin_clz(word);
	}
	return -1;
}

/* As an RVI or SVI: the highest vector, 0 if none. */
static inline uint8_t pstd_apic_highest_or_0(const struct pstd_apic_page *a, unsigned bank)
{
	int vector = pstd_apic_highest(a, bank);

	return vector < 0 ? 0 : (uint8_t)vector;
}

/*
 * ORs 256 bits into a bank. What was set on both sides, where two requests
 * became one, goes to merged; true if anything did.
 */
static inline bool pstd_apic_merge(struct pstd_apic_page *a, unsigned bank, const uint64_t bits[4],
                                   uint64_t merged[4])
{
	uint64_t any = 0;

	for (unsigned i = 0; i < 4; i++) {
		uint32_t *low = &a->reg[(bank + i * 32) / 4], *high = low + 4;
		uint64_t old = (uint64_t)*high << 32 | *low;

		merged[i] = old & bits[i];
		any |= merged[i];
		*low |= (uint32_t)bits[i];
		*high |= (uint32_t)(bits[i] >> 32);
	}
	return any;
}

/*
 * Processor priority from the task priority and the highest vector in service
 * (0: none). Where both are of one class the manual lets the low half be TPR's
 * or 0, by model; here it is TPR's, as VPPR's always is.
 */
static inline uint8_t pstd_apic_ppr(uint8_t tpr, uint8_t isrv)
{
	return (tpr & 0xf0) >= (isrv & 0xf0) ? tpr : isrv & 0xf0;
}

/* True if vector's class is above that of the priority: it may be delivered. */
static inline bool pstd_apic_above(uint8_t vector, uint8_t priority)
{
	return (vector & 0xf0) > (priority & 0xf0);
}

/*
 * Arbitration priority of the old APIC bus, from the highest vectors in service
 * and requested. "TPR[7:4] AND ISRV[7:4]" is read as of bits.
 */
static inline uint8_t pstd_apic_apr(uint8_t tpr, uint8_t isrv, uint8_t irrv)
{
	uint8_t both = tpr & isrv & 0xf0, requested = irrv & 0xf0;

	if ((tpr & 0xf0) >= requested && (tpr & 0xf0) > (isrv & 0xf0))
		return tpr;
	return both > requested ? both : requested;
}

/* An ICR value that sends vector, fixed and edge, to one local APIC. */
static inline uint64_t pstd_apic_icr(uint32_t apic_id, uint8_t vector, bool x2apic)
{
	uint64_t dest = pstd_field(x2apic ? PSTD_APIC_ICR_DEST : PSTD_APIC_ICR_DEST_XAPIC, apic_id);

	return dest | PSTD_APIC_ICR_ASSERT | pstd_field(PSTD_APIC_ICR_VECTOR, vector);
}

static inline uint32_t pstd_apic_icr_dest(uint64_t icr, bool x2apic)
{
	return (uint32_t)(x2apic ? pstd_field_get(PSTD_APIC_ICR_DEST, icr)
	                         : pstd_field_get(PSTD_APIC_ICR_DEST_XAPIC, icr));
}

/* The message of an ICR's value. IPIs are edge-triggered, whatever bit 15 says. */
static inline struct pstd_apic_msg pstd_apic_icr_message(uint64_t icr, bool x2apic)
{
	struct pstd_apic_msg m;

	m.dest = pstd_apic_icr_dest(icr, x2apic);
	m.vector = (uint8_t)pstd_field_get(PSTD_APIC_ICR_VECTOR, icr);
	m.dlm = (uint8_t)pstd_field_get(PSTD_APIC_ICR_DLM, icr);
	m.logical = (icr & PSTD_APIC_ICR_LOGICAL) != 0;
	m.redirection_hint = false;
	m.level = false;
	m.shorthand = (uint8_t)pstd_field_get(PSTD_APIC_ICR_SHORTHAND, icr);
	return m;
}

/* "INIT Level De-assert": nothing since the Pentium 4; no message is sent. */
static inline bool pstd_apic_icr_is_init_deassert(uint64_t icr)
{
	return pstd_field_get(PSTD_APIC_ICR_DLM, icr) == PSTD_APIC_DM_INIT &&
	       (icr & PSTD_APIC_ICR_LEVEL) && !(icr & PSTD_APIC_ICR_ASSERT);
}

/* The x2APIC logical id that belongs to an id: cluster 31:16, one bit of 15:0. */
static inline uint32_t pstd_apic_x2apic_ldr(uint32_t id)
{
	return (id & ~0xfu) << 12 | 1u << (id & 0xf);
}

static inline enum pstd_apic_mode pstd_apic_base_mode(uint64_t base)
{
	if (!(base & PSTD_APIC_BASE_EN))
		return PSTD_APIC_DISABLED;
	return base & PSTD_APIC_BASE_EXTD ? PSTD_APIC_X2APIC : PSTD_APIC_XAPIC;
}

#endif
