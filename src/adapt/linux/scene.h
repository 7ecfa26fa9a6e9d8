/* SPDX-License-Identifier: BSD-2-Clause */
/* What a scenario is made of, who posts in it, and who judges it. */
#ifndef ADAPT_LINUX_SCENE_H
#define ADAPT_LINUX_SCENE_H

#include "linux.h"
#include "post.h"

struct scene {
	const char *program[VCPUS]; /* null: the vCPU is not there */
	const struct post *post[POSTERS];
	bool assigned; /* a device is */
};

extern const struct scene *scene;

void scene_begin(const struct scene *s, const struct explore_sched *rules);

/* agents.c: software, a device; a poster's number is the argument */
void sends(void *poster);
void raises(void *poster);
/* for a post's until: it sleeps */
bool is_asleep(const void *processor);

/* judge.c */
void judge(void);

#endif
