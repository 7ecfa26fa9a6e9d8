/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/check_jobs.h"
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MOST_AT_ONCE = 256,
	PATIENCE_MS = 100,
	/* Who signals a whole group of processes (timeout, a batch system) may do it twice. */
	SAME_SIGNAL_MS = 500,
};

static const uint64_t ms = 1000000;

/* What a process says: how far it is, and at the end what it found. */
struct message {
	bool last;
	enum explore_outcome outcome;
	struct explore_totals totals;
	char stopped[EXPLORE_WHY];
};
_Static_assert(sizeof(struct message) <= PIPE_BUF, "a message is written at once");

/* In the process of a job. */

struct teller {
	int fd;
	uint64_t next; /* time of the next message */
};

static void tell(int fd, struct message *m)
{
	if (m->totals.stopped)
		snprintf(m->stopped, sizeof(m->stopped), "%s", m->totals.stopped);
	if (write(fd, m, sizeof(*m)) != sizeof(*m))
		_exit(1); /* nobody listens */
}

static void tell_progress(const struct explore_totals *t, void *arg)
{
	struct teller *teller = arg;
	struct message m = { .totals = *t };

	if (progress_clock() < teller->next)
		return;
	teller->next = progress_clock() + PATIENCE_MS * ms;
	tell(teller->fd, &m);
}

static volatile sig_atomic_t told_to_stop;

static void stop(int signal)
{
	told_to_stop = 1;
}

/* The command, which takes the signals, stops the search by SIGTERM; if it dies, all ends. */
static void obey(void)
{
	struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaction(SIGTERM, &action, NULL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void explore(const struct check_jobs *jobs, const struct check_job *job, int fd)
{
	struct teller teller = { .fd = fd };
	struct explore_options options = jobs->options;
	struct message m = { .last = true };
	char frontier[PATH_MAX];

	obey();
	if (jobs->frontier) {
		snprintf(frontier, sizeof(frontier), jobs->count > 1 ? "%s.%s" : "%s",
		         jobs->frontier, job->scenario->name);
		options.frontier = frontier;
	}
	options.jobs = jobs->at_once / jobs->count; /* 0: there is no process to spare */
	options.alone = 1;
	options.interrupted = &told_to_stop;
	options.progress = tell_progress;
	options.arg = &teller;
	m.outcome = explore_search(job->scenario, &options, &m.totals);
	tell(fd, &m);
	_exit(0);
}

/* In the command's. */

static bool begin(struct check_jobs *jobs, struct check_job *job)
{
	int fd[2];

	if (pipe(fd))
		return false;
	job->pid = fork();
	if (!job->pid) {
		close(fd[0]);
		explore(jobs, job, fd[1]);
	}
	close(fd[1]);
	job->fd = fd[0];
	if (job->pid > 0)
		return true;
	close(fd[0]);
	job->pid = 0;
	return false;
}

/* The process is gone: without its last message it crashed. */
static void end(struct check_job *job)
{
	struct rusage usage;
	int status;

	close(job->fd);
	if (wait4(job->pid, &status, 0, &usage) == job->pid) {
		job->peak_kib = (uint64_t)usage.ru_maxrss;
		if (!job->over && WIFSIGNALED(status))
			snprintf(job->stopped, sizeof(job->stopped), "it crashed: %s",
			         strsignal(WTERMSIG(status)));
	}
	if (!job->over) {
		job->outcome = EXPLORE_ERROR;
		if (!*job->stopped)
			snprintf(job->stopped, sizeof(job->stopped), "it ended early");
	}
	job->over = true;
	job->pid = 0;
}

static void listen(struct check_job *job)
{
	struct message m;

	if (read(job->fd, &m, sizeof(m)) != sizeof(m)) {
		end(job);
		return;
	}
	job->totals = m.totals;
	job->totals.stopped = NULL;
	job->outcome = m.outcome;
	memcpy(job->stopped, m.stopped, sizeof(job->stopped));
	job->over = m.last;
}

/* Waits a little for messages and takes them. */
static void listen_to_all(struct check_jobs *jobs)
{
	struct pollfd polled[MOST_AT_ONCE];
	struct check_job *job[MOST_AT_ONCE];
	nfds_t n = 0;

	for (unsigned i = 0; i < jobs->count; i++)
		if (jobs->job[i].pid) {
			polled[n] = (struct pollfd){ .fd = jobs->job[i].fd, .events = POLLIN };
			job[n++] = &jobs->job[i];
		}
	if (poll(polled, n, PATIENCE_MS) <= 0)
		return;
	for (nfds_t i = 0; i < n; i++)
		if (polled[i].revents)
			listen(job[i]);
}

static void show_progress(struct check_jobs *jobs)
{
	double part = 0, seconds = (double)(progress_clock() - jobs->progress.begin) / 1e9;
	uint64_t schedules = 0;
	unsigned done = 0;
	const char *name = "";

	for (unsigned i = 0; i < jobs->count; i++) {
		const struct check_job *job = &jobs->job[i];

		done += job->over;
		part += job->over ? 1 : job->totals.done;
		schedules += job->totals.schedules;
		if (job->pid)
			name = job->scenario->name;
	}
	progress_line(&jobs->progress,
	              "posted check: %u of %u done, about %.0f%% of the search, %" PRIu64
	              " schedules, %.0f s; %s",
	              done, jobs->count, 100 * part / jobs->count, schedules, seconds, name);
}

/* Those under way stop at their next schedule; the others are not begun. */
static void interrupt(struct check_jobs *jobs, unsigned begun)
{
	jobs->deaf_until = progress_clock() + SAME_SIGNAL_MS * ms;
	for (unsigned i = 0; i < jobs->count; i++) {
		struct check_job *job = &jobs->job[i];

		if (job->pid)
			kill(job->pid, SIGTERM);
		if (i < begun)
			continue;
		job->over = true;
		job->outcome = EXPLORE_STOPPED;
		snprintf(job->stopped, sizeof(job->stopped), "interrupted");
	}
}

/* After the first signal has come through, the next one ends the command, and its processes. */
static void end_by_signal(struct check_jobs *jobs)
{
	sigset_t set;

	while (!progress_wait(&jobs->progress, 0))
		;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	jobs->deaf_until = UINT64_MAX;
}

bool check_jobs_run(struct check_jobs *jobs)
{
	unsigned begun = 0, told = 0;

	if (jobs->at_once > MOST_AT_ONCE)
		jobs->at_once = MOST_AT_ONCE;
	while (told < jobs->count) {
		unsigned running = 0;

		for (unsigned i = 0; i < begun; i++)
			running += jobs->job[i].pid != 0;
		for (; running < jobs->at_once && begun < jobs->count; running++)
			if (!begin(jobs, &jobs->job[begun++]))
				return false;
		listen_to_all(jobs);
		if (!jobs->progress.interrupted && !progress_wait(&jobs->progress, 0)) {
			interrupt(jobs, begun);
			begun = jobs->count;
		} else if (jobs->progress.interrupted && progress_clock() >= jobs->deaf_until) {
			end_by_signal(jobs);
		}
		for (; told < jobs->count && jobs->job[told].over && !jobs->job[told].pid; told++) {
			progress_clear(&jobs->progress);
			jobs->done(&jobs->job[told], jobs->arg);
		}
		if (told < jobs->count && progress_due(&jobs->progress))
			show_progress(jobs);
	}
	progress_clear(&jobs->progress);
	return true;
}
