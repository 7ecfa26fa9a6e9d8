# SPDX-License-Identifier: BSD-2-Clause
/^ {8}vmx_pi_unblock_vcpu\(v\);/s/vmx_pi_unblock_vcpu\(v\)/(void)v/
