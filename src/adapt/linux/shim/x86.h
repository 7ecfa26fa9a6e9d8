/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_X86_H
#define SHIM_X86_H

#include <linux/kvm_host.h>

#endif
