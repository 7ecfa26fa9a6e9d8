# SPDX-License-Identifier: BSD-2-Clause
# With interrupts enabled there is a window where one may come.
/^void vmx_vcpu_pi_load\(/,/^}/{
s/local_irq_save\(flags\)/flags = 0/
s/local_irq_restore\(flags\)/(void)flags/
s/list_del\(/explore_irq_window(); &/
}
/^int pi_pre_block\(/,/^}/{
s/local_irq_(en|dis)able\(\)/(void)0/
s/list_add_tail\(/explore_irq_window(); &/
}
