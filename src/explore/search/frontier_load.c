/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a search that stopped, from a file that may say anything. */
#include "explore/schedule/points.h"
#include "explore/schedule/words.h"
#include "explore/search/contested.h"
#include "explore/search/frontier.h"
#include "explore/search/frontier_file.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	SUM_DIGITS = 16,
	SUM_LENGTH = SUM_DIGITS + 2, /* " ", digits, "\n" */
};

/* The file as far as it is read. */
struct file {
	const char *path;
	FILE *is;
	uint64_t sum;
	unsigned line; /* number of the one in text */
	char text[LINE];
	const char *at; /* what of it is read so far */
};

/* What is wrong: lives on after the file. */
static char wrong[EXPLORE_WHY];

/* What is wrong, and what to do: not every file that was given is one to be removed. */
static const char *refuse(const struct file *f, const char *what, const char *advice)
{
	snprintf(wrong, sizeof(wrong), "%.120s:%u: %.120s; %s", f->path, f->line, what, advice);
	return wrong;
}

static const char *bad(const struct file *f, const char *what)
{
	return refuse(f, what, "remove the frontier to begin anew");
}

static const char *unreadable(const char *path)
{
	snprintf(wrong, sizeof(wrong), "the frontier %.200s cannot be read: %s", path,
	         strerror(errno));
	return wrong;
}

static const char *next_line(struct file *f)
{
	char sum[SUM_DIGITS + 1];
	size_t size;

	f->line++;
	errno = 0;
	if (!fgets(f->text, sizeof(f->text), f->is))
		return errno ? unreadable(f->path) : bad(f, "the rest is missing");
	size = strlen(f->text);
	if (size < SUM_LENGTH || f->text[size - 1] != '\n')
		return bad(f, "the line is cut off");
	size -= SUM_LENGTH;
	frontier_sum(&f->sum, f->text, size);
	snprintf(sum, sizeof(sum), "%016" PRIx64, f->sum);
	if (f->text[size] != ' ' || memcmp(f->text + size + 1, sum, SUM_DIGITS))
		return bad(f, "the line is damaged: its sum is wrong");
	f->text[size] = '\0';
	f->at = f->text;
	return NULL;
}

static bool word(struct file *f, const char *is)
{
	size_t size = strlen(is);

	if (strncmp(f->at, is, size))
		return false;
	f->at += size;
	return true;
}

/* The line's next number, at most so high. */
static bool number(struct file *f, uint64_t most, uint64_t *n)
{
	char *end;

	if (f->at[0] != ' ' || f->at[1] < '0' || f->at[1] > '9')
		return false;
	errno = 0;
	*n = strtoull(f->at + 1, &end, 10);
	f->at = end;
	return !errno && *n <= most;
}

static const char *load_foot(struct file *f, struct footprint *foot)
{
	uint64_t count, at, write;

	if (!number(f, EVERYTHING + FOOTPRINT, &count))
		return "a step has no such number of accesses";
	foot->everything = count >= EVERYTHING;
	count -= foot->everything ? EVERYTHING : 0;
	if (count > FOOTPRINT)
		return "a step has no such number of accesses";
	for (unsigned i = 0; i < count; i++) {
		if (!number(f, UINT64_MAX, &at) ||
		    at >= frontier_words() + ALL_STACKS * (uintptr_t)FRONTIER_STACK)
			return "a step accesses what is not in the scenario's state";
		if (!number(f, 1, &write))
			return "an access is neither a read nor a write";
		foot->access[i].word = frontier_find((uintptr_t)at);
		foot->access[i].write = write;
	}
	foot->count = (uint8_t)count;
	return NULL;
}

/* A node's options: in able, as bits. */
static const char *load_procs(struct file *f, struct node *n, unsigned *able)
{
	uint64_t proc;

	*able = 0;
	for (unsigned i = 0; i < n->count; i++) {
		if (!number(f, 2 * explore_scenario->agent_count - 1, &proc) ||
		    (proc_flushes((unsigned)proc) &&
		     explore_scenario->agents[proc_agent((unsigned)proc)].unbuffered))
			return "an option is nobody's step";
		if (*able >> proc & 1)
			return "an option is there twice";
		*able |= 1u << proc;
		n->proc[i] = (uint8_t)proc;
	}
	return NULL;
}

static const char *load_order(struct file *f, struct node *n)
{
	unsigned able, all = (1u << 2 * explore_scenario->agent_count) - 1;
	uint64_t todo, done, asleep;
	const char *what = load_procs(f, n, &able);

	if (what)
		return what;
	if (!number(f, all, &todo) || (todo & ~able))
		return "more is to be explored than its options";
	if (!number(f, all, &done) || (done & ~todo))
		return "more was explored than was to be";
	if (!number(f, all, &asleep))
		return "somebody is asleep who does not exist";
	n->todo = (uint16_t)todo;
	n->done = (uint16_t)done;
	n->asleep = (uint16_t)asleep;
	if (!((todo & ~(done | asleep)) >> n->proc[n->choice] & 1))
		return "its choice is not one that is to be explored";
	for (unsigned p = 0; !what && p < PROCS; p++)
		if (frontier_footed(n) >> p & 1)
			what = load_foot(f, &n->foot[p]);
	return what;
}

static const char *load_node(struct file *f, struct node *n)
{
	uint64_t count, choice;
	const char *what = NULL;

	memset(n, 0, sizeof(*n));
	n->data = word(f, "data");
	if (!n->data && !word(f, "order"))
		return "this is no question";
	if (!number(f, n->data ? UINT8_MAX : PROCS, &count) || count < 2)
		return "a question has no such number of options";
	if (!number(f, count - 1, &choice))
		return "its choice is none of its options";
	n->count = (uint8_t)count;
	n->choice = (uint8_t)choice;
	if (!n->data)
		what = load_order(f, n);
	return !what && *f->at ? "there is more than belongs there" : what;
}

static const char *load_totals(struct file *f, struct frontier *at, struct explore_totals *t,
                               uint64_t *contested, uint64_t *points)
{
	uint64_t depth, us, cut, traits, known;

	if (!word(f, "totals") || !number(f, UINT64_MAX, &t->schedules) ||
	    !number(f, UINT64_MAX, &t->pruned) || !number(f, UINT64_MAX, &t->steps) ||
	    !number(f, EXPLORE_DEPTH, &depth) || !number(f, UINT64_MAX, &us) ||
	    !number(f, UINT64_MAX, &at->prefixes) || !number(f, 1, &cut) ||
	    !number(f, TRAITS, &traits) || !number(f, EXPLORE_DEPTH, &known) ||
	    !number(f, WORDS, contested) || !number(f, EXPLORE_POINTS, points) || *f->at)
		return "the totals make no sense";
	t->depth = (unsigned)depth;
	t->seconds = (double)us / 1e6;
	at->cut = cut;
	at->traits = (unsigned)traits;
	at->known = (unsigned)known;
	return NULL;
}

/* Of two keys that differ: in the build alone, which comes last, or in more. */
static const char *other_key(const struct file *f, const char *key)
{
	const char *have = f->text + strlen(FRONTIER_HEAD), *build = strrchr(have, ' ');
	char what[111];

	if (build && !strncmp(have, key, (size_t)(build - have) + 1)) {
		snprintf(what, sizeof(what),
		         "the frontier is of another build (%.24s, this is %.24s)", build + 1,
		         key + (build - have) + 1);
		return refuse(f, what,
		              "go on with that build, or remove the frontier to begin anew");
	}
	snprintf(what, sizeof(what), "the frontier is of another search (%.70s)", have);
	return refuse(f, what, "repeat its options, or give another file");
}

/* The first line, as far as it is there, is not a frontier's of this version; null: it may be. */
static const char *other_file(const struct file *f)
{
	size_t size = strlen(f->text), head = strlen(FRONTIER_ANY);

	if (!size)
		return refuse(f, "the file is empty", "remove it, or give another file");
	if (strncmp(f->text, FRONTIER_ANY, size < head ? size : head))
		return refuse(f, "this file is no frontier", "give another file");
	if (size >= strlen(FRONTIER_HEAD) && strncmp(f->text, FRONTIER_HEAD, strlen(FRONTIER_HEAD)))
		return refuse(f, "the frontier is of another version of posted",
		              "go on with that one, or remove the frontier to begin anew");
	return NULL;
}

static const char *load_contested(struct file *f)
{
	uint64_t at;

	if (!word(f, "contested") || !number(f, WORDS - 1, &at) || *f->at)
		return "this is no word that may race";
	contested_add((uint32_t)at);
	return NULL;
}

static const char *load_point(struct file *f)
{
	uint64_t at;

	if (!word(f, "races") || !number(f, WORDS + WORDS_STACKS - 1, &at) || *f->at)
		return "this is no word that races";
	points_learn((uint32_t)at);
	return NULL;
}

/* What follows the totals: so many words of each kind, then the nodes. */
static const char *load_line(struct file *f, uint64_t i, uint64_t contested, uint64_t points)
{
	if (i < contested)
		return load_contested(f);
	i -= contested;
	return i < points ? load_point(f) : load_node(f, &nodes[i - points]);
}

static const char *load(struct file *f, const char *key, struct frontier *at,
                        struct explore_totals *t)
{
	uint64_t contested = 0, points = 0;
	const char *what = next_line(f), *other = ferror(f->is) ? NULL : other_file(f);

	if (other || what)
		return other ? other : what;
	if (strcmp(f->text + strlen(FRONTIER_HEAD), key))
		return other_key(f, key);
	what = next_line(f);
	if (what)
		return what;
	what = load_totals(f, at, t, &contested, &points);
	for (uint64_t i = 0; !what && i < contested + points + at->known; i++) {
		const char *no_line = next_line(f);

		if (no_line)
			return no_line;
		what = load_line(f, i, contested, points);
	}
	if (what)
		return bad(f, what);
	f->line++;
	return fgetc(f->is) == EOF ? NULL : bad(f, "there is more than belongs there");
}

const char *frontier_load(const char *path, const char *key, struct frontier *at,
                          struct explore_totals *t)
{
	struct file f = { .path = path, .is = fopen(path, "re"), .sum = FRONTIER_SUM };
	const char *what;

	if (!f.is && errno == ENOENT)
		return NULL;
	if (!f.is)
		return unreadable(path);
	what = load(&f, key, at, t);
	fclose(f.is);
	if (what)
		memset(t, 0, sizeof(*t));
	at->there = !what;
	return what;
}
