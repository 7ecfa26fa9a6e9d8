# SPDX-License-Identifier: BSD-2-Clause
/__vmx_deliver_posted_interrupt\(struct/,/^}/{
/vcpu_unblock/d
}
