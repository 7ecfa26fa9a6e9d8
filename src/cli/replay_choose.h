/* SPDX-License-Identifier: BSD-2-Clause */
/* Which schedule posted replay shows: the one that is named, or one of a scenario. */
#ifndef CLI_REPLAY_CHOOSE_H
#define CLI_REPLAY_CHOOSE_H

#include "cli/out.h"
#include "cli/schedule.h"
#include "cli/verbs.h"

/* False: it says why not. */
bool replay_choose(struct out *out, const struct verb_args *args, struct schedule *s);

/* Of a scenario: what it proves, and how its other schedules are shown. */
void replay_say_which(const struct verb_args *args, const struct schedule *s);

#endif
