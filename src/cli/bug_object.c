/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/bug_object.h"
#include "cli/installed.h"
#include "cli/status.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the order of the script's arguments behind the first. */
enum { SCRIPT, SOURCES, HEADERS, PATCH, LIBRARY, PLACES };

/* Under way. */
struct making {
	struct out *out;
	const char *command;
	const struct bug *bug;
	char place[PLACES][PATH_MAX];
	/* a folder for a while, and what is in it */
	char folder[PATH_MAX], object[PATH_MAX + 16], said[PATH_MAX + 16];
};

static bool refuse(const struct making *m, const char *what, const char *why)
{
	out_problem(m->out, "%s: --bug %s: %s: %s", m->command, m->bug->name, what, why);
	return false;
}

/* What is installed beside the command, or lies in the sources that it was built from. */
static bool find_places(struct making *m)
{
	static const struct {
		enum installed_kind kind;
		const char *file;
	} parts[PLACES] = {
		[SCRIPT] = { INSTALLED_DATA, "bugs/object.sh" },
		[SOURCES] = { INSTALLED_DATA, "src" },
		[HEADERS] = { INSTALLED_HEADERS, "" },
		[LIBRARY] = { INSTALLED_OBJECTS, "libscenarios.a" },
	};

	for (unsigned i = 0; i < PLACES; i++) {
		if (i == PATCH || installed_path(parts[i].kind, parts[i].file, m->place[i]))
			continue;
		out_problem(m->out, "%s: --bug: %s: %s; install posted anew", m->command,
		            m->place[i], strerror(errno));
		return false;
	}
	return bug_patch(m->out, m->command, m->bug, m->place[PATCH]);
}

static bool make_folder(struct making *m)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(m->folder, sizeof(m->folder), "%s/posted-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(m->folder))
		return refuse(m, m->folder, strerror(errno));
	snprintf(m->object, sizeof(m->object), "%s/object.so", m->folder);
	snprintf(m->said, sizeof(m->said), "%s/said", m->folder);
	return true;
}

static void remove_folder(const struct making *m)
{
	unlink(m->object);
	unlink(m->said);
	rmdir(m->folder);
}

/* In the child. */
static void run_script(const struct making *m, const sigset_t *signals)
{
	int said = open(m->said, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	sigprocmask(SIG_SETMASK, signals, NULL);
	if (said < 0 || dup2(said, STDOUT_FILENO) < 0 || dup2(said, STDERR_FILENO) < 0)
		_exit(STATUS_FAILED);
	execlp("sh", "sh", m->place[SCRIPT], m->object, m->place[SOURCES], m->place[HEADERS],
	       m->place[PATCH], m->place[LIBRARY], NULL);
	_exit(STATUS_FAILED);
}

/* What the script said: why it could not begin, or what the compiler and patch say. */
static void tell_said(const struct making *m, int status)
{
	bool began = !WIFEXITED(status) || WEXITSTATUS(status) != STATUS_USAGE;
	char line[512];
	FILE *said = fopen(m->said, "r");

	while (said && fgets(line, sizeof(line), said)) {
		if (began)
			fputs(line, stderr);
		else
			line[strcspn(line, "\n")] = '\0';
	}
	if (said)
		fclose(said);
	refuse(m, "it cannot be put back",
	       began ? "what changes does not compile, as standard error says" : line);
}

/* Signals wait meanwhile, so that no folder is left behind. */
static bool make_object(const struct making *m)
{
	sigset_t held, before, came;
	int status = -1;
	bool stopped;
	pid_t child;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigprocmask(SIG_BLOCK, &held, &before);
	child = fork();
	if (!child)
		run_script(m, &before);
	if (child < 0 || waitpid(child, &status, 0) != child)
		refuse(m, "no process can be begun", strerror(errno));
	sigpending(&came);
	stopped = sigismember(&came, SIGINT) || sigismember(&came, SIGTERM);
	if (child > 0 && status && !stopped)
		tell_said(m, status);
	if (status || stopped)
		remove_folder(m);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return !status;
}

/* The object stays mapped without its file. */
static bool load(const struct making *m, struct bug_object *object)
{
	void *handle = dlopen(m->object, RTLD_NOW | RTLD_LOCAL);
	const char *error = handle ? NULL : dlerror();

	if (handle) {
		object->scenarios = dlsym(handle, "scenarios");
		*(void **)&object->show_world = dlsym(handle, "show_world");
		error = object->scenarios && object->show_world ? NULL : dlerror();
	}
	if (error)
		refuse(m, "it cannot be loaded", error);
	remove_folder(m);
	return !error;
}

bool bug_object_load(struct out *out, const char *command, const struct bug *bug, bool quiet,
                     struct bug_object *object)
{
	static struct making m;

	m = (struct making){ .out = out, .command = command, .bug = bug };
	if (!find_places(&m) || !make_folder(&m))
		return false;
	if (!quiet)
		fprintf(stderr, "%s: compiling what %s changes\n", command, bug->name);
	return make_object(&m) && load(&m, object);
}
