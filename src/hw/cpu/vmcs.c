/* SPDX-License-Identifier: BSD-2-Clause */
#include <posted/hw/vmcs.h>

uint64_t pstd_vmcs_read(const struct pstd_vmcs *v, enum pstd_vmx_field field)
{
	switch (field) {
#define PSTD_VMX_ROW(encoding, name) \
	case PSTD_VMX_##name:        \
		return v->name;
		PSTD_VMX_FIELDS(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
	}
	return 0;
}

void pstd_vmcs_write(struct pstd_vmcs *v, enum pstd_vmx_field field, uint64_t value)
{
	switch (field) {
#define PSTD_VMX_ROW(encoding, name) \
	case PSTD_VMX_##name:        \
		v->name = value;     \
		break;
		PSTD_VMX_FIELDS(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
	}
}
