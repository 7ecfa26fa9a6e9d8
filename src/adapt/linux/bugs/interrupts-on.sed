# SPDX-License-Identifier: BSD-2-Clause
/kvm_irq_routing_update\(struct/,/^}/s/spin_(un)?lock_irq\(/spin_\1lock(/
