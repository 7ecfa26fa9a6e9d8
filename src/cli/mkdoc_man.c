/* SPDX-License-Identifier: BSD-2-Clause */
/* The man page's part of the table of verbs. */
#include "cli/mkdoc.h"
#include "cli/verbs.h"
#include <stdio.h>
#include <string.h>

enum { WIDTH = 78 };

/* Text as mdoc wants it: each sentence begins a line, and no line is long. */
static void man_text(const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t size = strcspn(text, " ");

		if (column && column + 1 + size > WIDTH)
			column = 0, putchar('\n');
		column += (size_t)printf("%s%.*s", column ? " " : "", (int)size, text);
		if (size && text[size - 1] == '.' && text[size])
			column = 0, putchar('\n');
		text += size + (text[size] == ' ');
	}
	putchar('\n');
}

static void man_flags(const struct verb_flag *flag)
{
	for (; flag->name; flag++) {
		printf(".It Fl \\-%s", flag->name);
		if (flag->value)
			printf(" Ar %s", flag->value);
		putchar('\n');
		man_text(flag->help);
	}
}

/* How operands are shown in mdoc, after a space. */
static const char *const operand_format[] = {
	[VERB_ONE_OR_NONE] = " Op Ar %s",
	[VERB_ANY] = " Op Ar %s ...",
	[VERB_ONE] = " Ar %s",
	[VERB_NONE] = "%s",
	[VERB_SOURCES] = " Ar %s ...",
};

static void man_verb(const struct verb *v)
{
	printf(".Ss posted %s", v->name);
	printf(operand_format[v->operands], v->operand);
	putchar('\n');
	man_text(v->text);
	puts(".Bl -tag -width Ds");
	man_flags(v->flags);
	man_flags(verb_standard_flags);
	puts(".El\n.Pp\nExamples:\n.Bl -tag -width Ds");
	for (const struct verb_example *e = v->examples; e->command; e++)
		printf(".It Li %s\n%s\n", e->command, e->what);
	puts(".El");
}

void man_synopsis(void)
{
	for (const struct verb *v = verbs; v < verbs + VERBS; v++) {
		printf(".Nm posted\n.Cm %s\n", v->name);
		for (const struct verb_flag *f = v->flags; f->name; f++)
			printf(f->value ? ".Op Fl \\-%s Ar %s\n" : ".Op Fl \\-%s\n", f->name,
			       f->value);
		if (v->operands != VERB_NONE) {
			putchar('.');
			printf(operand_format[v->operands] + 1, v->operand);
			putchar('\n');
		}
	}
	puts(".Nm posted\n.Fl \\-version");
}

void man_verbs(void)
{
	for (const struct verb *v = verbs; v < verbs + VERBS; v++)
		man_verb(v);
}
