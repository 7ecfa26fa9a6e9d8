# SPDX-License-Identifier: BSD-2-Clause
/^static int vmx_deliver_posted_interrupt\(/,/^}/{
s/^\tint r;/\tint r, mode = vcpu->mode;/
s/^\tkvm_vcpu_trigger_posted_interrupt\(/\tif (mode != IN_GUEST_MODE) kvm_vcpu_wake_up(vcpu); else &/
}
