# SPDX-License-Identifier: BSD-2-Clause
/^(bool|void) kvm_vcpu_block\(/,/^}/{
s/set_current_state\(.*;/int looked = kvm_vcpu_check_block(vcpu); &/
/int looked/,/break/s/kvm_vcpu_check_block\(vcpu\) </looked </
}
