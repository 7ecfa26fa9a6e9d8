# SPDX-License-Identifier: BSD-2-Clause
/^irqfd_shutdown\(/,/^}/s/flush_work\(.*\);//
