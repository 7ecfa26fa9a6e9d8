/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes documents from the table of verbs, at build time, on standard output:
 *   mkdoc man TEMPLATE   the man page: the template with its lines @SYNOPSIS@ and @VERBS@ replaced
 *   mkdoc bash           the completion
 */
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

/* How operands are shown in mdoc. */
static const char *const operand_format[] = {
	[VERB_ONE_OR_NONE] = "Op Ar %s",
	[VERB_ANY] = "Op Ar %s ...",
	[VERB_ONE] = "Ar %s",
};

static void man_verb(const struct verb *v)
{
	printf(".Ss posted %s ", v->name);
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

static void man_synopsis(void)
{
	for (const struct verb *v = verbs; v < verbs + VERBS; v++) {
		printf(".Nm posted\n.Cm %s\n", v->name);
		for (const struct verb_flag *f = v->flags; f->name; f++)
			printf(f->value ? ".Op Fl \\-%s Ar %s\n" : ".Op Fl \\-%s\n", f->name,
			       f->value);
		putchar('.');
		printf(operand_format[v->operands], v->operand);
		putchar('\n');
	}
	puts(".Nm posted\n.Fl \\-version");
}

static int man(const char *template)
{
	char line[1024];
	FILE *in = fopen(template, "r");

	if (!in) {
		perror(template);
		return 1;
	}
	while (fgets(line, sizeof(line), in)) {
		if (!strcmp(line, "@SYNOPSIS@\n"))
			man_synopsis();
		else if (!strcmp(line, "@VERBS@\n"))
			for (const struct verb *v = verbs; v < verbs + VERBS; v++)
				man_verb(v);
		else
			fputs(line, stdout);
	}
	return fclose(in) != 0;
}

static void bash_verb(const struct verb *v)
{
	printf("\t%s)\n\t\tcase $before in\n", v->name);
	for (const struct verb_flag *f = v->flags; f->name; f++) {
		if (!f->value)
			continue;
		printf("\t\t--%s) ", f->name);
		if (f->choices)
			printf("COMPREPLY=($(compgen -W '%s' -- \"$word\"));;\n", f->choices);
		else if (!strcmp(f->value, "FILE"))
			puts("COMPREPLY=($(compgen -f -- \"$word\"));;");
		else
			puts("COMPREPLY=();;");
	}
	fputs("\t\t*)\n\t\t\tcase $word in\n\t\t\t-*) COMPREPLY=($(compgen -W '", stdout);
	for (const struct verb_flag *f = v->flags; f->name; f++)
		printf("--%s ", f->name);
	for (const struct verb_flag *f = verb_standard_flags; f->name; f++)
		printf("--%s%s", f->name, f[1].name ? " " : "' -- \"$word\"));;\n");
	printf("\t\t\t*) COMPREPLY=($(%s));;\n\t\t\tesac;;\n\t\tesac;;\n", v->completion);
}

static void bash(void)
{
	puts("# Completion of posted(1) for bash, made from its table of verbs.\n"
	     "_posted()\n{\n"
	     "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n\n"
	     "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	     "\t\tCOMPREPLY=($(compgen -W '--help --version' -- \"$word\"))");
	for (const struct verb *v = verbs; v < verbs + VERBS; v++)
		printf("\t\tCOMPREPLY+=($(compgen -W '%s' -- \"$word\"))\n", v->name);
	puts("\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in");
	for (const struct verb *v = verbs; v < verbs + VERBS; v++)
		bash_verb(v);
	puts("\tesac\n}\ncomplete -o filenames -F _posted posted");
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (argc == 3 && !strcmp(argv[1], "man")) {
		failed = man(argv[2]);
	} else if (argc == 2 && !strcmp(argv[1], "bash")) {
		bash();
	} else {
		fputs("usage: mkdoc man TEMPLATE | mkdoc bash\n", stderr);
		return 2;
	}
	return failed || fflush(stdout) != 0;
}
