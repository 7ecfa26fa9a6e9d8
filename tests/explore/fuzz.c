/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reduction against no reduction, on random programs: two or three agents
 * do a few loads, stores, locked operations, fences, accesses to bytes, locks,
 * choices, waits, polls, futex sleeps, membarriers and plain accesses, on two words;
 * now and then something is wrong with the words between two steps, too.
 * Both ways must come to the same verdict and the same set of final states, under
 * both memory models, and three parts of a search must make up the whole.
 */
#include "walks.h"
#include <inttypes.h>
#include <posted/atomic.h>
#include <stdlib.h>

enum { AGENTS = 3, LENGTH = 5, WORDS = 2 };

enum op {
	STORE,
	LOAD,
	EXCHANGE,
	CMPXCHG,
	FENCE,
	STORE_BYTE,
	LOAD_BYTE,
	LOCK,
	CHOOSE,
	WAKE,
	FENCE_OTHERS,
	TAKE, /* waits until the word is not 0, and makes it 0 */
	SLEEP, /* while it is 0, until woken */
	POLL, /* while it is 0 */
	OTHER_LOCK, /* takes it and gives it back */
	BOTH_LOCKS, /* the other one first: in a circle, maybe */
	/* plain accesses to what belongs to the word; most ways to do it are right, alone */
	HAND_OVER, /* and a store after it; one who takes the word looks at it */
	WITH_LOCK,
	PLAIN,
	OPS,
};

static struct {
	uint64_t word[WORDS];
	struct pstd_spinlock lock, other_lock;
	uint64_t plain[WORDS];
	uint8_t saw[AGENTS][LENGTH]; /* the state ends within a word */
} s;

static struct {
	unsigned length;
	struct {
		enum op op;
		unsigned word, value;
	} line[LENGTH];
} program[AGENTS];

static bool plain; /* the program has plain accesses */

static bool is_set(const void *word)
{
	return *(const uint64_t *)word;
}

/* What the compiler makes of plain accesses, for races.c. */
void tells_read(const void *p) __asm__("__tsan_read8");
void tells_write(const void *p) __asm__("__tsan_write8");

static uint64_t plain_load(const uint64_t *p)
{
	tells_read(p);
	return *p;
}

static void plain_store(uint64_t *p, uint64_t value)
{
	tells_write(p);
	*p = value;
}

static void plain_with_lock(uint64_t *p, bool held)
{
	if (!held)
		pstd_spin_lock(&s.lock);
	plain_store(p, plain_load(p) + 1);
	if (!held)
		pstd_spin_unlock(&s.lock);
}

static void take_both(bool held)
{
	pstd_spin_lock(&s.other_lock);
	if (!held) {
		pstd_spin_lock(&s.lock);
		pstd_spin_unlock(&s.lock);
	}
	pstd_spin_unlock(&s.other_lock);
}

static uint64_t compare_exchange(uint64_t *p, uint64_t value)
{
	uint64_t expected = value % 2 ? 0 : value - 1;
	bool done = pstd_cmpxchg_seq(p, &expected, value);

	return done * 100u + expected;
}

/* What a line sees; *held: the agent has the lock. */
static uint64_t line(enum op op, uint64_t *p, unsigned value, bool *held)
{
	uint8_t *byte = (uint8_t *)p + value % 2;
	uint64_t *own = &s.plain[p - s.word];

	switch (op) {
	case STORE:
		pstd_store_release(p, value);
		return 0;
	case LOAD:
		return pstd_load_acquire(p);
	case EXCHANGE:
		return pstd_exchange_seq(p, value);
	case CMPXCHG:
		return compare_exchange(p, value);
	case FENCE:
		explore_fence();
		return 0;
	case STORE_BYTE:
		pstd_store8_release(byte, (uint8_t)value);
		return 0;
	case LOAD_BYTE:
		return pstd_load8_relaxed(byte);
	case LOCK:
		*held ? pstd_spin_unlock(&s.lock) : pstd_spin_lock(&s.lock);
		*held = !*held;
		return 0;
	case CHOOSE:
		return explore_choose(2);
	case POLL:
		while (!pstd_load_relaxed(p))
			;
		return 0;
	case OTHER_LOCK:
		pstd_spin_lock(&s.other_lock);
		pstd_spin_unlock(&s.other_lock);
		return 0;
	case BOTH_LOCKS:
		take_both(*held);
		return 0;
	case HAND_OVER:
		plain_store(own, value);
		pstd_store_release(p, value);
		return 0;
	case WITH_LOCK:
		plain_with_lock(own, *held);
		return 0;
	case PLAIN:
		if (value % 2)
			return plain_load(own);
		plain_store(own, value);
		return 0;
	case WAKE:
		explore_futex_wake(p);
		return 0;
	case FENCE_OTHERS:
		explore_membarrier();
		return 0;
	default:
		return 0;
	}
}

/* Words have values in their first two bytes. */
static uint8_t fold(uint64_t saw)
{
	return (uint8_t)(1 + saw + 31 * (saw >> 8));
}

static void run(void *agent)
{
	uintptr_t a = (uintptr_t)agent;
	bool held = false;

	for (unsigned i = 0; i < program[a].length; i++) {
		uint64_t *p = &s.word[program[a].line[i].word];

		if (program[a].line[i].op == TAKE) {
			if (!explore_rest(is_set, p))
				return;
			explore_touch(p, false);
			s.saw[a][i] = fold(pstd_exchange_seq(p, 0));
			if (plain)
				s.saw[a][i] += fold(100 * plain_load(&s.plain[p - s.word]));
			continue;
		}
		if (program[a].line[i].op == SLEEP && !explore_futex_wait(p, 0))
			return;
		s.saw[a][i] = fold(
			line(program[a].line[i].op, p, program[a].line[i].value, &held));
	}
	if (held)
		pstd_spin_unlock(&s.lock);
}

static void write_program(unsigned a, unsigned most)
{
	/* Of plain accesses as such, few: they race. */
	unsigned ops = !plain ? HAND_OVER : walks_draw(4) ? PLAIN : OPS;

	program[a].length = 1 + walks_draw(most);
	for (unsigned i = 0; i < program[a].length; i++) {
		program[a].line[i].op = (enum op)walks_draw(ops);
		program[a].line[i].word = walks_draw(WORDS);
		program[a].line[i].value = 1 + a * LENGTH + i;
	}
	/* A wait with the lock held would only be a deadlock. */
	for (unsigned i = 0, lock = 0; i < program[a].length; i++) {
		lock |= program[a].line[i].op == LOCK;
		if (lock && (program[a].line[i].op == TAKE || program[a].line[i].op == SLEEP))
			program[a].line[i].op = LOAD;
	}
}

static void print_program(const struct explore_scenario *scene, bool sc)
{
	printf("%s:", sc ? "SC" : "TSO");
	for (unsigned a = 0; a < scene->agent_count; a++) {
		printf(" [%s", scene->agents[a].unbuffered ? "unbuffered" : "");
		for (unsigned i = 0; i < program[a].length; i++)
			printf(" %d:%u=%u", program[a].line[i].op, program[a].line[i].word,
			       program[a].line[i].value);
		printf(" ]");
	}
	putchar('\n');
}

static void judge_each(void)
{
	if (s.word[0] > 1 && s.word[1] > 1 && s.word[0] > s.word[1])
		explore_fail("violated: the words are in the wrong order");
}

static int try_one(uint64_t seed, bool sc)
{
	static const char *const names[AGENTS] = { "A", "B", "C" };
	struct explore_agent agents[AGENTS];
	struct explore_scenario scene = { .name = "fuzz",
		                          .agents = agents,
		                          .state = &s,
		                          .state_size = offsetof(typeof(s), saw) + sizeof(s.saw),
		                          .finish = walks_final };
	int result;

	walks_seed(seed);
	scene.agent_count = 2 + walks_draw(2);
	plain = walks_draw(2);
	for (unsigned a = 0; a < scene.agent_count; a++) {
		agents[a] = (struct explore_agent){ names[a], run, (void *)(uintptr_t)a,
			                            walks_draw(6) == 0 };
		write_program(a, scene.agent_count == 3 ? 3 : LENGTH);
	}
	/* Of states between two steps all are seen only where agents wait. */
	if (walks_draw(8) == 0) {
		scene.each = judge_each;
		program[0].line[0].op = OTHER_LOCK;
	}
	result = walks_compare(&scene, sc);
	if (result < 0) {
		printf("seed %" PRIu64 ", ", seed);
		print_program(&scene, sc);
	}
	return result;
}

int main(int argc, char **argv)
{
	const struct walks_seeds seeds = walks_seeds(argc, argv, 250, 1);
	int same = walks_try(seeds, try_one);

	if (same < 0)
		return 1;
	printf("%d walks compared, %u with something wrong\n", same, walks_violated);
	return (uint64_t)same < seeds.count;
}
