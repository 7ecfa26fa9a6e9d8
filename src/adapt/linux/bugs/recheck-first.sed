# SPDX-License-Identifier: BSD-2-Clause
/^void vmx_vcpu_pi_load\(/,/^}/{
s/unsigned int dest;/& bool posted = !pi_is_pir_empty(pi_desc);/
s/if \(!pi_is_pir_empty.*/if (posted)/
}
