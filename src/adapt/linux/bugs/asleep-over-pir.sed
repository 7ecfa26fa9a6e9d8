# SPDX-License-Identifier: BSD-2-Clause
/^static int apic_has_interrupt_for_ppr\(/,/^}/s/highest_irr = .*sync_pir_to_irr.*/highest_irr = apic_find_highest_irr(apic);/
