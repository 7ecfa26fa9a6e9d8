/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_CHECK_MERGE_H
#define CLI_CHECK_MERGE_H

#include "cli/check_result.h"
#include "cli/out.h"

struct check_merged {
	struct check_result *result; /* one a scenario; to be freed */
	unsigned count;
};

/*
 * Adds up the results of all shards of a search, from the files that --json
 * wrote. False: a problem is told, for the files are not the shards of one search.
 */
bool check_merge(struct out *out, char **path, unsigned count, struct check_merged *m);

#endif
