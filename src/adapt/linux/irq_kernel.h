/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Just as much of a kernel as the way of a device's interrupt sees of it: memory, lists,
 * locks, SRCU, work queues, eventfds. Its threads are agents, not tasks of a CPU, but where a
 * scenario says that a device interrupts one: without a CPU, disabling interrupts does nothing.
 */
#ifndef ADAPT_IRQ_KERNEL_H
#define ADAPT_IRQ_KERNEL_H

#include <errno.h>
#include <explore/scenario.h>
#include <explore/sched.h>
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <string.h>

typedef unsigned __int128 u128;
typedef uint8_t __u8;
typedef uint32_t __u32;
typedef uint64_t __u64;
typedef u128 __u128;
typedef unsigned __poll_t;

#define __counted_by(member)
#define noinstr
#define max(a, b) ((a) > (b) ? (a) : (b))
#define struct_size(p, member, count) (sizeof(*(p)) + sizeof((p)->member[0]) * (count))
#define array_index_nospec(index, size) (index)
#define IS_ENABLED(option) (option)
#define CONFIG_HAVE_KVM_IRQ_BYPASS 1
#define CONFIG_HAVE_KVM_IRQFD 1
#define CONFIG_HAVE_KVM_IRQCHIP 1
#define CONFIG_HAVE_CMPXCHG_DOUBLE 1
#define CONFIG_IRQ_DOMAIN_HIERARCHY 1
#define CONFIG_IRQ_REMAP 1

#define printk(...) ((void)0)
#define pr_info(...) ((void)0)
#define pr_warn_once(...) ((void)0)
#define might_sleep() ((void)0)
#define try_module_get(module) true
#define module_put(module) ((void)0)
#define lockdep_assert_held(lock) ((void)0)
#define lockdep_assert_once(holds) ((void)0)
#define lockdep_is_held(lock) true

#define rcu_dereference_protected(p, holds) READ_ONCE(p)

#define arch_atomic_read atomic_read
#define raw_atomic_read atomic_read

/* Agents at most in a scenario; who runs: one of them, or setup and finish, the last. */
enum { IRQ_AGENTS = 4 };
unsigned irq_self(void);

/*
 * Memory is given once, each agent's from a place of its own, and never anew. irq_alive says
 * the address; it violates if that was freed.
 */
enum { GFP_KERNEL_ACCOUNT };
void *irq_alloc(size_t size);
void irq_free(const void *p);
bool irq_is_freed(const void *p);
void *irq_alive(const void *p);
#define ALIVE(p) ((__typeof__(p))irq_alive(p))
#define kzalloc(size, flags) ((void)(flags), irq_alloc(size))
#define kfree(p) irq_free(p)

/* Lists. What was taken off one is on none. */
struct list_head {
	struct list_head *next, *prev;
};
#define LIST_HEAD(name) struct list_head name = { &(name), &(name) }

static inline void INIT_LIST_HEAD(struct list_head *l)
{
	l->next = l->prev = l;
}

static inline void irq_list_insert(struct list_head *l, struct list_head *prev,
                                   struct list_head *next)
{
	irq_alive(l);
	l->next = next;
	l->prev = prev;
	ALIVE(next)->prev = l;
	WRITE_ONCE(ALIVE(prev)->next, l);
}

static inline void list_add(struct list_head *l, struct list_head *head)
{
	irq_list_insert(l, head, head->next);
}

static inline void list_add_tail(struct list_head *l, struct list_head *head)
{
	irq_list_insert(l, head->prev, head);
}

static inline void irq_list_unlink(struct list_head *l)
{
	irq_alive(l);
	if (!l->next) {
		explore_fail("something is taken off a list that it is not on");
		return;
	}
	ALIVE(l->next)->prev = l->prev;
	WRITE_ONCE(ALIVE(l->prev)->next, l->next);
}

static inline void list_del(struct list_head *l)
{
	irq_list_unlink(l);
	l->next = l->prev = NULL;
}

static inline void list_del_init(struct list_head *l)
{
	irq_list_unlink(l);
	INIT_LIST_HEAD(l);
}

/* Readers may be there still, who go on. */
static inline void list_del_rcu(struct list_head *l)
{
	irq_list_unlink(l);
	l->prev = NULL;
}

static inline bool list_empty(const struct list_head *head)
{
	return READ_ONCE(ALIVE(head)->next) == head;
}

#define list_add_rcu list_add
#define list_entry_of(l, p, member) container_of(ALIVE(l), __typeof__(*(p)), member)
#define list_for_each_entry(p, head, member)                                       \
	for ((p) = list_entry_of((head)->next, p, member); &(p)->member != (head); \
	     (p) = list_entry_of((p)->member.next, p, member))
#define list_for_each_entry_safe(p, n, head, member)          \
	for ((p) = list_entry_of((head)->next, p, member),    \
	    (n) = list_entry_of((p)->member.next, p, member); \
	     &(p)->member != (head);                                  \
	     (p) = (n), (n) = list_entry_of((p)->member.next, p, member))
#define list_for_each_entry_rcu(p, head, member) list_for_each_entry(p, head, member)
#define list_for_each_entry_srcu(p, head, member, holds) list_for_each_entry(p, head, member)

struct hlist_node {
	struct hlist_node *next, **pprev;
};
struct hlist_head {
	struct hlist_node *first;
};
#define hlist_empty(h) (!READ_ONCE(ALIVE(h)->first))

static inline void hlist_add_head(struct hlist_node *n, struct hlist_head *h)
{
	n->next = h->first;
	if (n->next)
		n->next->pprev = &n->next;
	n->pprev = &h->first;
	WRITE_ONCE(h->first, n);
}

static inline void hlist_del(struct hlist_node *n)
{
	*n->pprev = n->next;
	if (n->next)
		n->next->pprev = n->pprev;
}

#define hlist_add_head_rcu hlist_add_head
#define hlist_del_init_rcu hlist_del
#define hlist_entry_of(n, p, member)                                                 \
	({                                                                           \
		struct hlist_node *node_ = (n);                                      \
		node_ ? container_of(ALIVE(node_), __typeof__(*(p)), member) : NULL; \
	})
#define hlist_for_each_entry(p, head, member)                          \
	for ((p) = hlist_entry_of(ALIVE(head)->first, p, member); (p); \
	     (p) = hlist_entry_of((p)->member.next, p, member))
#define hlist_for_each_entry_rcu hlist_for_each_entry
#define hlist_for_each_entry_srcu(p, head, member, holds) hlist_for_each_entry(p, head, member)
#define hlist_for_each_entry_safe(p, n, head, member)        \
	for ((p) = hlist_entry_of((head)->first, p, member); \
	     (p) && ((n) = (p)->member.next, true); (p) = hlist_entry_of((n), p, member))

/* Locks. */
typedef struct {
	u64 held;
} spinlock_t, raw_spinlock_t;
struct mutex {
	u64 held;
};
#define irq_lock_of(l) (&ALIVE(l)->held)
#define spin_lock_init(l) ((void)((l)->held = 0))
#define mutex_init(l) spin_lock_init(l)
#define DEFINE_MUTEX(name) struct mutex name
#define spin_lock(l) explore_lock(irq_lock_of(l))
#define spin_unlock(l) explore_unlock(irq_lock_of(l))
#define spin_lock_irq(l) (explore_irq_disable(), spin_lock(l))
#define spin_unlock_irq(l) (spin_unlock(l), explore_irq_enable())
#define spin_lock_irqsave(l, flags) ((flags) = explore_irq_save(), spin_lock(l))
#define spin_unlock_irqrestore(l, flags) (spin_unlock(l), explore_irq_restore(flags))
#define raw_spin_lock_irqsave spin_lock_irqsave
#define raw_spin_unlock_irqrestore spin_unlock_irqrestore
#define mutex_lock spin_lock
#define mutex_unlock spin_unlock

typedef struct {
	unsigned sequence;
} seqcount_spinlock_t;
#define seqcount_spinlock_init(s, lock) ((void)((s)->sequence = 0))
#define write_seqcount_begin(s) WRITE_ONCE((s)->sequence, (s)->sequence + 1)
#define write_seqcount_end(s) WRITE_ONCE((s)->sequence, (s)->sequence + 1)
#define read_seqcount_retry(s, begun) (READ_ONCE((s)->sequence) != (begun))
unsigned irq_seqcount_begin(const seqcount_spinlock_t *s);
#define read_seqcount_begin(s) irq_seqcount_begin(ALIVE(s))

/*
 * SRCU: a word for each agent, and one more for setup and finish. Its low byte says how
 * deep it is inside, the rest how often it came out. Coming in is a locked operation, which
 * stands for a store with a fence behind it.
 */
struct srcu_struct {
	u64 reader[IRQ_AGENTS + 1];
};
int srcu_read_lock(struct srcu_struct *s);
void srcu_read_unlock(struct srcu_struct *s, int depth);
void synchronize_srcu(struct srcu_struct *s);
#define synchronize_srcu_expedited synchronize_srcu
#define srcu_dereference(p, s) ALIVE(READ_ONCE(p))
#define srcu_dereference_check(p, s, holds) srcu_dereference(p, s)
#define srcu_read_lock_held(s) true

/* Work queues. Who flushes does what nobody has begun; the rest is for workers. */
enum { IRQ_WORKS = 4 };
struct work_struct {
	void (*func)(struct work_struct *work);
	u64 pending;
};
struct workqueue_struct {
	struct work_struct *item[IRQ_WORKS], *running;
	u64 count;
	u64 merged; /* how often what was to be queued was so already */
};
extern struct workqueue_struct irq_system_wq;
#define INIT_WORK(work, fn) ((void)((work)->func = (fn), (work)->pending = 0))
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
#define schedule_work(work) queue_work(&irq_system_wq, (work))
void flush_workqueue(struct workqueue_struct *wq);
void flush_work(struct work_struct *work); /* of the system's queue */
void irq_worker(void *wq);                 /* an agent's run */

/* Wait queues, as far as eventfds use them; files, descriptors of files, eventfds. */
enum { EPOLLIN = 1, EPOLLHUP = 0x10 };
enum { WQ_FLAG_EXCLUSIVE = 1 };
typedef struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
} wait_queue_head_t;
typedef struct wait_queue_entry {
	unsigned flags;
	int (*func)(struct wait_queue_entry *entry, unsigned mode, int sync, void *key);
	struct list_head entry;
} wait_queue_entry_t;
struct file;
typedef struct poll_table_struct {
	void (*queue)(struct file *file, wait_queue_head_t *wqh, struct poll_table_struct *pt);
} poll_table;
#define init_waitqueue_func_entry(w, fn) ((void)((w)->flags = 0, (w)->func = (fn)))
#define init_poll_funcptr(pt, fn) ((void)((pt)->queue = (fn)))
#define key_to_poll(key) ((__poll_t)(uintptr_t)(key))
void irq_wait(wait_queue_head_t *wqh, wait_queue_entry_t *entry, unsigned flags);
#define add_wait_queue(wqh, entry) irq_wait((wqh), (entry), 0)
#define add_wait_queue_priority(wqh, entry) irq_wait((wqh), (entry), WQ_FLAG_EXCLUSIVE)

struct eventfd_ctx {
	u64 references; /* 0: it is gone */
	wait_queue_head_t wqh;
	u64 count;
	u64 unheard; /* of the count: what nobody in the kernel was told of */
};
struct file {
	u64 references; /* 0: it is closed */
	struct eventfd_ctx *ctx;
};
struct fd {
	struct file *file;
};
#define fd_file(f) ((f).file)
#define IS_ERR(p) ((uintptr_t)(p) >= (uintptr_t)-4095)
#define PTR_ERR(p) ((int)(intptr_t)(p))
#define ERR_PTR(error) ((void *)(intptr_t)(error))
enum { IRQ_FILES = 3 };
extern struct file irq_file[IRQ_FILES];
void irq_files_init(void);
struct fd fdget(int fd);
void fdput(struct fd f);
void irq_close(int fd);
struct eventfd_ctx *eventfd_ctx_fileget(struct file *file);
struct eventfd_ctx *eventfd_ctx_fdget(int fd);
void eventfd_ctx_put(struct eventfd_ctx *ctx);
__poll_t vfs_poll(struct file *file, poll_table *pt);
void eventfd_ctx_do_read(struct eventfd_ctx *ctx, u64 *count);
int eventfd_ctx_remove_wait_queue(struct eventfd_ctx *ctx, wait_queue_entry_t *entry, u64 *count);
void irq_eventfd_signal(struct eventfd_ctx *ctx);
#if ADAPT_VERSION >= 6008
#define eventfd_signal(ctx) irq_eventfd_signal(ctx)
#else
#define eventfd_signal(ctx, n) irq_eventfd_signal(ctx)
#endif

#endif
