# SPDX-License-Identifier: BSD-2-Clause
/pi_wakeup_interrupt\(struct/,/^}/{
/list_del\(/d
}
