# SPDX-License-Identifier: BSD-2-Clause
/kvm_arch_irq_bypass_del_producer\(struct/,/^}/{
s/ret = .*update.*irte\)?\(.*\);/ret = 0;/
/ret = .*update.*irte\)?\([^;]*$/{
N
s/ret = .*;/ret = 0;/
}
}
