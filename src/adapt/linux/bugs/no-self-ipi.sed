# SPDX-License-Identifier: BSD-2-Clause
/^static void pi_enable_wakeup_handler\(/,/^}/s/pi_test_on\(&new\)/0/
