/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug OBJECT FILE: what debug_sample.c, compiled as a shared object, is called: where its
 * code stands, in which file; its memory, its values.
 */
#include "explore/report/debug.h"
#include "debug_sample.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static const char *object, *source;
static int wrong;

static void differ(const char *what, unsigned number, const char *got, const char *wanted)
{
	if (!strcmp(got, wanted))
		return;
	printf("%s: %s %u is \"%s\", not \"%s\"\n", object, what, number, got, wanted);
	wrong = 1;
}

__attribute__((noinline)) static void note(unsigned line, const char *function)
{
	/* Again, from the cache. */
	for (unsigned times = 0; times < 2; times++) {
		struct debug_site site = debug_site(__builtin_return_address(0));

		differ("function at line", line, site.function ? site.function : "-", function);
		differ("file at line", line, site.file ? site.file : "-", source);
		if (site.line != line) {
			printf("%s: line %u, not %u\n", object, site.line, line);
			wrong = 1;
		}
	}
}

/* By the number of the place, in debug_sample.c; an access of so many bytes. */
static const struct {
	unsigned place, size;
	const char *name;
} names[] = {
	{ 0, 8, "vcpu[1].pid.pir[2]" },
	{ 0, 1, "vcpu[1].pid.pir[2]" },
	{ 1, 8, "vcpu[0].pid.control" }, /* the first of the union's that fits */
	{ 20, 4, "vcpu[0].pid.ndst" },    /* and one that fits exactly before it */
	{ 20, 2, "vcpu[0].pid.control+0x4" },
	{ 21, 8, "vcpu[0].key|value" }, /* all of a structure without a name */
	{ 2, 4, "vcpu[0].state" },
	{ 3, 4, "vcpu[0].prio" },
	{ 4, 8, "vcpu[1].next" },
	{ 5, 8, "vcpu[0].pair" },
	{ 5, 4, "vcpu[0].pair.lo" },
	{ 6, 4, "vcpu[1].flag|mode|rest" },
	{ 6, 1, "vcpu[1].flag|mode" },
	{ 7, 4, "grid[2][1]" },
	{ 8, 4, "table.slot[1].value" },
	{ 9, 16, "entry" },
	{ 9, 8, "entry.lo" },
	{ 10, 8, "sample_run::calls" },
	{ 11, 8, "shared" },
	{ 11, 2, "shared" },
	{ 13, 4, "-" },
	{ 14, 8, "-" },
	{ 16, 1, "vcpu[0].kicked" },
	{ 19, 1, "room[2][5]" },
};

static const struct {
	unsigned place, size;
	uint64_t value;
	unsigned points_to; /* a place, if there is no value */
	const char *shown;
} values[] = {
	{ 2, 4, 1, 0, "RUNNING" },
	{ 2, 4, 7, 0, "ASLEEP" },
	{ 2, 4, 3, 0, "-" },
	{ 3, 4, 0xffffffff, 0, "-1" },
	{ 0, 8, 0x12, 0, "-" },
	{ 0, 4, 1, 0, "-" },
	{ 4, 8, 0, 12, "&vcpu[1]" },
	{ 4, 8, 0, 11, "&shared" },
	{ 4, 8, 0, 13, "-" },
	{ 15, 8, 0, 12, "&vcpu[1].pid.pir[0]" },
	{ 16, 1, 1, 0, "true" },
};

static void judge_names(const struct sample *s)
{
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char name[128] = "-";

		debug_name(name, sizeof(name), s->at[names[i].place], names[i].size);
		differ("the name of place", names[i].place, name, names[i].name);
	}
}

static void judge_value(const struct sample *s, unsigned i)
{
	const void *to = s->at[values[i].points_to];
	uint64_t value = values[i].points_to ? (uint64_t)(uintptr_t)to : values[i].value;
	char *shown = NULL;
	size_t size;
	FILE *out = open_memstream(&shown, &size);

	if (!out)
		abort();
	if (!debug_value(out, s->at[values[i].place], values[i].size, value))
		fputc('-', out);
	fclose(out);
	differ("value", i, shown, values[i].shown);
	free(shown);
}

/* A thread's own, in a block that somebody else keeps: here a copy. */
static uint32_t block[2];
static const void *code;

static bool in_block(const void *p, struct debug_thread *t)
{
	t->code = code;
	t->offset = (uint64_t)((const char *)p - (const char *)block);
	t->whose = "P1";
	return t->offset < sizeof(block);
}

static void judge_thread(const struct sample *s)
{
	uintptr_t first = (uintptr_t)s->at[17], current = (uintptr_t)s->at[18];
	char name[64] = "-";

	code = s->at[14];
	debug_in_thread = in_block;
	debug_name(name, sizeof(name), &block[first < current], 4);
	differ("the name of a thread's", 0, name, "P1:current");
	debug_in_thread = NULL;
}

int main(int argc, char **argv)
{
	struct sample s = { note, { NULL } };
	void (*run)(struct sample * s);
	void *module;

	if (argc != 3)
		return 2;
	object = argv[1];
	source = argv[2];
	module = dlopen(object, RTLD_NOW);
	*(void **)&run = module ? dlsym(module, "sample_run") : NULL;
	if (!run) {
		fprintf(stderr, "%s\n", dlerror());
		return 2;
	}
	run(&s);
	judge_names(&s);
	for (unsigned i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		judge_value(&s, i);
	judge_thread(&s);
	return wrong;
}
