# SPDX-License-Identifier: BSD-2-Clause
/^void vmx_pi_start_assignment\(/,/^}/s/kvm_make_all_cpus_request\(/(void)(/
