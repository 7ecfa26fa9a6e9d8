/* SPDX-License-Identifier: BSD-2-Clause */
/* What posted check was asked for. */
#ifndef CLI_CHECK_OPTIONS_H
#define CLI_CHECK_OPTIONS_H

#include "cli/out.h"
#include "cli/verbs.h"
#include <explore/search.h>
#include <jansson.h>

struct check_options {
	struct explore_options search;
	unsigned jobs;
};

/* False: a problem is told. */
bool check_options_parse(struct out *out, const struct verb_args *args, struct check_options *o);

/* What shards of one search have in common: all but the part and the bounds of time and number. */
json_t *check_options_json(const struct explore_options *o);

#endif
