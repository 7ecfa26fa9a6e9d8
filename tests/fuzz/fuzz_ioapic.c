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

static struct ioapic io;

static uint64_t get(unsigned reg)
{
	ioapic_write(&io, IOAPIC_IOREGSEL, reg);
	return ioapic_read(&io, IOAPIC_IOWIN);
}

static void judge(void)
{
	uint32_t select = ioapic_read(&io, IOAPIC_IOREGSEL);

	MUST(select <= 0xff);
	for (unsigned pin = 0; pin < io.pins; pin++) {
		uint64_t rte = get(IOAPIC_REG_RTE(pin)) | get(IOAPIC_REG_RTE(pin) + 1) << 32;
		bool to_send = rte & IOAPIC_STATUS, awaits = rte & IOAPIC_REMOTE_IRR;

		MUST(!(rte & PI_BITS(47, 17)));
		MUST(io.version != IOAPIC_82093AA || !(rte & PI_BITS(55, 17)));
		MUST(!to_send || !(rte & IOAPIC_MASK));
		MUST(!awaits || ioapic_is_level(rte));
		if (ioapic_is_level(rte) && !(rte & IOAPIC_MASK))
			MUST(to_send == (!awaits && ioapic_active(&io, pin)));
	}
	MUST(get(IOAPIC_REG_VER) == (pi_field(IOAPIC_VERSION, io.version) |
	                             pi_field(IOAPIC_MAX_ENTRY, io.pins - 1)));
	ioapic_write(&io, IOAPIC_IOREGSEL, select);
}

/* Takes all that is to be sent: how many. */
static unsigned drain(uint64_t owed[4])
{
	struct msi_msg m;
	unsigned n = 0;

	for (; ioapic_next(&io, &m); n++) {
		MUST(n < io.pins);
		MUST(msi_is_interrupt(m));
		MUST(io.version != IOAPIC_82093AA || !msi_is_remappable(m));
		owed[msi_vector(m) / 64] |= PI_BIT(msi_vector(m) % 64);
	}
	return n;
}

static void step(struct op op)
{
	struct msi_msg m;

	switch (op.kind % OP_KINDS) {
	case OP_READ:
		ioapic_read(&io, op.where);
		break;
	case OP_WRITE:
		ioapic_write(&io, op.where, op.value);
		break;
	case OP_REGISTER:
		ioapic_write(&io, IOAPIC_IOREGSEL, op.where);
		ioapic_write(&io, IOAPIC_IOWIN, op.value);
		break;
	case OP_PIN:
		ioapic_set_pin(&io, op.where, op.value & 1);
		break;
	case OP_EOI:
		ioapic_eoi(&io, (uint8_t)op.value);
		break;
	case OP_NEXT:
		ioapic_next(&io, &m);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t owed[4] = { 0 }, none[4] = { 0 };
	struct op op;

	if (size < 2)
		return 0;
	MUST(!ioapic_init(&io, data[0] & 1 ? IOAPIC_WITH_EOIR : IOAPIC_82093AA,
	                  1 + data[1] % IOAPIC_MAX_PINS, 0));
	data += 2;
	for (size -= 2; size >= sizeof(op); size -= sizeof(op), data += sizeof(op)) {
		memcpy(&op, data, sizeof(op));
		step(op);
		judge();
	}
	/* Whatever was done, EOIs for everything and idle pins bring it to rest. */
	drain(owed);
	for (unsigned vector = 0; vector < 256; vector++)
		ioapic_eoi(&io, (uint8_t)vector);
	drain(owed);
	MUST(!check_level_eoi(&io, owed));
	for (unsigned pin = 0; pin < io.pins; pin++)
		ioapic_set_pin(&io, pin, io.rte[pin] & IOAPIC_POLARITY);
	for (unsigned vector = 0; vector < 256; vector++)
		ioapic_eoi(&io, (uint8_t)vector);
	drain(owed);
	MUST(!check_level_eoi(&io, none));
	return 0;
}
