# SPDX-License-Identifier: BSD-2-Clause
/^void vmx_vcpu_pi_load\(/,/^}/s/if \((!enable_apicv|!pi_test_sn)/if (!kvm_arch_has_assigned_device(vcpu->kvm) || \1/
