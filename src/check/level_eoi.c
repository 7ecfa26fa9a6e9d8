/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_level_eoi(const struct ioapic *io, const uint64_t owed[4])
{
	for (unsigned pin = 0; pin < io->pins; pin++) {
		uint64_t rte = io->rte[pin];
		uint8_t vector = (uint8_t)pi_field_get(IOAPIC_VECTOR, rte);
		bool awaits = rte & IOAPIC_REMOTE_IRR;

		if (!ioapic_is_level(rte))
			continue;
		if (awaits && !(owed[vector / 64] & PI_BIT(vector % 64)))
			return "a level pin awaits an EOI that no CPU owes it";
		if (!awaits && !(rte & IOAPIC_MASK) && ioapic_active(io, pin))
			return "a level pin is active, but its interrupt was not sent";
	}
	return NULL;
}
