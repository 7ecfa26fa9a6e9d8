/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_level_eoi(const struct pstd_ioapic *io, const uint64_t owed[4])
{
	for (unsigned pin = 0; pin < io->pins; pin++) {
		uint64_t rte = io->rte[pin];
		uint8_t vector = (uint8_t)pstd_field_get(PSTD_IOAPIC_VECTOR, rte);
		bool awaits = rte & PSTD_IOAPIC_REMOTE_IRR;

		if (!pstd_ioapic_is_level(rte))
			continue;
		if (awaits && !(owed[vector / 64] & PSTD_BIT(vector % 64)))
			return "a level pin awaits an EOI that no CPU owes it";
		if (!awaits && !(rte & PSTD_IOAPIC_MASK) && pstd_ioapic_active(io, pin))
			return "a level pin is active, but its interrupt was not sent";
	}
	return NULL;
}
