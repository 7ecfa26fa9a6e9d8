/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The invariants (ARCHITECTURE.md numbers them), one file each. A check returns
 * null, or what is wrong in words that last. Each says when it may be asked.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "hw/cpu.h"
#include <posted/hyp.h>

struct machine;

/* 1. On pCPU p's wake-up list if and only if NV = wake-up and NDST = p. While nothing runs. */
const char *check_wakeup_list(const struct hyp_pcpu *p, const struct hyp_vcpu *v);

/* 2. A running vCPU never has SN set. By its pCPU, before VM entry. */
const char *check_running_sn(const struct hyp_vcpu *v);

/* 3. No vCPU sleeps with a deliverable interrupt. While nothing runs or is on its way. */
const char *check_asleep(const struct hyp_vcpu *v, const struct vmcs *s);

/* 6. At entry RVI is the highest VIRR, SVI the highest VISR. By its pCPU, before VM entry. */
const char *check_guest_status(const struct hyp_vcpu *v, const struct vmcs *s);

/* 14. Each host vector gets exactly one EOI. By the APIC's pCPU, in root mode. */
const char *check_host_eoi(const struct lapic *l);

/* All that can be asked before a VM entry: for machine_observe. */
const char *check_entry(const struct hyp_vcpu *v, const struct cpu *c);

/* All that can be asked of a machine after machine_stop. */
const char *check_stopped(const struct machine *m);

#endif
