# SPDX-License-Identifier: BSD-2-Clause
/^void vmx_vcpu_pi_load\(/,/^}/s/if \(pi_desc->nv == POSTED_INTR_WAKEUP_VECTOR \|\| /if (/
