# SPDX-License-Identifier: BSD-2-Clause
/^void pi_wakeup_handler\(/,/^}/s/raw_spin_(un)?lock\(/(void)(/
