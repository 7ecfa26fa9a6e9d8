# SPDX-License-Identifier: BSD-2-Clause
/enable_remapped_mode = true;/,/^}/{
s/enable_remapped_mode = true;/enable_remapped_mode = false;/
/->type != KVM_IRQ_ROUTING_MSI/{
n
s/continue;/continue; enable_remapped_mode = true;/
}
}
