/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the programs of tsan_litmus.c come to, in all schedules: exactly the outcomes that
 * x86 allows, with points where accesses race and with points everywhere, reduced and not.
 */
#include "tsan_litmus.h"
#include <explore/replay.h>
#include <explore/search.h>
#include <explore/step.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { OUTCOMES = 64, TEXT = 8 };

#define BOTH(name) void name##_0(void); void name##_1(void)
BOTH(sb_plain); BOTH(sb_volatile); BOTH(sb_seq); BOTH(sb_release); BOTH(sb_fence);
BOTH(mp_plain); BOTH(mp_release); BOTH(w22); BOTH(iriw); BOTH(torn); BOTH(whole); BOTH(bits);
BOTH(volatile_bits);
BOTH(four); BOTH(byte); BOTH(part); BOTH(memcpy); BOTH(assign); BOTH(own); BOTH(eight);
BOTH(silent); BOTH(odd); BOTH(expected); BOTH(swap); BOTH(odd_copy); BOTH(wait);
bool wait_ready(const void *unused);
void store_x(void);
void store_y(void);
void load_x(void);
void load_y(void);
void iriw_2(void);
void iriw_3(void);
void count_0(void);
void cas_0(void);
void memset_0(void);
void memmove_1(void);
void moves_0(void);
void operations_0(void);

/* What is stored in one step is visible at its end, though the compiler told of it before. */
static void step_0(void)
{
	explore_step_begin();
	store_x();
	explore_step_end();
	load_y();
}

static void step_1(void)
{
	explore_step_begin();
	store_y();
	explore_step_end();
	load_x();
}

static void digits(char *text, unsigned n, const uint64_t *value)
{
	for (unsigned i = 0; i < n; i++)
		text[i] = value[i] < 10 ? (char)('0' + value[i]) : '*';
	text[n] = '\0';
}

static void two_loads(char *text)
{
	digits(text, 2, t.r);
}

static void four_loads(char *text)
{
	digits(text, 4, t.r);
}

static void x_and_counter(char *text)
{
	digits(text, 2, (uint64_t[]){ (uint64_t)t.x, t.counter });
}

static void counter(char *text)
{
	digits(text, 1, &t.counter);
}

static void bits(char *text)
{
	digits(text, 2, (uint64_t[]){ t.bits.on, t.bits.sn });
}

static void volatile_bits(char *text)
{
	digits(text, 2, (uint64_t[]){ t.volatile_bits.nv, t.volatile_bits.sn });
}

static void neighbours(char *text)
{
	digits(text, 4, (uint64_t[]){ t.pair.a, t.pair.b, t.r[0], t.r[1] });
}

static void bytes(char *text)
{
	digits(text, 4, (uint64_t[]){ t.byte[2], t.byte[3], t.r[0], t.r[1] });
}

static uint64_t of_half(uint64_t half)
{
	return half == 0x101 ? 2 : half == 0x100 ? 3 : half;
}

static void halves(char *text)
{
	digits(text, 2, (uint64_t[]){ of_half(t.r[0]), of_half(t.r[1]) });
}

static void copied(char *text)
{
	digits(text, 3, (uint64_t[]){ t.three_2.a & 1, t.three_2.b & 1, t.three_2.c & 1 });
}

static void swapped(char *text)
{
	digits(text, 2, (uint64_t[]){ t.swap.a, t.swap_2.a });
}

static void silent(char *text)
{
	digits(text, 2, (uint64_t[]){ (uint64_t)t.x, t.r[0] });
}

static void odd(char *text)
{
	bool around = t.odd[5] == 7 && t.odd[10] == 7 && t.odd[6] == 1 && t.odd[7] == 1 &&
	              t.odd[8] == 1 && t.odd[9] == 1;

	digits(text, 3, (uint64_t[]){ t.r[0], t.r[1], around });
}

static void expected(char *text)
{
	digits(text, 3, (uint64_t[]){ t.counter, t.wide_expected, t.r[0] });
}

#define ALL_8 "000 001 010 011 100 101 110 111"
#define TWO(name) { name##_0, name##_1 }, NULL

static const struct tsan_program programs[] = {
	{ "SB, plain", TWO(sb_plain), two_loads, "01 10 11", "00 01 10 11" },
	{ "SB, volatile", TWO(sb_volatile), two_loads, "01 10 11", "00 01 10 11" },
	{ "SB, seq_cst", TWO(sb_seq), two_loads, "01 10 11", NULL },
	{ "SB, release and acquire", TWO(sb_release), two_loads, "01 10 11", "00 01 10 11" },
	{ "SB, fences", TWO(sb_fence), two_loads, "01 10 11", NULL },
	{ "SB, each store one step", TWO(step), two_loads, "01 10 11", NULL },
	{ "MP, plain", TWO(mp_plain), two_loads, "00 01 11", NULL },
	{ "MP, release and acquire", TWO(mp_release), two_loads, "00 15", NULL },
	{ "2+2W", TWO(w22), x_and_counter, "12 21 22", NULL },
	{ "IRIW", { iriw_0, iriw_1, iriw_2, iriw_3 }, NULL, four_loads,
	  "0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1011 1100 1101 1110 1111", NULL },
	{ "16 bytes, plain", TWO(torn), two_loads, "00 01 10 11", NULL },
	{ "16 bytes, atomic", TWO(whole), two_loads, "00 11", NULL },
	{ "bit-fields", TWO(bits), bits, "01 10 11", NULL },
	{ "bit-fields, volatile", TWO(volatile_bits), volatile_bits, "01 10 11", NULL },
	{ "plain counter", { count_0, count_0 }, NULL, counter, "1 2", NULL },
	{ "CAS loop", { cas_0, cas_0 }, NULL, counter, "2", NULL },
	{ "4-byte neighbours", TWO(four), neighbours, "1101 1110 1111", "1100 1101 1110 1111" },
	{ "bytes of a word", TWO(byte), bytes, "1101 1110 1111", "1100 1101 1110 1111" },
	{ "own byte in a load of two", TWO(part), halves, "12 22 23", "12 13 22 23" },
	{ "memcpy", TWO(memcpy), copied, ALL_8, NULL },
	{ "struct of 24 bytes", TWO(assign), copied, ALL_8, NULL },
	{ "memset and memmove", { memset_0, memmove_1 }, NULL, copied, ALL_8, NULL },
	{ "copy of 16 bytes stored", TWO(own), two_loads, "50 51", NULL },
	{ "copy of 8 bytes stored", TWO(eight), two_loads, "50 51", NULL },
	{ "silent store", TWO(silent), silent, "00 01 10 11", NULL },
	{ "across words", TWO(odd), odd, "001 011 101 111", NULL },
	{ "expected value", TWO(expected), expected, "111 121 122", NULL },
	{ "two copies", TWO(swap), swapped, "55 65 66", NULL },
	{ "memcpy across words", TWO(odd_copy), two_loads, "00 01 10 11", NULL },
	{ "wait", { wait_0, wait_1 }, wait_ready, two_loads, "10", NULL },
	{ "memmove of what overlaps", { moves_0 }, NULL, two_loads, "12", NULL },
	{ "operations", { operations_0 }, NULL, two_loads, "11", NULL },
};

static struct {
	char text[OUTCOMES][TEXT];
	unsigned count;
	const char *weak; /* this one fails; null: none does */
} seen;

static const struct tsan_program *program;

static void setup(void)
{
	t.three_3 = (struct three){ 1, 1, 1 };
	t.odd[5] = t.odd[10] = 7;
	t.swap.a = 5;
	t.swap_2.a = 6;
	if (!strcmp(program->name, "expected value"))
		t.counter = 1;
}

static void finish(void)
{
	char text[TEXT];
	unsigned i = 0;

	program->outcome(text);
	if (seen.weak && !strcmp(text, seen.weak))
		explore_fail("violated: %s", text);
	while (i < seen.count && strcmp(seen.text[i], text))
		i++;
	if (i == seen.count && i < OUTCOMES)
		strcpy(seen.text[seen.count++], text);
}

static void run(void *agent)
{
	if (program->ready && agent) {
		if (!explore_rest(program->ready, NULL))
			return;
		explore_touch(&t.y, false);
	}
	program->agent[(uintptr_t)agent]();
}

static bool as_expected(const char *outcomes)
{
	unsigned count = 0;

	for (const char *at = outcomes; *at; count++) {
		size_t length = strcspn(at, " ");
		unsigned i = 0;

		while (i < seen.count &&
		       (strncmp(seen.text[i], at, length) || seen.text[i][length]))
			i++;
		if (i == seen.count)
			return false;
		at += length + (at[length] == ' ');
	}
	return count == seen.count;
}

static struct explore_agent agents[4];

static struct explore_scenario scenario(void)
{
	struct explore_scenario s = { .name = program->name,
		                      .agents = agents,
		                      .state = &t,
		                      .state_size = sizeof(t),
		                      .setup = setup,
		                      .finish = finish,
		                      .races = EXPLORE_RACES_ARE_POINTS };

	for (; s.agent_count < 4 && program->agent[s.agent_count]; s.agent_count++)
		agents[s.agent_count] = (struct explore_agent){
			"agent", run, (void *)(uintptr_t)s.agent_count, false
		};
	return s;
}

static void print(const char *outcomes, const struct explore_options *o)
{
	printf("WRONG: %s, %s%s%s:", program->name, o->sc ? "SC" : "TSO",
	       o->all_points ? ", all points" : "", o->full ? ", full" : "");
	for (unsigned i = 0; i < seen.count; i++)
		printf(" %s", seen.text[i]);
	printf("; right are %s\n", outcomes);
}

static uint64_t schedules[2], steps[2]; /* without and with all points */

static bool judge(bool sc)
{
	const char *outcomes = sc || !program->tso ? program->sc : program->tso;
	const struct explore_scenario s = scenario();
	bool right = true;

	for (unsigned way = 0; way < 3; way++) {
		const struct explore_options o = { .sc = sc, .all_points = way == 1,
			                           .full = way == 2, .twice = true };
		struct explore_totals totals;
		bool good;

		seen.count = 0;
		good = explore_search(&s, &o, &totals) == EXPLORE_PROVED && as_expected(outcomes);
		if (!good)
			print(outcomes, &o);
		if (!good && totals.stopped)
			puts(totals.stopped);
		if (way < 2) {
			schedules[way] += totals.schedules + totals.pruned;
			steps[way] += totals.steps;
		}
		right &= good;
	}
	return right;
}

/* Where races fail, plain accesses do, and volatile ones are in order. */
static bool fails(bool is_volatile)
{
	const struct explore_options o = { .first = true };
	struct explore_scenario s;
	struct explore_totals totals;
	enum explore_outcome outcome;

	program = &programs[is_volatile];
	s = scenario();
	s.races = EXPLORE_RACES_FAIL;
	seen.count = 0;
	outcome = explore_search(&s, &o, &totals);
	if (is_volatile ? outcome == EXPLORE_PROVED && as_expected(program->tso) && !totals.racing
	                : outcome == EXPLORE_VIOLATED)
		return true;
	printf("WRONG: %s, where races fail\n", program->name);
	return false;
}

/* What only one model has is found as a violation, and its schedule replays. */
static bool replays(bool sc, bool all_points)
{
	const struct explore_options o = { .sc = sc, .all_points = all_points };
	const struct explore_scenario s = scenario();
	struct explore_totals totals;
	struct explore_replayed again;
	bool right;

	seen.weak = "00";
	right = explore_search(&s, &o, &totals) == EXPLORE_VIOLATED;
	again = explore_replay(&s, sc, &totals.failed, 0, NULL, NULL);
	right &= again.verdict == EXPLORE_FAILS && again.steps == totals.failed_steps;
	right &= totals.shortest && (all_points || totals.failed.points.count);
	seen.weak = NULL;
	if (!right)
		printf("WRONG: %s is not found again\n", program->name);
	return right;
}

int main(void)
{
	const unsigned count = sizeof(programs) / sizeof(programs[0]);
	bool right = true;

	for (unsigned i = 0; i < count; i++) {
		program = &programs[i];
		right &= judge(true);
		right &= judge(false);
	}
	right &= fails(false) && fails(true);
	program = &programs[0];
	right &= replays(false, false) && replays(false, true);
	printf("%u programs; %" PRIu64 " schedules, %" PRIu64 " steps; with all points %" PRIu64
	       ", %" PRIu64 "\n", count, schedules[0], steps[0], schedules[1], steps[1]);
	return !right;
}
