/* SPDX-License-Identifier: BSD-2-Clause */
#include <posted/hw/ioapic.h>

/* What software may write of an entry. */
#define WRITABLE_LOW (PSTD_BITS(16, 0) & ~(PSTD_IOAPIC_STATUS | PSTD_IOAPIC_REMOTE_IRR))
#define WRITABLE_82093AA (PSTD_IOAPIC_DEST | WRITABLE_LOW)
#define WRITABLE (PSTD_BITS(63, 48) | WRITABLE_LOW)

#define LOW PSTD_BITS(31, 0)
#define HIGH PSTD_BITS(63, 32)

/* Bitmaps of pins. */

static bool has(const uint64_t *map, unsigned pin)
{
	return pstd_load_relaxed(&map[pin / 64]) & PSTD_BIT(pin % 64);
}

static void set(uint64_t *map, unsigned pin, bool value)
{
	uint64_t *word = &map[pin / 64], bit = PSTD_BIT(pin % 64), old = pstd_load_relaxed(word);

	pstd_store_relaxed(word, value ? old | bit : old & ~bit);
}

const char *pstd_ioapic_init(struct pstd_ioapic *io, enum pstd_ioapic_version version,
                             unsigned pins, uint16_t sid)
{
	if (version != PSTD_IOAPIC_82093AA && version != PSTD_IOAPIC_WITH_EOIR)
		return "an I/O APIC has version 0x11 or 0x20";
	if (!pins || pins > PSTD_IOAPIC_MAX_PINS)
		return "an I/O APIC has 1 to 120 pins";
	*io = (struct pstd_ioapic){ .version = version, .pins = pins, .sid = sid };
	for (unsigned pin = 0; pin < pins; pin++)
		io->rte[pin] = PSTD_IOAPIC_MASK;
	return 0;
}

bool pstd_ioapic_active(const struct pstd_ioapic *io, unsigned pin)
{
	return has(io->high, pin) != !!(io->rte[pin] & PSTD_IOAPIC_POLARITY);
}

/*
 * Whether a pin's request is to be sent, after anything that it depends on changed.
 * An edge waits until it is taken or masked: "identical to the case where the device
 * withdraws the interrupt before [it] is posted". A level is what pin and entry say now.
 */
static void settle(struct pstd_ioapic *io, unsigned pin, bool edge)
{
	uint64_t rte = io->rte[pin];
	bool send = edge || has(io->pending, pin);

	if (pstd_ioapic_is_level(rte))
		send = pstd_ioapic_active(io, pin) && !(rte & PSTD_IOAPIC_REMOTE_IRR);
	set(io->pending, pin, send && !(rte & PSTD_IOAPIC_MASK));
}

static void write_entry(struct pstd_ioapic *io, unsigned pin, uint64_t half, uint64_t value)
{
	uint64_t writable = half &
	                    (io->version == PSTD_IOAPIC_82093AA ? WRITABLE_82093AA : WRITABLE);
	uint64_t old = io->rte[pin], rte = (old & ~writable) | (value & writable);

	if (!pstd_ioapic_is_level(rte)) {
		/* An edge awaits no EOI: how software frees a stuck pin of version 11h. */
		rte &= ~PSTD_IOAPIC_REMOTE_IRR;
		if (pstd_ioapic_is_level(old))
			set(io->pending, pin, false);
	}
	io->rte[pin] = rte;
	settle(io, pin, false);
}

static void write_register(struct pstd_ioapic *io, uint32_t value)
{
	unsigned half = io->select - PSTD_IOAPIC_REG_RTE(0);

	if (io->select == PSTD_IOAPIC_REG_ID)
		io->id = (uint8_t)pstd_field_get(PSTD_IOAPIC_ID, value);
	else if (io->select >= PSTD_IOAPIC_REG_RTE(0) && half / 2 < io->pins)
		write_entry(io, half / 2, half % 2 ? HIGH : LOW,
		            half % 2 ? (uint64_t)value << 32 : value);
}

static uint64_t read_entry(const struct pstd_ioapic *io, unsigned pin)
{
	return io->rte[pin] | pstd_field(PSTD_IOAPIC_STATUS, has(io->pending, pin));
}

static uint64_t read_register(const struct pstd_ioapic *io)
{
	unsigned half = io->select - PSTD_IOAPIC_REG_RTE(0);

	switch (io->select) {
	case PSTD_IOAPIC_REG_ID:
	/* "loaded when the ID register is written", and no bus rotates it */
	case PSTD_IOAPIC_REG_ARB:
		return pstd_field(PSTD_IOAPIC_ID, io->id);
	case PSTD_IOAPIC_REG_VER:
		return pstd_field(PSTD_IOAPIC_VERSION, io->version) |
		       pstd_field(PSTD_IOAPIC_MAX_ENTRY, io->pins - 1);
	}
	if (io->select < PSTD_IOAPIC_REG_RTE(0) || half / 2 >= io->pins)
		return 0;
	return read_entry(io, half / 2) >> half % 2 * 32;
}

static void eoi(struct pstd_ioapic *io, uint8_t vector)
{
	for (unsigned pin = 0; pin < io->pins; pin++) {
		if (!(io->rte[pin] & PSTD_IOAPIC_REMOTE_IRR) ||
		    pstd_field_get(PSTD_IOAPIC_VECTOR, io->rte[pin]) != vector)
			continue;
		io->rte[pin] &= ~PSTD_IOAPIC_REMOTE_IRR;
		settle(io, pin, false);
	}
}

/* "Remote IRR is set when local APICs accept the interrupt": its message always arrives. */
static struct pstd_msi_msg take(struct pstd_ioapic *io, unsigned pin)
{
	set(io->pending, pin, false);
	if (pstd_ioapic_is_level(io->rte[pin]))
		io->rte[pin] |= PSTD_IOAPIC_REMOTE_IRR;
	return pstd_ioapic_message(io->rte[pin]);
}

uint32_t pstd_ioapic_read(struct pstd_ioapic *io, unsigned offset)
{
	uint32_t value = 0;

	pstd_spin_lock(&io->lock);
	if (offset == PSTD_IOAPIC_IOREGSEL)
		value = io->select;
	else if (offset == PSTD_IOAPIC_IOWIN)
		value = (uint32_t)read_register(io);
	pstd_spin_unlock(&io->lock);
	return value;
}

void pstd_ioapic_write(struct pstd_ioapic *io, unsigned offset, uint32_t value)
{
	pstd_spin_lock(&io->lock);
	if (offset == PSTD_IOAPIC_IOREGSEL)
		io->select = (uint8_t)value;
	else if (offset == PSTD_IOAPIC_IOWIN)
		write_register(io, value);
	else if (offset == PSTD_IOAPIC_EOIR && io->version >= PSTD_IOAPIC_WITH_EOIR)
		eoi(io, (uint8_t)value);
	pstd_spin_unlock(&io->lock);
}

void pstd_ioapic_set_pin(struct pstd_ioapic *io, unsigned pin, bool high)
{
	bool was;

	if (pin >= io->pins)
		return;
	pstd_spin_lock(&io->lock);
	was = pstd_ioapic_active(io, pin);
	set(io->high, pin, high);
	settle(io, pin, !was && pstd_ioapic_active(io, pin));
	pstd_spin_unlock(&io->lock);
}

void pstd_ioapic_eoi(struct pstd_ioapic *io, uint8_t vector)
{
	pstd_spin_lock(&io->lock);
	eoi(io, vector);
	pstd_spin_unlock(&io->lock);
}

bool pstd_ioapic_next(struct pstd_ioapic *io, struct pstd_msi_msg *m)
{
	bool found = false;

	/* Without the lock: what this caller made pending it sees, or another took it. */
	if (!(pstd_load_relaxed(&io->pending[0]) | pstd_load_relaxed(&io->pending[1])))
		return false;
	pstd_spin_lock(&io->lock);
	for (unsigned i = 0; i < 2 && !found; i++) {
		uint64_t word = pstd_load_relaxed(&io->pending[i]);

		if (word)
			*m = take(io, i * 64 + (unsigned)__builtin_ctzll(word));
		found = word;
	}
	pstd_spin_unlock(&io->lock);
	return found;
}
