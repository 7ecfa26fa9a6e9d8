/* SPDX-License-Identifier: BSD-2-Clause */
#include <posted/hw/ioapic.h>

/* What software may write of an entry. */
#define WRITABLE_LOW (PI_BITS(16, 0) & ~(IOAPIC_STATUS | IOAPIC_REMOTE_IRR))
#define WRITABLE_82093AA (IOAPIC_DEST | WRITABLE_LOW)
#define WRITABLE (PI_BITS(63, 48) | WRITABLE_LOW)

#define LOW PI_BITS(31, 0)
#define HIGH PI_BITS(63, 32)

/* Bitmaps of pins. */

static bool has(const uint64_t *map, unsigned pin)
{
	return pi_load_relaxed(&map[pin / 64]) & PI_BIT(pin % 64);
}

static void set(uint64_t *map, unsigned pin, bool value)
{
	uint64_t *word = &map[pin / 64], bit = PI_BIT(pin % 64), old = pi_load_relaxed(word);

	pi_store_relaxed(word, value ? old | bit : old & ~bit);
}

const char *ioapic_init(struct ioapic *io, enum ioapic_version version, unsigned pins,
                        uint16_t sid)
{
	if (version != IOAPIC_82093AA && version != IOAPIC_WITH_EOIR)
		return "an I/O APIC has version 0x11 or 0x20";
	if (!pins || pins > IOAPIC_MAX_PINS)
		return "an I/O APIC has 1 to 120 pins";
	*io = (struct ioapic){ .version = version, .pins = pins, .sid = sid };
	for (unsigned pin = 0; pin < pins; pin++)
		io->rte[pin] = IOAPIC_MASK;
	return 0;
}

bool ioapic_active(const struct ioapic *io, unsigned pin)
{
	return has(io->high, pin) != !!(io->rte[pin] & IOAPIC_POLARITY);
}

/*
 * Whether a pin's request is to be sent, after anything that it depends on changed.
 * An edge waits until it is taken or masked: "identical to the case where the device
 * withdraws the interrupt before [it] is posted". A level is what pin and entry say now.
 */
static void settle(struct ioapic *io, unsigned pin, bool edge)
{
	uint64_t rte = io->rte[pin];
	bool send = edge || has(io->pending, pin);

	if (ioapic_is_level(rte))
		send = ioapic_active(io, pin) && !(rte & IOAPIC_REMOTE_IRR);
	set(io->pending, pin, send && !(rte & IOAPIC_MASK));
}

static void write_entry(struct ioapic *io, unsigned pin, uint64_t half, uint64_t value)
{
	uint64_t writable = half & (io->version == IOAPIC_82093AA ? WRITABLE_82093AA : WRITABLE);
	uint64_t old = io->rte[pin], rte = (old & ~writable) | (value & writable);

	if (!ioapic_is_level(rte)) {
		/* An edge awaits no EOI: how software frees a stuck pin of version 11h. */
		rte &= ~IOAPIC_REMOTE_IRR;
		if (ioapic_is_level(old))
			set(io->pending, pin, false);
	}
	io->rte[pin] = rte;
	settle(io, pin, false);
}

static void write_register(struct ioapic *io, uint32_t value)
{
	unsigned half = io->select - IOAPIC_REG_RTE(0);

	if (io->select == IOAPIC_REG_ID)
		io->id = (uint8_t)pi_field_get(IOAPIC_ID, value);
	else if (io->select >= IOAPIC_REG_RTE(0) && half / 2 < io->pins)
		write_entry(io, half / 2, half % 2 ? HIGH : LOW,
		            half % 2 ? (uint64_t)value << 32 : value);
}

static uint64_t read_entry(const struct ioapic *io, unsigned pin)
{
	return io->rte[pin] | pi_field(IOAPIC_STATUS, has(io->pending, pin));
}

static uint64_t read_register(const struct ioapic *io)
{
	unsigned half = io->select - IOAPIC_REG_RTE(0);

	switch (io->select) {
	case IOAPIC_REG_ID:
	case IOAPIC_REG_ARB: /* "loaded when the ID register is written", and no bus rotates it */
		return pi_field(IOAPIC_ID, io->id);
	case IOAPIC_REG_VER:
		return pi_field(IOAPIC_VERSION, io->version) |
		       pi_field(IOAPIC_MAX_ENTRY, io->pins - 1);
	}
	if (io->select < IOAPIC_REG_RTE(0) || half / 2 >= io->pins)
		return 0;
	return read_entry(io, half / 2) >> half % 2 * 32;
}

static void eoi(struct ioapic *io, uint8_t vector)
{
	for (unsigned pin = 0; pin < io->pins; pin++) {
		if (!(io->rte[pin] & IOAPIC_REMOTE_IRR) ||
		    pi_field_get(IOAPIC_VECTOR, io->rte[pin]) != vector)
			continue;
		io->rte[pin] &= ~IOAPIC_REMOTE_IRR;
		settle(io, pin, false);
	}
}

/* "Remote IRR is set when local APICs accept the interrupt": its message always arrives. */
static struct msi_msg take(struct ioapic *io, unsigned pin)
{
	set(io->pending, pin, false);
	if (ioapic_is_level(io->rte[pin]))
		io->rte[pin] |= IOAPIC_REMOTE_IRR;
	return ioapic_message(io->rte[pin]);
}

uint32_t ioapic_read(struct ioapic *io, unsigned offset)
{
	uint32_t value = 0;

	pi_spin_lock(&io->lock);
	if (offset == IOAPIC_IOREGSEL)
		value = io->select;
	else if (offset == IOAPIC_IOWIN)
		value = (uint32_t)read_register(io);
	pi_spin_unlock(&io->lock);
	return value;
}

void ioapic_write(struct ioapic *io, unsigned offset, uint32_t value)
{
	pi_spin_lock(&io->lock);
	if (offset == IOAPIC_IOREGSEL)
		io->select = (uint8_t)value;
	else if (offset == IOAPIC_IOWIN)
		write_register(io, value);
	else if (offset == IOAPIC_EOIR && io->version >= IOAPIC_WITH_EOIR)
		eoi(io, (uint8_t)value);
	pi_spin_unlock(&io->lock);
}

void ioapic_set_pin(struct ioapic *io, unsigned pin, bool high)
{
	bool was;

	if (pin >= io->pins)
		return;
	pi_spin_lock(&io->lock);
	was = ioapic_active(io, pin);
	set(io->high, pin, high);
	settle(io, pin, !was && ioapic_active(io, pin));
	pi_spin_unlock(&io->lock);
}

void ioapic_eoi(struct ioapic *io, uint8_t vector)
{
	pi_spin_lock(&io->lock);
	eoi(io, vector);
	pi_spin_unlock(&io->lock);
}

bool ioapic_next(struct ioapic *io, struct msi_msg *m)
{
	bool found = false;

	/* Without the lock: what this caller made pending it sees, or another took it. */
	if (!(pi_load_relaxed(&io->pending[0]) | pi_load_relaxed(&io->pending[1])))
		return false;
	pi_spin_lock(&io->lock);
	for (unsigned i = 0; i < 2 && !found; i++) {
		uint64_t word = pi_load_relaxed(&io->pending[i]);

		if (word)
			*m = take(io, i * 64 + (unsigned)__builtin_ctzll(word));
		found = word;
	}
	pi_spin_unlock(&io->lock);
	return found;
}
