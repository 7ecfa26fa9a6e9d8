# SPDX-License-Identifier: BSD-2-Clause
/vmx_pi_switch_to\(struct/,/^}/{
/pi_clear_sn/d
}
