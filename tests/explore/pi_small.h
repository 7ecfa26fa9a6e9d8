/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The posted-interrupt protocol at its smallest, against the seam: a vCPU is
 * preempted (SN), loaded (SN cleared, PIR re-checked) and then enters the guest
 * or blocks with a wake-up handler; each device posts one vector by VT-d's rule.
 */
#ifndef TESTS_PI_SMALL_H
#define TESTS_PI_SMALL_H

#include "exec/explore/explore.h"

enum pi_small_bug {
	PI_SMALL_RIGHT,
	PI_SMALL_NO_RECHECK, /* of PIR after clearing SN */
	PI_SMALL_NO_FENCE,   /* before testing ON */
	PI_SMALL_PIR_FIRST,  /* PIR harvested before ON is cleared */
};

/* The scenario; valid until the next call. */
const struct explore_scenario *pi_small(unsigned devices, bool block, enum pi_small_bug bug);

#endif
