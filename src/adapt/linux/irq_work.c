/* SPDX-License-Identifier: BSD-2-Clause */
/* Work queues: each operation on a queue is one step. */
#include "irq_kernel.h"
#include <explore/step.h>

struct workqueue_struct irq_system_wq;

static void run(struct work_struct *work)
{
	irq_alive(work);
	work->func(work);
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	bool queued;

	irq_alive(work);
	explore_step_begin();
	queued = !work->pending;
	if (queued && wq->count == IRQ_WORKS)
		explore_fail("the adapter's work queue is full");
	else if (queued)
		wq->item[wq->count++] = work;
	wq->merged += !queued;
	work->pending = 1;
	explore_step_end();
	return queued;
}

/* In a step. */
static void unqueue(struct workqueue_struct *wq, u64 i)
{
	wq->item[i]->pending = 0;
	wq->count--;
	for (; i < wq->count; i++)
		wq->item[i] = wq->item[i + 1];
	wq->item[wq->count] = NULL;
}

static struct work_struct *take(struct workqueue_struct *wq)
{
	struct work_struct *work;

	explore_step_begin();
	work = wq->count ? wq->item[0] : NULL;
	if (work) {
		unqueue(wq, 0);
		wq->running = work;
	}
	explore_step_end();
	return work;
}

static bool has_work(const void *wq)
{
	return ((const struct workqueue_struct *)wq)->count;
}

void irq_worker(void *queue)
{
	struct workqueue_struct *wq = queue;
	struct work_struct *work;

	while (explore_rest(has_work, wq)) {
		work = take(wq);
		if (!work)
			continue;
		run(work);
		__atomic_store_n(&wq->running, NULL, __ATOMIC_SEQ_CST);
	}
}

static bool is_idle(const void *wq)
{
	return !((const struct workqueue_struct *)wq)->running;
}

/* The worker may be about to do it; or who flushes does, as if it were another worker. */
void flush_workqueue(struct workqueue_struct *wq)
{
	for (;;) {
		struct work_struct *work = NULL;

		explore_step_begin();
		if (wq->count) {
			work = wq->item[0];
			unqueue(wq, 0);
		}
		explore_step_end();
		if (!work)
			break;
		run(work);
	}
	if (!explore_rest(is_idle, wq))
		explore_fail("a work queue is flushed for ever");
}

struct flushed {
	const struct work_struct *work;
};

static bool is_done(const void *flushed)
{
	return irq_system_wq.running != ((const struct flushed *)flushed)->work;
}

void flush_work(struct work_struct *work)
{
	struct flushed f = { work };
	bool mine = false;

	irq_alive(work);
	explore_step_begin();
	for (u64 i = 0; i < irq_system_wq.count; i++)
		if (irq_system_wq.item[i] == work) {
			unqueue(&irq_system_wq, i);
			mine = true;
			break;
		}
	explore_step_end();
	if (mine)
		run(work);
	if (!explore_rest(is_done, &f))
		explore_fail("a work is flushed for ever");
}
