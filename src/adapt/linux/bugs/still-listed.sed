# SPDX-License-Identifier: BSD-2-Clause
/^void vmx_vcpu_pi_load\(/,/^}/s/if \(pi_desc->nv == POSTED_INTR_WAKEUP_VECTOR\) \{/if (pi_desc->nv == POSTED_INTR_WAKEUP_VECTOR \&\& kvm_arch_has_assigned_device(vcpu->kvm)) {/
/^void pi_post_block\(/,/^}/s/if \(vcpu->pre_pcpu == -1\)/if (!vmx_can_use_vtd_pi(vcpu->kvm) || vcpu->pre_pcpu == -1)/
