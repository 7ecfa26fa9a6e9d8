# SPDX-License-Identifier: BSD-2-Clause
/^irqfd_wakeup\(/,/^}/s/read_seqcount_retry\(.*\);/0);/
