/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any accesses, pins and EOIs, in any order: entries stay what they may be, a level
 * pin is never forgotten, messages end and are interrupts. The input: a byte each for
 * the version and the number of pins, then struct op.
 */
#include "fuzz.h"
#include "check/check.h"

#include <string.h>

enum op_kind { OP_READ, OP_WRITE, OP_REGISTER, OP_PIN, OP_EOI, OP_NEXT, OP_KINDS };

struct op {
	uint8_t kind, where; /* offset, register or pin */
	uint32_t value;
} __attribute__((packed));

static struct pstd_ioapic io;

static uint64_t get(unsigned reg)
{
	pstd_ioapic_write(&io, PSTD_IOAPIC_IOREGSEL, reg);
	return pstd_ioapic_read(&io, PSTD_IOAPIC_IOWIN);
}

static void judge(void)
{
	uint32_t select = pstd_ioapic_read(&io, PSTD_IOAPIC_IOREGSEL);

	MUST(select <= 0xff);
	for (unsigned pin = 0; pin < io.pins; pin++) {
		uint64_t rte = get(PSTD_IOAPIC_REG_RTE(pin)) | get(PSTD_IOAPIC_REG_RTE(pin) + 1)
		                                                       << 32;
		bool to_send = rte & PSTD_IOAPIC_STATUS, awaits = rte & PSTD_IOAPIC_REMOTE_IRR;

		MUST(!(rte & PSTD_BITS(47, 17)));
		MUST(io.version != PSTD_IOAPIC_82093AA || !(rte & PSTD_BITS(55, 17)));
		MUST(!to_send || !(rte & PSTD_IOAPIC_MASK));
		MUST(!awaits || pstd_ioapic_is_level(rte));
		if (pstd_ioapic_is_level(rte) && !(rte & PSTD_IOAPIC_MASK))
			MUST(to_send == (!awaits && pstd_ioapic_active(&io, pin)));
	}
	MUST(get(PSTD_IOAPIC_REG_VER) == (pstd_field(PSTD_IOAPIC_VERSION, io.version) |
	                                  pstd_field(PSTD_IOAPIC_MAX_ENTRY, io.pins - 1)));
	pstd_ioapic_write(&io, PSTD_IOAPIC_IOREGSEL, select);
}

/* Takes all that is to be sent: how many. */
static unsigned drain(uint64_t owed[4])
{
	struct pstd_msi_msg m;
	unsigned n = 0;

	for (; pstd_ioapic_next(&io, &m); n++) {
		MUST(n < io.pins);
		MUST(pstd_msi_is_interrupt(m));
		MUST(io.version != PSTD_IOAPIC_82093AA || !pstd_msi_is_remappable(m));
		owed[pstd_msi_vector(m) / 64] |= PSTD_BIT(pstd_msi_vector(m) % 64);
	}
	return n;
}

static void step(struct op op)
{
	struct pstd_msi_msg m;

	switch (op.kind % OP_KINDS) {
	case OP_READ:
		pstd_ioapic_read(&io, op.where);
		break;
	case OP_WRITE:
		pstd_ioapic_write(&io, op.where, op.value);
		break;
	case OP_REGISTER:
		pstd_ioapic_write(&io, PSTD_IOAPIC_IOREGSEL, op.where);
		pstd_ioapic_write(&io, PSTD_IOAPIC_IOWIN, op.value);
		break;
	case OP_PIN:
		pstd_ioapic_set_pin(&io, op.where, op.value & 1);
		break;
	case OP_EOI:
		pstd_ioapic_eoi(&io, (uint8_t)op.value);
		break;
	case OP_NEXT:
		pstd_ioapic_next(&io, &m);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t owed[4] = { 0 }, none[4] = { 0 };
	struct op op;

	if (size < 2)
		return 0;
	MUST(!pstd_ioapic_init(&io, data[0] & 1 ? PSTD_IOAPIC_WITH_EOIR : PSTD_IOAPIC_82093AA,
	                       1 + data[1] % PSTD_IOAPIC_MAX_PINS, 0));
	data += 2;
	for (size -= 2; size >= sizeof(op); size -= sizeof(op), data += sizeof(op)) {
		memcpy(&op, data, sizeof(op));
		step(op);
		judge();
	}
	/* Whatever was done, EOIs for everything and idle pins bring it to rest. */
	drain(owed);
	for (unsigned vector = 0; vector < 256; vector++)
		pstd_ioapic_eoi(&io, (uint8_t)vector);
	drain(owed);
	MUST(!check_level_eoi(&io, owed));
	for (unsigned pin = 0; pin < io.pins; pin++)
		pstd_ioapic_set_pin(&io, pin, io.rte[pin] & PSTD_IOAPIC_POLARITY);
	for (unsigned vector = 0; vector < 256; vector++)
		pstd_ioapic_eoi(&io, (uint8_t)vector);
	drain(owed);
	MUST(!check_level_eoi(&io, none));
	return 0;
}
