/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_LINUX_LIST_H
#define SHIM_LINUX_LIST_H

#include <explore/scenario.h>
#include <linux/compiler.h>
#include <linux/types.h>

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

/* Where nobody may go who was taken off a list. */
#define LIST_POISON1 ((struct list_head *)0x100)
#define LIST_POISON2 ((struct list_head *)0x122)

static inline void INIT_LIST_HEAD(struct list_head *l)
{
	l->next = l->prev = l;
}

static inline void list_insert_(struct list_head *l, struct list_head *prev, struct list_head *next)
{
	if (l == prev || l == next)
		explore_fail("what is added to a list is on it already");
	next->prev = l;
	l->next = next;
	l->prev = prev;
	WRITE_ONCE(prev->next, l);
}

static inline void list_add(struct list_head *l, struct list_head *head)
{
	list_insert_(l, head, head->next);
}

static inline void list_add_tail(struct list_head *l, struct list_head *head)
{
	list_insert_(l, head->prev, head);
}

static inline void list_unlink_(struct list_head *l)
{
	if (l->next == LIST_POISON1) {
		explore_fail("what is taken off a list is on none");
		return;
	}
	l->next->prev = l->prev;
	WRITE_ONCE(l->prev->next, l->next);
}

static inline void list_del(struct list_head *l)
{
	list_unlink_(l);
	l->next = LIST_POISON1;
	l->prev = LIST_POISON2;
}

static inline void list_del_init(struct list_head *l)
{
	list_unlink_(l);
	INIT_LIST_HEAD(l);
}

static inline bool list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

static inline bool list_empty_careful(const struct list_head *head)
{
	return list_empty(head) && READ_ONCE(head->prev) == head;
}

/* Who walks a list stands on an entry that was taken off it meanwhile. */
static inline bool list_left_(const struct list_head *l)
{
	if (l != LIST_POISON1)
		return false;
	explore_fail("an entry was taken off a list while another CPU walks it");
	return true;
}

#define list_entry container_of
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_next_entry(p, member) list_entry((p)->member.next, __typeof__(*(p)), member)
#define list_for_each_entry(p, head, member)                                           \
	for (p = list_first_entry(head, __typeof__(*p), member);                       \
	     !list_left_(&p->member) && &p->member != (head); p = list_next_entry(p, member))
#define list_for_each_entry_safe(p, n, head, member)                                             \
	for (p = list_first_entry(head, __typeof__(*p), member), n = list_next_entry(p, member); \
	     &p->member != (head); p = n, n = list_next_entry(n, member))

#define hlist_entry container_of
#define hlist_entry_safe(p, type, member)                        \
	({                                                       \
		__typeof__(p) node_ = (p);                       \
		node_ ? hlist_entry(node_, type, member) : NULL; \
	})
#define hlist_empty(head) (!READ_ONCE((head)->first))
#define hlist_for_each_entry(p, head, member)                                \
	for (p = hlist_entry_safe((head)->first, __typeof__(*p), member); p; \
	     p = hlist_entry_safe(p->member.next, __typeof__(*p), member))

static inline void hlist_add_head(struct hlist_node *n, struct hlist_head *head)
{
	n->next = head->first;
	if (head->first)
		head->first->pprev = &n->next;
	head->first = n;
	n->pprev = &head->first;
}

#endif
