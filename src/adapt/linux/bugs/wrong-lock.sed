# SPDX-License-Identifier: BSD-2-Clause
/^void vmx_vcpu_pi_load\(/,/^}/s/(wakeup_vcpus_on_cpu_lock), vcpu->cpu/\1, cpu/
/^static void __pi_post_block\(/,/^}/s/(blocked_vcpu_on_cpu_lock), vcpu->pre_pcpu/\1, vcpu->cpu/
