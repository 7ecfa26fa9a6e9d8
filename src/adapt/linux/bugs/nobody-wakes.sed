# SPDX-License-Identifier: BSD-2-Clause
/kvm_vcpu_trigger_posted_interrupt\(/,/^}/s/kvm_vcpu_wake_up\(vcpu\)/(void)vcpu/
/^static int vmx_deliver_posted_interrupt\(/,/^}/s/kvm_vcpu_kick\(vcpu\)/(void)vcpu/
