/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a data race in the world is called: every word of it by what it is, those of
 * the wake-up lists by their owner and field.
 */
#include "explore/schedule/names.h"
#include "explore/search/prepare.h"
#include "scenarios/scenarios.h"
#include "world/world.h"
#include <string.h>

static bool is_called(const void *p, const char *want)
{
	char name[64];

	names_find(name, sizeof(name), p);
	if (!strcmp(name, want))
		return true;
	printf("%s is called %s\n", want, name);
	return false;
}

static bool has_name(const char *p)
{
	char name[64];

	names_find(name, sizeof(name), p);
	if (strncmp(name, "state+", 6) && strncmp(name, "world+", 6))
		return true;
	printf("%s has no name\n", name);
	return false;
}

/* All that parts of the world consist of. */
static bool have_names(void)
{
	static const struct {
		const void *at;
		size_t size;
	} parts[] = {
		{ &world.physical, sizeof(world.physical) }, { world.vcpu, sizeof(world.vcpu) },
		{ world.pcpu, sizeof(world.pcpu) },          { world.device, sizeof(world.device) },
		{ &world.vm, sizeof(world.vm) },             { &world.hyp, sizeof(world.hyp) },
		{ world.vcpus, sizeof(world.vcpus) },        { world.routes, sizeof(world.routes) },
	};
	bool all = true;

	for (size_t part = 0; part < sizeof(parts) / sizeof(parts[0]); part++)
		for (size_t i = 0; i < parts[part].size; i += 8)
			all &= has_name((const char *)parts[part].at + i);
	return all;
}

static bool are_called(void)
{
	static const struct {
		const void *at;
		const char *name;
	} words[] = {
		{ &world.vcpu[1].hyp.wakeup.next, "vCPU 1's wakeup.next" },
		{ &world.vcpu[0].hyp.wakeup.prev, "vCPU 0's wakeup.prev" },
		{ &world.pcpu[1].hyp.wakeup.next, "pCPU 1's wakeup.next" },
		{ &world.pcpu[0].hyp.wakeup.prev, "pCPU 0's wakeup.prev" },
		{ &world.vcpu[1].hyp.exits[1], "vCPU 1's exits+0x8" },
		{ &world.physical.pid[1].control, "control'" },
	};
	bool all = true;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		all &= is_called(words[i].at, words[i].name);
	return all;
}

int main(void)
{
	bool right;

	prepare(&scenario_halt);
	right = have_names();
	right &= are_called();
	prepare_undo();
	return !right;
}
