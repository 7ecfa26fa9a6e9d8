/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The completions' part of the table of verbs. What an operand or a value may be, the
 * templates know by what the table calls it: FILE, MACHINE.yaml, SCENARIO.
 */
#include "cli/mkdoc.h"
#include "cli/verbs.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A value of which there may be several, with commas between. */
static bool is_list(const struct verb_flag *f)
{
	return strchr(f->value, ',');
}

struct quoted {
	char letter;
	const char *as;
};

/* Within single quotes: of a specification, and of a word. */
static const struct quoted zsh_quoted[] = {
	{ '\'', "'\\''" }, { '[', "\\[" }, { ']', "\\]" }, { ':', "\\:" }, { 0 },
};
static const struct quoted fish_quoted[] = {
	{ '\'', "\\'" },
	{ '\\', "\\\\" },
	{ 0 },
};

static void put_letter(char letter, const struct quoted *q)
{
	while (q->as && q->letter != letter)
		q++;
	if (q->as)
		fputs(q->as, stdout);
	else
		putchar(letter);
}

/* A text's first sentence, without its dot. */
static void put_sentence(const char *text, const struct quoted *q)
{
	const char *end = strstr(text, ". ");

	if (!end)
		end = text + strlen(text) - (*text && text[strlen(text) - 1] == '.');
	while (text < end)
		put_letter(*text++, q);
}

void verb_names(void)
{
	for (const struct verb *v = verbs; v < verbs + VERBS; v++)
		printf("%s%s", v->name, v + 1 < verbs + VERBS ? " " : "\n");
}

static void bash_value(const struct verb_flag *f)
{
	if (!f->value)
		return;
	printf("\t\t--%s) value=%s", f->name, f->choices && is_list(f) ? "list" : "");
	if (f->choices)
		printf("%s choices='%s' ;;\n", is_list(f) ? "" : "word", f->choices);
	else
		printf("%s ;;\n", f->value);
}

void bash_verbs(void)
{
	for (const struct verb *v = verbs; v < verbs + VERBS; v++) {
		printf("\t%s)\n\t\toperand=%s flags='", v->name, v->operand);
		for (const struct verb_flag *f = v->flags; f->name; f++)
			printf("--%s ", f->name);
		for (const struct verb_flag *f = verb_standard_flags; f->name; f++)
			printf("--%s%s", f->name, f[1].name ? " " : "'\n");
		puts("\t\tcase $before in");
		for (const struct verb_flag *f = v->flags; f->name; f++)
			bash_value(f);
		puts("\t\tesac ;;");
	}
}

void zsh_names(void)
{
	for (const struct verb *v = verbs; v < verbs + VERBS; v++) {
		printf("\t\t'%s:", v->name);
		put_sentence(v->summary, zsh_quoted);
		puts("'");
	}
}

/* --way=[What it does]:WAY:what to offer, quoted for the shell. */
static void zsh_flag(const struct verb_flag *f)
{
	printf("\t\t\t'--%s%s[", f->name, f->value ? "=" : "");
	put_sentence(f->help, zsh_quoted);
	putchar(']');
	if (f->value)
		printf(":%.*s:", (int)strcspn(f->value, "["), f->value);
	if (f->value && !strcmp(f->value, "FILE"))
		fputs("_files", stdout);
	else if (f->value && !strcmp(f->value, "BUG"))
		fputs(" _posted_operand BUG", stdout);
	else if (f->value && f->choices)
		printf(is_list(f) ? "_values -s , value %s" : "(%s)", f->choices);
	else if (f->value)
		putchar(' ');
	puts("' \\");
}

void zsh_verbs(void)
{
	for (const struct verb *v = verbs; v < verbs + VERBS; v++) {
		printf("\t%s)\n\t\t_arguments \\\n", v->name);
		for (const struct verb_flag *f = v->flags; f->name; f++)
			zsh_flag(f);
		for (const struct verb_flag *f = verb_standard_flags; f->name; f++)
			zsh_flag(f);
		if (v->operands == VERB_NONE)
			puts("\t\t\t&& return ;;");
		else
			printf("\t\t\t'%s:%s: _posted_operand %s' && return ;;\n",
			       v->operands == VERB_ANY || v->operands == VERB_SOURCES ? "*" : "",
			       v->operand, v->operand);
	}
}

static void fish_flag(const struct verb *v, const struct verb_flag *f)
{
	printf("complete -c posted -n '__posted_verb %s' -l %s ", v->name, f->name);
	if (f->value && !strcmp(f->value, "FILE"))
		fputs("-r -F ", stdout);
	else if (f->value)
		fputs("-x ", stdout);
	if (f->value && !strcmp(f->value, "BUG"))
		fputs("-a '(__posted_operand BUG)' ", stdout);
	if (f->choices)
		printf("-a '(__posted_%s %s)' ", is_list(f) ? "list" : "words", f->choices);
	fputs("-d '", stdout);
	put_sentence(f->help, fish_quoted);
	puts("'");
}

void fish_verbs(void)
{
	for (const struct verb *v = verbs; v < verbs + VERBS; v++) {
		printf("complete -c posted -n __posted_no_verb -a %s -d '", v->name);
		put_sentence(v->summary, fish_quoted);
		puts("'");
		for (const struct verb_flag *f = v->flags; f->name; f++)
			fish_flag(v, f);
		for (const struct verb_flag *f = verb_standard_flags; f->name; f++)
			fish_flag(v, f);
		if (v->operands != VERB_NONE)
			printf("complete -c posted -n '__posted_verb %s' "
			       "-a '(__posted_operand %s)'\n",
			       v->name, v->operand);
	}
}
