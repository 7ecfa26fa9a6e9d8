# SPDX-License-Identifier: BSD-2-Clause
/^static void vcpu_enter_guest_part\(/,/^}/{
s/local_irq_disable\(\);//
s/sync_pir_to_irr\)?\(vcpu\);/& local_irq_disable();/
}
