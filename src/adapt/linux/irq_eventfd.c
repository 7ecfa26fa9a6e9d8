/* SPDX-License-Identifier: BSD-2-Clause */
/* Eventfds with their wait queues, and the files that they are behind. */
#include "irq_kernel.h"

static struct eventfd_ctx eventfd[IRQ_FILES];
struct file irq_file[IRQ_FILES];

void irq_files_init(void)
{
	for (int i = 0; i < IRQ_FILES; i++) {
		INIT_LIST_HEAD(&eventfd[i].wqh.head);
		eventfd[i].references = 1;
		irq_file[i] = (struct file){ 1, &eventfd[i] };
	}
}

static bool is_closed(const struct file *file)
{
	return !__atomic_load_n(&file->references, __ATOMIC_RELAXED);
}

/* Unless the last reference is gone. */
static bool get(u64 *references)
{
	u64 n = READ_ONCE(*references);

	while (n && !__atomic_compare_exchange_n(references, &n, n + 1, false, __ATOMIC_SEQ_CST,
	                                         __ATOMIC_SEQ_CST))
		;
	return n;
}

struct fd fdget(int fd)
{
	return (struct fd){ get(&irq_file[fd].references) ? &irq_file[fd] : NULL };
}

void eventfd_ctx_put(struct eventfd_ctx *ctx)
{
	if (!__atomic_load_n(&ctx->references, __ATOMIC_RELAXED))
		explore_fail("an eventfd is given back that is gone");
	__atomic_fetch_sub(&ctx->references, 1, __ATOMIC_SEQ_CST);
}

static void must_be(const struct eventfd_ctx *ctx)
{
	if (!READ_ONCE(ctx->references))
		explore_fail("an eventfd is used that is gone");
}

/* With the wait queue's lock held. Whether somebody was told, for a violation is if nobody was. */
static bool tell(struct eventfd_ctx *ctx, __poll_t events)
{
	wait_queue_entry_t *w, *next;
	bool told = false;

	list_for_each_entry_safe(w, next, &ctx->wqh.head, entry)
	{
		unsigned flags = w->flags;
		int result = w->func(w, 0, 0, (void *)(uintptr_t)events);

		told = true;
		if (result < 0 || (result && flags & WQ_FLAG_EXCLUSIVE))
			break;
	}
	return told;
}

/* The last one closes the file. */
static void put(struct file *file)
{
	struct eventfd_ctx *ctx = file->ctx;

	if (__atomic_sub_fetch(&file->references, 1, __ATOMIC_SEQ_CST))
		return;
	explore_note("the eventfd is closed");
	spin_lock_irq(&ctx->wqh.lock);
	tell(ctx, EPOLLHUP);
	spin_unlock_irq(&ctx->wqh.lock);
	eventfd_ctx_put(ctx);
}

void fdput(struct fd f)
{
	if (f.file)
		put(f.file);
}

void irq_close(int fd)
{
	put(&irq_file[fd]);
}

struct eventfd_ctx *eventfd_ctx_fileget(struct file *file)
{
	__atomic_fetch_add(&file->ctx->references, 1, __ATOMIC_SEQ_CST);
	return file->ctx;
}

struct eventfd_ctx *eventfd_ctx_fdget(int fd)
{
	struct fd f = fdget(fd);
	struct eventfd_ctx *ctx;

	if (!f.file)
		return ERR_PTR(-EBADF);
	ctx = eventfd_ctx_fileget(f.file);
	fdput(f);
	return ctx;
}

void irq_wait(wait_queue_head_t *wqh, wait_queue_entry_t *entry, unsigned flags)
{
	spin_lock_irq(&wqh->lock);
	entry->flags = flags;
	list_add(&entry->entry, &wqh->head);
	spin_unlock_irq(&wqh->lock);
}

/* Without the lock. Who is told so that there is something has heard of it. */
__poll_t vfs_poll(struct file *file, poll_table *pt)
{
	struct eventfd_ctx *ctx = file->ctx;

	if (is_closed(file))
		explore_fail("a file is polled that is closed");
	pt->queue(file, &ctx->wqh, pt);
	if (!READ_ONCE(ctx->count))
		return 0;
	__atomic_exchange_n(&ctx->unheard, 0, __ATOMIC_SEQ_CST);
	return EPOLLIN;
}

/* With the lock held. */
void eventfd_ctx_do_read(struct eventfd_ctx *ctx, u64 *count)
{
	*count = ctx->count;
	WRITE_ONCE(ctx->count, 0);
}

int eventfd_ctx_remove_wait_queue(struct eventfd_ctx *ctx, wait_queue_entry_t *entry, u64 *count)
{
	must_be(ctx);
	spin_lock_irq(&ctx->wqh.lock);
	eventfd_ctx_do_read(ctx, count);
	list_del(&entry->entry);
	spin_unlock_irq(&ctx->wqh.lock);
	return *count ? 0 : -EAGAIN;
}

void irq_eventfd_signal(struct eventfd_ctx *ctx)
{
	unsigned long flags;

	must_be(ctx);
	spin_lock_irqsave(&ctx->wqh.lock, flags);
	WRITE_ONCE(ctx->count, ctx->count + 1);
	if (!tell(ctx, EPOLLIN))
		__atomic_fetch_add(&ctx->unheard, 1, __ATOMIC_SEQ_CST);
	spin_unlock_irqrestore(&ctx->wqh.lock, flags);
}
