/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/schedule/patch.h"
#include "explore/schedule/names.h"
#include "explore/schedule/tell.h"

struct patch patch_store, patch_load;

static bool laid;

static struct {
	const void *at;
	unsigned size; /* 0: none */
	uint64_t value;
} watched;

void patch_begin(void)
{
	patch_store.count = patch_load.count = 0;
	laid = false;
	watched.size = 0;
}

void patch_watch(const void *p, unsigned size)
{
	watched.at = p;
	watched.size = size;
	watched.value = (uint64_t)memory_get(p, size);
}

static void lay(struct patch *p)
{
	for (unsigned i = 0; i < p->count; i++) {
		struct patch_piece *piece = &p->piece[i];

		piece->under = (uint64_t)memory_get(piece->at, piece->size);
		memory_put(piece->at, piece->size, piece->value);
	}
}

static void lift(struct patch *p)
{
	for (unsigned i = p->count; i--;)
		memory_put(p->piece[i].at, p->piece[i].size, p->piece[i].under);
}

void patch_lay(void)
{
	lay(&patch_store);
	lay(&patch_load);
	laid = true;
}

void patch_lift(void)
{
	if (!laid)
		return;
	for (unsigned i = 0; i < patch_store.count; i++) {
		struct patch_piece *piece = &patch_store.piece[i];

		piece->value = (uint64_t)memory_get(piece->at, piece->size);
	}
	lift(&patch_load);
	lift(&patch_store);
	laid = false;
}

void patch_store_now(void *p, unsigned size, uint64_t value)
{
	struct agent *a = explore_running;

	if (a->buffered) {
		run_buffer(p, size, value);
		return;
	}
	run_watch->access(p, size, true);
	tell_change(a, "store", p, size, (uint64_t)memory_get(p, size), value);
	run_put(p, size, value);
}

/* What the agent stored is known by now, and others may run between two of its pieces. */
static void store_all(void)
{
	unsigned count = patch_store.count;
	struct patch_piece *piece = PATCH_ROOM(count);
	bool late = patch_store.late;

	for (unsigned i = 0; i < count; i++)
		piece[i] = patch_store.piece[i];
	patch_store.count = 0;
	for (unsigned i = 0; i < count; i++) {
		if (i || late) {
			run_at.p = piece[i].at;
			explore_point(STORES - 1, NULL, NULL);
		}
		patch_store_now(piece[i].at, piece[i].size, piece[i].value);
	}
}

/* One piece needs no room on the stack, which is part of the state. */
static void store_one(void)
{
	struct patch_piece piece = patch_store.piece[0];
	bool late = patch_store.late;

	patch_store.count = 0;
	if (late)
		explore_point(STORES - 1, NULL, NULL);
	patch_store_now(piece.at, piece.size, piece.value);
}

static void settle(void)
{
	const struct run_at here = run_at;

	patch_lift();
	patch_load.count = 0;
	if (!patch_store.count || !run_walking()) {
		patch_store.count = 0;
		return;
	}
	run_at = patch_store.from;
	if (patch_store.count == 1)
		store_one();
	else
		store_all();
	run_at = here;
}

static void judge_watched(void)
{
	bool same = (uint64_t)memory_get(watched.at, watched.size) == watched.value;
	char name[64];

	watched.size = 0;
	if (same || !run_walking())
		return;
	names_find(name, sizeof(name), watched.at);
	run_unfit("%s is stored to when the compiler has told of something else already: a copy, "
	          "maybe, that the explorer cannot follow",
	          name);
}

void patch_settle(void)
{
	if (watched.size)
		judge_watched();
	if (laid)
		settle();
}
