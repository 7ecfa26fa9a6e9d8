# SPDX-License-Identifier: BSD-2-Clause
/kvm_set_irq_routing\(struct/,/^}/s/synchronize_srcu[a-z_]*\(.*\);//
