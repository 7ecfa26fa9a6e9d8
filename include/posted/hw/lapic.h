/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pCPU's local APIC. SDM volume 3, "Advanced Programmable Interrupt Controller
 * (APIC)"; xAPIC by MMIO, x2APIC by MSR.
 *
 * Messages from other agents land in an inbox, a byte for each vector; the pCPU
 * that owns the APIC takes them into IRR when it looks. So a notification costs
 * its sender two plain stores. Everything but the inbox is the owner's.
 *
 * Zeroed, it accepts, offers and completes fixed interrupts; pstd_lapic_reset makes
 * it one that has registers.
 *
 * Time is what the caller says: now is the time-stamp counter, and never goes
 * back.
 */
#ifndef PSTD_HW_LAPIC_H
#define PSTD_HW_LAPIC_H

#include <posted/apic.h>
#include <posted/apic_map.h>
#include <posted/atomic.h>

#pragma GCC visibility push(default)

/* What a local APIC may have or not. */
enum pstd_lapic_feature {
	PSTD_LAPIC_X2APIC = 1,
	PSTD_LAPIC_TSC_DEADLINE = 2,
	PSTD_LAPIC_EOI_SUPPRESSION = 4, /* SVR bit 12 */
	PSTD_LAPIC_CMCI = 8,            /* its LVT entry */
	PSTD_LAPIC_LOWEST_IPI = 16,     /* IPIs of lowest priority can be sent */
	PSTD_LAPIC_ALL = 31,
};

struct pstd_lapic_config {
	uint32_t id;            /* x2APIC's; bits 7:0 are xAPIC's */
	unsigned features;      /* enum pstd_lapic_feature */
	unsigned address_width; /* physical address bits */
	bool bsp;
	uint32_t cycle;         /* time-stamp ticks a cycle of the timer's input clock; 0 is 1 */
};

/* Which messages are not accepted. */
enum pstd_lapic_deaf {
	PSTD_LAPIC_HEARS,         /* all are */
	PSTD_LAPIC_DEAF_TO_FIXED, /* disabled by software: SMI, NMI, INIT and SIPI are */
	PSTD_LAPIC_DEAF,          /* disabled altogether */
};

/*
 * In events: a pin asks for an ExtINT, for as long as it does. Mode 0 has a vector,
 * so that its bit is free.
 */
#define PSTD_LAPIC_PIN_EXTINT 1u

struct pstd_lapic {
	/*
	 * Written by senders, exchanged by the owner. A vector's byte is 1, or 2 if
	 * level-triggered; below 16 are the messages that have no vector, by delivery
	 * mode, and at 0 that a vector below 16 was received.
	 */
	union {
		uint8_t byte[256];
		uint64_t word[256 / 8]; /* for the owner's search */
	} inbox __attribute__((aligned(64)));
	uint8_t doorbell __attribute__((aligned(64)));
	uint8_t startup;      /* the vector of the last SIPI, stored before its byte in the inbox */
	/* the owner's */
	uint32_t id __attribute__((aligned(64)));
	struct pstd_apic_page regs;
	uint64_t eois;        /* EOIs written */
	uint64_t accepted;    /* vectors acknowledged */
	uint64_t merged[256]; /* messages that found their vector requested already, by vector */
	enum pstd_lapic_deaf deaf;
	uint8_t events;      /* without a vector: bit n is delivery mode n; PSTD_LAPIC_PIN_EXTINT */
	bool pin[2];         /* LINT0 and LINT1 are high */
	uint32_t errors;     /* for ESR, since it was last written */
	uint64_t timer;      /* when it expires next; 0: disarmed */
	uint64_t base;       /* IA32_APIC_BASE */
	uint64_t base_rsvd;  /* its reserved bits */
	uint32_t cycle;
	unsigned features;
};

/* What an access asks of the rest of the machine: nothing, or some of this. */
struct pstd_lapic_out {
	bool send;
	struct pstd_apic_msg ipi; /* destination and shorthand are the bus's to resolve */
	bool eoi;
	uint8_t vector;       /* EOI message for this vector, to all I/O APICs */
	bool identity;        /* pstd_lapic_identity changed: a map of destinations must follow */
	bool priority;        /* TPR was written: chipsets are told */
};

/* Messages; any number of senders at once. */

/*
 * Accepts a fixed, edge-triggered message. True if the vector was already there,
 * so that two became one.
 */
bool pstd_lapic_accept(struct pstd_lapic *l, uint8_t vector);

/*
 * Accepts a notification: as pstd_lapic_accept, but no locked operation and no word
 * on merging. Correct for any vector; for those whose merging nobody counts.
 */
void pstd_lapic_notify(struct pstd_lapic *l, uint8_t vector);

/*
 * Accepts any message that is for this local APIC. True if it found the same one
 * there. One of a reserved delivery mode is dropped.
 */
bool pstd_lapic_receive(struct pstd_lapic *l, const struct pstd_apic_msg *m);

/*
 * True if something arrived that pstd_lapic_pending has not yet seen. Any caller; a
 * sleeper must have its flag visible first (see exec's sleep).
 */
bool pstd_lapic_knocked(const struct pstd_lapic *l);

/* The rest is for the owner. */

/* "Interrupt Acceptance for Fixed Interrupts": the vector offered now, -1 if none is above PPR. */
int pstd_lapic_pending(struct pstd_lapic *l);

/* Acknowledges it: IRR to ISR. After pstd_lapic_pending said so. */
uint8_t pstd_lapic_acknowledge(struct pstd_lapic *l);

/* An acknowledge cycle at any time: if nothing is offered, "Spurious Interrupt". */
uint8_t pstd_lapic_inta(struct pstd_lapic *l);

/*
 * "Signaling Interrupt Servicing Completion": the highest vector in service is
 * done. Returns the vector of the EOI message to all I/O APICs, -1 for none.
 */
int pstd_lapic_eoi(struct pstd_lapic *l);

/* What waits without a vector: bit n is delivery mode n, of SMI, NMI, INIT, SIPI, ExtINT. */
unsigned pstd_lapic_events(struct pstd_lapic *l);

/*
 * The CPU took one of them; an ExtINT that a pin asks for is there as long as the pin.
 * The vector of a SIPI is in startup until the next comes.
 */
void pstd_lapic_event_taken(struct pstd_lapic *l, enum pstd_apic_delivery_mode event);

/* True if an ExtINT waits, of those that pstd_lapic_pending or pstd_lapic_events has seen. */
static inline bool pstd_lapic_extint(const struct pstd_lapic *l)
{
	return l->events & (PSTD_BIT(PSTD_APIC_DM_EXTINT) | PSTD_LAPIC_PIN_EXTINT);
}

/* "Local Vector Table": the source of PSTD_APIC_LVT_CMCI, _THERMAL or _PERF has an interrupt. */
void pstd_lapic_local(struct pstd_lapic *l, unsigned lvt);

/*
 * Pin LINT0 or LINT1 has this level. What it does is for its LVT entry to say; where the
 * local APIC is disabled altogether they are INTR and NMI.
 */
void pstd_lapic_pin(struct pstd_lapic *l, unsigned lint, bool high);

/*
 * "APIC Timer": what is due by now happens; returns how often it expired. Every
 * access below that is told the time does that first.
 */
uint64_t pstd_lapic_timer(struct pstd_lapic *l, uint64_t now);

/* When it expires next, all ones if it does not. */
uint64_t pstd_lapic_timer_next(const struct pstd_lapic *l);

/* "Local APIC State After Power-Up or Reset". */
void pstd_lapic_reset(struct pstd_lapic *l, const struct pstd_lapic_config *c);

/*
 * "Local APIC State After an INIT Reset": the mode, id, pins, and what came
 * without a vector stay. The identity changed.
 */
void pstd_lapic_init(struct pstd_lapic *l);

/* Its mode. The owner. */
enum pstd_apic_mode pstd_lapic_mode(const struct pstd_lapic *l);

/* How destinations see it. */
struct pstd_apic_identity pstd_lapic_identity(const struct pstd_lapic *l);

/* True if this physical address is a register's: xAPIC mode, and in the page. */
bool pstd_lapic_claims(const struct pstd_lapic *l, uint64_t address);

/*
 * Accesses to the page, by offset. One that is not of 4 aligned bytes on a
 * register has no effect but "Illegal Register Address", and reads 0; where
 * there is no page, not even that, and reads are all ones.
 */
uint32_t pstd_lapic_mmio_read(struct pstd_lapic *l, unsigned offset, unsigned size, uint64_t now);
struct pstd_lapic_out pstd_lapic_mmio_write(struct pstd_lapic *l, unsigned offset, unsigned size,
                                            uint32_t value, uint64_t now);

/*
 * RDMSR and WRMSR of 800H to 8FFH, IA32_APIC_BASE and IA32_TSC_DEADLINE. False:
 * #GP(0) instead, and nothing was changed.
 */
bool pstd_lapic_rdmsr(struct pstd_lapic *l, uint32_t msr, uint64_t now, uint64_t *value);
bool pstd_lapic_wrmsr(struct pstd_lapic *l, uint32_t msr, uint64_t value, uint64_t now,
                      struct pstd_lapic_out *out);

/* "Task Priority in IA-32e Mode": MOV from and to CR8. False: #GP(0) instead. */
uint8_t pstd_lapic_cr8(const struct pstd_lapic *l);
bool pstd_lapic_write_cr8(struct pstd_lapic *l, uint64_t value);

#pragma GCC visibility pop

#endif
