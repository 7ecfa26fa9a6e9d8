/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/with_bug_put.h"
#include "cli/cc_run.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The file's text as it was and as it is now. */
static bool differ(const char *a, const char *b)
{
	size_t sizes[2] = { 0, 0 };
	char *was = text_read(a, &sizes[0]), *is = text_read(b, &sizes[1]);
	bool same = was && is && sizes[0] == sizes[1] && !memcmp(was, is, sizes[0]);

	free(was);
	free(is);
	return !same;
}

/* Runs the script; false: it cannot be run. */
static bool change(struct out *out, const char *command, const char *script, const char *file,
                   bool *changed)
{
	struct cc_words w = { 0 };
	char to[PATH_MAX];
	int status;

	if (snprintf(to, sizeof(to), "%s.new", file) >= PATH_MAX)
		return false;
	cc_add_words(&w, "sed -E -f");
	cc_add(&w, "%s", script);
	cc_add(&w, "%s", file);
	status = cc_run(&w, to);
	cc_words_free(&w);
	if (status) {
		if (status == CC_NOT_RUN)
			out_problem(out, "%s: --bug: sed cannot be run: %s", command,
			            strerror(errno));
		else
			out_problem(out, "%s: --bug: sed -E -f %s failed, see above", command,
			            script);
		return false;
	}
	*changed = differ(file, to);
	if (!*changed || !rename(to, file))
		return true;
	out_problem(out, "%s: --bug: cannot write %s: %s", command, file, strerror(errno));
	return false;
}

bool with_bug_put_back(struct out *out, const char *command, const struct with *w,
                       const struct with_bug *bug, char *const *file, unsigned files)
{
	char script[WITH_SCRIPT];
	bool any = false;

	with_bug_script(w, bug, script);
	if (access(script, R_OK)) {
		out_problem(out, "%s: --bug: %s: %s", command, script, strerror(errno));
		return false;
	}
	for (unsigned i = 0; i < files; i++) {
		bool changed = false;

		if (!change(out, command, script, file[i], &changed))
			return false;
		any |= changed;
	}
	if (!any)
		out_problem(out, "%s: --bug: %s's fix is not in this tree, %s %s (it is in %s): "
		            "its script changes nothing",
		            command, bug->name, w->project.name, w->version.text, bug->versions);
	return any;
}
