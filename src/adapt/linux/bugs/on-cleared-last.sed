# SPDX-License-Identifier: BSD-2-Clause
/vmx_sync_pir_to_irr\(/,/^}/{
s/pi_clear_on\(.*;/(void)0;/
s/kvm_apic_update_irr\(.*;/& pi_clear_on(\&vmx->pi_desc);/
}
