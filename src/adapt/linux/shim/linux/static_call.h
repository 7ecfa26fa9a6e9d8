/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_LINUX_STATIC_CALL_H
#define SHIM_LINUX_STATIC_CALL_H

#define static_call(name) name
#define static_call_cond(name) name

#endif
