/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_loaded(const struct hyp_vcpu *v, const struct cpu *c)
{
	if (c->vmcs != memory_at(c->memory, v->vmcs, sizeof(*c->vmcs)))
		return "a vCPU is entered with another's VMCS loaded";
	return NULL;
}
