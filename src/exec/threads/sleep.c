/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sleep of an idle pCPU. Whoever has something for it stores that first and
 * looks at asleep second, with no fence between, for this is the path of every
 * notification. The sleeper pays for both: it stores asleep, makes every other
 * running thread pass a fence (membarrier), and looks again.
 */
#include "exec/threads/internal.h"
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

bool sleep_available(void)
{
	return !syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
}

/* Polls for p->poll.now; looks at the clock every so often. */
static bool poll_until(struct pcpu *p, bool (*ready)(struct pcpu *), uint64_t begin)
{
	for (unsigned i = 1;; i++) {
		if (ready(p))
			return true;
		__builtin_ia32_pause();
		if (i % 64 == 0 && now_ns() - begin >= p->poll.now)
			return false;
	}
}

static void doze(struct pcpu *p, bool (*ready)(struct pcpu *))
{
	atomic_store_explicit(&p->asleep, 1, memory_order_relaxed);
	syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
	while (!ready(p) && atomic_load_explicit(&p->asleep, memory_order_acquire))
		syscall(SYS_futex, &p->asleep, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
	atomic_store_explicit(&p->asleep, 0, memory_order_relaxed);
}

void sleep_wait(struct pcpu *p, bool (*ready)(struct pcpu *))
{
	uint64_t begin = now_ns();

	if (!poll_until(p, ready, begin))
		doze(p, ready);
	poll_adapt(&p->poll, now_ns() - begin);
}

void sleep_end(struct pcpu *p)
{
	/* Only the compiler is held back here; the sleeper's membarrier holds back the CPU. */
	atomic_signal_fence(memory_order_seq_cst);
	if (atomic_load_explicit(&p->asleep, memory_order_relaxed) &&
	    atomic_exchange_explicit(&p->asleep, 0, memory_order_release))
		syscall(SYS_futex, &p->asleep, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
