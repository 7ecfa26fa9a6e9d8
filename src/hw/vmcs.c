/* SPDX-License-Identifier: BSD-2-Clause */
#include <posted/hw/vmcs.h>

uint64_t vmcs_read(const struct vmcs *v, enum vmx_field field)
{
	switch (field) {
#define VMX_ROW(encoding, name) \
	case VMX_##name:        \
		return v->name;
		VMX_FIELDS(VMX_ROW)
#undef VMX_ROW
	}
	return 0;
}

void vmcs_write(struct vmcs *v, enum vmx_field field, uint64_t value)
{
	switch (field) {
#define VMX_ROW(encoding, name)  \
	case VMX_##name:         \
		v->name = value; \
		break;
		VMX_FIELDS(VMX_ROW)
#undef VMX_ROW
	}
}
