# SPDX-License-Identifier: BSD-2-Clause
/^static void vcpu_enter_guest_part\(/,/^}/{
/srcu_read_unlock\(/d
}
