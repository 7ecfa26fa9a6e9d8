/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One search by several processes. Each does all of it, in another order, but for
 * what comes after states that another one has left for good (states.c): the first
 * to be through ends it for all. So there is nothing to divide, and nothing to wait for.
 */
#include "exec/explore/internal.h"
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 64 };

struct member {
	enum explore_outcome outcome;
	struct explore_totals totals;
};

struct team {
	unsigned winner; /* its number + 1; 0: nobody is through */
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
	return team && __atomic_load_n(&team->winner, __ATOMIC_ACQUIRE);
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
}

unsigned team_begin(unsigned wanted)
{
	team = mmap(NULL, sizeof(*team), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (team == MAP_FAILED) {
		team = NULL;
		return 0;
	}
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
	return outcome == EXPLORE_PROVED || outcome == EXPLORE_VIOLATED;
}

/* The first who is through, or who gives up for all, ends it. */
static void end(bool for_all)
{
	unsigned none = 0;

	if (for_all)
		__atomic_compare_exchange_n(&team->winner, &none, number + 1, false,
		                            __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static void add_up(struct explore_totals *t, const struct explore_totals *more)
{
	t->schedules += more->schedules;
	t->pruned += more->pruned;
	t->steps += more->steps;
	if (t->depth < more->depth)
		t->depth = more->depth;
}

enum explore_outcome team_end(enum explore_outcome outcome, struct explore_totals *t)
{
	const struct member *winner;

	if (!team)
		return outcome;
	team->member[number] = (struct member){ outcome, *t };
	end(!number || through(outcome));
	if (number)
		_exit(0);
	for (unsigned i = 1; i < size; i++)
		waitpid(helper[i], NULL, 0);
	winner = &team->member[team->winner - 1];
	if (through(winner->outcome) && !through(outcome)) {
		outcome = winner->outcome;
		t->failed = winner->totals.failed;
		t->failed_steps = winner->totals.failed_steps;
		t->stopped = NULL;
	}
	for (unsigned i = 1; i < size; i++)
		add_up(t, &team->member[i].totals);
	munmap(team, sizeof(*team));
	team = NULL;
	return outcome;
}
