/* SPDX-License-Identifier: BSD-2-Clause */
/* Code that can go on no more, and shall not return to who called it. */
#include "explore/schedule/parts.h"
#include <setjmp.h>
#include <stdlib.h>

static jmp_buf judging;
static bool judges;

void quit_begin(void)
{
	judges = false;
}

void quit_or_return(void (*judge)(void))
{
	judges = true;
	if (!_setjmp(judging))
		judge();
	judges = false;
}

bool run_may_quit(void)
{
	return judges || explore_running;
}

void run_quit(void)
{
	if (judges)
		_longjmp(judging, 1);
	if (explore_running)
		turns_end();
	abort(); /* in a setup that is a fault; elsewhere nobody is there to be told */
}
