# SPDX-License-Identifier: BSD-2-Clause
/vmx_vcpu_block\(struct/,/^}/{
/write_atomic.*pi_wakeup_vector/d
}
