/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/cc_build.h"
#include "cli/cc_asm.h"
#include "cli/cc_text.h"
#include "cli/installed.h"
#include "explore/module/elf.h"
#include "explore/module/look.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PLACES = 3, /* that one name is told of at most */
	PLACE = 512,
};

/* What is the engine's instead of the C library's. */
static const char *const engine[][2] = {
	{ "memcpy", "explore_memcpy" },
	{ "memmove", "explore_memmove" },
	{ "memset", "explore_memset" },
	{ "abort", "explore_abort" },
	{ "__assert_fail", "explore_assert_fail" },
	{ "__tls_get_addr", "explore_tls_get_addr" },
};
enum { ENGINE = sizeof(engine) / sizeof(engine[0]) };

static bool find(struct cc_build *b, enum installed_kind kind, const char *file, char *path)
{
	if (installed_path(kind, file, path))
		return true;
	out_problem(b->out,
	            "%s: %s, which belongs to this program, is not there: install it again",
	            b->in->command,
	            *path ? path : file);
	return false;
}

/* Runs it; true if it ends well. What it complains of, it says itself. */
static bool run(struct cc_build *b, struct cc_words *w, const char *printed)
{
	int status = cc_run(w, printed);

	if (status == CC_NOT_RUN)
		out_problem(b->out, "%s: %s cannot be run: %s", b->in->command,
		            w->count ? w->word[0] : "a program", strerror(errno));
	else if (status)
		out_problem(b->out, "%s: %s failed, see above", b->in->command, w->word[0]);
	cc_words_free(w);
	return !status;
}

static bool find_compiler(struct cc_build *b)
{
	struct cc_words w = { 0 };
	char predefined[96];

	b->compiler = b->in->compiler;
	if (!b->compiler)
		b->compiler = getenv("CC");
	if (!b->compiler || !*b->compiler)
		b->compiler = "cc";
	snprintf(predefined, sizeof(predefined), "%s/predefined", b->folder);
	cc_add_words(&w, b->compiler);
	cc_add_words(&w, "-dM -E -x c /dev/null");
	if (!run(b, &w, predefined))
		return false;
	b->kind = cc_compiler(predefined);
	if (b->kind != CC_OTHER)
		return true;
	out_problem(b->out, "%s: %s is neither gcc nor clang for x86-64: name one with "
	                    "--compiler", b->in->command, b->compiler);
	return false;
}

bool cc_build_begin(struct cc_build *b)
{
	const char *output = b->in->output;

	if (!find(b, INSTALLED_HEADERS, "explore/module.h", b->headers) ||
	    !find(b, INSTALLED_DATA, "src/cc/descriptor.c", b->descriptor) ||
	    !find(b, INSTALLED_DATA, "src/cc/string.c", b->strings))
		return false;
	*strrchr(b->headers, '/') = '\0';
	*strrchr(b->headers, '/') = '\0';
	if (snprintf(b->made, sizeof(b->made), "%s.new", output) >= PATH_MAX) {
		out_problem(b->out, "%s: the name of the module is too long", b->in->command);
		return false;
	}
	if (!cc_folder(b->folder)) {
		out_problem(b->out, "%s: no folder can be made in %s: %s", b->in->command,
		            getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", strerror(errno));
		return false;
	}
	if (find_compiler(b))
		return true;
	cc_folder_remove(b->folder);
	return false;
}

void cc_build_end(struct cc_build *b)
{
	unlink(b->made); /* if it has not got its name */
	cc_folder_remove(b->folder);
}

static bool allowed(const struct cc_build *b, const char *name)
{
	const char *list = b->in->allow;

	while (list) {
		size_t size = strcspn(list, ",");

		if (strlen(name) == size && !strncmp(list, name, size))
			return true;
		list = list[size] ? list + size + 1 : NULL;
	}
	return false;
}

/* my_pi.c:12 */
static void name_place(const struct cc_line *line, char place[PLACE])
{
	if (line->line)
		snprintf(place, PLACE, "%s:%u", line->file, line->line);
	else
		snprintf(place, PLACE, "%s", *line->file ? line->file : "somewhere");
}

static void tell(struct cc_build *b, const struct cc_line *line, const char *what,
                 const char *why)
{
	char place[PLACE];

	name_place(line, place);
	out_problem(b->out, "%s: %s: %s%s%s: %s", b->in->command, place, line->function,
	            *line->function ? ": " : "", what, why);
}

static void judge_line(const struct cc_line *line, void *arg)
{
	struct cc_build *b = arg;
	char instruction[CC_ASM], what[CC_ASM + 32], place[PLACE];
	const char *rest = line->text, *why;

	if (!line->inlined)
		return;
	name_place(line, place);
	if (allowed(b, line->function) || allowed(b, place))
		return;
	while ((why = cc_asm_refused(&rest, instruction))) {
		bool told = b->locked;

		b->locked = !strcmp(instruction, "lock");
		snprintf(what, sizeof(what), "inline assembler \"%s\"", instruction);
		if (!told)
			tell(b, line, what, why);
		b->wrong++;
	}
}

/* Of a file's object: the names that are the engine's, for objcopy. */
static bool list_names(struct cc_build *b, const struct elf_file *f, const char *path)
{
	const Elf64_Shdr *symbols = elf_section(f, SHT_SYMTAB);
	FILE *out = fopen(path, "w");
	const char *name;
	size_t at = 0;

	if (!out)
		return false;
	for (unsigned i = 0; i < ENGINE; i++)
		fprintf(out, "%s %s\n", engine[i][0], engine[i][1]);
	while (symbols && (name = elf_undefined(f, symbols, &at))) {
		if (!strncmp(name, "__tsan_", 7))
			fprintf(out, "%s explore_%s\n", name, name + 2);
		b->uses_strings |= !strncmp(name, "str", 3) || !strncmp(name, "mem", 3);
	}
	return !fclose(out);
}

static bool rename_calls(struct cc_build *b, const char *base)
{
	struct cc_words w = { 0 };
	char object[96], names[96];
	struct elf_file f;
	const char *wrong;
	bool listed;

	snprintf(object, sizeof(object), "%s.o", base);
	snprintf(names, sizeof(names), "%s.names", base);
	wrong = elf_open(&f, object);
	if (wrong) {
		out_problem(b->out, "%s: what %s makes %s: is it for x86-64?", b->in->command,
		            b->compiler,
		            wrong);
		return false;
	}
	b->thread_local_size += elf_thread_local_size(&f);
	listed = list_names(b, &f, names);
	elf_close(&f);
	if (!listed) {
		out_problem(b->out, "%s: cannot write %s: %s", b->in->command, names,
		            strerror(errno));
		return false;
	}
	cc_add(&w, "objcopy");
	cc_add(&w, "--redefine-syms=%s", names);
	cc_add(&w, "%s", object);
	return run(b, &w, NULL);
}

static void begin_compiler(struct cc_build *b, struct cc_words *w)
{
	cc_add_words(w, b->compiler);
	cc_options_before(w);
}

/* To assembler, which is looked at, and to an object that calls the engine. */
static bool compile(struct cc_build *b, const char *file, const char *base, bool users)
{
	struct cc_words w = { 0 };
	char text[96];

	snprintf(text, sizeof(text), "%s.s", base);
	begin_compiler(b, &w);
	if (users && b->kind == CC_GCC)
		cc_add(&w, "-include%s/explore/builtins.h", b->headers);
	for (unsigned i = 0; users && i < b->in->options; i++)
		cc_add(&w, "%s", b->in->option[i]);
	cc_add(&w, "-I%s", b->headers);
	cc_options_behind(&w, b->kind);
	if (!users)
		cc_add_words(&w, "-g0 -fvisibility=hidden");
	cc_add_words(&w, "-S -o");
	cc_add(&w, "%s", text);
	cc_add(&w, "%s", file);
	if (!run(b, &w, NULL))
		return false;
	if (users && !cc_text_read(text, judge_line, b)) {
		out_problem(b->out, "%s: cannot read %s: %s", b->in->command, text,
		            strerror(errno));
		return false;
	}
	cc_add_words(&w, b->compiler);
	if (b->in->dwarf_4 && b->kind == CC_CLANG)
		cc_add(&w, "-gdwarf-4");
	cc_add_words(&w, "-c -o");
	cc_add(&w, "%s.o", base);
	cc_add(&w, "%s", text);
	return run(b, &w, NULL) && rename_calls(b, base);
}

/* "name\0name\0", for a compiler. */
static void add_allowed(struct cc_build *b, struct cc_words *w)
{
	const char *list = b->in->allow;
	char names[4096];
	int size = 0;

	*names = '\0';
	while (list && size < (int)sizeof(names)) {
		size_t one = strcspn(list, ",");

		if (one)
			size += snprintf(names + size, sizeof(names) - (size_t)size, "%.*s\\0",
			                 (int)one, list);
		list = list[one] ? list + one + 1 : NULL;
	}
	cc_add(w, "-DMODULE_ALLOWED=\"%s\"", names);
}

static bool describe(struct cc_build *b)
{
	struct cc_words w = { 0 };

	cc_add_words(&w, b->compiler);
	cc_add(&w, "-I%s", b->headers);
	cc_add(&w, "-DMODULE_THREAD_LOCAL=%zu", b->thread_local_size);
	add_allowed(b, &w);
	cc_add_words(&w, "-O1 -fPIC -fno-lto -fno-stack-protector -c -o");
	cc_add(&w, "%s/descriptor.o", b->folder);
	cc_add(&w, "%s", b->descriptor);
	return run(b, &w, NULL);
}

static bool link_all(struct cc_build *b)
{
	struct cc_words w = { 0 };

	cc_add_words(&w, b->compiler);
	cc_options_link(&w);
	cc_add(&w, "-o");
	cc_add(&w, "%s", b->made);
	for (unsigned i = 0; i < b->in->files; i++)
		cc_add(&w, "%s/%u.o", b->folder, i);
	if (b->uses_strings)
		cc_add(&w, "%s/strings.o", b->folder);
	cc_add(&w, "%s/descriptor.o", b->folder);
	cc_add(&w, "-lgcc");
	return run(b, &w, NULL);
}

static bool make(struct cc_build *b)
{
	char base[80];

	for (unsigned i = 0; i < b->in->files; i++) {
		snprintf(base, sizeof(base), "%s/%u", b->folder, i);
		if (!compile(b, b->in->file[i], base, true))
			return false;
	}
	snprintf(base, sizeof(base), "%s/strings", b->folder);
	if (b->uses_strings && !compile(b, b->strings, base, false))
		return false;
	return describe(b) && link_all(b);
}

struct search {
	struct cc_build *build;
	const char *name, *why;
	unsigned told;
};

static void look_for(const struct cc_line *line, void *arg)
{
	struct search *s = arg;
	char what[CC_ASM];

	if (line->inlined || (*line->text == '.' && strncmp(line->text, ".quad", 5)))
		return;
	if (s->told == PLACES || !cc_text_names(line, s->name))
		return;
	snprintf(what, sizeof(what), "uses %s", s->name);
	tell(s->build, line, what, s->why);
	s->told++;
}

/* Where the files use that name, which they may not. */
static void tell_call(struct cc_build *b, const char *name, const char *why)
{
	struct search s = { b, name, why, 0 };
	char text[96];

	for (unsigned i = 0; i < b->in->files; i++) {
		snprintf(text, sizeof(text), "%s/%u.s", b->folder, i);
		cc_text_read(text, look_for, &s);
	}
	if (!s.told)
		out_problem(b->out, "%s: the module uses %s: %s", b->in->command, name, why);
	b->wrong++;
}

/* What is made is a module; it takes its name only then. */
static bool finish(struct cc_build *b)
{
	char error[EXPLORE_LOAD_ERROR];
	const char *name, *why;
	struct look look;
	size_t at = 0;

	if (!look_open(&look, b->made, b->in->output, error)) {
		out_problem(b->out, "%s: %s", b->in->command, error);
		return false;
	}
	while ((name = look_refused(&look, &at, &why)))
		tell_call(b, name, why);
	b->scenarios = look.scenarios;
	look_close(&look);
	if (b->wrong)
		return false;
	if (!rename(b->made, b->in->output))
		return true;
	out_problem(b->out, "%s: cannot write %s: %s", b->in->command, b->in->output,
	            strerror(errno));
	return false;
}

bool cc_build(struct cc_build *b)
{
	return make(b) && finish(b);
}
