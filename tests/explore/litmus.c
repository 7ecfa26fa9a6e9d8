/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The explorer itself: the classics of every memory-model paper, each as it is,
 * with a fence between any two accesses, with locked operations for stores, and
 * under a lock. Which outcomes a program may have is known; how many schedules
 * it has is counted by a second machine here, which shares nothing with the
 * explorer.
 */
#include <explore/search.h>
#include <inttypes.h>
#include <posted/atomic.h>
#include <stdlib.h>
#include <string.h>

enum { AGENTS = 4, TEXT = 40, OUTCOMES = 64 };

/*
 * A program is a text, an operation a word: x=1 stores, x:1 exchanges, x? loads,
 * f is a fence, ( and ) take the lock and free it. An outcome is an octal number:
 * what was loaded, agent by agent, then x and y in the end; above them who held
 * the lock, in order. No two writes of a program to a word have the same value,
 * and no word is written more than twice: so different executions (which write
 * each load reads, the order of the writes to each word) have different outcomes.
 */
struct machine {
	uint64_t x, y;
	uint64_t loaded[AGENTS], loads[AGENTS];
	uint64_t holders;
	struct pstd_spinlock lock;
};

static const struct litmus {
	const char *name, *program[AGENTS];
	const char *weak;         /* the outcome that is not sequentially consistent */
	unsigned sc, tso;         /* outcomes under each model */
} classics[] = {
	{ "SB", { "x=1 y?", "y=1 x?" }, "0011", 3, 4 },
	{ "MP", { "x=1 y=1", "y? x?" }, "1011", 3, 3 },
	{ "LB", { "x? y=1", "y? x=1" }, "1111", 3, 3 },
	{ "IRIW", { "x=1", "y=1", "x? y?", "y? x?" }, "101011", 15, 15 },
	{ "2+2W", { "x=1 y=2", "y=1 x=2" }, "11", 3, 3 },
	{ "R", { "x=1 y=1", "y=2 x?" }, "012", 3, 4 },
	{ "S", { "x=2 y=1", "y? x=1" }, "121", 3, 3 },
	{ "WRC", { "x=1", "x? y=1", "y? x?" }, "11011", 7, 7 },
	{ "CoRR", { "x=1", "x? x?" }, "1010", 3, 3 },
	{ "n6", { "x=1 x? y?", "y=2 x=2" }, "1012", 4, 5 },
};

enum variant { PLAIN, FENCES, EXCHANGES, LOCKED, VARIANTS };

static const char *const variant_names[] = { "", ", fences", ", exchanges", ", locked" };

/* The programs as they are run. */
static char program[AGENTS][TEXT];
static unsigned agent_count;

static void put_together(const struct litmus *l, enum variant v)
{
	memset(program, 0, sizeof(program));
	agent_count = 0;
	for (; agent_count < AGENTS && l->program[agent_count]; agent_count++) {
		char *out = program[agent_count];

		out = stpcpy(out, v == LOCKED ? "( " : "");
		for (const char *in = l->program[agent_count]; *in; in++)
			if (*in == ' ' && v == FENCES)
				out = stpcpy(out, " f ");
			else
				*out++ = *in == '=' && v == EXCHANGES ? ':' : *in;
		stpcpy(out, v == LOCKED ? " )" : "");
	}
}

static const char *next_word(const char *text)
{
	text += strcspn(text, " ");
	return text + strspn(text, " ");
}

static uint64_t *word_of(struct machine *m, char name)
{
	return name == 'x' ? &m->x : name == 'y' ? &m->y : &m->lock.held;
}

static uint64_t outcome_of(const struct machine *m)
{
	uint64_t outcome = m->holders;

	for (unsigned a = 0; a < AGENTS; a++)
		outcome = outcome << 3 * m->loads[a] | m->loaded[a];
	return outcome << 6 | m->x << 3 | m->y;
}

static void note_load(struct machine *m, unsigned agent, uint64_t value)
{
	m->loaded[agent] = m->loaded[agent] << 3 | value;
	m->loads[agent]++;
}

static void note_holder(struct machine *m, unsigned agent)
{
	m->holders = m->holders << 3 | (agent + 1);
}

/* A set of outcomes. */
struct set {
	uint64_t outcome[OUTCOMES];
	unsigned count;
};

static bool has(const struct set *s, uint64_t outcome)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->outcome[i] == outcome)
			return true;
	return false;
}

static void add(struct set *s, uint64_t outcome)
{
	if (!has(s, outcome) && s->count < OUTCOMES)
		s->outcome[s->count++] = outcome;
}

static bool same(const struct set *a, const struct set *b)
{
	for (unsigned i = 0; i < a->count; i++)
		if (!has(b, a->outcome[i]))
			return false;
	return a->count == b->count;
}

/*
 * The second machine: it copies itself for each step that is possible, and walks them all.
 * Reduced schedules are as many as there are classes: a class is an outcome and
 * where each load stands among the other agents' writes to its word. (Where the
 * load sees its own agent's store in the buffer, others' writes may come before
 * or after it in one execution. Here that is one case, n6 under TSO.)
 */
struct walk {
	struct machine m;
	uint64_t visible[AGENTS], places; /* writes to x and, << 8, to y; where loads stood */
	const char *at[AGENTS]; /* the next operation */
	struct {
		char name;
		uint64_t value;
	} store[AGENTS][TEXT / 4]; /* not visible yet, oldest first */
	unsigned stores[AGENTS];
	bool sc;
	struct set *outcomes, *classes;
};

/* Writes to a word as a number for sums. */
static uint64_t one(char name)
{
	return name == 'x' ? 1 : name == 'y' ? 0x100 : 0;
}

static void walk_write(struct walk *w, unsigned a, char name, uint64_t value)
{
	*word_of(&w->m, name) = value;
	w->visible[a] += one(name);
}

static void walk_flush(struct walk *w, unsigned a)
{
	walk_write(w, a, w->store[a][0].name, w->store[a][0].value);
	w->stores[a]--;
	memmove(w->store[a], w->store[a] + 1, w->stores[a] * sizeof(w->store[a][0]));
}

static void walk_store(struct walk *w, unsigned a, char name, uint64_t value)
{
	w->store[a][w->stores[a]].name = name;
	w->store[a][w->stores[a]++].value = value;
	if (w->sc)
		walk_flush(w, a);
}

static uint64_t walk_load(struct walk *w, unsigned a, char name)
{
	unsigned shift = 16 * a + 4 * (unsigned)w->m.loads[a];

	for (unsigned b = 0; b < agent_count; b++)
		if (b != a)
			w->places += w->visible[b] / one(name) % 0x100 << shift;
	for (unsigned i = w->stores[a]; i--;)
		if (w->store[a][i].name == name)
			return w->store[a][i].value;
	return *word_of(&w->m, name);
}

static bool walk_can(const struct walk *w, unsigned a)
{
	const char *op = w->at[a];

	if (*op == '(')
		return !w->stores[a] && !w->m.lock.held;
	return *op && (!w->stores[a] || (*op != 'f' && op[1] != ':'));
}

static void walk_step(struct walk *w, unsigned a)
{
	const char *op = w->at[a];

	w->at[a] = next_word(op);
	if (*op == '(') {
		w->m.lock.held = 1;
		note_holder(&w->m, a);
	} else if (*op == ')') {
		walk_store(w, a, 'l', 0);
	} else if (op[1] == '?') {
		note_load(&w->m, a, walk_load(w, a, *op));
	} else if (op[1] == '=') {
		walk_store(w, a, *op, (uint64_t)(op[2] - '0'));
	} else if (op[1] == ':') {
		walk_write(w, a, *op, (uint64_t)(op[2] - '0'));
	}
}

/* How many ways there are from here to the end. */
static uint64_t walk(const struct walk *from)
{
	uint64_t ways = 0;

	for (unsigned a = 0; a < agent_count; a++) {
		struct walk next = *from;

		if (walk_can(from, a)) {
			walk_step(&next, a);
			ways += walk(&next);
		}
		if (from->stores[a]) {
			next = *from;
			walk_flush(&next, a);
			ways += walk(&next);
		}
	}
	if (ways)
		return ways;
	add(from->outcomes, outcome_of(&from->m));
	add(from->classes, outcome_of(&from->m) * 0x9e3779b97f4a7c15 ^ from->places);
	return 1;
}

static uint64_t walk_all(bool sc, struct set *outcomes, struct set *classes)
{
	struct walk start = { .sc = sc, .outcomes = outcomes, .classes = classes };

	for (unsigned a = 0; a < agent_count; a++)
		start.at[a] = program[a];
	return walk(&start);
}

/* The same programs for the explorer. */
static struct machine s;
static struct set *explored;

static void run(void *index)
{
	unsigned a = (unsigned)(uintptr_t)index;

	for (const char *op = program[a]; *op; op = next_word(op)) {
		uint64_t *word = word_of(&s, *op), value = (uint64_t)(op[2] - '0');

		if (*op == '(') {
			pstd_spin_lock(&s.lock);
			note_holder(&s, a);
		} else if (*op == ')') {
			pstd_spin_unlock(&s.lock);
		} else if (*op == 'f') {
			explore_fence();
		} else if (op[1] == '?') {
			note_load(&s, a, pstd_load_acquire(word));
		} else if (op[1] == '=') {
			pstd_store_release(word, value);
		} else {
			pstd_exchange_seq(word, value);
		}
	}
}

static void note_outcome(void)
{
	add(explored, outcome_of(&s));
}

static uint64_t explore(bool sc, bool full, struct set *outcomes)
{
	struct explore_agent agents[AGENTS];
	const struct explore_scenario scenario = {
		.name = "litmus", .agents = agents, .agent_count = agent_count,
		.state = &s, .state_size = sizeof(s), .finish = note_outcome,
	};
	const struct explore_options o = { .sc = sc, .full = full, .twice = true };
	struct explore_totals t;

	for (uintptr_t a = 0; a < agent_count; a++)
		agents[a] = (struct explore_agent){ "agent", run, (void *)a, false };
	explored = outcomes;
	if (explore_search(&scenario, &o, &t) != EXPLORE_PROVED)
		return 0;
	return t.schedules;
}

/* How many outcomes are right. Under a lock: as many as there are orders to take it in. */
static unsigned expected(const struct litmus *l, enum variant v, bool sc)
{
	unsigned orders = 1;

	if (v != LOCKED)
		return v == PLAIN && !sc ? l->tso : l->sc;
	for (unsigned a = 2; a <= agent_count; a++)
		orders *= a;
	return orders;
}

static bool judge(const struct litmus *l, enum variant v, bool sc)
{
	struct set known = { .count = 0 }, classes = known, full = known, reduced = known;
	uint64_t ways, all, some;
	bool weak, right;

	put_together(l, v);
	ways = walk_all(sc, &known, &classes);
	all = explore(sc, true, &full);
	some = explore(sc, false, &reduced);
	weak = has(&full, strtoull(l->weak, NULL, 8));
	right = known.count == expected(l, v, sc) && same(&full, &known) &&
	        same(&reduced, &known) && weak == (v == PLAIN && !sc && l->tso > l->sc) &&
	        all == ways && some == classes.count;
	printf("%s: %s%s %s: %u outcomes%s, %" PRIu64 " schedules, %" PRIu64 " reduced",
	       right ? "ok" : "WRONG", l->name, variant_names[v], sc ? "SC" : "TSO", full.count,
	       weak ? ", the weak one too" : "", all, some);
	if (!right)
		printf("; right are %u; %" PRIu64 ", %u", expected(l, v, sc), ways, classes.count);
	putchar('\n');
	return right;
}

int main(void)
{
	bool right = true;

	for (size_t i = 0; i < sizeof(classics) / sizeof(classics[0]); i++)
		for (enum variant v = PLAIN; v < VARIANTS; v++) {
			right &= judge(&classics[i], v, true);
			right &= judge(&classics[i], v, false);
		}
	return !right;
}
