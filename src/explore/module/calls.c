/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a module may call: the engine, and what depends on its arguments alone. All
 * else is refused, for what the explorer does not see it cannot explore.
 */
#include "explore/module/patterns.h"
#include <dlfcn.h>
#include <explore/load.h>
#include <string.h>

static const struct {
	const char *names; /* patterns */
	const char *advice; /* null: harmless */
} known[] = {
	{ "abs labs llabs ffs ffsl ffsll", NULL },
	{ "__tsan_* __tls_get_addr __emutls_* __sanitizer_*",
	  "it was not built by posted cc, so the explorer does not see its accesses" },
	{ "malloc calloc realloc reallocarray free aligned_alloc posix_memalign memalign strdup "
	  "mmap munmap sbrk",
	  "what it gives is no part of the state that is put back before each schedule: use "
	  "static objects" },
	{ "printf fprintf vprintf vfprintf puts putchar fputs fputc putc fwrite write perror "
	  "stdout stderr __printf_chk __fprintf_chk snprintf sprintf vsnprintf",
	  "it would write in every schedule: explore_note writes into the trace" },
	{ "pthread_mutex_* pthread_spin_* pthread_rwlock_* mtx_*",
	  "the explorer cannot wait there: make a lock of atomics and explore_rest" },
	{ "pthread_* thrd_* cnd_* sem_* fork vfork clone",
	  "agents are the threads: each waits with explore_rest, or explore_futex_wait" },
	{ "syscall futex",
	  "system calls cannot be explored: for futex(2) there are explore_futex_wait and "
	  "explore_futex_wake, for membarrier(2) explore_membarrier" },
	{ "sleep usleep nanosleep clock_nanosleep poll select sched_yield pause epoll_wait",
	  "no time passes for an agent: one that waits calls explore_rest" },
	{ "time clock clock_gettime gettimeofday rand random rand_r drand48 arc4random* getrandom "
	  "getpid gettid sched_getcpu getenv",
	  "it gives another answer each time, but a schedule has to repeat itself: "
	  "explore_choose explores each answer" },
	{ "exit _exit _Exit quick_exit atexit at_quick_exit raise kill signal sigaction",
	  "it would end the explorer: an agent returns, and explore_fail says what is wrong" },
	{ "*setjmp longjmp siglongjmp __longjmp_chk swapcontext makecontext",
	  "the explorer switches stacks itself: make an agent of what has one of its own" },
};

const char *explore_module_refuses(const char *function)
{
	bool there = dlsym(RTLD_DEFAULT, function) != NULL;

	if (!strncmp(function, "explore_", strlen("explore_")))
		return there ? NULL : "this build of the explorer has no such function";
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (there && patterns_fit(known[i].names, function))
			return known[i].advice;
	if (!there)
		return "nobody defines it: give posted cc the file that does";
	return "the explorer does not see what it does: define it in C of your own, or, if all it "
	       "does is to answer, and always the same, allow it with posted cc --allow";
}
