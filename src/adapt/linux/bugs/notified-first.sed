# SPDX-License-Identifier: BSD-2-Clause
/^static int vmx_deliver_posted_interrupt\(/,/^}/{
s/if \(pi_test_and_set_pir.*/if (0)/
s/pi_test_and_set_on\([^)]*\)/& \&\& (pi_test_and_set_pir(vector, \&vmx->pi_desc), 1)/
s/^\tkvm_vcpu_trigger.*;|^\t\tkvm_vcpu_kick.*;/& pi_test_and_set_pir(vector, \&vmx->pi_desc);/
}
