# SPDX-License-Identifier: BSD-2-Clause
/kvm_arch_irq_bypass_add_producer\(struct/,/^}/s/spin_(un)?lock_irq\(.*\);//
