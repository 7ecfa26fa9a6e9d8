/* SPDX-License-Identifier: BSD-2-Clause */
/* Thread-local data of a module: each agent has its own, in the module's state. */
#ifndef EXPLORE_MODULE_TLS_H
#define EXPLORE_MODULE_TLS_H

#include <explore/module.h>

/* The descriptor of the module that began last; null: none has. */
const struct explore_module_descriptor *tls_module(void);

/* What the compiler has a module call for the address of a variable. */
struct tls_index {
	unsigned long module, offset;
};
void *explore_tls_get_addr(const struct tls_index *index);

#endif
