/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the CPU share: VM exits, and deliveries through the guest's IDT. */
#ifndef PSTD_HW_CPU_PARTS_H
#define PSTD_HW_CPU_PARTS_H

#include <posted/hw/cpu.h>

/* "VM Exits": saves guest state. What else the reason has to tell is the caller's, afterwards. */
void pstd_cpu_exit(struct pstd_cpu *c, enum pstd_vmx_exit_reason reason, uint64_t qualification);

/* An exit for an interrupt or NMI, with the interruption information; 0: not acknowledged. */
void pstd_cpu_exit_interruption(struct pstd_cpu *c, enum pstd_vmx_exit_reason reason,
                                uint64_t info);

/*
 * The event that a VM entry left, or that came without a vector, and that may take
 * place now, by priority; PSTD_CPU_NONE if none may.
 */
enum pstd_cpu_event pstd_cpu_pending_event(struct pstd_cpu *c, uint8_t *vector);

/* An event is delivered through the guest's IDT, from any state. Returns what the boundary says. */
enum pstd_cpu_event pstd_cpu_deliver(struct pstd_cpu *c, uint64_t info, uint32_t error_code);

#endif
