/* SPDX-License-Identifier: BSD-2-Clause */
#include "adapt/take.h"
#include "adapt/cut.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A row under way. */
struct taking {
	const char *list, *tree, *folder;
	const struct list_row *row;
	char from[PATH_MAX]; /* as the tree has it */
	char *text;
	size_t size;
	char *error;
};

static bool refuse(const struct taking *t, const char *path, const char *why)
{
	return text_refuse(t->error, "%s: %s (%s:%u)", path, why, t->list, t->row->line);
}

/* Reads the first of a|b that is there. */
static bool find(struct taking *t)
{
	char path[PATH_MAX];

	for (const char *one = t->row->from; *one; one += *one == '|') {
		size_t size = strcspn(one, "|");

		snprintf(t->from, sizeof(t->from), "%.*s", (int)size, one);
		one += size;
		errno = ENAMETOOLONG;
		if (snprintf(path, sizeof(path), "%s/%s", t->tree, t->from) >= PATH_MAX)
			break;
		t->text = text_read(path, &t->size);
		if (t->text)
			return true;
		if (errno != ENOENT)
			break;
	}
	return text_refuse(t->error, "%s has no %s: %s (%s:%u)", t->tree, t->row->from,
	                   strerror(errno), t->list, t->row->line);
}

/* Also the folders that it is in. */
static FILE *open_into(const struct taking *t, char path[PATH_MAX])
{
	int size = snprintf(path, PATH_MAX, "%s/%s", t->folder, t->row->into);

	if (size >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	for (char *slash = path + strlen(t->folder) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return NULL;
		*slash = '/';
	}
	return fopen(path, "ae");
}

/* "no function vmx_pi_load", "no struct pi_desc" */
static bool refuse_absent(const struct taking *t, const char *what)
{
	size_t kind = strcspn(what, ":["), size = strcspn(what, "[");
	bool has_kind = what[kind] == ':';

	return text_refuse(t->error, "%s/%s has no %.*s %.*s (%s:%u)", t->tree, t->from,
	                   has_kind ? (int)kind : 8, has_kind ? what : "function",
	                   (int)(has_kind ? size - kind - 1 : size),
	                   has_kind ? what + kind + 1 : what, t->list, t->row->line);
}

static bool cut_one(const struct taking *t, const struct cut *c, const char *what, FILE *into)
{
	bool optional = *what == '?';
	const char *end;

	what += optional;
	switch (cut_write(c, what, into)) {
	case CUT_DONE:
		return true;
	case CUT_ABSENT:
		return optional || refuse_absent(t, what);
	case CUT_NO_FROM:
	case CUT_NO_TO:
		end = "this part of its function is not there";
		break;
	case CUT_UNKNOWN:
		end = "this is nothing to cut; NAME, NAME[FROM..TO], or with struct:, union:, "
		      "enum:, typedef:, var:, define: before it";
		break;
	default:
		end = strerror(ENOMEM);
	}
	return text_refuse(t->error, "%s/%s: %s: %s (%s:%u)", t->tree, t->from, what, end, t->list,
	                   t->row->line);
}

static bool cut_all(const struct taking *t, FILE *into)
{
	struct cut c;
	bool good = true;

	if (!cut_open(&c, t->text, t->size, t->from))
		return refuse(t, t->from, strerror(ENOMEM));
	for (unsigned i = 0; good && i < t->row->whats; i++)
		good = cut_one(t, &c, t->row->what[i], into);
	cut_close(&c);
	return good;
}

static bool take_row(struct taking *t)
{
	char path[PATH_MAX];
	bool good = true, wrong;
	FILE *into = open_into(t, path);

	if (!into)
		return refuse(t, path, strerror(errno));
	if (t->row->what) {
		good = cut_all(t, into);
	} else {
		fprintf(into, "#line 1 \"%s\"\n", t->from);
		fwrite(t->text, 1, t->size, into);
		fputc('\n', into);
	}
	wrong = ferror(into);
	if ((fclose(into) || wrong) && good)
		return refuse(t, path, strerror(errno));
	return good;
}

bool take_all(const struct list *l, const char *list_path, const char *tree, const char *folder,
              char error[ADAPT_ERROR])
{
	struct taking t = { .list = list_path, .tree = tree, .folder = folder, .error = error };
	bool good = true;

	for (unsigned i = 0; good && i < l->rows; i++) {
		t.row = &l->row[i];
		good = find(&t) && take_row(&t);
		free(t.text);
		t.text = NULL;
	}
	return good;
}
