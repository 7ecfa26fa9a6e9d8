/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A module's thread-local data lie in its static data, which are the state: a block
 * for each agent, and one for setup, finish and constructors. posted cc renames the
 * C library's function that finds them to the one below.
 */
#include "explore/module/tls.h"
#include <link.h>
#include <string.h>

static const struct explore_module_descriptor *module;

const struct explore_module_descriptor *tls_module(void)
{
	return module;
}

/* In the object that the descriptor is in: what its variables are before anybody runs. */
static int fill(struct dl_phdr_info *info, size_t size, void *arg)
{
	const ElfW(Phdr) *own = NULL, *data = NULL;

	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t at = (uintptr_t)module - info->dlpi_addr - p->p_vaddr;

		if (p->p_type == PT_LOAD && at < p->p_memsz)
			own = p;
		if (p->p_type == PT_TLS)
			data = p;
	}
	for (unsigned i = 0; own && data && i <= EXPLORE_AGENTS; i++)
		memcpy(module->thread_local_data + i * module->thread_local_size,
		       (const char *)(info->dlpi_addr + data->p_vaddr), data->p_filesz);
	return own != NULL;
}

void explore_module_begins(const struct explore_module_descriptor *d)
{
	module = d;
	if (d->thread_local_size)
		dl_iterate_phdr(fill, NULL);
}

void *explore_tls_get_addr(const struct tls_index *index)
{
	const struct explore_agent *self = explore_self();
	size_t block = self ? (size_t)(self - explore_scenario->agents) : EXPLORE_AGENTS;

	return module->thread_local_data + block * module->thread_local_size + index->offset;
}
