/* SPDX-License-Identifier: BSD-2-Clause */
/* What a scenario is made of, who posts in it, and who judges it. */
#ifndef ADAPT_XEN_SCENE_H
#define ADAPT_XEN_SCENE_H

#include "post.h"
#include "xen.h"

struct scene {
	const char *program[VCPUS]; /* null: the vCPU is not there */
	const struct post *post[POSTERS];
	bool assigned; /* a device is: the hooks are there */
	bool nmi;      /* one is pending for vCPU 0 */
	bool fault;    /* vCPU 0 begins with one, and with an event channel's call */
};

/* agents.c: for until: a vCPU sleeps; runs nowhere; waits for a CPU, behind its t */
bool is_asleep(const void *processor);
bool is_stopped(const void *processor);
bool is_out(const void *processor);
/* software, a device: what a struct poster says */
void sends(void *poster);
void raises(void *poster);
void kicks_and_raises(void *poster);
void ticks(void *vcpu);
void unplugs(void *unused);
void unplugs_out(void *vcpu);

/* judge.c: the end */
void judge(void);

#endif
