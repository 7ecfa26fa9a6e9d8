# SPDX-License-Identifier: BSD-2-Clause
/^(bool|void) kvm_vcpu_block\(/,/^}/{
s/^\tprepare_to_rcuwait\(.*//
s/waited = true;/prepare_to_rcuwait(kvm_arch_vcpu_get_wait(vcpu)); &/
}
