# SPDX-License-Identifier: BSD-2-Clause
/intel_ir_reconfigure_irte\(struct/,/^}/{
s/if \(force \|\|.*\)/if (1)/
s/posted_vcpu && !force_host/posted_vcpu \&\& 0/
}
