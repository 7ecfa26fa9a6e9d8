# SPDX-License-Identifier: BSD-2-Clause
/vmx_sync_pir_to_irr\(/,/^}/s/kvm_lapic_find_highest_irr\(vcpu\)/-1/
