/* SPDX-License-Identifier: BSD-2-Clause */
/* Plain accesses, of which the compiler tells as it does for the thread sanitizer. */
#include "explore/schedule/run.h"

/* An access of a coroutine, wherever it goes: its stack is not part of the state. */
static void plain_access(const void *p, size_t size, bool write)
{
	uintptr_t at = (uintptr_t)p - (uintptr_t)explore_scenario->state;

	if (!explore_running || at + size > explore_scenario->state_size || at + size < size)
		return;
	run_trait(TRAIT_PLAIN);
	run_watch->plain(p, size, write);
}

/*
 * The compiler calls these, by names that it also knows as its own: ours are
 * given to the assembler only.
 */
#define NAMED(name) __asm__(name)
#define ACCESS(size)                                                                     \
	void read##size(const void *p) NAMED("__tsan_read" #size);                       \
	void write##size(const void *p) NAMED("__tsan_write" #size);                     \
	void unaligned_read##size(const void *p) NAMED("__tsan_unaligned_read" #size);   \
	void unaligned_write##size(const void *p) NAMED("__tsan_unaligned_write" #size); \
	void read##size(const void *p)                                                   \
	{                                                                                \
		RUN_AT(p);                                                               \
		plain_access(p, size, false);                                            \
	}                                                                                \
	void write##size(const void *p)                                                  \
	{                                                                                \
		RUN_AT(p);                                                               \
		plain_access(p, size, true);                                             \
	}                                                                                \
	void unaligned_read##size(const void *p)                                         \
	{                                                                                \
		RUN_AT(p);                                                               \
		plain_access(p, size, false);                                            \
	}                                                                                \
	void unaligned_write##size(const void *p)                                        \
	{                                                                                \
		RUN_AT(p);                                                               \
		plain_access(p, size, true);                                             \
	}

ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)

void read_range(const void *p, size_t size) NAMED("__tsan_read_range");
void write_range(const void *p, size_t size) NAMED("__tsan_write_range");
void module_begins(void) NAMED("__tsan_init");
void function_begins(void *caller) NAMED("__tsan_func_entry");
void function_ends(void) NAMED("__tsan_func_exit");

void read_range(const void *p, size_t size)
{
	RUN_AT(p);
	plain_access(p, size, false);
}

void write_range(const void *p, size_t size)
{
	RUN_AT(p);
	plain_access(p, size, true);
}

void module_begins(void)
{
}

void function_begins(void *caller)
{
}

void function_ends(void)
{
}
