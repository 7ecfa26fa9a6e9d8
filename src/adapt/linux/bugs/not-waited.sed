# SPDX-License-Identifier: BSD-2-Clause
/^kvm_irqfd_deassign\(/,/^}/s/flush_workqueue\(.*\);//
