# SPDX-License-Identifier: BSD-2-Clause
/^irqfd_wakeup\(/,/^}/s/unlikely\(!irqfd_is_active\(irqfd\)\) \|\|//
