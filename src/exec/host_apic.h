/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's use of a pCPU's local APIC: by registers, as its kernel does, with
 * WRMSR in x2APIC mode and stores to the page in xAPIC mode.
 */
#ifndef EXEC_HOST_APIC_H
#define EXEC_HOST_APIC_H

#include <posted/hw/lapic.h>
#include <posted/hyp.h>

/*
 * Resets a local APIC and enables it, in the mode the host uses and with its
 * spurious vector; its timer requests the host's timer vector, once, at a deadline.
 */
void host_apic_start(struct pstd_lapic *l, uint32_t id, bool x2apic,
                     const struct pstd_vectors *own);

/*
 * Arms the timer anew. The deadline is a time as pstd_lapic_timer is told it, by which
 * alone it comes; 0 disarms. The pCPU's own.
 */
void host_apic_arm(struct pstd_lapic *l, uint64_t deadline);

/*
 * Writes a register, PSTD_APIC_ICR with all its 64 bits. True: an IPI is to be sent.
 * The pCPU's own.
 */
bool host_apic_write(struct pstd_lapic *l, unsigned offset, uint64_t value,
                     struct pstd_apic_msg *ipi);

#endif
