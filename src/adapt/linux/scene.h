/* SPDX-License-Identifier: BSD-2-Clause */
/* What a scenario is made of, who posts in it, and who judges it. */
#ifndef ADAPT_LINUX_SCENE_H
#define ADAPT_LINUX_SCENE_H

#include "linux.h"
#include "post.h"

/* The poster whose posts a vCPU makes to itself, by exits. */
#define SELF ((void *)(POSTERS - 1))

struct scene {
	const char *program[VCPUS]; /* null: the vCPU is not there */
	const struct post *post[POSTERS];
	bool assigned; /* a device is, from the beginning */
	bool ipiv; /* IPIs are virtualized */
	bool locks; /* of run queues are there */
	uint8_t timer; /* the vector of vCPU 0's timer, which may be posted; 0: it has none */
};

extern const struct scene *scene;

void scene_begin(const struct scene *s, const struct explore_sched *rules);

/* The VM has a device now. */
static inline bool scene_has_device(void)
{
	return vm.arch.assigned_device_count.counter;
}

/* agents.c: software, with the host's timer; a device; a poster's number is the argument */
void sends(void *poster);
void raises(void *poster);
/* another vCPU's processor, which virtualizes IPIs */
void sends_virtually(void *poster);
/* user space, which assigns the VM's first device */
void plugs(void *unused);
/* for a post's until: it sleeps; it is preempted; all sleep; the device is there */
bool is_asleep(const void *processor);
bool is_preempted(const void *processor);
bool are_asleep(const void *processor);
bool is_plugged(const void *processor);

/* judge.c */
void judge(void);

#endif
