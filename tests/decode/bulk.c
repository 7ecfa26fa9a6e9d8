/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bulk POSTED VECTORS: every vector of the families below as a line of one
 * "posted decode --json FILE" each; the fields it prints must be the columns.
 * So the vectors, which nobody here wrote, judge the decoders.
 */
#include "../vectors_format.h"
#include <jansson.h>
#include <posted/field.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is known of a vector when its answer is looked at. */
struct answer {
	struct vec *v;
	const json_t *thing;
};

struct family {
	const char *name, *what; /* the file, and how it is given */
	bool (*wanted)(struct vec *v); /* null: every vector is */
	void (*write)(struct vec *v, FILE *to);
	void (*judge)(struct answer *a);
	unsigned least; /* vectors that there must be */
};

static uint64_t number(struct answer *a, const char *key)
{
	const json_t *value = json_object_get(a->thing, key);

	if (json_is_integer(value))
		return (uint64_t)json_integer_value(value);
	if (json_is_boolean(value))
		return json_is_true(value);
	if (json_is_string(value))
		return strtoull(json_string_value(value), NULL, 0);
	vec_fail(a->v, key, "is not printed");
	return 0;
}

static void word_is(struct answer *a, const char *key, const char *wanted)
{
	const char *got = json_string_value(json_object_get(a->thing, key));

	if (!got || strncmp(got, wanted, strlen(wanted)))
		vec_fail(a->v, key, wanted);
}

static void equal(struct answer *a, const char *key, uint64_t wanted)
{
	if (number(a, key) != wanted)
		vec_fail(a->v, key, "differs");
}

static void judge_shared(struct answer *a)
{
	word_is(a, "kind", "irte");
	equal(a, "p", vec_b(a->v, "in_p"));
	equal(a, "fpd", vec_b(a->v, "in_fpd"));
	equal(a, "avail", vec_x(a->v, "in_avail", 4));
	equal(a, "vector", vec_x(a->v, "in_v", 8));
	equal(a, "sid", vec_x(a->v, "in_sid", 16));
	equal(a, "sq", vec_x(a->v, "in_sq", 2));
	equal(a, "svt", vec_x(a->v, "in_svt", 2));
	vec_expect_x(a->v, "out_hi", 64, number(a, "hi"));
	vec_expect_x(a->v, "out_lo", 64, number(a, "lo"));
}

static void judge_posted(struct answer *a)
{
	judge_shared(a);
	equal(a, "im", 1);
	equal(a, "urg", vec_b(a->v, "in_urg"));
	equal(a, "pda", vec_x(a->v, "in_pda", 64));
}

static void judge_remapped(struct answer *a)
{
	judge_shared(a);
	equal(a, "im", 0);
	equal(a, "dm", vec_b(a->v, "in_dm"));
	equal(a, "rh", vec_b(a->v, "in_rh"));
	equal(a, "tm", vec_b(a->v, "in_tm"));
	equal(a, "dlm", vec_x(a->v, "in_dlm", 3));
	equal(a, "dst", vec_x(a->v, "in_dst", 32));
}

static unsigned long long word(struct vec *v, const char *column)
{
	return vec_x(v, column, 64);
}

static void write_keyed(struct vec *v, FILE *to)
{
	fprintf(to, "irte lo=%016llx hi=0x%llx\n", word(v, "out_lo"), word(v, "out_hi"));
}

/* Where nothing says which word is which, only entries in use are told apart. */
static bool is_in_use(struct vec *v)
{
	return vec_b(v, "in_p") && vec_x(v, "in_svt", 2) && vec_x(v, "in_sid", 16) &&
	       vec_x(v, "in_svt", 2) < 3;
}

static void write_wide(struct vec *v, FILE *to)
{
	fprintf(to, "%016llx%016llx\n", word(v, "out_hi"), word(v, "out_lo"));
}

static void write_high_first(struct vec *v, FILE *to)
{
	fprintf(to, "%016llx\t%016llx\n", word(v, "out_hi"), word(v, "out_lo"));
}

static void write_low_first(struct vec *v, FILE *to)
{
	fprintf(to, "0x%016llX 0x%016llX\n", word(v, "out_lo"), word(v, "out_hi"));
}

static void write_message(struct vec *v, FILE *to)
{
	fprintf(to, "%llx:%llx\n", (unsigned long long)vec_x(v, "out_addr", 32),
	        (unsigned long long)vec_x(v, "out_data", 32));
}

static void judge_message(struct answer *a)
{
	word_is(a, "kind", "msi");
	word_is(a, "format", "remappable");
	equal(a, "handle", vec_x(a->v, "in_handle", 16));
	equal(a, "shv", vec_b(a->v, "in_shv"));
	/* Without SHV it is not sent. */
	if (vec_b(a->v, "in_shv"))
		equal(a, "subhandle", vec_x(a->v, "in_subhandle", 16));
	vec_expect_x(a->v, "out_addr", 32, number(a, "address"));
	vec_expect_x(a->v, "out_data", 32, number(a, "data"));
	vec_expect_x(a->v, "out_index", 20, number(a, "index"));
}

static void write_compat(struct vec *v, FILE *to)
{
	fprintf(to, "0x%08llx 0x%08llx 0x%08llx\n",
	        (unsigned long long)vec_x(v, "in_addr_lo", 32),
	        (unsigned long long)vec_x(v, "in_addr_hi", 32),
	        (unsigned long long)vec_x(v, "in_data", 32));
}

static void judge_compat(struct answer *a)
{
	bool extended = !strcmp(vec_s(a->v, "in_how"), "ext15") &&
	                json_object_get(a->thing, "extended_destination");

	word_is(a, "kind", "msi");
	word_is(a, "format", "compatibility");
	vec_expect_x(a->v, "out_dest", 32,
	             number(a, extended ? "extended_destination" : "destination"));
	vec_expect_b(a->v, "out_rh", number(a, "rh"));
	vec_expect_b(a->v, "out_dm", number(a, "dm"));
	vec_expect_x(a->v, "out_vector", 8, number(a, "vector"));
	vec_expect_x(a->v, "out_dlm", 3, number(a, "dlm"));
	vec_expect_b(a->v, "out_level", number(a, "level"));
	vec_expect_b(a->v, "out_trig", number(a, "trigger"));
}

static void write_descriptor(struct vec *v, FILE *to)
{
	uint8_t bytes[VEC_BYTES];

	vec_bytes(v, "out_bytes", bytes);
	for (unsigned i = 0; i < VEC_BYTES; i++)
		fprintf(to, "%02x", bytes[i]);
	putc('\n', to);
}

static void judge_descriptor(struct answer *a)
{
	const json_t *pending = json_object_get(a->thing, "pir"), *at;
	uint64_t wanted[4], pir[4] = { 0 };
	size_t i;

	word_is(a, "kind", "pid");
	json_array_foreach((json_t *)pending, i, at)
		pir[json_integer_value(at) / 64 & 3] |= PSTD_BIT(json_integer_value(at) % 64);
	vec_bm(a->v, "in_pir", wanted);
	if (memcmp(wanted, pir, sizeof(pir)))
		vec_fail(a->v, "pir", "differs");
	equal(a, "on", vec_b(a->v, "in_on"));
	equal(a, "sn", vec_b(a->v, "in_sn"));
	equal(a, "nv", vec_x(a->v, "in_nv", 8));
	equal(a, "ndst", vec_x(a->v, "in_ndst", 32));
}

static bool is_logged(struct vec *v)
{
	return vec_b(v, "out_logged");
}

static void write_record(struct vec *v, FILE *to)
{
	fprintf(to, "%016llx %016llx\n", word(v, "out_frcd_lo"), word(v, "out_frcd_hi"));
}

static void judge_record(struct answer *a)
{
	word_is(a, "kind", "fault");
	vec_expect_x(a->v, "out_reason", 8, number(a, "reason"));
	equal(a, "sid", vec_x(a->v, "in_rid", 16));
	equal(a, "f", 1);
	if (json_object_get(a->thing, "index"))
		equal(a, "index", vec_x(a->v, "out_index", 20) & 0xffff);
}

/* An entry that a request got through. */
static bool is_accepted(struct vec *v)
{
	return strcmp(vec_s(v, "out_kind"), "pass") != 0;
}

static void write_accepted(struct vec *v, FILE *to)
{
	fprintf(to, "%016llx %016llx\n", word(v, "in_irte_hi"), word(v, "in_irte_lo"));
}

static void judge_accepted(struct answer *a)
{
	bool posts = !strcmp(vec_s(a->v, "out_kind"), "post");
	char does[64];

	snprintf(does, sizeof(does), "%s vector 0x%02llx", posts ? "posts" : "sends",
	         (unsigned long long)(posts ? number(a, "vector")
	                                    : vec_x(a->v, "out_vector", 8)));
	word_is(a, "does", does);
	if (posts)
		return;
	vec_expect_x(a->v, "out_dlm", 3, number(a, "dlm"));
	vec_expect_b(a->v, "out_dm", number(a, "dm"));
	vec_expect_b(a->v, "out_rh", number(a, "rh"));
	vec_expect_b(a->v, "out_tm", number(a, "tm"));
}

static const struct family families[] = {
	{ "irte_posted", "low first, said so", NULL, write_keyed, judge_posted, 250 },
	{ "irte_posted", "32 digits", is_in_use, write_wide, judge_posted, 50 },
	{ "irte_posted", "high first", is_in_use, write_high_first, judge_posted, 50 },
	{ "irte_posted", "low first", is_in_use, write_low_first, judge_posted, 50 },
	{ "irte_remapped", "low first, said so", NULL, write_keyed, judge_remapped, 250 },
	{ "irte_remapped", "32 digits", is_in_use, write_wide, judge_remapped, 50 },
	{ "irte_remapped", "high first", is_in_use, write_high_first, judge_remapped, 50 },
	{ "irte_remapped", "low first", is_in_use, write_low_first, judge_remapped, 50 },
	{ "msi_remappable", "address:data", NULL, write_message, judge_message, 200 },
	{ "msi_compat", "three words", NULL, write_compat, judge_compat, 250 },
	{ "pid_encode", "128 digits", NULL, write_descriptor, judge_descriptor, 200 },
	{ "faults", "low first", is_logged, write_record, judge_record, 200 },
	{ "vtd_ir", "high first", is_accepted, write_accepted, judge_accepted, 400 },
};

/* The things that the command makes of a file. */
static json_t *decode(const char *posted, const char *file)
{
	char command[4096];
	json_error_t error;
	json_t *root;
	FILE *in;

	snprintf(command, sizeof(command), "%s decode --json %s", posted, file);
	in = popen(command, "r");
	if (!in) {
		perror(command);
		exit(2);
	}
	root = json_loadf(in, JSON_REJECT_DUPLICATES, &error);
	if (pclose(in) || !root) {
		printf("%s: failed, or no JSON: line %d: %s\n", command, error.line, error.text);
		exit(1);
	}
	return root;
}

static bool is_wanted(const struct family *f, struct vec *v)
{
	return !f->wanted || f->wanted(v);
}

static void write_all(const struct family *f, const char *dir, FILE *to)
{
	struct vec v;

	vec_open(&v, dir, f->name);
	while (vec_next(&v))
		if (is_wanted(f, &v))
			f->write(&v, to);
	vec_close(&v);
}

/* Again through the vectors, beside what was said of each; how many were judged and good. */
static unsigned judge_all(const struct family *f, const char *dir, const json_t *things,
                          unsigned *failed)
{
	unsigned good = 0, line = 0;
	struct vec v;

	vec_open(&v, dir, f->name);
	while (vec_next(&v)) {
		struct answer a = { &v, NULL };

		if (!is_wanted(f, &v))
			continue;
		a.thing = json_array_get(things, line++);
		/* The command says where the bits could be something else as well. */
		if (json_is_false(json_object_get(a.thing, "sure")))
			continue;
		f->judge(&a);
		*failed += v.failed;
		good += !v.failed;
	}
	vec_close(&v);
	if (line != json_array_size(things)) {
		printf("%s: %u lines, but %zu things\n", f->name, line, json_array_size(things));
		(*failed)++;
	}
	return good;
}

static unsigned run(const struct family *f, const char *posted, const char *dir)
{
	char file[] = "/tmp/decode-bulk-XXXXXX";
	int fd = mkstemp(file);
	FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
	unsigned good, failed = 0;
	json_t *root;

	if (!to) {
		perror(file);
		exit(2);
	}
	write_all(f, dir, to);
	if (fclose(to)) {
		perror(file);
		exit(2);
	}
	root = decode(posted, file);
	unlink(file);
	good = judge_all(f, dir, json_object_get(root, "things"), &failed);
	json_decref(root);
	printf("%-16s %-20s %u good, %u failed\n", f->name, f->what, good, failed);
	return failed + (good < f->least);
}

int main(int argc, char **argv)
{
	unsigned failed = 0;

	if (argc != 3) {
		fputs("usage: bulk POSTED VECTORS\n", stderr);
		return 2;
	}
	for (unsigned i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		failed += run(&families[i], argv[1], argv[2]);
	return failed != 0;
}
