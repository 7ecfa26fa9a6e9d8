/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/check_merge.h"
#include "cli/check_tally.h"
#include <stdlib.h>
#include <string.h>

/* A file: what one shard found. */
struct shard {
	const char *path;
	json_t *root, *scenarios;
	unsigned part, parts;
	bool every; /* by its options, its search leaves out no schedule */
	struct check_tally tally; /* of its scenarios, as they are added up */
};

static bool refuse(struct out *out, const struct shard *s, const char *why)
{
	out_problem(out, "posted check: --merge: %s: %s", s->path, why);
	return false;
}

/* No sample, and no bound by which every search ends before all is explored. */
static bool searches_every(const json_t *options)
{
	const char *strategy = json_string_value(json_object_get(options, "strategy"));
	const json_t *preemptions = json_object_get(options, "preemptions");

	return strategy && !strcmp(strategy, "every") && json_is_integer(preemptions) &&
	       !json_integer_value(preemptions);
}

static bool load(struct out *out, const char *path, struct shard *s)
{
	json_error_t error;
	json_t *part, *parts;

	s->path = path;
	s->root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!s->root) {
		if (error.line < 0) /* it cannot be opened; the text says which */
			out_problem(out, "posted check: --merge: %s", error.text);
		else
			out_problem(out,
			            "posted check: --merge: %s:%d: %s; give what --shard I/N "
			            "--json printed, whole", path, error.line, error.text);
		return false;
	}
	s->scenarios = json_object_get(s->root, "scenarios");
	part = json_object_get(s->root, "part");
	parts = json_object_get(s->root, "parts");
	if (!json_is_string(json_object_get(s->root, "build")) ||
	    !json_is_object(json_object_get(s->root, "options")) ||
	    !json_array_size(s->scenarios) || !json_is_integer(part) || !json_is_integer(parts))
		return refuse(out, s, "is no result of posted check --shard I/N --json");
	if (json_integer_value(parts) < 1 || json_integer_value(parts) > UINT16_MAX ||
	    json_integer_value(part) < 1 || json_integer_value(part) > json_integer_value(parts))
		return refuse(out, s, "is part of nothing: its \"part\" or \"parts\" is wrong");
	s->part = (unsigned)json_integer_value(part);
	s->parts = (unsigned)json_integer_value(parts);
	s->every = searches_every(json_object_get(s->root, "options"));
	return true;
}

/* Another shard must agree with the first in everything but its part. */
static bool same_search(struct out *out, const struct shard *first, const struct shard *s)
{
	static const struct {
		const char *key, *advice;
	} same[] = {
		{ "build", "one build (posted --version) explores all shards" },
		{ "options", "all shards of a search have the same options" },
		{ "parts", "all shards of a search count the same parts" },
	};

	for (unsigned i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		json_t *a = json_object_get(first->root, same[i].key);
		json_t *b = json_object_get(s->root, same[i].key);

		if (json_equal(a, b))
			continue;
		char *had = json_dumps(a, JSON_ENCODE_ANY | JSON_COMPACT);
		char *has = json_dumps(b, JSON_ENCODE_ANY | JSON_COMPACT);

		out_problem(out, "posted check: --merge: %s: its %s: %s, those of %s: %s; %s",
		            s->path, same[i].key, has ? has : "?", first->path, had ? had : "?",
		            same[i].advice);
		free(had);
		free(has);
		return false;
	}
	if (json_array_size(first->scenarios) == json_array_size(s->scenarios))
		return true;
	out_problem(out,
	            "posted check: --merge: %s: %zu scenarios, but %s has %zu; all shards of a "
	            "search have the same ones, in the same order",
	            s->path, json_array_size(s->scenarios), first->path,
	            json_array_size(first->scenarios));
	return false;
}

/* Each part once. */
static bool complete(struct out *out, const struct shard *shard, unsigned count)
{
	bool good = true;

	for (unsigned part = 1; part <= shard->parts; part++) {
		const struct shard *have = NULL;

		for (unsigned i = 0; i < count; i++) {
			if (shard[i].part != part)
				continue;
			if (have) {
				out_problem(out,
				            "posted check: --merge: %s and %s are both part %u/%u: "
				            "give each part once",
				            have->path, shard[i].path, part, shard->parts);
				good = false;
			}
			have = &shard[i];
		}
		if (!have) {
			out_problem(out,
			            "posted check: --merge: part %u/%u is missing: explore it too, "
			            "with --shard %u/%u", part, shard->parts, part, shard->parts);
			good = false;
		}
	}
	return good;
}

static void add(struct check_result *sum, const struct check_result *r)
{
	/* from the best verdict to the worst */
	static const unsigned rank[] = {
		[CHECK_PROVED] = 0,   [CHECK_PART] = 1,   [CHECK_STOPPED] = 2,
		[CHECK_UNUSABLE] = 3, [CHECK_BROKEN] = 4, [CHECK_UNFIT] = 5,
		[CHECK_CRASHED] = 6,  [CHECK_VIOLATED] = 7,
	};

	if (rank[r->verdict] > rank[sum->verdict]) {
		sum->verdict = r->verdict;
		memcpy(sum->why, r->why, sizeof(sum->why));
		memcpy(sum->replay, r->replay, sizeof(sum->replay));
	}
	sum->schedules += r->schedules;
	sum->pruned += r->pruned;
	sum->steps += r->steps;
	sum->seconds += r->seconds;
	if (r->depth > sum->depth)
		sum->depth = r->depth;
	if (r->peak_kib > sum->peak_kib)
		sum->peak_kib = r->peak_kib;
}

/* Of several parts, it is worth knowing which one has no result. */
static void name_part(const struct shard *s, struct check_result *r)
{
	char why[CHECK_WHY];

	if (r->verdict == CHECK_PROVED || r->verdict == CHECK_PART || r->verdict == CHECK_VIOLATED)
		return;
	snprintf(why, sizeof(why), "part %u/%u: %.350s", s->part, s->parts, r->why);
	memcpy(r->why, why, sizeof(why));
}

/* All parts are there, and nothing is found in any of them. */
static void conclude(struct check_result *sum)
{
	if (sum->verdict != CHECK_PART && sum->verdict != CHECK_PROVED)
		return;
	*sum->why = '\0';
	sum->verdict = sum->schedules ? CHECK_PROVED : CHECK_STOPPED;
	if (!sum->schedules)
		snprintf(sum->why, sizeof(sum->why), "no schedule came to its end");
}

/* A verdict that a search of these options and this part can have. */
static bool possible(const struct shard *s, const struct check_result *r)
{
	switch (r->verdict) {
	case CHECK_PROVED:
		return s->every && s->parts == 1 && r->schedules;
	case CHECK_PART:
		return s->every && s->parts > 1;
	default:
		return true;
	}
}

/* Scenario n of all shards. */
static bool add_up(struct out *out, struct shard *shard, unsigned count, unsigned n,
                   struct check_result *sum)
{
	struct check_result *r = calloc(1, sizeof(*r));
	bool good = r;

	for (unsigned i = 0; good && i < count; i++) {
		good = check_result_parse(json_array_get(shard[i].scenarios, n), r);
		if (!good)
			refuse(out, &shard[i],
			       "one of its scenarios is no result; explore that part again");
		if (good && !possible(&shard[i], r))
			good = refuse(out, &shard[i],
			              "one of its verdicts cannot come of its options and part; "
			              "explore that part again");
		if (good && i && strcmp(sum->scenario, r->scenario)) {
			out_problem(out,
			            "posted check: --merge: %s: scenario %s, where %s has %s; all "
			            "shards of a search have the same ones, in the same order",
			            shard[i].path, r->scenario, shard->path, sum->scenario);
			good = false;
		}
		check_tally_add(&shard[i].tally, r);
		name_part(&shard[i], r);
		if (good && i)
			add(sum, r);
		else if (good)
			*sum = *r;
	}
	free(r);
	if (good)
		conclude(sum);
	return good;
}

/* What each shard counted at its end is what is there: it is whole, and so is its search. */
static bool as_counted(struct out *out, const struct shard *shard, unsigned count)
{
	bool good = true;

	for (unsigned i = 0; i < count; i++) {
		json_t *counted = check_tally_json(&shard[i].tally);

		if (!json_equal(counted, json_object_get(shard[i].root, "verdicts")))
			good = refuse(out, &shard[i],
			              "its \"verdicts\" do not count its scenarios, so it may not "
			              "be whole; explore that part again");
		json_decref(counted);
	}
	return good;
}

/* A scenario counts once. */
static bool different(struct out *out, const struct shard *first, const struct check_merged *m)
{
	for (unsigned i = 0; i < m->count; i++)
		for (unsigned k = 0; k < i; k++)
			if (!strcmp(m->result[i].scenario, m->result[k].scenario))
				return refuse(out, first, "one of its scenarios is there twice; "
				                          "explore that part again");
	return true;
}

static bool merge(struct out *out, struct shard *shard, unsigned count, struct check_merged *m)
{
	for (unsigned i = 1; i < count; i++)
		if (!same_search(out, shard, &shard[i]))
			return false;
	if (!complete(out, shard, count))
		return false;
	m->count = (unsigned)json_array_size(shard->scenarios);
	m->result = calloc(m->count, sizeof(*m->result));
	if (!m->result) {
		out_problem(out, "posted check: out of memory");
		return false;
	}
	for (unsigned n = 0; n < m->count; n++)
		if (!add_up(out, shard, count, n, &m->result[n]))
			return false;
	return as_counted(out, shard, count) && different(out, shard, m);
}

bool check_merge(struct out *out, char **path, unsigned count, struct check_merged *m)
{
	struct shard *shard = calloc(count ? count : 1, sizeof(*shard));
	bool good = shard && count;
	unsigned loaded = 0;

	*m = (struct check_merged){ 0 };
	if (!shard)
		out_problem(out, "posted check: out of memory");
	else if (!count)
		out_problem(out, "posted check: --merge: which files? those that --shard I/N "
		                 "--json wrote");
	while (good && loaded < count) {
		good = load(out, path[loaded], &shard[loaded]);
		loaded++;
	}
	good = good && merge(out, shard, count, m);
	for (unsigned i = 0; i < loaded; i++)
		json_decref(shard[i].root);
	free(shard);
	if (!good)
		free(m->result);
	return good;
}
