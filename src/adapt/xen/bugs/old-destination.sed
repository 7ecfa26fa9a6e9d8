# SPDX-License-Identifier: BSD-2-Clause
/vmx_pi_switch_to\(struct/,/^}/s/write_atomic\(&pi_desc->ndst,/(void)cmpxchg(\&pi_desc->ndst, APIC_INVALID_DEST,/
