# SPDX-License-Identifier: BSD-2-Clause
/kvm_unregister_irq_ack_notifier\(struct/,/^}/s/synchronize_srcu[a-z_]*\(.*\);//
