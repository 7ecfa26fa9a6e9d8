/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/cc_options.h"
#include <stdio.h>
#include <string.h>

/*
 * The thread sanitizer's calls, which are renamed; no access that has none; and none
 * that returns to somebody else's line. Of gcc also where functions begin and end, no place
 * of a frame for two variables, and a frame for each function that is not declared inline: so
 * others may access what is on a stack. Not of clang, which does not tell of all accesses to
 * what is there.
 */
static const char *const both =
	"-fsanitize=thread -fPIC -fno-lto -fno-builtin -fno-stack-protector -U_FORTIFY_SOURCE "
	"-fcf-protection=none -ftls-model=global-dynamic -fno-omit-frame-pointer "
	"-fno-optimize-sibling-calls -mcx16";

static const char *const own[] = {
	[CC_GCC] = "--param=tsan-distinguish-volatile=1 -fstack-reuse=none "
	           "-fno-inline-functions-called-once -fno-inline-small-functions "
	           "-fno-inline-functions -fno-partial-inlining "
	           "-fno-tree-vectorize -fno-tree-slp-vectorize "
	           "-fno-tree-loop-distribute-patterns -Wno-tsan",
	[CC_CLANG] = "-mllvm -tsan-distinguish-volatile=1 "
	             "-mllvm -tsan-instrument-read-before-write=1 "
	             "-mllvm -tsan-instrument-func-entry-exit=0 -fno-vectorize -fno-slp-vectorize",
	[CC_OTHER] = "",
};

enum cc_compiler cc_compiler(const char *predefined)
{
	FILE *in = fopen(predefined, "r");
	bool gcc = false, clang = false, x86 = false;
	char line[256];

	while (in && fgets(line, sizeof(line), in)) {
		gcc |= !strncmp(line, "#define __GNUC__ ", 17);
		clang |= !strncmp(line, "#define __clang__ ", 18);
		x86 |= !strncmp(line, "#define __x86_64__ ", 19);
	}
	if (in)
		fclose(in);
	if (!x86 || !(gcc || clang))
		return CC_OTHER;
	return clang ? CC_CLANG : CC_GCC;
}

void cc_options_before(struct cc_words *w)
{
	/* A word of another size, or a call that guesses, is a wrong access: gcc 14's defaults. */
	cc_add_words(w, "-g -O1 -Werror=implicit-function-declaration "
	                "-Werror=incompatible-pointer-types");
}

void cc_options_behind(struct cc_words *w, enum cc_compiler compiler)
{
	cc_add_words(w, both);
	cc_add_words(w, own[compiler]);
}

void cc_options_link(struct cc_words *w)
{
	cc_add_words(w, "-shared -nostdlib -Wl,-z,relro,-z,now -Wl,-Bsymbolic "
	                "-Wl,-z,noexecstack");
}
