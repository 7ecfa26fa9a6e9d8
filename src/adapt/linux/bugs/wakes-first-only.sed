# SPDX-License-Identifier: BSD-2-Clause
/^void pi_wakeup_handler\(/,/^}/s/kvm_vcpu_(wake_up|kick)\(.*\);/{ & break; }/
