# SPDX-License-Identifier: BSD-2-Clause
/^void vmx_vcpu_pi_put\(/,/^}/s/if \(vcpu->preempted\)//
