/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The invariants (ARCHITECTURE.md numbers them), one file each. A check returns
 * null, or what is wrong in words that last. Each says when it may be asked.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include <posted/hw/cpu.h>
#include <posted/hw/ioapic.h>
#include <posted/hyp.h>

struct machine;

/* 1. On pCPU p's wake-up list if and only if NV = wake-up and NDST = p. While nothing runs. */
const char *check_wakeup_list(const struct pstd_pcpu *p, const struct pstd_vcpu *v);

/*
 * 1, of a vCPU that is on p's list: unless it runs, or is about to sleep, NV = wake-up and
 * NDST = p. At any time between two accesses of the explorer's.
 */
const char *check_listed(const struct pstd_pcpu *p, const struct pstd_vcpu *v);

/* 2. A running vCPU never has SN set. By its pCPU, before VM entry. */
const char *check_running_sn(const struct pstd_vcpu *v);

/*
 * 3. No vCPU sleeps with a deliverable interrupt, which *vector is then. While nothing runs
 * or is on its way.
 */
const char *check_asleep(const struct pstd_vcpu *v, const struct pstd_vmcs *s, int *vector);

/*
 * 3. Nor with ON set, if a notification is to wake it: there is none for as long as ON is
 * set. At the same time.
 */
const char *check_asleep_on(const struct pstd_vcpu *v);

/*
 * 4. A set PIR bit is later in PIR, in VIRR or delivered. Of all requests for one
 * vector: each was handled, merged with another, or waits. While nothing runs.
 */
const char *check_account(uint64_t sent, uint64_t accounted);

/* 4. And of a vCPU that takes interrupts, none waits. While nothing runs or is on its way. */
const char *check_taken(const struct pstd_vcpu *v, uint8_t vector);

/*
 * 5. RVI and SVI are written to the VMCS of their owner, and it is entered by the instruction
 * that its launch state wants. By its pCPU, before VM entry.
 */
const char *check_loaded(const struct pstd_vcpu *v, const struct pstd_cpu *c);

/* 6. At entry RVI is the highest VIRR, SVI the highest VISR. By its pCPU, before VM entry. */
const char *check_guest_status(const struct pstd_vcpu *v, const struct pstd_vmcs *s);

/* 7. A request saw an entry as somebody wrote it: one of n. By who made the request. */
const char *check_torn(struct pstd_irte seen, const struct pstd_irte *written, unsigned n);

/* 8. Used by a request that began before the wait for an invalidation ended, and ended after. */
const char *check_invalidated(struct pstd_irte used, struct pstd_irte now);

/* 9. Nothing posts to a descriptor, zeroed when its vCPU went, afterwards. At any time. */
const char *check_dead(const struct pstd_desc *d);

/* 10. An interrupt's entry is what route and bypass ask for. Between control operations. */
const char *check_final_entry(const struct pstd_irq *irq);

/*
 * 11. One notification for a change of ON from 0 to 1. Of a running vCPU whose ON
 * was clear, and is cleared by nobody: sent so many. While nothing runs.
 */
const char *check_notified_once(const struct pstd_desc *d, unsigned sent);

/*
 * 12. Every level EOI reaches its I/O APIC pin. owed: all vectors that some CPU has
 * requested or in service. While nothing runs or is on its way.
 */
const char *check_level_eoi(const struct pstd_ioapic *io, const uint64_t owed[4]);

/* 14. Each host vector gets exactly one EOI. By the APIC's pCPU, in root mode. */
const char *check_host_eoi(const struct pstd_lapic *l);

/* 15. A notification in guest mode causes no exit. By its pCPU, after one, up to the next entry. */
const char *check_notification_exit(const struct pstd_vcpu *v, const struct pstd_vmcs *s);

/* All that can be asked before a VM entry: for machine_observe. */
const char *check_entry(const struct pstd_vcpu *v, const struct pstd_cpu *c);

/* All that can be asked of a machine after machine_stop. */
const char *check_stopped(const struct machine *m);

#endif
