# SPDX-License-Identifier: BSD-2-Clause
/kvm_vcpu_exit_request\(/,/^}/s/kvm_request_pending\(vcpu\)/0/
