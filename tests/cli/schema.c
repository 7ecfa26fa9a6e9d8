/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * schema DOC SECTION: holds the JSON on standard input against the tables of a
 * document: those below the heading that has `SECTION`, and those below `--json`, for
 * every verb. What is there must be in a table, with its type, and what a table has
 * must be there; in a list, in each of its members.
 *
 * A row begins with | `key` | type |. A key within is a.b, of a list's members a[],
 * with any name a.<name>; a.* says no more of what is in a. A type is one of JSON's,
 * `number` for integers too, or a heading of its own, of which there may be several
 * values; with "or null" it may be that, with "?" it may be absent.
 */
#include <jansson.h>
#include <stdbool.h>
#include <string.h>

enum { ROWS = 256, TEXT = 128 };

static struct row {
	char section[TEXT], path[TEXT], type[TEXT];
} rows[ROWS];
static unsigned count;
static bool wrong;

static void say(const char *path, const char *what, const char *detail)
{
	printf("%s: %s%s\n", *path ? path : "the document", what, detail);
	wrong = true;
}

/* What is between the first two of these letters, if there are two. */
static bool between(const char *text, char letter, char out[TEXT])
{
	const char *from = strchr(text, letter), *to = from ? strchr(from + 1, letter) : NULL;

	if (!to || to - from > TEXT)
		return false;
	snprintf(out, TEXT, "%.*s", (int)(to - from - 1), from + 1);
	return true;
}

static bool load(const char *path)
{
	char line[1024], section[TEXT] = "";
	FILE *in = fopen(path, "r");

	while (in && fgets(line, sizeof(line), in)) {
		struct row *r = &rows[count];

		if (*line == '#')
			*section = '\0', between(line, '`', section);
		if (strncmp(line, "| `", 3) || !between(line, '`', r->path) || count == ROWS - 1)
			continue;
		snprintf(r->section, TEXT, "%s", section);
		count += between(strchr(line + 2, '|'), '|', r->type);
	}
	return in && !fclose(in) && count;
}

/* A verb's document has what every verb's has. */
static bool applies(const struct row *r, const char *section, const char *path)
{
	return !strcmp(r->section, section) ||
	       (!strcmp(r->section, "--json") && !strncmp(section, "posted ", 7) &&
	        !strchr(path, '.'));
}

/* The row of a path: a name in the place of <name>, or anything below what has .* after it. */
static const struct row *find(const char *section, const char *path)
{
	const char *dot = strrchr(path, '.');
	size_t within = dot ? (size_t)(dot - path) : 0;

	for (const struct row *r = rows; r < rows + count; r++)
		if (applies(r, section, path) && !strcmp(r->path, path))
			return r;
	for (const struct row *r = rows; dot && r < rows + count; r++) {
		const char *star = strstr(r->path, ".*");

		if (!applies(r, section, r->path))
			continue;
		if (star && !strncmp(r->path, path, (size_t)(star - r->path) + 1))
			return r;
		if (!strncmp(r->path, path, within) && !strcmp(r->path + within, ".<name>"))
			return r;
	}
	return NULL;
}

static bool is_of(const json_t *value, const char *type)
{
	return (strstr(type, "string") && json_is_string(value)) ||
	       (strstr(type, "boolean") && json_is_boolean(value)) ||
	       (strstr(type, "integer") && json_is_integer(value)) ||
	       (strstr(type, "number") && json_is_number(value)) ||
	       (strstr(type, "object") && json_is_object(value)) ||
	       (strstr(type, "or null") && json_is_null(value));
}

/* The heading that a type is; null if it is JSON's. */
static const char *shape_of(const char *type)
{
	for (const struct row *r = rows; r < rows + count; r++)
		if (!strncmp(type + 1, r->section, strlen(r->section)))
			return r->section;
	return NULL;
}

/* What a table has directly within a path. */
static void look_for_all(json_t *object, const char *section, const char *path, const char *shown)
{
	size_t size = strlen(path);

	for (const struct row *r = rows; r < rows + count; r++) {
		const char *key = r->path + size + (size > 0);
		char name[TEXT];

		if (!applies(r, section, r->path) || strchr(r->type, '?') ||
		    strncmp(r->path, path, size) || (size && r->path[size] != '.') ||
		    strpbrk(key, ".<*"))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(key, "["), key);
		if (!json_object_get(object, name))
			say(shown, "lacks ", name);
	}
}

static void look(json_t *value, const char *section, const char *path, const char *shown);

static void look_within(json_t *object, const char *section, const char *path, const char *shown)
{
	char inner[2 * TEXT], inner_shown[2 * TEXT];
	const char *key;
	json_t *value;

	look_for_all(object, section, path, shown);
	json_object_foreach(object, key, value)
	{
		snprintf(inner, sizeof(inner), "%s%s%s", path, *path ? "." : "", key);
		snprintf(inner_shown, sizeof(inner_shown), "%s%s%s", shown, *shown ? "." : "", key);
		look(value, section, inner, inner_shown);
	}
}

static void look_at_members(json_t *list, const char *section, const char *path, const char *shown)
{
	char member[2 * TEXT], member_shown[2 * TEXT];
	json_t *each;
	size_t i;

	snprintf(member, sizeof(member), "%s[]", path);
	snprintf(member_shown, sizeof(member_shown), "%s[]", shown);
	if (!find(section, member))
		say(member_shown, "is in no table", "");
	json_array_foreach(list, i, each) look(each, section, member, member_shown);
}

static void look(json_t *value, const char *section, const char *path, const char *shown)
{
	const struct row *r = find(section, path);
	const char *shape = r ? shape_of(r->type) : NULL;

	if (r && strstr(r->path, ".*"))
		return;
	if (json_is_array(value))
		look_at_members(value, section, path, shown);
	else if (!r)
		say(shown, "is in no table", "");
	else if (shape && json_is_object(value))
		look_within(value, shape, "", shown);
	else if (!is_of(value, r->type))
		say(shown, "is not of type", r->type);
	else if (json_is_object(value))
		look_within(value, section, r->path, shown);
}

int main(int argc, char **argv)
{
	json_error_t error;
	json_t *root = json_loadf(stdin, JSON_REJECT_DUPLICATES, &error);

	if (argc != 3 || !load(argv[1])) {
		fputs("usage: schema DOC SECTION, a document with tables\n", stderr);
		return 2;
	}
	if (!json_is_object(root)) {
		printf("no JSON object: line %d: %s\n", error.line, error.text);
		return 1;
	}
	look_within(root, argv[2], "", "");
	json_decref(root);
	return wrong;
}
