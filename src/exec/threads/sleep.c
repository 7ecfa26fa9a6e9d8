/* SPDX-License-Identifier: BSD-2-Clause */
/* An idle pCPU polls for as long as that has paid lately, then dozes (exec/doze.h). */
#include "exec/doze.h"
#include "exec/threads/internal.h"
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

bool sleep_available(void)
{
	return !syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
}

void doze_fence_others(void)
{
	syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

/* A futex has four bytes: the word's lower half. */
void doze_futex_wait(uint64_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
}

void doze_futex_wake(uint64_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* What a sleeper waits for. */
struct waiting {
	struct pcpu *pcpu;
	bool (*ready)(struct pcpu *);
};

static bool is_ready(void *waiting)
{
	const struct waiting *w = waiting;

	return w->ready(w->pcpu);
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

void sleep_wait(struct pcpu *p, bool (*ready)(struct pcpu *))
{
	struct waiting w = { p, ready };
	uint64_t begin = now_ns();

	if (!poll_until(p, ready, begin))
		doze(&p->asleep, is_ready, &w);
	poll_adapt(&p->poll, now_ns() - begin);
}

void sleep_end(struct pcpu *p)
{
	doze_end(&p->asleep);
}
