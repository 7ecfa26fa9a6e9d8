/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypervisor's side of interrupt posting: what it offers a hypervisor, and
 * the few operations it asks of hardware and of its host.
 *
 * Freestanding: no libc, no allocation, no globals. All memory comes from the
 * caller, zeroed. Three kinds of caller:
 *
 *   owner    the pCPU a vCPU is loaded on, with interrupts off
 *   data     any agent, any number at once, inside a read-side section: one
 *            that pstd_ops.synchronize waits for (an interrupt handler, RCU)
 *   control  one at a time (the caller's mutex), at any time beside the others
 *
 * Functions that can fail return 0 or a negative error number, Linux's.
 *
 *   host.h      operations, vectors, pCPUs
 *   vm.h        a VM, its routes
 *   vcpu.h      a vCPU: the run loop, and what is sent to it
 *   controls.h  its VMCS: which controls it has, who writes it when
 *   irq.h       device interrupts: host vectors, eventfds, irqfds, bypass
 */
#ifndef PSTD_HYP_H
#define PSTD_HYP_H

#include <posted/controls.h>
#include <posted/host.h>
#include <posted/irq.h>
#include <posted/vcpu.h>
#include <posted/vm.h>

#endif
