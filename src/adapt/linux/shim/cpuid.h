/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_CPUID_H
#define SHIM_CPUID_H

#include <linux/kvm_host.h>

#endif
