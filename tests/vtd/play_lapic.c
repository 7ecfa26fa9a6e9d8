/* SPDX-License-Identifier: BSD-2-Clause */
/* Plays *.lapic: drivers of a local APIC, a cycle of its clock being one unit of time. */
#include "trace.h"
#include "unit/lapic_unit.h"

#include <stdio.h>

static void reset(void)
{
	unit_reset(PSTD_LAPIC_ALL);
}

static void play_write(const struct trace *t)
{
	uint64_t written = trace_hex(t, t->word[2]);

	if (written >> 32)
		trace_malformed(t, "\"%s\" has more than 32 bits", t->word[2]);
	put((unsigned)trace_hex(t, t->word[1]), (uint32_t)written);
}

static void play_read(const struct trace *t)
{
	uint64_t expected = trace_hex(t, t->word[3]);
	uint32_t got = get((unsigned)trace_hex(t, t->word[1]));

	if (got != expected)
		trace_differs(t, "%s reads %x, not %llx", t->word[1], got,
		              (unsigned long long)expected);
}

/* The value, or "gp" if it faults. */
static void play_rdmsr(const struct trace *t)
{
	uint64_t value;
	char got[20] = "gp";

	if (pstd_lapic_rdmsr(&l, (uint32_t)trace_hex(t, t->word[1]), now, &value))
		snprintf(got, sizeof(got), "%llx", (unsigned long long)value);
	if (strcmp(got, t->word[3]) != 0)
		trace_differs(t, "MSR %s: %s, not %s", t->word[1], got, t->word[3]);
}

static void play_wrmsr(const struct trace *t)
{
	bool done = put_msr((uint32_t)trace_hex(t, t->word[1]), trace_hex(t, t->word[2]));

	if (strcmp(t->word[4], done ? "done" : "gp") != 0)
		trace_differs(t, "MSR %s: %s, not %s", t->word[1], done ? "done" : "gp",
		              t->word[4]);
}

static void play_rdcr8(const struct trace *t)
{
	if (pstd_lapic_cr8(&l) != trace_hex(t, t->word[2]))
		trace_differs(t, "CR8 is %x, not %s", pstd_lapic_cr8(&l), t->word[2]);
}

static void play_wrcr8(const struct trace *t)
{
	if (!pstd_lapic_write_cr8(&l, trace_hex(t, t->word[1])))
		trace_differs(t, "#GP");
}

static void play_pass(const struct trace *t)
{
	now += trace_hex(t, t->word[1]);
	pstd_lapic_timer(&l, now);
}

/* The interrupt that comes next, which is taken and ended; "none" if none does. */
static void play_take(const struct trace *t)
{
	int vector = pstd_lapic_pending(&l);
	char got[16] = "none";

	if (strcmp(t->word[1], "none") != 0)
		trace_hex(t, t->word[1]);
	if (vector >= 0)
		snprintf(got, sizeof(got), "%02x", (unsigned)vector);
	if (strcmp(got, t->word[1]) != 0)
		trace_differs(t, "the interrupt that comes is %s, not %s", got, t->word[1]);
	if (vector < 0)
		return;
	pstd_lapic_acknowledge(&l);
	put(PSTD_APIC_EOI, 0);
}

static void end(const struct trace *t)
{
	if (l.errors)
		trace_differs(t, "the local APIC saw an error in what the driver does");
}

int main(int argc, char **argv)
{
	static const struct trace_verb verbs[] = {
		{ "W32", "aa", play_write }, { "R32", "a>a", play_read },
		{ "pass", "a", play_pass }, { "take", "a", play_take },
		{ "rdmsr", "a>a", play_rdmsr }, { "wrmsr", "aa>a", play_wrmsr },
		{ "rdcr8", ">a", play_rdcr8 }, { "wrcr8", "a", play_wrcr8 }, { 0 },
	};
	const struct trace_player player = { ".lapic", verbs, reset, end };

	if (argc != 2)
		return 2;
	trace_play(&player, argv[1]);
	return 0;
}
