/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What posted_intr.c's way of a device's interrupt calls: that way is explored by itself
 * (irq_kvm.c), and nobody goes it here.
 */
#ifndef SHIM_IRQ_H
#define SHIM_IRQ_H

#include <linux/kvm_host.h>

#define vmx_pi_update_irte posted_intr_update_irte
#define pi_update_irte posted_intr_update_irte
#define kvm_set_msi_irq(kvm, e, irq) ((void)(kvm), (irq)->vector = (e)->gsi)
#define kvm_intr_is_single_vcpu(kvm, irq, vcpu) ((void)(irq), *(vcpu) = NULL, false)
#define kvm_irq_is_postable(irq) ((void)(irq), true)
#define irq_set_vcpu_affinity(irq, info) ((void)(irq), (void)(info), 0)

#endif
