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
#define APIC_TPR 0x080
#define APIC_PPR 0x0a0
#define APIC_EOI 0x0b0
#define APIC_ISR 0x100
#define APIC_TMR 0x180
#define APIC_IRR 0x200
#define APIC_ICR 0x300
#define APIC_ICR_HI 0x310
#define APIC_SELF_IPI 0x3f0

#define APIC_X2APIC_MSR(offset) (0x800u + ((offset) >> 4))

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

/* ICR, as the 64-bit value of x2APIC mode. */
#define APIC_ICR_VECTOR PI_BITS(7, 0)
#define APIC_ICR_DLM PI_BITS(10, 8)
#define APIC_ICR_LOGICAL PI_BIT(11)
#define APIC_ICR_ASSERT PI_BIT(14)
#define APIC_ICR_LEVEL PI_BIT(15)
#define APIC_ICR_SHORTHAND PI_BITS(19, 18)
#define APIC_ICR_DEST PI_BITS(63, 32)       /* x2APIC */
#define APIC_ICR_DEST_XAPIC PI_BITS(63, 56) /* xAPIC, where 63:32 is the register at 310H */

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

/* What travels to local APICs: by message, IPI or notification. */
struct apic_msg {
	uint32_t dest; /* APIC id, or logical id */
	uint8_t vector;
	uint8_t dlm;   /* enum apic_delivery_mode */
	bool logical, redirection_hint, level;
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

/* Processor priority from the task priority and the highest vector in service (0: none). */
static inline uint8_t apic_ppr(uint8_t tpr, uint8_t isrv)
{
	return (tpr & 0xf0) >= (isrv & 0xf0) ? tpr : isrv & 0xf0;
}

/* True if vector's class is above that of the priority: it may be delivered. */
static inline bool apic_above(uint8_t vector, uint8_t priority)
{
	return (vector & 0xf0) > (priority & 0xf0);
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

#endif
