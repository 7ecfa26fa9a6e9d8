/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes a search that stopped. */
#include "explore/schedule/lent.h"
#include "explore/schedule/points.h"
#include "explore/search/contested.h"
#include "explore/search/frontier.h"
#include "explore/search/frontier_file.h"
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* The file as it is written. */
struct file {
	FILE *is;
	uint64_t sum;
	char text[LINE]; /* the line so far */
};

static void put(struct file *f, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct file *f, const char *format, ...)
{
	size_t used = strlen(f->text);
	va_list args;

	va_start(args, format);
	vsnprintf(f->text + used, sizeof(f->text) - used, format, args);
	va_end(args);
}

static void end_line(struct file *f)
{
	frontier_sum(&f->sum, f->text, strlen(f->text));
	fprintf(f->is, "%s %016" PRIx64 "\n", f->text, f->sum);
	f->text[0] = '\0';
}

/* Where stores go that nobody is to see, only their own agent comes: that is left out. */
static void save_foot(struct file *f, const struct footprint *foot)
{
	unsigned count = 0;

	for (unsigned i = 0; i < foot->count; i++)
		count += !lent_is_nowhere((const void *)(foot->access[i].word * 8));
	put(f, " %u", count + (foot->everything ? EVERYTHING : 0));
	for (unsigned i = 0; i < foot->count; i++)
		if (!lent_is_nowhere((const void *)(foot->access[i].word * 8)))
			put(f, " %" PRIuPTR " %d", frontier_number(foot->access[i].word),
			    foot->access[i].write);
}

static void save_node(struct file *f, const struct node *n)
{
	if (n->data) {
		put(f, "data %u %u", n->count, n->choice);
		end_line(f);
		return;
	}
	put(f, "order %u %u", n->count, n->choice);
	for (unsigned i = 0; i < n->count; i++)
		put(f, " %u", n->proc[i]);
	put(f, " %u %u %u", n->todo, n->done, n->asleep);
	for (unsigned p = 0; p < PROCS; p++) {
		const struct footprint *foot = &n->foot[p];

		if (!(frontier_footed(n) >> p & 1))
			continue;
		save_foot(f, foot);
	}
	end_line(f);
}

static void save(struct file *f, const char *key, const struct frontier *at,
                 const struct explore_totals *t)
{
	unsigned contested = contested_heed();
	const struct explore_points points = points_now();

	put(f, "%s%s", FRONTIER_HEAD, key);
	end_line(f);
	put(f,
	    "totals %" PRIu64 " %" PRIu64 " %" PRIu64 " %u %" PRIu64 " %" PRIu64 " %d %d %u %u %u",
	    t->schedules, t->pruned, t->steps, t->depth, (uint64_t)(t->seconds * 1e6), at->prefixes,
	    at->cut, at->traits, at->known, contested, points.count);
	end_line(f);
	for (unsigned i = 0; i < contested; i++) {
		put(f, "contested %u", contested_word(i));
		end_line(f);
	}
	for (unsigned i = 0; i < points.count; i++) {
		put(f, "races %u", points.word[i]);
		end_line(f);
	}
	for (unsigned i = 0; i < at->known; i++)
		save_node(f, &nodes[i]);
}

/* What is wrong: lives on after the file. */
static char wrong[EXPLORE_WHY];

static const char *not_written(const char *path)
{
	snprintf(wrong, sizeof(wrong), "the frontier %.120s cannot be written: %s", path,
	         strerror(errno));
	return wrong;
}

/* The old file is there, whole, until the new one is. */
const char *frontier_save(const char *path, const char *key, const struct frontier *at,
                          const struct explore_totals *t)
{
	struct file f = { .sum = FRONTIER_SUM };
	char fresh[PATH_MAX];
	bool good;

	if (snprintf(fresh, sizeof(fresh), "%s.new", path) >= (int)sizeof(fresh)) {
		errno = ENAMETOOLONG;
		return not_written(path);
	}
	f.is = fopen(fresh, "we");
	if (!f.is)
		return not_written(fresh);
	save(&f, key, at, t);
	good = !fflush(f.is) && !ferror(f.is) && !fsync(fileno(f.is));
	good = !fclose(f.is) && good;
	if (good && !rename(fresh, path))
		return NULL;
	not_written(path);
	unlink(fresh);
	return wrong;
}
