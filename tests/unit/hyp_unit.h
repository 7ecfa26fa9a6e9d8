/* SPDX-License-Identifier: BSD-2-Clause */
/* A host made of an array, for the tests of hyp/: vCPU 0 runs on its pCPU 0. */
#ifndef UNIT_HYP_UNIT_H
#define UNIT_HYP_UNIT_H

#include "own_vectors.h"
#include <posted/hyp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

enum { SID = 0x0300, GSI = 5, GSIS = 8, PID_PHYS = 0x123400, OTHER_PHYS = 0x567800,
       MSI_PHYS = 0x9ab00, VCPUS = 20 };

static struct {
	struct pstd_hyp hyp;
	struct pstd_pcpu pcpus[2];
	struct pstd_vm vm;
	struct pstd_vcpu vcpu[VCPUS], *vcpus[VCPUS];
	struct pstd_desc pid[VCPUS];
	struct pstd_apic_page apic[VCPUS];
	struct pstd_route routes[GSIS];
	struct pstd_irte irte;
	struct pstd_irq irq;
	struct pstd_eventfd eventfd;
	struct pstd_irqfd irqfd;
	uint64_t counts[2];
	/* what was asked of the host */
	uint64_t vmcs[0x7000];
	unsigned invalidations, user_signals, eois, cleared;
	struct pstd_vcpu *woken;
	uint64_t icr;
	unsigned callers_vectors[256], eois_at_callers;
	struct pstd_pcpu *callers_pcpu;
	struct pstd_desc msi;
	uint64_t pid_pointers[2];
	uint64_t seen_at_synchronize; /* the second of these */
} h;

static uint64_t op_vmread(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field)
{
	return h.vmcs[field];
}

static void op_vmwrite(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field,
                       uint64_t value)
{
	h.vmcs[field] = value;
}

static void op_vmptrld(void *ctx, uint64_t vmcs)
{
}

static void op_vmclear(void *ctx, uint64_t vmcs)
{
	h.cleared++;
}

static void op_apic_write(void *ctx, unsigned offset, uint64_t value)
{
	if (offset == PSTD_APIC_EOI)
		h.eois++;
	else
		h.icr = value;
}

static uint64_t op_phys(void *ctx, const void *p)
{
	return p == &h.pid[0] ? PID_PHYS :
	       p == &h.pid[1] ? OTHER_PHYS :
	       p == &h.msi    ? MSI_PHYS : 0;
}

static void op_runnable(void *ctx, struct pstd_vcpu *v)
{
	h.woken = v;
}

static void op_invalidate(void *ctx, uint16_t index)
{
	assert_int_equal(index, 7);
	h.invalidations++;
}

static void op_synchronize(void *ctx)
{
	h.seen_at_synchronize = h.pid_pointers[1];
}

static void op_eventfd_write(void *ctx, struct pstd_eventfd *e)
{
	assert_ptr_equal(e, &h.eventfd);
	h.user_signals++;
}

static void op_host_vector(void *ctx, struct pstd_pcpu *p, uint8_t vector)
{
	h.callers_vectors[vector]++;
	h.callers_pcpu = p;
	h.eois_at_callers = h.eois;
}

static const struct pstd_ops ops = {
	op_vmread,   op_vmwrite,    op_vmptrld,     op_vmclear,       op_apic_write,  op_phys,
	op_runnable, op_invalidate, op_synchronize, op_eventfd_write, op_host_vector,
};

/* So many vCPUs, made anew, and their VM's mode. */
static inline void make_vcpus(unsigned count, bool x2apic)
{
	h.vm = (struct pstd_vm){ .hyp = &h.hyp, .x2apic = x2apic, .vcpus = h.vcpus,
	                         .vcpu_count = count, .routes = h.routes, .route_count = GSIS };
	memset(h.vcpu, 0, sizeof(h.vcpu));
	memset(h.apic, 0, sizeof(h.apic));
	memset(h.pid, 0, sizeof(h.pid));
	for (unsigned i = 0; i < count; i++) {
		h.vcpu[i].vm = &h.vm;
		h.vcpu[i].apic_id = i;
		h.vcpu[i].pid = &h.pid[i];
		h.vcpu[i].apic = &h.apic[i];
		assert_int_equal(pstd_vcpu_init(&h.vcpu[i], &h.pcpus[0]), 0);
	}
}

static inline int reset(void **state)
{
	memset(&h, 0, sizeof(h));
	h.hyp = (struct pstd_hyp){ .ops = &ops, .vectors = own_vectors, .x2apic = true,
	                           .hlt_exiting = true };
	for (unsigned i = 0; i < 2; i++) {
		h.pcpus[i] = (struct pstd_pcpu){ .hyp = &h.hyp, .index = i, .apic_id = i };
		assert_int_equal(pstd_pcpu_init(&h.pcpus[i]), 0);
	}
	make_vcpus(2, true);
	h.irq = (struct pstd_irq){ .irte = &h.irte, .index = 7, .sid = SID,
	                           .trigger = &h.eventfd, .counts = h.counts };
	h.irqfd = (struct pstd_irqfd){ .vm = &h.vm, .gsi = GSI, .eventfd = &h.eventfd };
	return 0;
}

/* vCPU 0, its local APIC emulated, with interrupts enabled or not. */
static inline void emulate(uint64_t rflags)
{
	h.hyp.software_apic = true;
	pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = rflags | PSTD_VMX_RFLAGS_FIXED;
}

/* Returns what the VM entry injects. */
static inline uint64_t enter(void)
{
	assert_int_equal(pstd_vcpu_enter(&h.vcpu[0]), PSTD_ENTER);
	return h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO];
}

static inline void leave(enum pstd_vmx_exit_reason reason)
{
	h.vmcs[PSTD_VMX_VM_EXIT_REASON] = reason;
	h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO] &= ~PSTD_VMX_INTR_VALID; /* as the CPU does */
	pstd_vcpu_exit(&h.vcpu[0]);
	h.vmcs[PSTD_VMX_IDT_VECTORING_INFO] = 0;
}

static inline bool window(void)
{
	return h.vmcs[PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL] & PSTD_VMX_CPU_INTR_WINDOW;
}

static inline bool nmi_window(void)
{
	return h.vmcs[PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL] & PSTD_VMX_CPU_NMI_WINDOW;
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

#endif
