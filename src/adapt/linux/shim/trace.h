/* SPDX-License-Identifier: BSD-2-Clause */
/* Tracepoints are not there. */
#ifndef SHIM_TRACE_H
#define SHIM_TRACE_H

#define trace_kvm_pi_irte_update(...) ((void)0)
#define trace_kvm_apic_accept_irq(...) ((void)0)
#define trace_kvm_apicv_accept_irq(...) ((void)0)
#define trace_kvm_vcpu_wakeup(ns, waited, valid) ((void)(ns), (void)(waited))

#endif
