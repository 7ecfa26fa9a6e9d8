/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What lies on a stack and others access, too. The sleeper of the first scenario lies on a
 * list itself, as Linux's do, where its waker takes it off; what can be wrong with that:
 *   UNLOCKED  nobody takes the lock
 *   LATE      it returns, and is listed still
 *   CARELESS  it returns when it sees that it is off the list, maybe not quite yet
 *   READS     the waker reads of it what it needs when it is off the list already
 */
#include <explore/module.h>
#include <explore/sched.h>
#include <stdatomic.h>

struct node {
	struct node *next, *prev;
	unsigned task;
};

static struct explore_machine machine;
static struct node head;
static uint64_t lock;
static volatile int wanted;
static int went_on;

#ifdef UNLOCKED
enum { locks = false };
#else
enum { locks = true };
#endif

static void take_lock(void)
{
	if (locks)
		explore_lock(&lock);
}

static void give_lock(void)
{
	if (locks)
		explore_unlock(&lock);
}

static void list_init(struct node *n)
{
	n->next = n;
	n->prev = n;
}

static void list_del(struct node *n)
{
	n->next->prev = n->prev;
	n->prev->next = n->next;
	list_init(n);
}

static void list_add(struct node *n)
{
	n->next = &head;
	n->prev = head.prev;
	head.prev->next = n;
	head.prev = n;
}

static void prepare(struct node *n)
{
	take_lock();
	if (n->next == n)
		list_add(n);
	explore_task_set(1);
	give_lock();
	explore_fence();
}

static void finish_wait(struct node *n)
{
	explore_task_set(0);
#ifdef CARELESS
	if (*(struct node *volatile *)&n->next == n)
		return;
#endif
	take_lock();
#ifndef LATE
	if (n->next != n)
		list_del(n);
#endif
	give_lock();
}

static __attribute__((noinline)) void wait_for_it(void)
{
	struct node wait = { .task = 0 };

	list_init(&wait);
	for (;;) {
		prepare(&wait);
		if (wanted)
			break;
		explore_task_block();
	}
	finish_wait(&wait);
}

/* Something else lies there then. */
static __attribute__((noinline)) int use_stack(int n)
{
	volatile long other[8];

	for (int i = 0; i < 8; i++)
		other[i] = n;
	return (int)(other[0] + other[7]);
}

static void sleeper(void *arg)
{
	wait_for_it();
	went_on = use_stack(1);
}

static void waker(void *arg)
{
	struct node *n;

	wanted = 1;
	explore_fence();
	take_lock();
	n = head.next;
	if (n != &head) {
		unsigned task = n->task;

		list_del(n);
#ifdef READS
		give_lock();
		task = n->task;
#endif
		explore_task_wake(task, -1);
#ifdef READS
		return;
#endif
	}
	give_lock();
}

static const struct explore_task tasks[] = { { .name = "sleeper", .run = sleeper, .ends = true } };
static const struct explore_sched rules = { .cpus = 1, .tasks = tasks, .task_count = 1 };
static const struct explore_agent sleeps[] = {
	{ .name = "CPU 0", .run = explore_cpu },
	{ .name = "waker", .run = waker },
};

static void setup(void)
{
	list_init(&head);
	explore_machine_setup(&machine, &rules);
}

static void judge(void)
{
	if (head.next != &head || went_on != 2)
		explore_fail("it is listed still");
}

EXPLORE_SCENARIO(listed, "a sleeper is woken, and on no list then", EXPLORE_AGENTS_OF(sleeps),
                 .setup = setup, .finish = judge);

/* Store buffering, of two words on two stacks. */
static int *_Atomic word[2];
static int saw[2], done[2];

static bool both_there(const void *arg)
{
	return word[0] && word[1];
}

static bool both_done(const void *arg)
{
	return atomic_load((_Atomic int *)&done[0]) && atomic_load((_Atomic int *)&done[1]);
}

static __attribute__((noinline)) void cross(void *arg)
{
	unsigned me = arg != NULL;
	int own = 0;

	word[me] = &own;
	if (!explore_rest(both_there, NULL))
		return;
	own = 1;
	saw[me] = *word[!me];
	atomic_store((_Atomic int *)&done[me], 1);
	explore_rest(both_done, NULL);
}

static void judge_cross(void)
{
	if (!saw[0] && !saw[1])
		explore_fail("neither sees what the other stored");
}

static const struct explore_agent two[] = {
	{ .name = "P0", .run = cross, .arg = NULL },
	{ .name = "P1", .run = cross, .arg = (void *)1 },
};
EXPLORE_SCENARIO(buffers, "one sees what the other stored", EXPLORE_AGENTS_OF(two),
                 .finish = judge_cross);

/* An interrupt's handler stores to what the task that it interrupts has on its stack. */
static int *told;

static void interrupted(void *arg)
{
	int own = 0, first, then;

	*(int *volatile *)&told = &own;
	first = own;
	atomic_signal_fence(memory_order_seq_cst); /* or a compiler would load it once */
	then = own;
	if (first != then)
		explore_fail("an interrupt comes between");
	*(int *volatile *)&told = NULL;
}

static void handle(unsigned cpu, unsigned vector)
{
	if (told)
		*told = 1;
}

static void interrupts(void *arg)
{
	explore_interrupt(0, 32);
}

static const struct explore_task victims[] = { { .name = "victim", .run = interrupted } };
static const struct explore_sched anywhere = {
	.cpus = 1, .tasks = victims, .task_count = 1, .interrupts_anywhere = true, .handler = handle
};

static void setup_anywhere(void)
{
	explore_machine_setup(&machine, &anywhere);
}

static const struct explore_agent interrupting[] = {
	{ .name = "CPU 0", .run = explore_cpu },
	{ .name = "device", .run = interrupts },
};
EXPLORE_SCENARIO(handler, "no interrupt comes between two loads", EXPLORE_AGENTS_OF(interrupting),
                 .setup = setup_anywhere);

/* What is stored on the own stack waits, and is seen; and harms nobody who comes there later. */
struct pair {
	_Atomic int one;
	int other;
};

static __attribute__((noinline)) int store_and_copy(struct pair *to)
{
	struct pair own = { 0, 3 };

	atomic_store_explicit(&own.one, 1, memory_order_release);
	*to = own;
	atomic_store_explicit(&own.one, 9, memory_order_release);
	return to->one;
}

static void stores(void *arg)
{
	struct pair copy;

	if (store_and_copy(&copy) != 1 || use_stack(4) != 8)
		explore_fail("what was stored is lost, or where something else is");
	wanted = 1;
	if (use_stack(5) != 10)
		explore_fail("what was stored comes where something else is");
}

static void looks_on(void *arg)
{
	went_on = wanted;
}

static const struct explore_agent alone[] = {
	{ .name = "stores", .run = stores },
	{ .name = "looks on", .run = looks_on },
};
EXPLORE_SCENARIO(own, "a store is seen by who stored it, and ends with its function",
                 EXPLORE_AGENTS_OF(alone));

/* A place that is one call's, and the next one's. Another agent answers what each asks. */
static struct question {
	int asked, answer;
} *_Atomic question;
static struct question *kept; /* what it answered before */

static bool is_answered(const void *arg)
{
	return !question;
}

static bool is_asked(const void *arg)
{
	return question;
}

static __attribute__((noinline)) int ask(int n)
{
	struct question q;

	q.asked = n;
	question = &q;
	return explore_rest(is_answered, NULL) ? q.answer : 0;
}

static void asks(void *arg)
{
	if (ask(1) != 2 || ask(2) != 3)
		explore_fail("an answer is wrong");
}

static void answer(void)
{
	struct question *q = question;

	q->answer = q->asked + 1;
	question = NULL;
}

static void answers(void *arg)
{
	for (int i = 0; i < 2 && explore_rest(is_asked, NULL); i++)
		answer();
}

static const struct explore_agent asked[] = {
	{ .name = "asks", .run = asks },
	{ .name = "answers", .run = answers },
};
EXPLORE_SCENARIO(again, "each call has its answer", EXPLORE_AGENTS_OF(asked));

static void answers_again(void *arg)
{
	if (!explore_rest(is_asked, NULL))
		return;
	kept = question;
	answer();
	kept->answer++;
}

static const struct explore_agent stale[] = {
	{ .name = "asks", .run = asks },
	{ .name = "answers", .run = answers_again },
};
EXPLORE_SCENARIO(kept_on, "nobody keeps a question", EXPLORE_AGENTS_OF(stale));

/* A condition looks at another's stack. */
static const int *volatile looked_at;
static int seen;

static bool is_set(const void *arg)
{
	return looked_at && *looked_at;
}

static void sets(void *arg)
{
	int own = 0;

	looked_at = &own;
	own = 1;
	atomic_store((_Atomic int *)&done[0], 1);
	own = 2;
	explore_rest(both_done, NULL);
}

static void looks(void *arg)
{
	seen = explore_rest(is_set, NULL) ? *looked_at : 0;
	atomic_store((_Atomic int *)&done[1], 1);
}

static void judge_seen(void)
{
	if (seen != 2)
		explore_fail("it is seen when it is set first");
}

static const struct explore_agent conditions[] = {
	{ .name = "sets", .run = sets },
	{ .name = "looks", .run = looks },
};
EXPLORE_SCENARIO(condition, "it is seen late", EXPLORE_AGENTS_OF(conditions),
                 .finish = judge_seen);

/* Deeper than anybody looks. */
static void cross_deep(void *arg)
{
	volatile char big[20 * 1024];

	big[0] = 0;
	cross(arg);
	big[1] = big[0];
}

static const struct explore_agent deep[] = {
	{ .name = "P0", .run = cross_deep, .arg = NULL },
	{ .name = "P1", .run = cross, .arg = (void *)1 },
};
EXPLORE_SCENARIO(deep, "nothing", EXPLORE_AGENTS_OF(deep));

/*
 * What is the agent's without a place of its own in a frame, twice at the same address: found by
 * alloca, an array of a length that is known then, a struct that was passed, an eighth argument.
 */
static int *_Atomic lent;
static volatile int answered;

static bool is_lent(const void *arg)
{
	return lent;
}

static bool is_there(const void *arg)
{
	return answered;
}

static void await(int *own)
{
	lent = own;
	if (explore_rest(is_there, NULL) && *own != 5)
		explore_fail("the answer is wrong");
	answered = 0;
}

static __attribute__((noinline)) void find(unsigned n)
{
	int *own = __builtin_alloca(n * sizeof(*own));

	await(own);
}

static __attribute__((noinline)) void measure(unsigned n)
{
	int own[n];

	await(own);
}

struct large {
	int own;
	long others[8];
};

static __attribute__((noinline)) void take_large(struct large passed)
{
	await(&passed.own);
}

static __attribute__((noinline)) void pass(int n)
{
	struct large one = { .own = n };

	take_large(one);
}

static __attribute__((noinline)) void take_many(int a, int b, int c, int d, int e, int f, int g,
                                                int own)
{
	await(&own);
}

static __attribute__((noinline)) void pass_many(int n)
{
	take_many(1, 2, 3, 4, 5, 6, 7, n);
}

enum { PLACES = 8 };

static void lends(void *arg)
{
	for (int i = 0; i < 2; i++) {
		find(16);
		measure(24);
		pass(i);
		pass_many(i);
	}
}

static void fills(void *arg)
{
	for (int i = 0; i < PLACES && explore_rest(is_lent, NULL); i++) {
		*lent = 5;
		lent = NULL;
		answered = 1;
	}
}

static const struct explore_agent lending[] = {
	{ .name = "lends", .run = lends },
	{ .name = "fills", .run = fills },
};
EXPLORE_SCENARIO(places, "all that is on a stack has a place", EXPLORE_AGENTS_OF(lending));

/* What ends without a return, or with one that a compiler would like to leave out. */
static void *back[5];

static void reads_late(void *arg)
{
	if (explore_rest(is_lent, NULL))
		went_on = *lent;
}

static __attribute__((noinline)) void jump(void)
{
	int own = 1;

	lent = &own;
	__builtin_longjmp(back, 1);
}

static void jumps(void *arg)
{
	if (!__builtin_setjmp(back))
		jump();
	wanted = 1;
	explore_rest(is_there, NULL);
}

static const struct explore_agent jumping[] = {
	{ .name = "jumps", .run = jumps },
	{ .name = "reads", .run = reads_late },
};
EXPLORE_SCENARIO(jumped, "nothing", EXPLORE_AGENTS_OF(jumping));

static void lend_once(void) /* from one place: compilers inline such a function */
{
	int own = 1;

	lent = &own;
	use_stack(2);
}

static void goes_on(void *arg)
{
	lend_once();
	wanted = 1;
	explore_rest(is_there, NULL);
}

static const struct explore_agent going[] = {
	{ .name = "goes on", .run = goes_on },
	{ .name = "reads", .run = reads_late },
};
EXPLORE_SCENARIO(inlined, "nothing", EXPLORE_AGENTS_OF(going));

/* Who looks, in a condition or after each step, does not see what is gone either. */
static bool is_one(const void *arg)
{
	return lent && *lent == 1;
}

static void waits_for_one(void *arg)
{
	explore_rest(is_one, NULL);
}

static const struct explore_agent waiting[] = {
	{ .name = "goes on", .run = goes_on },
	{ .name = "waits", .run = waits_for_one },
};
EXPLORE_SCENARIO(looked, "nothing", EXPLORE_AGENTS_OF(waiting));

static void judge_lent(void)
{
	if (is_one(NULL))
		wanted = wanted;
}

static const struct explore_agent judged[] = {
	{ .name = "goes on", .run = goes_on },
	{ .name = "looks on", .run = looks_on },
};
EXPLORE_SCENARIO(each_looks, "nothing", EXPLORE_AGENTS_OF(judged), .each = judge_lent);
