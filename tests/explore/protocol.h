/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The posted-interrupt protocol at its smallest, as a yardstick: a vCPU is
 * preempted (SN), loaded (SN cleared, PIR re-checked) and then enters the guest
 * or blocks with a wake-up handler; each device posts one vector by VT-d's rule.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <explore/search.h>

enum protocol_bug {
	RIGHT,
	NO_RECHECK, /* of PIR after clearing SN */
	NO_FENCE,   /* before testing ON */
	PIR_FIRST,  /* PIR harvested before ON is cleared */
	NO_LOOK,    /* at ON after the vector became the wake-up one */
};

struct protocol {
	unsigned devices; /* 1 or 2 */
	bool blocks;
	enum protocol_bug bug;
	/*
	 * Called where a schedule ends, if not null, with two hashes: of its execution
	 * (which write each load read, and the order of the writes to each word) and
	 * of the state it ended in.
	 */
	void (*ended)(uint64_t execution, uint64_t state);
};

/* The scenario of a variant, until the next call. */
const struct explore_scenario *protocol_scenario(const struct protocol *variant);

#endif
