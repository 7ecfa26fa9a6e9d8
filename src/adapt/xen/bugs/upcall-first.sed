# SPDX-License-Identifier: BSD-2-Clause
/^struct hvm_intack hvm_vcpu_has_pending_irq\(/,/^}/{
/vlapic_sync_pir_to_irr/d
}
