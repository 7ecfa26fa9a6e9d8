/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What else the explorer promises its scenarios: bytes of words, agents that
 * rest, choices; and what it must complain about.
 */
#include <explore/replay.h>
#include <inttypes.h>
#include <posted/atomic.h>
#include <stdlib.h>
#include <string.h>

static struct {
	uint64_t x, y, r0, r1, constant;
	struct pstd_spinlock a, b, c;
} s;

/* What r0 and r1 may be in the end: bit 2 * r0 + r1. */
enum { R00 = 1, R01 = 2, R10 = 4, R11 = 8 };

static unsigned outcomes;

/* A byte stored is seen in the word at once by its own agent. */
static void store_byte_load_word(void *unused)
{
	pstd_store8_release((uint8_t *)&s.x + 3, 1);
	s.r0 = pstd_load_relaxed(&s.x) == 1u << 24;
}

static void load_word(void *unused)
{
	s.r1 = pstd_load_relaxed(&s.x) == 1u << 24;
}

/* An agent that rests until it is told, and reads in the same step. */
static bool x_is_set(const void *unused)
{
	return s.x;
}

static void rest_load_y(void *unused)
{
	if (explore_rest(x_is_set, NULL))
		s.r1 = pstd_load_relaxed(&s.y);
}

static void choose_store_y_store_x(void *unused)
{
	s.r0 = explore_choose(2);
	pstd_store_relaxed(&s.y, 1);
	pstd_store_relaxed(&s.x, 1);
}

/* Agents that poll instead: the schedules in which they do so for ever are given up. */
static void poll_y_load_x(void *unused)
{
	while (!pstd_load_relaxed(&s.y))
		;
	s.r1 = pstd_load_relaxed(&s.x);
}

static void store_x_store_y(void *unused)
{
	pstd_store_relaxed(&s.x, 1);
	pstd_store_relaxed(&s.y, 1);
}

static void note_outcome(void)
{
	outcomes |= 1u << (2 * s.r0 + s.r1);
}

static struct explore_scenario scenario(struct explore_agent agents[2],
                                        void (*const run[2])(void *))
{
	static const struct explore_constant constants[] = {
		{ &s.constant, sizeof(s.constant) }, { NULL, 0 } };

	agents[0] = (struct explore_agent){ "A", run[0], NULL, false };
	agents[1] = (struct explore_agent){ "B", run[1], NULL, false };
	return (struct explore_scenario){
		.name = "promise", .agents = agents, .agent_count = 2, .constants = constants,
		.state = &s, .state_size = sizeof(s), .finish = note_outcome,
	};
}

/*
 * How many schedules there are. In full: of the three steps of the byte's agent
 * (two without store buffers) and the load, the load may come anywhere, and the
 * byte's agent may load before or after its store is visible; of those who rest,
 * anywhere after x, and with store buffers each store becomes visible later.
 */
static const struct promise {
	const char *name;
	void (*run[2])(void *);
	unsigned outcomes;
	uint64_t full[2], reduced; /* schedules; TSO, SC; 0: not known */
} promises[] = {
	{ "a byte of a word", { store_byte_load_word, load_word }, R10 | R11, { 8, 3 }, 2 },
	{ "rest and choose", { choose_store_y_store_x, rest_load_y }, R01 | R11, { 4, 2 }, 2 },
	{ "poll", { store_x_store_y, poll_y_load_x }, R01, { 0, 0 }, 0 },
};

static bool keeps(const struct promise *p, bool sc, bool full)
{
	const struct explore_options o = { .sc = sc, .full = full, .twice = true };
	struct explore_agent agents[2];
	struct explore_scenario scene = scenario(agents, p->run);
	uint64_t schedules = full ? p->full[sc] : p->reduced;
	struct explore_totals t;
	bool right;

	outcomes = 0;
	right = explore_search(&scene, &o, &t) == EXPLORE_PROVED && outcomes == p->outcomes &&
	        (!schedules || t.schedules == schedules);
	printf("%s: %s %s %s: outcomes %#x, %" PRIu64 " schedules\n", right ? "ok" : "WRONG",
	       p->name, sc ? "SC" : "TSO", full ? "in full" : "reduced", outcomes, t.schedules);
	return right;
}

/* What the explorer must complain about, and how that begins. */

static void lock_a_b(void *unused)
{
	pstd_spin_lock(&s.a);
	pstd_spin_lock(&s.b);
	pstd_spin_unlock(&s.b);
	pstd_spin_unlock(&s.a);
}

/* The other order, but not before: nobody waits for ever. */
static void lock_a_b_store_x(void *unused)
{
	lock_a_b(NULL);
	pstd_store_relaxed(&s.x, 1);
}

static void rest_lock_b_a(void *unused)
{
	if (!explore_rest(x_is_set, NULL))
		return;
	pstd_spin_lock(&s.b);
	pstd_spin_lock(&s.a);
	pstd_spin_unlock(&s.a);
	pstd_spin_unlock(&s.b);
}

/* Round by three. */
static void lock_a_b_and_b_c(void *unused)
{
	lock_a_b(NULL);
	pstd_spin_lock(&s.b);
	pstd_spin_lock(&s.c);
	pstd_spin_unlock(&s.c);
	pstd_spin_unlock(&s.b);
	pstd_store_relaxed(&s.x, 1);
}

static void rest_lock_c_a(void *unused)
{
	if (!explore_rest(x_is_set, NULL))
		return;
	pstd_spin_lock(&s.c);
	pstd_spin_lock(&s.a);
	pstd_spin_unlock(&s.a);
	pstd_spin_unlock(&s.c);
}

static void lock_a_for_ever(void *unused)
{
	pstd_spin_lock(&s.a);
}

/* As a compiler tells of a plain store, where it is asked to. */
void told_of_store(void *p) __asm__("__tsan_write8");

static void store_plainly(void *unused)
{
	pstd_load_relaxed(&s.y);
	told_of_store(&s.x);
	s.x = 1;
}

/* As a compiler tells of plain stores and loads, of bytes too. */
void told_of_load(const void *p) __asm__("__tsan_read8");
void told_of_byte(void *p) __asm__("__tsan_write1");

static void publish_and_store(void *unused)
{
	pstd_store_release(&s.y, 1);
	told_of_store(&s.x);
	s.x = 1;
}

static void load_if_published(void *unused)
{
	if (!pstd_load_acquire(&s.y))
		return;
	told_of_load(&s.x);
	s.r1 = s.x;
}

static void store_two_bytes(void *unused)
{
	pstd_load_relaxed(&s.y);
	told_of_byte(&s.x);
	told_of_byte((char *)&s.x + 1);
}

static void store_first_byte(void *unused)
{
	pstd_load_relaxed(&s.y);
	told_of_byte(&s.x);
}

static void load_x(void *unused)
{
	pstd_load_relaxed(&s.x);
}

static void poll_y(void *unused)
{
	while (!pstd_load_relaxed(&s.y))
		;
}

/* Both locks or none: who finds the second one taken gives the first one back. */
static void take_both(uint64_t *first, uint64_t *second)
{
	for (;;) {
		if (pstd_exchange_seq(first, 1))
			continue;
		if (!pstd_exchange_seq(second, 1))
			break;
		pstd_exchange_seq(first, 0);
	}
	pstd_exchange_seq(second, 0);
	pstd_exchange_seq(first, 0);
}

static void take_x_y(void *unused)
{
	take_both(&s.x, &s.y);
}

static void take_y_x(void *unused)
{
	take_both(&s.y, &s.x);
}

static void count_up(void *unused)
{
	for (;;)
		pstd_store_relaxed(&s.x, pstd_load_relaxed(&s.x) + 1);
}

static void nothing(void *unused)
{
}

static const struct complaint {
	void (*run[2])(void *);
	const char *text;
	unsigned steps; /* of the shortest schedule; 0: not counted */
} complaints[] = {
	{ { lock_a_b_store_x, rest_lock_b_a }, "lock order: ", 11 },
	{ { lock_a_b_and_b_c, rest_lock_c_a }, "lock order: ", 17 },
	{ { lock_a_for_ever, lock_a_b }, "deadlock: ", 1 },
	{ { store_plainly, store_plainly }, "data race: A ", 2 },
	{ { publish_and_store, load_if_published }, "data race: A ", 3 },
	{ { store_two_bytes, store_first_byte }, "data race: A ", 2 },
	{ { poll_y, nothing }, "livelock: ", 0 },
	{ { poll_y, load_x }, "livelock: ", 0 },
	{ { take_x_y, take_y_x }, "livelock: ", 0 },
	{ { count_up, nothing }, "endless: ", 1024 },
};

static void print_row(const struct explore_row *row, void *out)
{
	fprintf(out, "%u %d %s\n", row->step, row->agent, row->text);
}

/* The schedule as text, in memory that the caller frees. */
static char *tell(const struct explore_scenario *scene, const struct explore_schedule *schedule)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (explore_replay(scene, false, schedule, 0, print_row, out).verdict != EXPLORE_FAILS)
		fputs("replayed without failing", out);
	fclose(out);
	return text;
}

static bool complains(const struct complaint *c, bool full)
{
	const struct explore_options o = { .full = full };
	struct explore_agent agents[2];
	struct explore_scenario scene = scenario(agents, c->run);
	struct explore_totals t;
	bool found = explore_search(&scene, &o, &t) == EXPLORE_VIOLATED;
	char *once = tell(&scene, &t.failed), *twice = tell(&scene, &t.failed);
	bool right = found && once && twice && !strcmp(once, twice) && strstr(once, c->text) &&
	             (!c->steps || (t.shortest && t.failed_steps == c->steps));

	printf("%s: %s after %u steps%s\n", right ? "ok" : "WRONG", c->text, t.failed_steps,
	       t.shortest ? "" : ", perhaps fewer");
	free(once);
	free(twice);
	return right;
}

/* A scenario that remembers what it should not. */
static void store_now_and_then(void *unused)
{
	static unsigned calls;

	pstd_store_relaxed(calls++ % 2 ? &s.x : &s.y, 1);
}

static bool notices(void)
{
	const struct explore_options o = { .twice = true };
	void (*const run[2])(void *) = { store_now_and_then, nothing };
	struct explore_agent agents[2];
	struct explore_scenario scene = scenario(agents, run);
	struct explore_totals t;
	bool right = explore_search(&scene, &o, &t) == EXPLORE_ERROR && t.stopped;

	printf("%s: run twice: %s\n", right ? "ok" : "WRONG", t.stopped ? t.stopped : "no error");
	return right;
}

/* What is only so between two steps. */
static void store_x_and_take_it_back(void *unused)
{
	pstd_store_relaxed(&s.x, 1);
	pstd_store_relaxed(&s.x, 0);
}

static void deny_x(void)
{
	if (pstd_load_relaxed(&s.x))
		explore_fail("x is set");
}

static bool looks_between(bool sc)
{
	const struct explore_options o = { .sc = sc };
	void (*const run[2])(void *) = { store_x_and_take_it_back, nothing };
	struct explore_agent agents[2];
	struct explore_scenario scene = scenario(agents, run);
	struct explore_totals t;
	bool right;

	scene.finish = deny_x;
	right = explore_search(&scene, &o, &t) == EXPLORE_PROVED;
	scene.each = deny_x;
	right &= explore_search(&scene, &o, &t) == EXPLORE_VIOLATED &&
	         t.failed_steps == (sc ? 1 : 2);
	printf("%s: judged after each step, %s\n", right ? "ok" : "WRONG", sc ? "SC" : "TSO");
	return right;
}

int main(void)
{
	bool right = notices();

	right &= looks_between(true);
	right &= looks_between(false);
	for (size_t i = 0; i < sizeof(promises) / sizeof(promises[0]); i++)
		for (unsigned how = 0; how < 4; how++)
			right &= keeps(&promises[i], how & 1, how & 2);
	for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++)
		for (unsigned full = 0; full < 2; full++)
			right &= complains(&complaints[i], full);
	return !right;
}
