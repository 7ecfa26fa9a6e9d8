# SPDX-License-Identifier: BSD-2-Clause
/^static void vcpu_enter_guest_part\(/,/^}/s/^\tif \(kvm_lapic_enabled\(vcpu\).*/\tif (0)/
