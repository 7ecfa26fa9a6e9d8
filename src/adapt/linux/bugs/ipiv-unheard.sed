# SPDX-License-Identifier: BSD-2-Clause
/^static bool vmx_needs_pi_wakeup\(/,/^}/s/vmx_can_use_ipiv\(vcpu\) \|\|//
