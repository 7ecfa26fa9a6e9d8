/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_ASM_CPU_H
#define SHIM_ASM_CPU_H

#include <asm/apic.h>

#endif
