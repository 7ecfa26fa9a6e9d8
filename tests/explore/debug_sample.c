/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Somebody's code, for debug.c: compiled as a shared object by gcc and by clang, with
 * debug information. What the right names are, debug.c says.
 */
#include "atomic_sample.h"
#include "debug_sample.h"
#include <stdalign.h>
#include <stdbool.h>

enum state { IDLE, RUNNING, ASLEEP = 7 };

typedef struct pid {
	uint64_t pir[4];
	union {
		uint64_t control;
		struct {
			uint16_t on : 1, sn : 1, : 14;
			uint8_t nv, : 8;
			uint32_t ndst;
		};
	};
} pid_t;

struct vcpu {
	pid_t pid;
	enum state state;
	int prio;
	bool kicked;
	struct vcpu *next;
	void *cookie;
	struct {
		uint32_t lo, hi;
	} pair;
	unsigned flag : 3, mode : 5, rest : 24;
	struct {
		uint32_t key, value;
	};
};

static struct vcpu vcpu[2];
static volatile uint32_t grid[3][4];
static struct {
	unsigned count;
	struct {
		uint32_t key, value;
	} slot[];
} table = { 2, { { 1, 2 }, { 3, 4 } } };
static alignas(16) struct {
	uint64_t lo, hi;
} entry;
uint64_t shared;
static _Thread_local uint32_t first, current;

static void inner(struct sample *s)
{
	s->note(__LINE__, "inner");
}

static uint8_t room[3][8192]; /* more than the pages of the file */

static inline __attribute__((always_inline)) void helper(struct sample *s)
{
	s->note(__LINE__, "helper");
}

void sample_run(struct sample *s)
{
	static uint64_t calls;
	int local = 0;

	s->at[0] = &vcpu[1].pid.pir[2];
	s->at[1] = &vcpu[0].pid.control;
	s->at[2] = &vcpu[0].state;
	s->at[3] = &vcpu[0].prio;
	s->at[4] = &vcpu[1].next;
	s->at[5] = &vcpu[0].pair;
	s->at[6] = (const char *)&vcpu[1].pair + 8; /* bit-fields have no address */
	s->at[7] = (const void *)&grid[2][1];
	s->at[8] = &table.slot[1].value;
	s->at[9] = &entry;
	s->at[10] = &calls;
	s->at[11] = &shared;
	s->at[12] = &vcpu[1];
	s->at[13] = &local;
	s->at[14] = (const void *)(uintptr_t)inner;
	s->at[15] = &vcpu[0].cookie;
	s->at[16] = &vcpu[0].kicked;
	s->at[17] = &first;
	s->at[18] = &current;
	s->at[19] = &room[2][5];
	s->at[20] = &vcpu[0].pid.ndst;
	s->at[21] = &vcpu[0].key;
	inner(s);
	helper(s);
	s->note(__LINE__, "sample_run");
	/* As if it stood here: one line, to have its number. */
	atomic_note(s, __LINE__, "sample_run");
	calls++;
	first = current = 1;
	shared = entry.lo + grid[0][0] + table.count + vcpu[0].flag;
}
