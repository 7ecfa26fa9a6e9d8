/* SPDX-License-Identifier: BSD-2-Clause */
/* A VMCS: one 64-bit slot for each field of posted/vmx.h. Belongs to the pCPU it is loaded on. */
#ifndef HW_VMCS_H
#define HW_VMCS_H

#include <posted/vmx.h>

struct vmcs {
#define VMX_ROW(encoding, name) uint64_t name;
	VMX_FIELDS(VMX_ROW)
#undef VMX_ROW
};

/* VMREAD and VMWRITE. A field that does not exist reads 0 and is not written. */
uint64_t vmcs_read(const struct vmcs *v, enum vmx_field field);
void vmcs_write(struct vmcs *v, enum vmx_field field, uint64_t value);

#endif
