# SPDX-License-Identifier: BSD-2-Clause
/^static int vmx_deliver_posted_interrupt\(/,/^}/{
s/^\tint r;/\tint r, cpu = vcpu->cpu;/
s/^\tkvm_vcpu_trigger.*;/\tif (vcpu->mode == IN_GUEST_MODE) apic->send_IPI_mask(get_cpu_mask(cpu), POSTED_INTR_VECTOR); else kvm_vcpu_wake_up(vcpu);/
s/if \(!kvm_vcpu_trigger.*/if (vcpu->mode == IN_GUEST_MODE) apic->send_IPI_mask(get_cpu_mask(cpu), POSTED_INTR_VECTOR); else/
}
