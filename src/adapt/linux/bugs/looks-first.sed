# SPDX-License-Identifier: BSD-2-Clause
/^(bool|void) kvm_vcpu_block\(/,/^}/{
s/set_current_state\(TASK_INTERRUPTIBLE\);/int looked = kvm_vcpu_check_block(vcpu); &/
/int looked/,/break/s/if \(kvm_vcpu_check_block\(vcpu\) < 0\)/if (looked < 0)/
}
