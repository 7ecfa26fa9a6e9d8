# SPDX-License-Identifier: BSD-2-Clause
/intel_ir_set_vcpu_affinity\(struct/,/^}/s/__intel_ir_reconfigure_irte\(data, true\)/modify_irte(\&ir_data->irq_2_iommu, \&ir_data->irte_entry)/
