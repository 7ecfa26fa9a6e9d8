/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Code as a compiler tells of it, in random programs: two or three agents access few words
 * plainly, as volatile and atomically, 1 to 16 bytes that overlap; they copy and fill, lock,
 * hand over what is plain in the right order, and now and then fail for what they see. With
 * points only where accesses race they must come to the same as with points everywhere, in
 * all the ways in which a search can be made; and to the same wherever their words lie, in the
 * state or on the stack of one of them.
 */
#include "walks.h"
#include "explore/schedule/lent.h"
#include <explore/access.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A seed: what is plain between a rest and the next access to its word. */
enum { PLAIN_AFTER_REST = 1696 };
enum { AGENTS = 3, LENGTH = 4, BYTES = 24, SIZES = 5 };

enum op {
	READ,
	WRITE,
	CHANGE, /* a store that nobody tells the load of */
	VOLATILE_READ,
	VOLATILE_WRITE,
	ATOMIC_LOAD,
	ATOMIC_STORE,
	ATOMIC_ADD,
	ATOMIC_COMPARE,
	FENCE,
	COPY,   /* by a function */
	ASSIGN, /* as gcc tells of it */
	FILL,
	CHOOSE,
	LOCK,
	GUARDED, /* plain, with the lock held */
	HAND_OVER, /* plain, before an atomic store of a flag */
	TAKE_OVER,
	WAIT,   /* until somebody handed over */
	REFUSE, /* fails for some value */
	BLINK,  /* plainly, what a condition looks at; or not */
	WAIT_BLINK,
	OPS,
};

__extension__ typedef unsigned __int128 u128;

static struct {
	uint8_t byte[BYTES] __attribute__((aligned(16)));
	uint64_t lock, flag, guarded, handed, blink;
	uint8_t saw[AGENTS][LENGTH];
} s;

/* Those that all access. */
static uint8_t *words = s.byte;

struct line {
	enum op op;
	unsigned size, at, from, value; /* size: an index */
};

static struct {
	unsigned length;
	struct line line[LENGTH];
} program[AGENTS];

#define TOLD(name, bytes) void explore_tsan_##name##bytes(const void *p)
#define TOLD_SIZES(name) TOLD(name, 1); TOLD(name, 2); TOLD(name, 4); TOLD(name, 8); TOLD(name, 16)
#define TABLE(name)                                                                  \
	TOLD_SIZES(name);                                                            \
	static void (*const name[SIZES])(const void *p) = {                          \
		explore_tsan_##name##1, explore_tsan_##name##2, explore_tsan_##name##4, \
		explore_tsan_##name##8, explore_tsan_##name##16,                     \
	}
TABLE(read);
TABLE(write);
TABLE(volatile_read);
TABLE(volatile_write);
void explore_tsan_read_range(const void *p, size_t size);
void explore_tsan_write_range(const void *p, size_t size);
void explore_tsan_atomic_thread_fence(int order);

/* Atomic accesses, as of one type each. */
#define ATOMIC(bits, type)                                                                      \
	type explore_tsan_atomic##bits##_load(const volatile type *p, int order);               \
	void explore_tsan_atomic##bits##_store(volatile type *p, type value, int order);        \
	type explore_tsan_atomic##bits##_fetch_add(volatile type *p, type value, int order);    \
	int explore_tsan_atomic##bits##_compare_exchange_strong(volatile type *p, type *e,      \
	                                                        type value, int order, int no); \
	static uint64_t atomic##bits(enum op op, void *p, unsigned value)                       \
	{                                                                                       \
		type e = 0;                                                                     \
		int order = value % 2 ? __ATOMIC_SEQ_CST : __ATOMIC_RELEASE;                    \
		if (op == ATOMIC_LOAD)                                                          \
			return (uint64_t)explore_tsan_atomic##bits##_load(p, order);            \
		if (op == ATOMIC_STORE)                                                         \
			explore_tsan_atomic##bits##_store(p, (type)value, order);               \
		if (op == ATOMIC_ADD)                                                           \
			return (uint64_t)explore_tsan_atomic##bits##_fetch_add(p, 1, order);    \
		if (op == ATOMIC_COMPARE)                                                       \
			explore_tsan_atomic##bits##_compare_exchange_strong(p, &e, (type)value, \
			                                                    order, order);      \
		return (uint64_t)e;                                                             \
	}
ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)
ATOMIC(128, u128)
static uint64_t (*const atomic[SIZES])(enum op op, void *p, unsigned value) = {
	atomic8, atomic16, atomic32, atomic64, atomic128,
};

/* What is seen, in a byte. */
static uint8_t fold(const void *p, size_t size)
{
	uint8_t sum = 1;

	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum * 31 + ((const uint8_t *)p)[i]);
	return sum;
}

/* Told first, then done. */
static uint8_t load(void (*told)(const void *p), const void *p, size_t size)
{
	uint8_t saw[16];

	told(p);
	memcpy(saw, p, size);
	return fold(saw, size);
}

static void store(void (*told)(const void *p), void *p, unsigned value, size_t size)
{
	told(p);
	memset(p, (int)value, size);
}

/* Between the two calls nothing is stored: as gcc copies. */
static __attribute__((noinline)) void assign(void *to, const void *from, size_t size)
{
	explore_tsan_write_range(to, size);
	explore_tsan_read_range(from, size);
	memmove(to, from, size);
}

static void guarded(bool held)
{
	uint64_t value;

	if (!held)
		explore_lock(&s.lock);
	read[3](&s.guarded);
	value = s.guarded;
	write[3](&s.guarded);
	s.guarded = value + 1;
	if (!held)
		explore_unlock(&s.lock);
}

static bool is_handed(const void *unused)
{
	return s.flag;
}

static void blink(unsigned value)
{
	store(write[3], &s.blink, 1, 8);
	store(write[3], &s.blink, value % 2, 8);
}

static bool is_lit(const void *unused)
{
	read[3](&s.blink);
	return s.blink;
}

static uint8_t take_over(void)
{
	if (!explore_tsan_atomic64_load(&s.flag, __ATOMIC_ACQUIRE))
		return 0;
	return load(read[3], &s.handed, 8);
}

/* What a line sees, of words that all agents access. */
static uint8_t access_line(const struct line *l)
{
	size_t size = (size_t)1 << l->size;
	uint8_t unwanted = (uint8_t)l->value;
	void *p = &words[l->at];
	uint64_t value;

	switch (l->op) {
	case READ:
		return load(read[l->size], p, size);
	case WRITE:
		store(write[l->size], p, l->value, size);
		return 0;
	case CHANGE:
		write[l->size](p);
		*(uint8_t *)p |= (uint8_t)(1u << l->value % 8);
		return 0;
	case VOLATILE_READ:
		return load(volatile_read[l->size], p, size);
	case VOLATILE_WRITE:
		store(volatile_write[l->size], p, l->value, size);
		return 0;
	case COPY:
		explore_memmove(p, &words[l->from], size);
		return 0;
	case ASSIGN:
		assign(p, &words[l->from], size);
		return 0;
	case FILL:
		explore_memset(p, (int)l->value, size);
		return 0;
	case REFUSE:
		if (load(read[0], p, 1) == fold(&unwanted, 1))
			explore_fail("violated: somebody saw what is not wanted");
		return 0;
	default:
		value = atomic[l->size](l->op, p, l->value);
		return fold(&value, sizeof(value));
	}
}

/* The same; *held: the agent has the lock. False: it ends. */
static bool run_line(const struct line *l, uint8_t *saw, bool *held)
{
	switch (l->op) {
	case FENCE:
		explore_tsan_atomic_thread_fence(__ATOMIC_SEQ_CST);
		return true;
	case CHOOSE:
		*saw = (uint8_t)explore_choose(2);
		return true;
	case LOCK:
		*held ? explore_unlock(&s.lock) : explore_lock(&s.lock);
		*held = !*held;
		return true;
	case GUARDED:
		guarded(*held);
		return true;
	case HAND_OVER:
		store(write[3], &s.handed, l->value, 8);
		explore_tsan_atomic64_store(&s.flag, 1, __ATOMIC_RELEASE);
		return true;
	case TAKE_OVER:
		*saw = take_over();
		return true;
	case WAIT:
		if (*held)
			return true;
		if (!explore_rest(is_handed, NULL))
			return false;
		explore_touch(&s.flag, false);
		*saw = take_over();
		return true;
	case BLINK:
		blink(l->value);
		return true;
	case WAIT_BLINK:
		*saw = 1;
		return *held || explore_rest(is_lit, NULL);
	default:
		*saw = access_line(l);
		return true;
	}
}

static void run(void *agent)
{
	uintptr_t a = (uintptr_t)agent;
	bool held = false;

	for (unsigned i = 0; i < program[a].length; i++) {
		uint8_t saw = 0;

		if (!run_line(&program[a].line[i], &saw, &held))
			return;
		explore_note("saw %u", saw); /* one more way into the explorer */
		s.saw[a][i] = saw;
	}
	if (held)
		explore_unlock(&s.lock);
}

static bool never(const void *unused)
{
	return false;
}

/* Others go on when it has done its part. */
static void run_and_stay(void *agent)
{
	run(agent);
	explore_rest(never, NULL);
}

/* The first agent: it has told others of its stack before any of them begins. */
static void lend(void *agent)
{
	uint8_t own[BYTES] __attribute__((aligned(16)));

	memset(own, 0, sizeof(own));
	words = own;
	run_and_stay(agent);
}

static void finish(void)
{
	memmove(s.byte, words, BYTES);
	walks_final();
}

/* Where it lies: aligned mostly, as atomic accesses always are. */
static unsigned place(unsigned size, bool aligned)
{
	unsigned bytes = 1u << size;

	if (aligned || walks_draw(4))
		return walks_draw(BYTES / bytes) * bytes;
	return walks_draw(BYTES - bytes + 1);
}

static void write_program(unsigned a, unsigned most)
{
	program[a].length = 1 + walks_draw(most);
	for (unsigned i = 0; i < program[a].length; i++) {
		struct line *l = &program[a].line[i];

		l->op = i && !walks_draw(5) ? REFUSE : (enum op)walks_draw(OPS);
		l->size = walks_draw(SIZES);
		if (l->op == CHANGE && l->size > 3)
			l->size = 0;
		l->at = place(l->size, l->op >= ATOMIC_LOAD && l->op <= ATOMIC_COMPARE);
		l->from = place(l->size, false);
		l->value = 1 + a * LENGTH + i;
		if (l->op == ASSIGN && (l->at / 16 == l->from / 16 || l->size < 3))
			l->op = COPY; /* what overlaps is no copy */
		if (l->op == REFUSE)
			l->value = 1 + !a * LENGTH + walks_draw(2); /* that another one stores */
	}
}

static void print_program(const struct explore_scenario *scene, bool sc)
{
	printf("%s:", sc ? "SC" : "TSO");
	for (unsigned a = 0; a < scene->agent_count; a++) {
		printf(" [%s", scene->agents[a].unbuffered ? "unbuffered" : "");
		for (unsigned i = 0; i < program[a].length; i++) {
			const struct line *l = &program[a].line[i];

			printf(" %d:%u@%u<%u=%u", l->op, 1u << l->size, l->at, l->from, l->value);
		}
		printf(" ]");
	}
	putchar('\n');
}

/* The same once more, on the stack of its first agent. */
static int try_lent(struct explore_scenario *scene, struct explore_agent *agents, bool sc)
{
	struct explore_scenario other = *scene;
	struct explore_agent others[AGENTS];

	memcpy(others, agents, sizeof(others));
	agents[0].run = run_and_stay;
	others[0].run = lend;
	other.agents = others;
	other.finish = finish;
	return walks_compare_two(scene, &other, sc);
}

static int try_one(uint64_t seed, bool sc)
{
	static const char *const names[AGENTS] = { "A", "B", "C" };
	struct explore_agent agents[AGENTS] = { 0 };
	struct explore_scenario scene = { .name = "fuzz",
		                          .agents = agents,
		                          .state = &s,
		                          .state_size = sizeof(s),
		                          .finish = walks_final,
		                          .races = EXPLORE_RACES_ARE_POINTS };
	int result, lent;

	walks_seed(seed);
	scene.agent_count = 2 + !walks_draw(4);
	for (unsigned a = 0; a < scene.agent_count; a++) {
		agents[a] = (struct explore_agent){ names[a], run, (void *)(uintptr_t)a,
			                            walks_draw(6) == 0 };
		write_program(a, scene.agent_count == 3 ? 2 : LENGTH);
	}
	words = s.byte;
	result = walks_compare(&scene, sc);
	lent = result < 0 ? 0 : try_lent(&scene, agents, sc);
	if (result < 0 || lent < 0) {
		printf("seed %" PRIu64 "%s, ", seed, lent < 0 ? " on a stack" : "");
		print_program(&scene, sc);
		return -1;
	}
	return result;
}

/* The seeds before 706 find less. */
int main(int argc, char **argv)
{
	static const struct walks_seeds found = { PLAIN_AFTER_REST, 1 };
	const struct walks_seeds seeds = walks_seeds(argc, argv, 60, 706);
	int again, same;

	lent_told(true);
	again = walks_try(found, try_one);
	same = again < 0 ? -1 : walks_try(seeds, try_one);
	if (same < 0)
		return 1;
	same += again;
	printf("%d programs, %u with something wrong; %u walks with words that race\n", same,
	       walks_violated, walks_racing);
	return (uint64_t)same < seeds.count || walks_racing < seeds.count;
}
