# SPDX-License-Identifier: BSD-2-Clause
/^(void vmx_vcpu_pi_load|static void __pi_post_block)\(/,/^}/s/new\.nv = POSTED_INTR_VECTOR;//
