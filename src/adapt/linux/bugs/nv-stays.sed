# SPDX-License-Identifier: BSD-2-Clause
/^(static void pi_enable_wakeup_handler|int pi_pre_block)\(/,/^}/s/new\.nv = POSTED_INTR_WAKEUP_VECTOR;//
