# SPDX-License-Identifier: BSD-2-Clause
/^void vmx_vcpu_pi_load\(/,/^}/s/(nv == POSTED_INTR_WAKEUP_VECTOR)\) \{/\1 \&\& kvm_arch_has_assigned_device(vcpu->kvm)) {/
/^void pi_post_block\(/,/^}/s/pre_pcpu == -1/& || !vmx_can_use_vtd_pi(vcpu->kvm)/
