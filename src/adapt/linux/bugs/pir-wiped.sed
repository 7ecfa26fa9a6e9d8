# SPDX-License-Identifier: BSD-2-Clause
/__kvm_apic_update_irr\(/,/^}/{
s/irr_val \|= (xchg\(.*\));/irr_val |= pir_val; (void)\1;/
s/pir_val = (xchg\(.*\));/(void)\1;/
}
