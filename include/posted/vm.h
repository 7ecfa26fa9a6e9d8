/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual machine, and where messages lead in it. Who may call (owner, data, control):
 * posted/hyp.h.
 */
#ifndef PSTD_VM_H
#define PSTD_VM_H

#include <posted/host.h>
#include <posted/msi.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct pstd_irqfd;

struct pstd_route {
	bool set;
	struct pstd_msi_msg msg;
};

struct pstd_vm {
	/* given by the caller */
	struct pstd_hyp *hyp;
	bool x2apic; /* its guest's local APICs are in x2APIC mode, all of them, and stay in it */
	struct pstd_vcpu **vcpus; /* room for vcpu_count, which init and fini fill; by APIC id */
	unsigned vcpu_count;
	uint64_t *pid_pointers; /* vcpu_count of them; null: no IPI virtualization */
	struct pstd_route *routes; /* by GSI */
	unsigned route_count;
	/* control's */
	struct pstd_irqfd *irqfds;
};

/*
 * Sets, or clears if msg is null, where a GSI leads, for its irqfds and their
 * posted entries too. -PSTD_EINVAL: no such GSI, or pstd_msi_target refuses. Control.
 */
int pstd_route_set(struct pstd_vm *vm, uint32_t gsi, const struct pstd_msi_msg *msg);

/* Finds the vCPU and vector of a message. -PSTD_EINVAL: not fixed, physical, to one vCPU. Data. */
int pstd_msi_target(struct pstd_vm *vm, struct pstd_msi_msg msg, struct pstd_vcpu **v,
                    uint8_t *vector);

/* Injects a message on behalf of user space. Data. */
int pstd_msi_inject(struct pstd_vm *vm, struct pstd_msi_msg msg);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
