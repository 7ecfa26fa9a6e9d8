/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vectors DIR [FAMILY...]
 *
 * Judges the project's code by the test vectors in DIR: the families named, or
 * all it finds there. Vectors with a tag unsure_*, where the manuals leave a
 * doubt, are skipped. A family without cases judges nothing, and is said to.
 * Status 0: all passed; 1: something failed, or DIR holds a family without a rule;
 * 2: usage, or a malformed file.
 */
#include "vectors_families.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct counts {
	unsigned passed, failed, skipped;
	unsigned empty; /* families */
};

static const struct vec_family *find_family(const char *name)
{
	for (const struct vec_family *f = vec_families; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	fflush(stdout);
	fprintf(stderr, "vectors: no rule for family \"%.80s\"; there is one for", name);
	for (const struct vec_family *f = vec_families; f->name; f++)
		fprintf(stderr, " %s%s", f->name, f[1].name ? "," : "\n");
	return NULL;
}

/* A doubt about a column that its judge leaves out is no reason to skip. */
static bool in_doubt(struct vec *v)
{
	return vec_tagged(v, "unsure_") && !vec_tagged(v, "unsure_apr_and");
}

static void tell_family(const char *name, const struct counts *n)
{
	if (n->passed + n->failed + n->skipped)
		printf("%-20s %u passed, %u failed, %u skipped\n", name, n->passed, n->failed,
		       n->skipped);
	else
		printf("%-20s no cases: it judges nothing\n", name);
}

static void tell_total(const struct counts *total)
{
	printf("%u passed, %u failed, %u skipped", total->passed, total->failed, total->skipped);
	if (total->empty)
		printf(", %u %s judged nothing", total->empty,
		       total->empty == 1 ? "family" : "families");
	putchar('\n');
}

static void run_family(const char *dir, const struct vec_family *f, struct counts *total)
{
	struct counts n = { 0, 0, 0, 0 };
	struct vec v;

	vec_open(&v, dir, f->name);
	while (vec_next(&v)) {
		if (in_doubt(&v)) {
			n.skipped++;
			continue;
		}
		f->judge(&v);
		if (v.failed)
			n.failed++;
		else
			n.passed++;
	}
	if (n.passed + n.failed && vec_unused(&v)) {
		printf("%s: %s: no rule compares this column\n", v.path, vec_unused(&v));
		n.failed++;
	}
	vec_close(&v);
	tell_family(f->name, &n);
	total->empty += !(n.passed + n.failed + n.skipped);
	total->passed += n.passed;
	total->failed += n.failed;
	total->skipped += n.skipped;
}

static int is_family(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 4 && !strcmp(entry->d_name + length - 4, ".tsv");
}

/* Runs every family in dir; one without a rule counts as a failure. */
static bool run_all(const char *dir, struct counts *total)
{
	struct dirent **entry;
	int n = scandir(dir, &entry, is_family, alphasort);

	if (n <= 0) {
		fprintf(stderr, "vectors: %s: %s\n", dir,
		        n < 0 ? strerror(errno) : "no family here (FAMILY.tsv)");
		return false;
	}
	for (int i = 0; i < n; i++) {
		const struct vec_family *f;

		entry[i]->d_name[strlen(entry[i]->d_name) - 4] = '\0';
		f = find_family(entry[i]->d_name);
		if (f)
			run_family(dir, f, total);
		else
			total->failed++;
		free(entry[i]);
	}
	free(entry);
	return true;
}

int main(int argc, char **argv)
{
	struct counts total = { 0, 0, 0, 0 };

	if (argc < 2) {
		fprintf(stderr, "usage: vectors DIR [FAMILY...]\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		if (!find_family(argv[i]))
			return 2;
	if (argc == 2 && !run_all(argv[1], &total))
		return 2;
	for (int i = 2; i < argc; i++)
		run_family(argv[1], find_family(argv[i]), &total);
	tell_total(&total);
	return total.failed ? 1 : 0;
}
