# SPDX-License-Identifier: BSD-2-Clause
/vmx_sync_pir_to_irr\(struct vcpu \*v\)$/,/^}/{
s/!pi_test_and_clear_on\(/!pi_test_on(/
s/^    for_each_set_bit/    pi_test_and_clear_on(\&v->arch.hvm.vmx.pi_desc);\n&/
}
