/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mkdoc TEMPLATE: makes a document from the table of verbs, at build time, on standard
 * output: the man page, or a shell's completion. A line of the template that is one of
 * the words below is replaced.
 */
#include "cli/mkdoc.h"
#include <stdio.h>
#include <string.h>

static const struct {
	const char *line;
	void (*print)(void);
} parts[] = {
	{ "@SYNOPSIS@\n", man_synopsis },
	{ "@VERBS@\n", man_verbs },
	{ "@NAMES@\n", verb_names },
	{ "@BASH@\n", bash_verbs },
	{ "@ZSH_NAMES@\n", zsh_names },
	{ "@ZSH@\n", zsh_verbs },
	{ "@FISH@\n", fish_verbs },
};

enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

static void put(const char *line)
{
	for (unsigned i = 0; i < PARTS; i++) {
		if (strcmp(line, parts[i].line))
			continue;
		parts[i].print();
		return;
	}
	fputs(line, stdout);
}

int main(int argc, char **argv)
{
	char line[1024];
	FILE *in;

	if (argc != 2) {
		fputs("usage: mkdoc TEMPLATE\n", stderr);
		return 2;
	}
	in = fopen(argv[1], "r");
	if (!in) {
		perror(argv[1]);
		return 1;
	}
	while (fgets(line, sizeof(line), in))
		put(line);
	return fclose(in) || fflush(stdout);
}
