/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/yaml_tree.h"
#include "cli/near.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 20 };

/* What a file says may hold anything; an error is one line of plain text. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

__attribute__((format(printf, 4, 0)))
static void set_error(struct yaml_tree *t, size_t line, const char *path, const char *format,
                      va_list args)
{
	int n = 0;

	if (*t->error)
		return;
	if (line)
		n = snprintf(t->error, t->error_size, "%s:%zu: ", t->file, line);
	else
		n = snprintf(t->error, t->error_size, "%s: ", t->file);
	if (n >= 0 && (size_t)n < t->error_size && *path)
		n += snprintf(t->error + n, t->error_size - (size_t)n, "%s: ", path);
	if (n >= 0 && (size_t)n < t->error_size)
		vsnprintf(t->error + n, t->error_size - (size_t)n, format, args);
	make_printable(t->error);
}

/* Line 0: about the file as a whole. */
__attribute__((format(printf, 4, 5)))
static bool fail(struct yaml_tree *t, size_t line, const char *path, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_error(t, line, path, format, args);
	va_end(args);
	return false;
}

static bool fail_at(struct yaml_tree *t, const yaml_node_t *node, const char *path,
                    const char *what)
{
	return fail(t, node->start_mark.line + 1, path, "%s", what);
}

static const char *scalar(const yaml_node_t *node)
{
	return (const char *)node->data.scalar.value;
}

static yaml_node_t *node_of(struct yaml_tree *t, int id)
{
	return yaml_document_get_node(&t->document, id);
}

/* The pair of a mapping whose key is the first size bytes of name. */
static const yaml_node_pair_t *find_pair(struct yaml_tree *t, const yaml_node_t *node,
                                         const char *name, size_t size)
{
	if (node->type != YAML_MAPPING_NODE)
		return NULL;
	for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
	     p < node->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = node_of(t, p->key);

		if (key->type == YAML_SCALAR_NODE && strlen(scalar(key)) == size &&
		    !memcmp(scalar(key), name, size))
			return p;
	}
	return NULL;
}

static size_t line_of(struct yaml_tree *t, const char *path)
{
	const yaml_node_t *node = yaml_document_get_root_node(&t->document);
	size_t line = node->start_mark.line;

	while (*path) {
		if (*path == '[') {
			long n = strtol(path + 1, NULL, 10);

			if (node->type != YAML_SEQUENCE_NODE ||
			    n >= node->data.sequence.items.top - node->data.sequence.items.start)
				break;
			node = node_of(t, node->data.sequence.items.start[n]);
			line = node->start_mark.line;
			path += strcspn(path, "]") + 1;
		} else {
			path += *path == '.';
			size_t size = strcspn(path, ".[");
			const yaml_node_pair_t *p = find_pair(t, node, path, size);

			if (!p)
				break;
			line = node_of(t, p->key)->start_mark.line;
			node = node_of(t, p->value);
			path += size;
		}
	}
	return line + 1;
}

static const cyaml_schema_field_t *find_field(const cyaml_schema_field_t *fields, const char *key)
{
	for (; fields->key; fields++)
		if (!strcmp(fields->key, key))
			return fields;
	return NULL;
}

static bool unknown_key(struct yaml_tree *t, const yaml_node_t *key, const char *path,
                        const cyaml_schema_field_t *fields)
{
	char known[256] = "";
	struct near near = { .typed = scalar(key) };
	size_t n = 0;

	for (; fields->key && n < sizeof(known); fields++) {
		near_look(&near, fields->key);
		n += (size_t)snprintf(known + n, sizeof(known) - n, "%s%s", n ? ", " : "",
		                      fields->key);
	}
	if (near.word)
		return fail(t, key->start_mark.line + 1, path,
		            "no such key; did you mean %s? The keys here are %s", near.word, known);
	return fail(t, key->start_mark.line + 1, path, "no such key; the keys here are %s", known);
}

static bool check_scalar(struct yaml_tree *t, const yaml_node_t *node, const char *path)
{
	if (node->type != YAML_SCALAR_NODE)
		return fail_at(t, node, path, node->type == YAML_SEQUENCE_NODE
		               ? "a list, where one value belongs"
		               : "a mapping, where one value belongs");
	if (!*scalar(node))
		return fail_at(t, node, path, "has no value: give one or leave the key out");
	return true;
}

static bool check_list(struct yaml_tree *t, const yaml_node_t *node, const cyaml_schema_value_t *v,
                       const char *path)
{
	long count;

	if (node->type != YAML_SEQUENCE_NODE)
		return fail_at(t, node, path,
		               "is no list: write [a, b] or lines that begin with \"- \"");
	count = node->data.sequence.items.top - node->data.sequence.items.start;
	if (count < v->sequence.min || count > v->sequence.max)
		return fail(t, node->start_mark.line + 1, path,
		            "%ld entries, from %u to %u are possible", count, v->sequence.min,
		            v->sequence.max);
	return true;
}

static bool check_mapping(struct yaml_tree *t, const yaml_node_t *node, const char *path)
{
	return node->type == YAML_MAPPING_NODE ||
	       fail_at(t, node, path, "is no mapping: write lines of \"key: value\"");
}

/* The schema of a pair's value, and its path; null if the key has no place here. */
static const cyaml_schema_value_t *check_key(struct yaml_tree *t, const yaml_node_t *node,
                                             const yaml_node_pair_t *p,
                                             const cyaml_schema_value_t *v, const char *path,
                                             char inner[YAML_PATH])
{
	const yaml_node_t *key = node_of(t, p->key);
	const cyaml_schema_field_t *field;

	if (key->type != YAML_SCALAR_NODE) {
		fail_at(t, key, path, "a key is a list or a mapping, it must be a word");
		return NULL;
	}
	snprintf(inner, YAML_PATH, "%s%s%.40s", path, *path ? "." : "", scalar(key));
	field = find_field(v->mapping.fields, scalar(key));
	if (!field)
		unknown_key(t, key, inner, v->mapping.fields);
	else if (find_pair(t, node, field->key, strlen(field->key)) != p)
		fail_at(t, key, inner, "given twice");
	else
		return &field->value;
	return NULL;
}

/* As deep as the schema, whatever the file does with aliases. */
static bool check(struct yaml_tree *t, const yaml_node_t *node, const cyaml_schema_value_t *v,
                  const char *path)
{
	char inner[YAML_PATH];
	bool good;

	if (v->type == CYAML_STRING)
		return check_scalar(t, node, path);
	if (v->type == CYAML_SEQUENCE) {
		const yaml_node_item_t *first = node->data.sequence.items.start;

		good = check_list(t, node, v, path);
		for (long n = 0; good && first + n < node->data.sequence.items.top; n++) {
			snprintf(inner, sizeof(inner), "%s[%ld]", path, n);
			good = check(t, node_of(t, first[n]), v->sequence.entry, inner);
		}
		return good;
	}
	good = check_mapping(t, node, path);
	for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
	     good && p < node->data.mapping.pairs.top; p++) {
		const cyaml_schema_value_t *inside = check_key(t, node, p, v, path, inner);

		good = inside && check(t, node_of(t, p->value), inside, inner);
	}
	return good;
}

static size_t line_at(const struct yaml_tree *t, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < offset && i < t->size; i++)
		line += t->text[i] == '\n';
	return line;
}

static bool syntax_error(struct yaml_tree *t, const yaml_parser_t *p)
{
	const char *problem = p->problem ? p->problem : "it cannot be read";

	if (p->error == YAML_MEMORY_ERROR)
		return fail(t, 0, "", "out of memory");
	if (p->error == YAML_READER_ERROR)
		return fail(t, line_at(t, p->problem_offset), "", "not YAML: %s", problem);
	return fail(t, p->problem_mark.line + 1, "", "not YAML: %s%s%s", problem,
	            p->context ? " " : "", p->context ? p->context : "");
}

static bool parse(struct yaml_tree *t, yaml_parser_t *p)
{
	yaml_document_t next;
	bool extra;

	yaml_parser_set_input_string(p, (const unsigned char *)t->text, t->size);
	if (!yaml_parser_load(p, &t->document))
		return syntax_error(t, p);
	t->parsed = true;
	if (!yaml_document_get_root_node(&t->document))
		return fail(t, 1, "", "is empty: a machine needs at least pcpus and vms");
	if (!yaml_parser_load(p, &next))
		return syntax_error(t, p);
	extra = yaml_document_get_root_node(&next) != NULL;
	if (extra)
		fail(t, next.start_mark.line + 1, "", "a second document: one machine a file");
	yaml_document_delete(&next);
	return !extra;
}

bool yaml_tree_read(struct yaml_tree *t, const char *path)
{
	bool given = !strcmp(path, "-");
	FILE *in = given ? stdin : fopen(path, "re");

	if (!in)
		return fail(t, 0, "", "cannot be opened: %s", strerror(errno));
	t->text = malloc(MOST);
	if (t->text)
		t->size = fread(t->text, 1, MOST, in);
	if (!t->text)
		fail(t, 0, "", "out of memory");
	else if (ferror(in))
		fail(t, 0, "", "cannot be read: %s", strerror(errno));
	else if (t->size == MOST)
		fail(t, 0, "", "is no machine file: larger than 1 MiB");
	if (!given)
		fclose(in);
	return !*t->error;
}

bool yaml_tree_copy(struct yaml_tree *t, const char *text)
{
	t->text = strdup(text);
	t->size = strlen(text);
	return t->text || fail(t, 0, "", "out of memory");
}

bool yaml_tree_check(struct yaml_tree *t, const cyaml_schema_value_t *top)
{
	yaml_parser_t p;
	bool good;

	if (!yaml_parser_initialize(&p))
		return fail(t, 0, "", "out of memory");
	good = parse(t, &p);
	yaml_parser_delete(&p);
	return good && check(t, yaml_document_get_root_node(&t->document), top, "");
}

void yaml_tree_error(struct yaml_tree *t, const char *path, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_error(t, t->parsed ? line_of(t, path) : 0, path, format, args);
	va_end(args);
}

void yaml_tree_close(struct yaml_tree *t)
{
	if (t->parsed)
		yaml_document_delete(&t->document);
	free(t->text);
	t->text = NULL;
	t->parsed = false;
}
