/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who posts what to whom, and the judge of what has come of it. An adapter has an array
 * of posters, which its scenario fills in, and says how software posts.
 */
#ifndef MACHINE_POST_H
#define MACHINE_POST_H

#include "processor.h"

enum { POST_VECTORS = 4, POSTERS = 3 };

/* What one agent posts, in this order. */
struct post {
	unsigned to; /* a vCPU's number */
	uint8_t vector[POST_VECTORS]; /* 0: no more */
	/* before each: what it waits for; null: nothing. Of the vCPU's processor. */
	bool (*until[POST_VECTORS])(const void *processor);
};

/* What has come of it: the agent alone writes it. */
struct poster {
	const struct post *post; /* null: there is none */
	struct processor *to;
	uint8_t posted[POST_VECTORS], merged[POST_VECTORS];
};

extern struct poster posters[POSTERS];

/*
 * Posts all, each by a call that says whether its bit in PIR was set before. For an agent.
 */
void post_all(struct poster *p, bool (*post)(struct processor *to, uint8_t vector));

/* A device's, through VT-d, with the notification. For agents without a store buffer. */
bool post_by_device(struct processor *to, uint8_t vector);

/* In finish: fails if what was posted to it was not taken as often, less what merged. */
void post_judge(const struct processor *p);

/* For until: it waits in guest mode, by 'w'. */
bool post_waits(const void *processor);

#endif
