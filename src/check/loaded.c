/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_loaded(const struct pstd_vcpu *v, const struct pstd_cpu *c)
{
	if (c->vmcs != pstd_memory_at(c->memory, v->vmcs, sizeof(*c->vmcs)))
		return "a vCPU is entered with another's VMCS loaded";
	if (v->launched != c->vmcs->launched)
		return v->launched ? "a vCPU is entered by VMRESUME, and its VMCS is clear"
		                   : "a vCPU is entered by VMLAUNCH, and its VMCS is launched";
	return NULL;
}
