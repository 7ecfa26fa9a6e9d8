/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_notification_exit(const struct pstd_vcpu *v, const struct pstd_vmcs *s)
{
	uint64_t vector = pstd_field_get(PSTD_VMX_INTR_VECTOR, s->VM_EXIT_INTR_INFO);

	if (s->VM_EXIT_REASON == PSTD_VMX_EXIT_EXTERNAL_INTERRUPT &&
	    vector == v->vm->hyp->vectors.notification)
		return "a notification in guest mode caused an exit";
	return NULL;
}
