/* SPDX-License-Identifier: BSD-2-Clause */
/* Plays *.vtd: drivers of a VT-d unit. After each access the unit works until it is idle. */
#include "trace.h"
#include "unit/vtd_unit.h"

#include <stdio.h>
#include <stdlib.h>

/* Memory is pages A to Z. */
enum { PAGES = 26 };
static uint8_t ram[PAGES * 4096] __attribute__((aligned(4096)));

/* With each of these a driver must get on: whether entries are cached, and who forgets them. */
static const struct {
	unsigned slots;
	uint64_t cap;
} variants[] = {
	{ 0, 0 }, { SLOTS, 0 }, { SLOTS, PSTD_VTD_CAP_ESIRTPS }, { SLOTS, PSTD_VTD_CAP_CM }
};
static unsigned variant;

/* What the unit sent and no line of the trace has named. */
static struct pstd_vtd_event sent;

static void reset(void)
{
	memset(ram, 0, sizeof(ram));
	unit_build(NULL);
	unit.memory = (struct pstd_memory){ .base = ram, .size = sizeof(ram) };
	unit.config.cap |= variants[variant].cap;
	unit.config.cache_entries = variants[variant].slots;
	unit.config.cache_ways = 4;
	unit.config.cache = unit.slots;
	unit_init();
	sent.send = false;
}

/* A unit with more capabilities: before anything else. */
static void play_ecap(const struct trace *t)
{
	unit.config.ecap |= trace_hex(t, t->word[1]);
	unit_init();
}

static void note(const struct trace *t, const struct pstd_vtd_event *event)
{
	if (event->send && sent.send)
		trace_differs(t, "a second event, and no line names the first");
	if (event->send)
		sent = *event;
}

/* A number, or a page with what is added to it: "T|f", "Q+10". */
static uint64_t value(const struct trace *t, const char *word)
{
	uint64_t page;

	if (*word < 'A' || *word > 'Z')
		return trace_hex(t, word);
	page = PSTD_MEMORY_PHYS_BASE + (uint64_t)(*word - 'A') * 4096;
	if (!word[1])
		return page;
	if (word[1] != '+' && word[1] != '|')
		trace_malformed(t, "\"%s\": a page is followed by +, | or nothing", word);
	return page + trace_hex(t, word + 2);
}

/* The memory of a place, null if it is a register. */
static uint8_t *memory_of(const struct trace *t, const char *word, unsigned size)
{
	uint8_t *at;

	if (*word < 'A' || *word > 'Z')
		return NULL;
	at = pstd_memory_at(&unit.memory, value(t, word), size);
	if (!at)
		trace_malformed(t, "\"%s\" is beyond the last page", word);
	return at;
}

static uint64_t get(const struct trace *t, const char *place, unsigned size)
{
	const uint8_t *at = memory_of(t, place, size);
	uint64_t got = 0;

	if (!at)
		return pstd_vtd_read(&unit.vtd, (unsigned)trace_hex(t, place), size);
	memcpy(&got, at, size);
	return got;
}

static unsigned size_of(const struct trace *t)
{
	return t->word[0][1] == '6' ? 8 : 4;
}

static void play_write(const struct trace *t)
{
	unsigned size = size_of(t);
	uint64_t written = value(t, t->word[2]);
	uint8_t *at = memory_of(t, t->word[1], size);
	struct pstd_vtd_event event;

	if (size == 4 && written >> 32)
		trace_malformed(t, "\"%s\" has more than 32 bits", t->word[2]);
	if (at) {
		memcpy(at, &written, size);
		return;
	}
	event = pstd_vtd_write(&unit.vtd, (unsigned)trace_hex(t, t->word[1]), size, written);
	note(t, &event);
	while (pstd_vtd_work(&unit.vtd, &event))
		note(t, &event);
}

static void play_read(const struct trace *t)
{
	uint64_t expected = value(t, t->word[3]), got = get(t, t->word[1], size_of(t));

	if (got != expected)
		trace_differs(t, "%s reads %llx, not %llx", t->word[1], (unsigned long long)got,
		              (unsigned long long)expected);
}

static void play_wait(const struct trace *t)
{
	bool clear = t->word[2][0] == '!';
	uint64_t bits = value(t, t->word[2] + clear), got = get(t, t->word[1], 4);

	if ((got & bits) != (clear ? 0 : bits))
		trace_differs(t, "%s is %llx: the driver waits for %s for ever", t->word[1],
		              (unsigned long long)got, t->word[2]);
}

/* What became of a request; what it leads to is carried out. */
static void carry_out(const struct pstd_vtd_request_result *r, char *got, size_t size,
                      struct pstd_vtd_event *event)
{
	struct pstd_vtd_post_result post;

	switch (r->kind) {
	case PSTD_VTD_BLOCKED:
		*event = pstd_vtd_fault(&unit.vtd, r->fault, r->qualified, r->index, SID);
		snprintf(got, size, "fault-%x", r->fault);
		break;
	case PSTD_VTD_PASS:
		snprintf(got, size, "passes");
		break;
	case PSTD_VTD_REMAPPED:
		snprintf(got, size, "%02x", r->msg.vector);
		break;
	case PSTD_VTD_POST:
		post = pstd_vtd_post(r->pid, r->vector, r->urgent, r->x2apic);
		snprintf(got, size, post.notify ? "notifies-%02x" : "posts",
		         post.notification.vector);
	}
}

static void play_irq(const struct trace *t)
{
	uint64_t index = trace_hex(t, t->word[1]);
	struct pstd_vtd_request_result r = unit_request((uint32_t)index);
	struct pstd_vtd_event event = { 0 };
	char got[32];

	if (index > 0xffff)
		trace_malformed(t, "\"%s\" has more than 16 bits", t->word[1]);
	carry_out(&r, got, sizeof(got), &event);
	if (strcmp(got, t->word[3]) != 0)
		trace_differs(t, "interrupt %s: %s, not %s", t->word[1], got, t->word[3]);
	note(t, &event);
}

static void play_event(const struct trace *t)
{
	uint64_t address = value(t, t->word[1]), data = value(t, t->word[2]);

	if (!sent.send)
		trace_differs(t, "no event was sent");
	if (((uint64_t)sent.msg.addr_hi << 32 | sent.msg.addr_lo) != address ||
	    sent.msg.data != data)
		trace_differs(t, "the event is %x to %x_%08x", sent.msg.data, sent.msg.addr_hi,
		              sent.msg.addr_lo);
	sent.send = false;
}

static void end(const struct trace *t)
{
	if (sent.send)
		trace_differs(t, "an event that no line names");
}

int main(int argc, char **argv)
{
	static const struct trace_verb verbs[] = {
		{ "W32", "aa", play_write }, { "W64", "aa", play_write },
		{ "R32", "a>a", play_read }, { "R64", "a>a", play_read },
		{ "wait", "aa", play_wait }, { "irq", "a>a", play_irq },
		{ "event", "aa", play_event }, { "ecap", "a", play_ecap }, { 0 },
	};
	const struct trace_player player = { ".vtd", verbs, reset, end };

	if (argc != 2)
		return 2;
	for (variant = 0; variant < sizeof(variants) / sizeof(*variants); variant++)
		trace_play(&player, argv[1]);
	return 0;
}
