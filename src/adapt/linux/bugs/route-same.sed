# SPDX-License-Identifier: BSD-2-Clause
/kvm_arch_irqfd_route_changed\(struct/,/^}/s/old->type != KVM_IRQ_ROUTING_MSI \|\|//
