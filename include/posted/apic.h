/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The APIC page (the virtual-APIC page and a local APIC's registers have one
 * layout), priorities, and the interrupt command register.
 *
 * SDM volume 3, "Local APIC Register Address Map", "Task and Processor
 * Priorities", "Interrupt Command Register (ICR)". A page belongs to whoever
 * runs its vCPU: these accesses are plain and must not race.
 */
#ifndef POSTED_APIC_H
#define POSTED_APIC_H

#include <posted/field.h>

/* Offsets in the page; the x2APIC MSR is 0x800 + offset / 16. */
#define APIC_ID 0x020
#define APIC_VERSION 0x030
#define APIC_TPR 0x080
#define APIC_APR 0x090
#define APIC_PPR 0x0a0
#define APIC_EOI 0x0b0
#define APIC_RRD 0x0c0
#define APIC_LDR 0x0d0
#define APIC_DFR 0x0e0
#define APIC_SVR 0x0f0
#define APIC_ISR 0x100
#define APIC_TMR 0x180
#define APIC_IRR 0x200
#define APIC_ESR 0x280
#define APIC_LVT_CMCI 0x2f0
#define APIC_ICR 0x300
#define APIC_ICR_HI 0x310
#define APIC_LVT_TIMER 0x320
#define APIC_LVT_THERMAL 0x330
#define APIC_LVT_PERF 0x340
#define APIC_LVT_LINT0 0x350
#define APIC_LVT_LINT1 0x360
#define APIC_LVT_ERROR 0x370
#define APIC_INITIAL_COUNT 0x380
#define APIC_CURRENT_COUNT 0x390
#define APIC_DIVIDE 0x3e0
#define APIC_SELF_IPI 0x3f0

#define APIC_X2APIC_MSR(offset) (0x800u + ((offset) >> 4))
#define APIC_X2APIC_MSR_FIRST 0x800u
#define APIC_X2APIC_MSR_LAST 0x8ffu

/* IA32_APIC_BASE and IA32_TSC_DEADLINE. */
#define APIC_MSR_BASE 0x1bu
#define APIC_MSR_TSC_DEADLINE 0x6e0u

#define APIC_BASE_BSP PI_BIT(8)
#define APIC_BASE_EXTD PI_BIT(10) /* x2APIC mode, with EN */
#define APIC_BASE_EN PI_BIT(11)
#define APIC_BASE_ADDRESS PI_BITS(51, 12)
#define APIC_BASE_DEFAULT 0xfee00000u

/* By IA32_APIC_BASE. EXTD without EN cannot be. */
enum apic_mode {
	APIC_DISABLED,
	APIC_XAPIC,
	APIC_X2APIC,
};

/* Vectors below are exceptions'; no APIC delivers them. */
#define APIC_FIRST_VECTOR 16

enum apic_delivery_mode {
	APIC_DM_FIXED = 0,
	APIC_DM_LOWEST = 1,
	APIC_DM_SMI = 2,
	APIC_DM_NMI = 4,
	APIC_DM_INIT = 5,
	APIC_DM_SIPI = 6,
	APIC_DM_EXTINT = 7,
};

/* ID, LDR and DFR in xAPIC mode; in x2APIC mode the first two are 32 bits and there is no DFR. */
#define APIC_XAPIC_ID PI_BITS(31, 24)
#define APIC_LOGICAL_ID PI_BITS(31, 24)
#define APIC_DFR_MODEL PI_BITS(31, 28) /* all ones: flat; zero: cluster */

/* Version: 1xH is an integrated APIC. */
#define APIC_VERSION_VERSION PI_BITS(7, 0)
#define APIC_VERSION_MAX_LVT PI_BITS(23, 16)
#define APIC_VERSION_NO_EOI_BROADCAST PI_BIT(24) /* SVR has that bit */

/* Spurious-interrupt vector register. */
#define APIC_SVR_VECTOR PI_BITS(7, 0)
#define APIC_SVR_ENABLE PI_BIT(8)
#define APIC_SVR_NO_FOCUS PI_BIT(9)
#define APIC_SVR_NO_EOI_BROADCAST PI_BIT(12)

/* Error status register. */
#define APIC_ESR_REDIRECTABLE PI_BIT(4)   /* a lowest-priority IPI, which it cannot send */
#define APIC_ESR_SEND_VECTOR PI_BIT(5)    /* a vector below 16 was to be sent */
#define APIC_ESR_RECEIVE_VECTOR PI_BIT(6) /* one was received, or is in the LVT */
#define APIC_ESR_REGISTER PI_BIT(7)       /* an access where no register is, xAPIC mode */

/* Local vector table. Not every entry has every field. */
#define APIC_LVT_VECTOR PI_BITS(7, 0)
#define APIC_LVT_DLM PI_BITS(10, 8)
#define APIC_LVT_STATUS PI_BIT(12)        /* read only */
#define APIC_LVT_ACTIVE_LOW PI_BIT(13)    /* LINT0 and LINT1 */
#define APIC_LVT_REMOTE_IRR PI_BIT(14)    /* those; read only */
#define APIC_LVT_LEVEL PI_BIT(15)         /* those */
#define APIC_LVT_MASK PI_BIT(16)
#define APIC_LVT_TIMER_MODE PI_BITS(18, 17)

enum apic_timer_mode {
	APIC_TIMER_ONE_SHOT = 0,
	APIC_TIMER_PERIODIC = 1,
	APIC_TIMER_TSC_DEADLINE = 2,
};

/* ICR, as the 64-bit value of x2APIC mode. */
#define APIC_ICR_VECTOR PI_BITS(7, 0)
#define APIC_ICR_DLM PI_BITS(10, 8)
#define APIC_ICR_LOGICAL PI_BIT(11)
#define APIC_ICR_STATUS PI_BIT(12) /* xAPIC: not sent yet; read only */
#define APIC_ICR_ASSERT PI_BIT(14)
#define APIC_ICR_LEVEL PI_BIT(15)
#define APIC_ICR_SHORTHAND PI_BITS(19, 18)
#define APIC_ICR_DEST PI_BITS(63, 32)       /* x2APIC */
#define APIC_ICR_DEST_XAPIC PI_BITS(63, 56) /* xAPIC, where 63:32 is the register at 310H */
/* A fault in x2APIC mode. Bit 12 is none: it is written and not kept. */
#define APIC_ICR_RSVD (PI_BITS(31, 20) | PI_BITS(17, 16) | PI_BIT(13))

enum apic_shorthand {
	APIC_TO_DEST = 0,
	APIC_TO_SELF = 1,
	APIC_TO_ALL = 2,
	APIC_TO_OTHERS = 3,
};

struct apic_page {
	uint32_t reg[1024];
} __attribute__((aligned(4096)));

POSTED_ASSERT(sizeof(struct apic_page) == 4096, "the APIC page is one page");
POSTED_ASSERT(APIC_ICR_VECTOR == 0xff, "the ICR's vector is bits 7:0");
POSTED_ASSERT(APIC_ICR_DLM == 0x700, "the ICR's delivery mode is bits 10:8");
POSTED_ASSERT(APIC_ICR_LOGICAL == 0x800, "the ICR's destination mode is bit 11");
POSTED_ASSERT(APIC_ICR_ASSERT == 0x4000, "the ICR's level is bit 14");
POSTED_ASSERT(APIC_ICR_LEVEL == 0x8000, "the ICR's trigger mode is bit 15");
POSTED_ASSERT(APIC_ICR_SHORTHAND == 0xc0000, "the ICR's shorthand is bits 19:18");
POSTED_ASSERT(APIC_ICR_DEST == 0xffffffff00000000, "x2APIC's destination is bits 63:32");
POSTED_ASSERT(APIC_ICR_DEST_XAPIC == 0xff00000000000000, "xAPIC's destination is bits 63:56");
POSTED_ASSERT(APIC_ICR_RSVD == 0xfff32000, "the ICR's bits 31:20, 17:16 and 13 are reserved");
POSTED_ASSERT(APIC_BASE_EXTD == 0x400, "EXTD is bit 10 of IA32_APIC_BASE");
POSTED_ASSERT(APIC_BASE_EN == 0x800, "EN is bit 11 of IA32_APIC_BASE");
POSTED_ASSERT(APIC_DFR_MODEL == 0xf0000000, "the DFR's model is bits 31:28");
POSTED_ASSERT(APIC_SVR_ENABLE == 0x100, "the SVR's software enable is bit 8");
POSTED_ASSERT(APIC_SVR_NO_EOI_BROADCAST == 0x1000, "the SVR's EOI suppression is bit 12");
POSTED_ASSERT(APIC_LVT_DLM == 0x700, "the LVT's delivery mode is bits 10:8");
POSTED_ASSERT(APIC_LVT_REMOTE_IRR == 0x4000, "the LVT's remote IRR is bit 14");
POSTED_ASSERT(APIC_LVT_MASK == 0x10000, "the LVT's mask is bit 16");
POSTED_ASSERT(APIC_LVT_TIMER_MODE == 0x60000, "the LVT's timer mode is bits 18:17");

/* What travels to local APICs: by message, IPI or notification. */
struct apic_msg {
	uint32_t dest; /* APIC id, or logical id */
	uint8_t vector;
	uint8_t dlm;   /* enum apic_delivery_mode */
	bool logical, redirection_hint, level;
	uint8_t shorthand; /* enum apic_shorthand: an IPI to others than dest */
};

static inline uint32_t apic_read(const struct apic_page *a, unsigned offset)
{
	return a->reg[offset / 4];
}

static inline void apic_write(struct apic_page *a, unsigned offset, uint32_t value)
{
	a->reg[offset / 4] = value;
}

/* The three 256-bit registers (APIC_ISR, APIC_TMR, APIC_IRR): 32 vectors every 16 bytes. */
static inline uint32_t *apic_bank_word(struct apic_page *a, unsigned bank, uint8_t vector)
{
	return &a->reg[(bank + vector / 32u * 16) / 4];
}

static inline void apic_set(struct apic_page *a, unsigned bank, uint8_t vector)
{
	*apic_bank_word(a, bank, vector) |= 1u << vector % 32;
}

static inline void apic_clear(struct apic_page *a, unsigned bank, uint8_t vector)
{
	*apic_bank_word(a, bank, vector) &= ~(1u << vector % 32);
}

static inline bool apic_test(const struct apic_page *a, unsigned bank, uint8_t vector)
{
	return a->reg[(bank + vector / 32u * 16) / 4] >> vector % 32 & 1;
}

/* The highest vector set in a bank, -1 if none: eight words, no loop over bits. */
static inline int apic_highest(const struct apic_page *a, unsigned bank)
{
	for (int i = 7; i >= 0; i--) {
		uint32_t word = a->reg[(bank + (unsigned)i * 16) / 4];

		if (word)
			return i * 32 + 31 - __builtin_clz(word);
	}
	return -1;
}

/* As an RVI or SVI: the highest vector, 0 if none. */
static inline uint8_t apic_highest_or_0(const struct apic_page *a, unsigned bank)
{
	int vector = apic_highest(a, bank);

	return vector < 0 ? 0 : (uint8_t)vector;
}

/*
 * ORs 256 bits into a bank. What was set on both sides, where two requests
 * became one, goes to merged; true if anything did.
 */
static inline bool apic_merge(struct apic_page *a, unsigned bank, const uint64_t bits[4],
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
static inline uint8_t apic_ppr(uint8_t tpr, uint8_t isrv)
{
	return (tpr & 0xf0) >= (isrv & 0xf0) ? tpr : isrv & 0xf0;
}

/* True if vector's class is above that of the priority: it may be delivered. */
static inline bool apic_above(uint8_t vector, uint8_t priority)
{
	return (vector & 0xf0) > (priority & 0xf0);
}

/*
 * Arbitration priority of the old APIC bus, from the highest vectors in service
 * and requested. "TPR[7:4] AND ISRV[7:4]" is read as of bits.
 */
static inline uint8_t apic_apr(uint8_t tpr, uint8_t isrv, uint8_t irrv)
{
	uint8_t both = tpr & isrv & 0xf0, requested = irrv & 0xf0;

	if ((tpr & 0xf0) >= requested && (tpr & 0xf0) > (isrv & 0xf0))
		return tpr;
	return both > requested ? both : requested;
}

/* An ICR value that sends vector, fixed and edge, to one local APIC. */
static inline uint64_t apic_icr(uint32_t apic_id, uint8_t vector, bool x2apic)
{
	uint64_t dest = pi_field(x2apic ? APIC_ICR_DEST : APIC_ICR_DEST_XAPIC, apic_id);

	return dest | APIC_ICR_ASSERT | pi_field(APIC_ICR_VECTOR, vector);
}

static inline uint32_t apic_icr_dest(uint64_t icr, bool x2apic)
{
	return (uint32_t)(x2apic ? pi_field_get(APIC_ICR_DEST, icr)
	                         : pi_field_get(APIC_ICR_DEST_XAPIC, icr));
}

/* The message of an ICR's value. IPIs are edge-triggered, whatever bit 15 says. */
static inline struct apic_msg apic_icr_message(uint64_t icr, bool x2apic)
{
	struct apic_msg m;

	m.dest = apic_icr_dest(icr, x2apic);
	m.vector = (uint8_t)pi_field_get(APIC_ICR_VECTOR, icr);
	m.dlm = (uint8_t)pi_field_get(APIC_ICR_DLM, icr);
	m.logical = (icr & APIC_ICR_LOGICAL) != 0;
	m.redirection_hint = false;
	m.level = false;
	m.shorthand = (uint8_t)pi_field_get(APIC_ICR_SHORTHAND, icr);
	return m;
}

/* "INIT Level De-assert": nothing since the Pentium 4; no message is sent. */
static inline bool apic_icr_is_init_deassert(uint64_t icr)
{
	return pi_field_get(APIC_ICR_DLM, icr) == APIC_DM_INIT && (icr & APIC_ICR_LEVEL) &&
	       !(icr & APIC_ICR_ASSERT);
}

/* The x2APIC logical id that belongs to an id: cluster 31:16, one bit of 15:0. */
static inline uint32_t apic_x2apic_ldr(uint32_t id)
{
	return (id & ~0xfu) << 12 | 1u << (id & 0xf);
}

static inline enum apic_mode apic_base_mode(uint64_t base)
{
	if (!(base & APIC_BASE_EN))
		return APIC_DISABLED;
	return base & APIC_BASE_EXTD ? APIC_X2APIC : APIC_XAPIC;
}

#endif
