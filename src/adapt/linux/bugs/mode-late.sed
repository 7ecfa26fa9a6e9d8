# SPDX-License-Identifier: BSD-2-Clause
/^static void vcpu_enter_guest_part\(/,/^}/{
s/^\t(vcpu->mode = IN_GUEST_MODE;|smp_store_release\(&vcpu->mode, IN_GUEST_MODE\);)/\tkvm_x86_ops.sync_pir_to_irr(vcpu); &/
s/^\tif \(kvm_lapic_enabled\(vcpu\).*/\tif (0)/
}
