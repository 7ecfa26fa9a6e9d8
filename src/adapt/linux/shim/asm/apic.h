/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's APIC, which is an x2APIC whose IDs are the numbers of CPUs. */
#ifndef SHIM_ASM_APIC_H
#define SHIM_ASM_APIC_H

#include <linux/types.h>

#define x2apic_mode true
#define x2apic_enabled() true
#define cpu_physical_id(cpu) ((u32)(cpu))

struct apic {
	void (*send_IPI_mask)(unsigned cpu, int vector);
	void (*send_IPI_self)(int vector);
};
extern struct apic *const apic;

#define __apic_send_IPI_mask(mask, vector) apic->send_IPI_mask((mask), (vector))
#define __apic_send_IPI_self(vector) apic->send_IPI_self(vector)

#endif
