/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/parse.h"
#include "cli/near.h"
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_KEY = 256 };

/* One verb's words under way. */
struct parse {
	const struct verb *verb;
	struct verb_args *args;
	char *error; /* empty as long as there is none */
};

/* The first error is kept; what follows it may come of it. */
static void __attribute__((format(printf, 2, 3))) refuse(struct parse *p, const char *format, ...)
{
	va_list args;
	int size;

	if (*p->error)
		return;
	size = snprintf(p->error, PARSE_ERROR, "posted %s: ", p->verb->name);
	va_start(args, format);
	vsnprintf(p->error + size, PARSE_ERROR - (size_t)size, format, args);
	va_end(args);
}

/* Of a verb's own flags, then those that each verb has; null after the last. */
static const struct verb_flag *flag_at(const struct verb *v, unsigned n)
{
	const struct verb_flag *f = v->flags;

	while (f->name && n)
		f++, n--;
	if (f->name)
		return f;
	f = verb_standard_flags + n;
	return f->name ? f : NULL;
}

/* A word after two dashes that is none of the flags, nor the beginning of just one. */
static void refuse_unknown(struct parse *p, const char *word)
{
	char name[64], begins[128] = "";
	struct near near = { .typed = name };
	const struct verb_flag *f;
	unsigned many = 0;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	for (unsigned i = 0; (f = flag_at(p->verb, i)); i++) {
		size_t used = strlen(begins);

		near_look(&near, f->name);
		if (!strncmp(f->name, name, strlen(name)) && ++many)
			snprintf(begins + used, sizeof(begins) - used, " --%s", f->name);
	}
	if (many > 1)
		refuse(p, "--%s may be any of%s", name, begins);
	else if (near.word)
		refuse(p, "there is no --%s; did you mean --%s?", name, near.word);
	else
		refuse(p, "there is no --%s; \"posted help %s\" has what there is", name,
		       p->verb->name);
}

/* What getopt_long refused: the word is the one before the next. */
static void refuse_flag(struct parse *p, const char *word)
{
	if (optopt && optopt < FIRST_KEY)
		refuse(p, "there is no -%c; \"posted help %s\" has what there is", optopt,
		       p->verb->name);
	else if (optopt)
		refuse(p, "%.*s takes no value", (int)strcspn(word, "="), word);
	else
		refuse_unknown(p, word + 2);
}

static void refuse_without_value(struct parse *p, enum verb_flag_id id)
{
	for (const struct verb_flag *f = p->verb->flags; f->name; f++)
		if (f->id == id)
			refuse(p, "--%s: give it a value: %s", f->name, f->value);
}

static void take_operands(struct parse *p, char **operand, unsigned count)
{
	static const unsigned most[] = {
		[VERB_ONE_OR_NONE] = 1, [VERB_ANY] = UINT_MAX, [VERB_ONE] = 1, [VERB_NONE] = 0,
		[VERB_SOURCES] = UINT_MAX,
	};
	enum verb_operands kind = p->verb->operands;

	p->args->operand = operand;
	p->args->operands = count;
	if (count > most[kind] && kind == VERB_NONE)
		refuse(p, "\"%s\" is too many: it takes nothing but flags", operand[0]);
	else if (count > most[kind])
		refuse(p, "one %s at a time: \"%s\" is too many", p->verb->operand, operand[1]);
	else if (kind == VERB_ONE && !count)
		refuse(p, "which %s?", p->verb->operand);
}

static bool has_output(const struct verb *v)
{
	const struct verb_flag *f = v->flags;

	while (f->name && f->id != FLAG_OUTPUT)
		f++;
	return f->name;
}

static enum verb_flag_id flag_of(int key)
{
	return key == 'o' ? FLAG_OUTPUT : (enum verb_flag_id)(key - FIRST_KEY);
}

/* Its value may be the next word. */
static bool two_words(const char *word)
{
	static const char *const words[] = { "-I", "-D", "-U", "-include", "-isystem", "-iquote",
		                             "-idirafter", "-imacros", "-x" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

/* Our own of those with one dash; - alone is a file. */
static bool our_own(const char *word)
{
	return word[0] != '-' || word[1] == '-' || !word[1] || strchr("ohV?", word[1]);
}

/*
 * Takes the compiler's words out of argv: those with one dash, and all behind "--". How
 * many are left.
 */
static int take_compilers(int argc, char **argv, struct verb_args *args)
{
	char **theirs = calloc((size_t)argc, sizeof(*theirs));
	unsigned count = 0;
	int left = 1;

	if (!theirs)
		return argc;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--")) {
			while (++i < argc)
				theirs[count++] = argv[i];
		} else if (our_own(argv[i])) {
			argv[left++] = argv[i];
		} else {
			theirs[count++] = argv[i];
			if (two_words(argv[i]) && i + 1 < argc)
				theirs[count++] = argv[++i];
		}
	}
	args->compiler = theirs;
	args->compilers = count;
	return left;
}

bool parse_args(enum verb_id id, int argc, char **argv, struct verb_args *args,
                char error[PARSE_ERROR])
{
	struct parse p = { &verbs[id], args, error };
	struct option options[FLAGS + 1] = { { 0 } };
	const struct verb_flag *f;
	const char *letters;
	int key;

	*error = '\0';
	for (unsigned i = 0; (f = flag_at(p.verb, i)); i++)
		options[i] =
			(struct option){ f->name, f->value != NULL, NULL, FIRST_KEY + (int)f->id };
	if (p.verb->operands == VERB_SOURCES)
		argc = take_compilers(argc, argv, args);
	opterr = 0;
	optind = 0;
	letters = has_output(p.verb) ? ":hVo:" : ":hV";
	while ((key = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (key >= FIRST_KEY)
			args->value[key - FIRST_KEY] = optarg ? optarg : "";
		else if (key == 'h' || (key == '?' && optopt == '?'))
			args->value[FLAG_HELP] = "";
		else if (key == 'V')
			args->value[FLAG_VERSION] = "";
		else if (key == 'o')
			args->value[FLAG_OUTPUT] = optarg;
		else if (key == ':')
			refuse_without_value(&p, flag_of(optopt));
		else
			refuse_flag(&p, argv[optind - 1]);
	}
	take_operands(&p, argv + optind, (unsigned)(argc - optind));
	return !*error;
}
