/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/with_make.h"
#include "adapt/take.h"
#include "cli/catalog_module.h"
#include "cli/cc_build.h"
#include "cli/installed.h"
#include "cli/with_bug_put.h"
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COMMAND = 32, NAMED = 160 };

/* Under way. */
struct making {
	struct out *out;
	const struct verb_args *args;
	char command[COMMAND]; /* "posted check" */
	char named[NAMED];     /* "posted check: --with linux": what problems begin with */
	struct with with;
	struct list list;
	char cuts[80]; /* the folder of what is cut */
	char machine[PATH_MAX]; /* the folder of the hardware below any hypervisor */
	struct cc_words cut, file, option;
};

/* What is in the way, until the process ends. */
static struct {
	pid_t owner; /* 0: nothing is */
	char folder[64], module[80];
	volatile sig_atomic_t ready, came;
} left;

static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
enum { ENDING = sizeof(ending) / sizeof(ending[0]) };

/* While it is made, a signal waits; then only the module is left, which can go away here. */
static void end(int signal_number)
{
	if (!left.ready) {
		left.came = signal_number;
		return;
	}
	if (left.owner == getpid()) {
		unlink(left.module);
		rmdir(left.folder);
	}
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static void heed_signals(void)
{
	struct sigaction heed = { .sa_handler = end, .sa_flags = SA_RESTART }, was;

	for (unsigned i = 0; i < ENDING; i++)
		if (!sigaction(ending[i], NULL, &was) && was.sa_handler == SIG_DFL)
			sigaction(ending[i], &heed, NULL);
}

void with_remove(void)
{
	if (left.owner != getpid())
		return;
	cc_folder_remove(left.folder);
	left.owner = 0;
}

static bool find_tree(struct making *m, const char *verb)
{
	const char *flag = m->args->value[FLAG_WITH];

	snprintf(m->command, sizeof(m->command), "posted %s", verb);
	if (!with_find(m->out, m->command, flag, &m->with))
		return false;
	snprintf(m->named, sizeof(m->named), "%s: --with %.100s", m->command,
	         m->with.kind);
	if (m->with.tree)
		return true;
	out_problem(m->out, "%s: which tree? --with %s=FOLDER, with the sources of %s", m->command,
	            m->with.kind, m->with.project.name);
	return false;
}

/* The problem, and of which version it is. */
static bool refuse(const struct making *m, const char *what)
{
	out_problem(m->out, "%s: %s; this is %s %s, and the adapter was tried with %s", m->named,
	            what, m->with.project.name, m->with.version.text,
	            *m->list.tried ? m->list.tried : "none");
	return false;
}

static bool make_folder(struct making *m)
{
	if (!cc_folder(left.folder)) {
		out_problem(m->out, "%s: no folder can be made in %s: %s", m->named,
		            getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", strerror(errno));
		return false;
	}
	left.owner = getpid();
	snprintf(left.module, sizeof(left.module), "%s/module.so", left.folder);
	snprintf(m->cuts, sizeof(m->cuts), "%s/tree", left.folder);
	heed_signals();
	return !mkdir(m->cuts, 0700) || refuse(m, strerror(errno));
}

static bool has_word(const struct cc_words *w, const char *word)
{
	for (unsigned i = 0; i < w->count; i++)
		if (!strcmp(w->word[i], word))
			return true;
	return false;
}

/* What is cut, each once; of it, what is to be compiled. */
static void name_cuts(struct making *m)
{
	for (unsigned i = 0; i < m->list.rows; i++) {
		char path[PATH_MAX];
		size_t size = (size_t)snprintf(path, sizeof(path), "%s/%s", m->cuts,
		                               m->list.row[i].into);

		if (has_word(&m->cut, path))
			continue;
		cc_add(&m->cut, "%s", path);
		if (!strcmp(path + size - 2, ".c"))
			cc_add(&m->file, "%s", path);
	}
}

static int is_source(const struct dirent *entry)
{
	size_t size = strlen(entry->d_name);

	return size > 2 && !strcmp(entry->d_name + size - 2, ".c");
}

/* In order of their names; how many. */
static int name_sources_of(struct making *m, const char *folder)
{
	struct dirent **entry;
	int count = scandir(folder, &entry, is_source, alphasort);

	for (int i = 0; i < count; i++) {
		cc_add(&m->file, "%s/%s", folder, entry[i]->d_name);
		free(entry[i]);
	}
	if (count >= 0)
		free(entry);
	return count;
}

/* The adapter's own, and the hardware below each. */
static bool name_sources(struct making *m)
{
	if (installed_path(INSTALLED_DATA, "src/adapt/machine", m->machine))
		name_sources_of(m, m->machine);
	return name_sources_of(m, m->with.adapter) > 0 ||
	       refuse(m, with_is_own(&m->with) ? "the adapter has no .c file"
	                                       : "it has no sources; install posted anew");
}

/*
 * The same sources make the same module wherever the user and they are: no path of this machine
 * gets into it. Of several that fit, gcc takes the last.
 */
static void hide_paths(struct making *m)
{
	struct cc_words *w = &m->option;
	char path[PATH_MAX];

	if (getcwd(path, sizeof(path)))
		cc_add(w, "-ffile-prefix-map=%s=", path);
	if (installed_path(INSTALLED_HEADERS, "", path))
		cc_add(w, "-ffile-prefix-map=%s/=", path);
	cc_add(w, "-ffile-prefix-map=%s/=machine/", m->machine);
	cc_add(w, "-ffile-prefix-map=%s/=adapter/", m->with.adapter);
	cc_add(w, "-ffile-prefix-map=%s/=", m->cuts);
}

static void name_options(struct making *m)
{
	struct cc_words *w = &m->option;

	cc_add_words(w, m->list.options);
	/*
	 * clang's DWARF 5 has the user's folder in it, and checksums of files, but none of those
	 * that #line names: it warns.
	 */
	cc_add(w, "-gdwarf-4");
	cc_add(w, "-DADAPT_VERSION=%u", tree_number(&m->with.version));
	cc_add(w, "-I%s", m->cuts);
	cc_add(w, "-I%s/shim", m->with.adapter);
	cc_add(w, "-I%s", m->with.adapter);
	cc_add(w, "-I%s", m->machine);
	hide_paths(m);
}

static void tell(const struct making *m)
{
	const struct with *w = &m->with;

	if (!m->list.is_tried)
		fprintf(stderr, "%s: %s %s was not tried, but %s: it is taken as it is\n", m->named,
		        w->project.name, w->version.text, m->list.tried);
	if (!m->args->value[FLAG_QUIET])
		fprintf(stderr, "%s: cutting from %s %s, and compiling\n", m->named,
		        w->project.name, w->version.text);
	if (out_is_json(m->out))
		out_value(m->out, "with",
		          json_pack("{s:s, s:s, s:s, s:b}", "kind", w->kind, "tree", w->tree,
		                    "version", w->version.text, "tried", m->list.is_tried));
}

static bool cut_all(struct making *m)
{
	char path[PATH_MAX + 8], error[ADAPT_ERROR];

	snprintf(path, sizeof(path), "%s/list", m->with.adapter);
	if (!list_read(&m->list, path, &m->with.version, error)) {
		out_problem(m->out, "%s: %s", m->named, error);
		return false;
	}
	tell(m);
	return make_folder(m) &&
	       (take_all(&m->list, path, m->with.tree, m->cuts, error) || refuse(m, error));
}

static bool put_back(struct making *m, struct with_module *to)
{
	const char *name = m->args->value[FLAG_BUG];
	const struct with_bug *bug;
	struct with_bugs bugs;
	bool good;

	if (!name)
		return true;
	if (!with_bugs_read(m->out, m->command, &m->with, &bugs))
		return false;
	bug = with_bug_find(m->out, m->command, &m->with, &bugs, name);
	good = bug && with_bug_put_back(m->out, m->command, &m->with, bug, m->cut.word,
	                                m->cut.count);
	if (good && strcmp(bug->scenario, "-"))
		to->shows = strdup(bug->scenario);
	if (good && out_is_json(m->out))
		out_value(m->out, "bug", json_string(bug->name));
	with_bugs_free(&bugs);
	return good;
}

static bool compile(struct making *m)
{
	const struct cc_input in = {
		.command = m->named,
		.output = left.module,
		.file = m->file.word,
		.files = m->file.count,
		.option = m->option.word,
		.options = m->option.count,
		.dwarf_4 = true,
	};
	struct cc_build b = { .in = &in, .out = m->out };
	bool good;

	if (!cc_build_begin(&b))
		return false;
	good = cc_build(&b);
	cc_build_end(&b);
	/* What a signal ended says nothing of the tree. */
	return good || left.came ||
	       refuse(m, "what is cut from the tree does not compile with the adapter");
}

static bool name_flag(const struct making *m, struct with_module *to)
{
	const char *bug = m->args->value[FLAG_BUG];
	char *with = catalog_module_flag("with", m->args->value[FLAG_WITH]);
	char *more = bug ? catalog_module_flag("bug", bug) : NULL;

	if (!with || (bug && !more) || asprintf(&to->flag, "%s%s", with, more ? more : "") < 0) {
		to->flag = NULL;
		out_problem(m->out, "%s: out of memory", m->named);
	}
	free(with);
	free(more);
	return to->flag;
}

static bool make(struct making *m, const char *verb, struct with_module *to)
{
	if (!find_tree(m, verb) || !cut_all(m))
		return false;
	name_cuts(m);
	if (!put_back(m, to) || !name_sources(m) || !name_flag(m, to))
		return false;
	name_options(m);
	return compile(m);
}

bool with_make(struct out *out, const char *verb, const struct verb_args *args,
               struct with_module *to)
{
	struct making m = { .out = out, .args = args };
	bool good = make(&m, verb, to);

	if (*m.cuts)
		cc_folder_remove(m.cuts);
	list_free(&m.list);
	cc_words_free(&m.cut);
	cc_words_free(&m.file);
	cc_words_free(&m.option);
	left.ready = 1;
	if (!good || left.came)
		with_remove();
	if (left.came)
		end(left.came);
	snprintf(to->path, sizeof(to->path), "%s", left.module);
	return good;
}
