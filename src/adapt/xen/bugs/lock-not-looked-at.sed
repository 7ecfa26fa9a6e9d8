# SPDX-License-Identifier: BSD-2-Clause
/vmx_pi_unblock_vcpu\(struct/,/^}/s/if \( v->.*pi_blocking\.lock != NULL \)/if ( true )/
