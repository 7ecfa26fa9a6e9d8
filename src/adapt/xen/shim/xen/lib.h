/* SPDX-License-Identifier: BSD-2-Clause */
/* What Xen's list.h needs of it. */
#ifndef SHIM_XEN_LIB_H
#define SHIM_XEN_LIB_H
#include "xen_types.h"
#endif
