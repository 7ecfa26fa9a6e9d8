/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/cc_run.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The word is the list's, which always ends in a null. */
static void append(struct cc_words *w, char *word)
{
	if (w->count + 2 > w->room) {
		unsigned room = w->room ? 2 * w->room : 64;
		char **more = realloc(w->word, room * sizeof(*more));

		if (!more) {
			free(word);
			w->no_memory = true;
			return;
		}
		w->word = more;
		w->room = room;
	}
	w->no_memory |= !word;
	w->word[w->count++] = word;
	w->word[w->count] = NULL;
}

void cc_add(struct cc_words *w, const char *format, ...)
{
	va_list args;
	char *word;

	va_start(args, format);
	if (vasprintf(&word, format, args) < 0)
		word = NULL;
	va_end(args);
	append(w, word);
}

void cc_add_words(struct cc_words *w, const char *text)
{
	size_t size;

	for (text += strspn(text, " "); *text; text += size, text += strspn(text, " ")) {
		size = strcspn(text, " ");
		append(w, strndup(text, size));
	}
}

void cc_words_free(struct cc_words *w)
{
	for (unsigned i = 0; i < w->count; i++)
		free(w->word[i]);
	free(w->word);
	*w = (struct cc_words){ 0 };
}

/* Without the command's own way with signals, which the program shall have as ever. */
static int spawn(pid_t *pid, char **word, const char *printed)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t usual;
	int error;

	sigemptyset(&usual);
	sigaddset(&usual, SIGINT);
	sigaddset(&usual, SIGQUIT);
	posix_spawnattr_init(&how);
	posix_spawnattr_setsigdefault(&how, &usual);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&files);
	if (printed)
		posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, printed,
		                                 O_WRONLY | O_CREAT | O_TRUNC, 0600);
	error = posix_spawnp(pid, word[0], &files, &how, word, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&how);
	return error;
}

/* As system(3): a signal from the terminal is the program's, and its end is told. */
int cc_run(struct cc_words *w, const char *printed)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, was[2];
	int status = 0;
	pid_t pid = 0;

	errno = w->no_memory || !w->count ? ENOMEM : 0;
	if (errno)
		return CC_NOT_RUN;
	fflush(stdout);
	sigaction(SIGINT, &ignore, &was[0]);
	sigaction(SIGQUIT, &ignore, &was[1]);
	errno = spawn(&pid, w->word, printed);
	while (!errno && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		errno = 0;
	sigaction(SIGINT, &was[0], NULL);
	sigaction(SIGQUIT, &was[1], NULL);
	if (errno)
		return CC_NOT_RUN;
	/* Who has a handler hears of it; who has none goes on to tidy up. */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT && was[0].sa_handler != SIG_DFL)
		raise(SIGINT);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool cc_folder(char path[64])
{
	const char *where = getenv("TMPDIR");

	if (!where || strlen(where) > 40)
		where = "/tmp";
	snprintf(path, 64, "%s/posted-cc-XXXXXX", where);
	return mkdtemp(path);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	remove(path);
	return 0;
}

void cc_folder_remove(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
