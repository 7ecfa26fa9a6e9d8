/* SPDX-License-Identifier: BSD-2-Clause */
/* All of it is in xen_types.h. */
#ifndef SHIM_ASM_SYSTEM_H
#define SHIM_ASM_SYSTEM_H
#include "xen_types.h"
#endif
