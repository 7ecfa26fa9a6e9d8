# SPDX-License-Identifier: BSD-2-Clause
/modify_irte\(struct/,/^}/s/qi_flush_iec\(.*\);/0;/
