# SPDX-License-Identifier: BSD-2-Clause
/^void vcpu_block\(void\)/,/^}/{
s/set_bit\(_VPF_blocked, &v->pause_flags\);/bool need = local_events_need_delivery(); &/
s/if \( local_events_need_delivery\(\) \)/if ( need )/
}
