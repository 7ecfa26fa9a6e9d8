# SPDX-License-Identifier: BSD-2-Clause
/^static void apic_timer_expired\(/,/^}/s/kvm_make_request\(.*\);/{ kvm_vcpu_kick(vcpu); & return; }/
