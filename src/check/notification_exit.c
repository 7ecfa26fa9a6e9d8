/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_notification_exit(const struct hyp_vcpu *v, const struct vmcs *s)
{
	uint64_t vector = pi_field_get(VMX_INTR_VECTOR, s->VM_EXIT_INTR_INFO);

	if (s->VM_EXIT_REASON == VMX_EXIT_EXTERNAL_INTERRUPT &&
	    vector == v->vm->hyp->vectors.notification)
		return "a notification in guest mode caused an exit";
	return NULL;
}
