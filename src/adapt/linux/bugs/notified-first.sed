# SPDX-License-Identifier: BSD-2-Clause
/^static int vmx_deliver_posted_interrupt\(/,/^}/{
s/if \(pi_test_and_set_pir\(vector, &vmx->pi_desc\)\)/if (0)/
s/if \((pi_test_and_set_on\(&vmx->pi_desc\))\)/if (\1 \&\& (pi_test_and_set_pir(vector, \&vmx->pi_desc), 1))/
s/^\tkvm_vcpu_trigger.*;|^\t\tkvm_vcpu_kick.*;/& pi_test_and_set_pir(vector, \&vmx->pi_desc);/
}
