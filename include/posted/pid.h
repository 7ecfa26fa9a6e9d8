/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The posted-interrupt descriptor.
 *
 * VT-d, "Posted Interrupt Descriptor (PID)"; SDM volume 3, "Posted-Interrupt
 * Processing". Devices (through VT-d), CPUs and other vCPUs change it while
 * software does: every word is shared and is touched only through atomic.h.
 */
#ifndef PSTD_PID_H
#define PSTD_PID_H

#include <posted/atomic.h>
#include <posted/field.h>
#include <posted/types.h>

struct pstd_desc {
	uint64_t pir[4];  /* posted-interrupt requests, one bit a vector */
	uint64_t control; /* ON, SN, NV, NDST */
	uint64_t rsvd[3]; /* zero */
} __attribute__((aligned(64)));

/* Fields of control; the manual counts its bits from 256. */
#define PSTD_ON PSTD_BIT(0)               /* outstanding notification, bit 256 */
#define PSTD_SN PSTD_BIT(1)               /* suppress notification, bit 257 */
#define PSTD_NV PSTD_BITS(23, 16)         /* notification vector, bits 279:272 */
#define PSTD_NDST PSTD_BITS(63, 32)       /* notification destination, bits 319:288 */
#define PSTD_NDST_XAPIC PSTD_BITS(47, 40) /* the part of it that xAPIC mode uses, bits 303:296 */

/* Reserved bits of control, which VT-d refuses with fault 28h. */
#define PSTD_CONTROL_RSVD (PSTD_BITS(15, 2) | PSTD_BITS(31, 24))
#define PSTD_CONTROL_RSVD_XAPIC (PSTD_CONTROL_RSVD | (PSTD_NDST & ~PSTD_NDST_XAPIC))

PSTD_ASSERT(sizeof(struct pstd_desc) == 64, "a descriptor is one cache line");
PSTD_ASSERT(offsetof(struct pstd_desc, pir) == 0, "PIR is bits 255:0");
PSTD_ASSERT(offsetof(struct pstd_desc, control) == 32, "ON is bit 256");
PSTD_ASSERT(offsetof(struct pstd_desc, rsvd) == 40, "bits 511:320 are reserved");
PSTD_ASSERT(PSTD_ON == 0x1, "ON is bit 256");
PSTD_ASSERT(PSTD_SN == 0x2, "SN is bit 257");
PSTD_ASSERT(PSTD_NV == 0x0000000000ff0000, "NV is bits 279:272");
PSTD_ASSERT(PSTD_NDST == 0xffffffff00000000, "NDST is bits 319:288");
PSTD_ASSERT(PSTD_NDST_XAPIC == 0x0000ff0000000000, "xAPIC's NDST is bits 303:296");

/* NDST for a local APIC: its 32-bit id in x2APIC mode, else its 8-bit id in bits 15:8. */
static inline uint32_t pstd_ndst(uint32_t apic_id, bool x2apic)
{
	return x2apic ? apic_id : (apic_id & 0xff) << 8;
}

/* The inverse: which local APIC a control word names. */
static inline uint32_t pstd_destination(uint64_t control, bool x2apic)
{
	return (uint32_t)(x2apic ? pstd_field_get(PSTD_NDST, control)
	                         : pstd_field_get(PSTD_NDST_XAPIC, control));
}

/* A control word; ndst as pstd_ndst gives it. */
static inline uint64_t pstd_control(uint8_t nv, uint32_t ndst)
{
	return pstd_field(PSTD_NV, nv) | pstd_field(PSTD_NDST, ndst);
}

/*
 * Sets PIR[vector]; true if it was set already, so that this request merged
 * with an earlier one. A locked operation: what is read afterwards, ON above
 * all, is read after the bit is visible. Pairs with pstd_take_pir.
 */
static inline bool pstd_test_and_set_pir(struct pstd_desc *d, uint8_t vector)
{
	return pstd_test_and_set_seq(&d->pir[vector / 64], PSTD_BIT(vector % 64));
}

/* Clears PIR[vector]; true if it was set. Once nobody posts it any more. */
static inline bool pstd_test_and_clear_pir(struct pstd_desc *d, uint8_t vector)
{
	return pstd_fetch_and_seq(&d->pir[vector / 64], ~PSTD_BIT(vector % 64)) &
	       PSTD_BIT(vector % 64);
}

static inline bool pstd_on(const struct pstd_desc *d)
{
	return pstd_load_acquire(&d->control) & PSTD_ON;
}

/*
 * Sets ON; true if it was set. After a locked operation on PIR, so that the
 * look before the locked operation here is enough where ON is set: whoever
 * clears it then takes PIR. Pairs with the exchange of vCPU mode before VM entry.
 */
static inline bool pstd_test_and_set_on(struct pstd_desc *d)
{
	return pstd_on(d) || pstd_test_and_set_seq(&d->control, PSTD_ON);
}

/* Clears ON and nothing else. Always before PIR is taken: a post after this notifies anew. */
static inline void pstd_clear_on(struct pstd_desc *d)
{
	pstd_fetch_and_seq(&d->control, ~PSTD_ON);
}

static inline void pstd_set_sn(struct pstd_desc *d)
{
	pstd_fetch_or_seq(&d->control, PSTD_SN);
}

/* True if no bit of PIR is set, at one moment for each of its four words. */
static inline bool pstd_pir_empty(const struct pstd_desc *d)
{
	return !(pstd_load_acquire(&d->pir[0]) | pstd_load_acquire(&d->pir[1]) |
	         pstd_load_acquire(&d->pir[2]) | pstd_load_acquire(&d->pir[3]));
}

/*
 * Moves PIR out, word by word, leaving what is posted behind it for the next
 * time: whoever posts after its word was taken finds ON clear and notifies.
 * True if anything was there.
 */
static inline bool pstd_take_pir(struct pstd_desc *d, uint64_t out[4])
{
	uint64_t any = 0;

	for (int i = 0; i < 4; i++) {
		out[i] = pstd_load_relaxed(&d->pir[i]);
		if (out[i])
			out[i] = pstd_exchange_seq(&d->pir[i], 0);
		any |= out[i];
	}
	return any;
}

/* An interrupt waits here: ON, or PIR while SN hides it (ON is not set then). */
static inline bool pstd_pending(const struct pstd_desc *d)
{
	uint64_t control = pstd_load_acquire(&d->control);

	return (control & PSTD_ON) || ((control & PSTD_SN) && !pstd_pir_empty(d));
}

#endif
