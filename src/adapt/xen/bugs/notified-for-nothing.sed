# SPDX-License-Identifier: BSD-2-Clause
/^    raise_softirq\(VCPU_KICK_SOFTIRQ\);/d
