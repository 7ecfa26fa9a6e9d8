/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One search by several processes. Each does all of it, in another order, but for
 * what comes after states that another one has left for good (states.c): the first
 * to be through ends it for all. So there is nothing to divide, and nothing to wait for.
 */
#include "explore/search/team.h"
#include "explore/schedule/fault.h"
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 64 };

struct member {
	enum explore_outcome outcome;
	struct explore_totals totals;
	char stopped[EXPLORE_WHY]; /* what the totals' says, in memory that all see */
};

struct team {
	bool over;
	struct member member[MOST];
};

static struct team *team;
static unsigned number, size;
static pid_t helper[MOST];

unsigned team_number(void)
{
	return number;
}

bool team_over(void)
{
	return team && __atomic_load_n(&team->over, __ATOMIC_ACQUIRE);
}

bool team_begun(void)
{
	return team;
}

/* In the process of a helper. */
static void join_in(unsigned as)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	number = as;
	fault_forked();
}

unsigned team_begin(unsigned wanted)
{
	team = mmap(NULL, sizeof(*team), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (team == MAP_FAILED) {
		team = NULL;
		return 0;
	}
	for (unsigned i = 0; i < MOST; i++)
		team->member[i].outcome = EXPLORE_STOPPED; /* until it says something */
	for (size = 1; size < wanted && size < MOST && !number; size++) {
		helper[size] = fork();
		if (helper[size] < 0)
			break; /* with fewer, then */
		if (!helper[size])
			join_in(size);
	}
	return number;
}

static bool through(enum explore_outcome outcome)
{
	return outcome == EXPLORE_PROVED || outcome == EXPLORE_VIOLATED ||
	       outcome == EXPLORE_CRASHED;
}

static void add_up(struct explore_totals *t, const struct explore_totals *more)
{
	t->schedules += more->schedules;
	t->pruned += more->pruned;
	t->steps += more->steps;
	if (t->depth < more->depth)
		t->depth = more->depth;
}

/* Of what several say, that counts which says most: a proof is worth nothing beside a fault. */
static unsigned says(enum explore_outcome outcome)
{
	static const unsigned worth[] = {
		[EXPLORE_PROVED] = 1,
		[EXPLORE_ERROR] = 2,
		[EXPLORE_CRASHED] = 3,
		[EXPLORE_VIOLATED] = 4,
	};

	return outcome < sizeof(worth) / sizeof(worth[0]) ? worth[outcome] : 0;
}

static void tell(struct member *m, enum explore_outcome outcome, const struct explore_totals *t)
{
	*m = (struct member){ .outcome = outcome, .totals = *t };
	if (t->stopped)
		snprintf(m->stopped, sizeof(m->stopped), "%s", t->stopped);
}

enum explore_outcome team_end(enum explore_outcome outcome, struct explore_totals *t)
{
	static char stopped[EXPLORE_WHY];

	if (!team)
		return outcome;
	tell(&team->member[number], outcome, t);
	/* The first who is through ends it for all, and so does one who gives up for all. */
	if (!number || through(outcome))
		__atomic_store_n(&team->over, true, __ATOMIC_RELEASE);
	if (number)
		_exit(0);
	for (unsigned i = 1; i < size; i++) {
		const struct member *m = &team->member[i];

		while (waitpid(helper[i], NULL, 0) < 0 && errno == EINTR)
			;
		add_up(t, &m->totals);
		if (outcome == EXPLORE_UNFIT || outcome == EXPLORE_CRASHED ||
		    says(m->outcome) <= says(outcome))
			continue;
		outcome = m->outcome;
		t->failed = m->totals.failed;
		t->failed_steps = m->totals.failed_steps;
		snprintf(stopped, sizeof(stopped), "%s", m->stopped);
		t->stopped = *stopped ? stopped : NULL;
	}
	munmap(team, sizeof(*team));
	team = NULL;
	return outcome;
}
