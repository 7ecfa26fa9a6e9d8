# SPDX-License-Identifier: BSD-2-Clause
/^irqfd_shutdown\(/,/^}/s/synchronize_srcu[a-z_]*\(.*\);//
