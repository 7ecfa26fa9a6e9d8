/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The shortest schedule that crashes. To find it many may have to, and what crashes may
 * take the memory of its process apart: so that is another one, which need not come back.
 */
#include "explore/schedule/fault.h"
#include "explore/search/searching.h"
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_SECONDS = 30 };

struct shorter {
	bool found;
	struct explore_schedule failed;
	unsigned steps;
	bool shortest;
	char stopped[EXPLORE_WHY];
};

/* In a process of its own. */
static void look(struct shorter *s, const struct explore_options *o, struct explore_totals t)
{
	unsigned before = t.failed_steps;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, SIG_DFL);
	alarm(MOST_SECONDS);
	fault_forked();
	searching.crashing = true;
	shorten(o, &t);
	s->failed = t.failed;
	s->steps = t.failed_steps;
	s->shortest = t.shortest;
	/* The last one that crashed is the shortest. */
	if (t.failed_steps < before)
		snprintf(s->stopped, sizeof(s->stopped), "%s", fault_in_words());
	s->found = true;
}

void shorten_crash(const struct explore_options *o, struct explore_totals *t)
{
	static char stopped[EXPLORE_WHY];
	struct shorter *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
	                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t other = s == MAP_FAILED ? -1 : fork();

	if (!other) {
		look(s, o, *t);
		_exit(0);
	}
	while (other > 0 && waitpid(other, NULL, 0) < 0 && errno == EINTR)
		;
	if (s == MAP_FAILED)
		return;
	if (s->found) {
		t->shortest = s->shortest;
		if (s->steps < t->failed_steps) {
			snprintf(stopped, sizeof(stopped), "%s", s->stopped);
			t->stopped = stopped;
		}
		t->failed = s->failed;
		t->failed_steps = s->steps;
	}
	munmap(s, sizeof(*s));
}
