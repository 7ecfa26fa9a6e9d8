# SPDX-License-Identifier: BSD-2-Clause
/^irqfd_wakeup\(/,/^}/s/if \(irqfd_is_active\(irqfd\)\)/if (1)/
