/* SPDX-License-Identifier: BSD-2-Clause */
#include "protocol.h"
#include <posted/atomic.h>

/* Bits of control: outstanding, suppressed, the vector is the wake-up one. */
enum { ON = 1, SN = 2, WK = 4 };
/* Who accesses. */
enum { VCPU, HANDLER, DEVICE };

/* The words. All changes of those before MODE are locked; those from MODE on are plain stores. */
enum { PIR, CONTROL, MODE, ON_LIST, WAKE, WAKE_SENT, IPI, WORDS };

static struct {
	uint64_t word[WORDS];
	bool asleep;
	/* the execution so far, if somebody wants to know */
	uint64_t events;        /* a sum over all accesses, for their order does not matter */
	uint64_t order[WORDS];  /* the writes that became visible, hashed one after the other */
	uint64_t last[WORDS];   /* the plain store that became visible last */
	unsigned stored, seen;  /* plain stores: made, and seen to become visible */
	unsigned accesses[DEVICE + 2];
} w;

static struct protocol variant;

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15;
	return hash ^ hash >> 29;
}

/*
 * Agents log their own accesses: what is done before the next access belongs to
 * the same step. A plain store carries its name above its value, so that loads
 * know what they read, and look() in which order stores become visible.
 */
enum { VALUE = 0xff };

static uint64_t name_of(unsigned me)
{
	return ((me + 1) << 8 | ++w.accesses[me]) << 8;
}

static void log_access(unsigned me, unsigned word, uint64_t read)
{
	if (variant.ended)
		w.events += mix(mix(name_of(me), word), read);
}

/* For an observer that never goes on: it is asked before every step. */
static bool look(const void *unused)
{
	for (unsigned i = MODE; i < WORDS; i++) {
		if (w.word[i] == w.last[i])
			continue;
		w.last[i] = w.word[i];
		w.order[i] = mix(w.order[i], w.word[i]);
		w.seen++;
	}
	return false;
}

static void observer(void *unused)
{
	explore_rest(look, NULL);
}

static uint64_t load(unsigned me, unsigned word)
{
	uint64_t value = pstd_load_acquire(&w.word[word]);

	log_access(me, word, word < MODE ? w.order[word] : value);
	return value & VALUE;
}

static void store(unsigned me, unsigned word, uint64_t value)
{
	if (variant.ended)
		value |= name_of(me);
	pstd_store_release(&w.word[word], value);
	w.stored++;
}

static void log_change(unsigned me, unsigned word)
{
	log_access(me, word, w.order[word]);
	w.order[word]++;
}

static uint64_t fetch_or(unsigned me, unsigned word, uint64_t bits)
{
	uint64_t old = pstd_fetch_or_seq(&w.word[word], bits);

	log_change(me, word);
	return old;
}

static uint64_t fetch_and(unsigned me, unsigned word, uint64_t bits)
{
	uint64_t old = pstd_fetch_and_seq(&w.word[word], bits);

	log_change(me, word);
	return old;
}

static bool set_on(unsigned me, uint64_t *control)
{
	bool changed = pstd_cmpxchg_seq(&w.word[CONTROL], control, *control | ON);

	if (changed)
		log_change(me, CONTROL);
	else
		log_access(me, CONTROL, w.order[CONTROL]);
	return changed;
}

static void take_pir(unsigned me)
{
	pstd_exchange_seq(&w.word[PIR], 0);
	log_change(me, PIR);
}

/* The protocol. */

static void harvest(void)
{
	if (variant.bug == PIR_FIRST)
		take_pir(VCPU);
	fetch_and(VCPU, CONTROL, ~(uint64_t)ON);
	if (variant.bug != PIR_FIRST)
		take_pir(VCPU);
}

static void enter_guest(void)
{
	store(VCPU, MODE, 1);
	if (variant.bug != NO_FENCE)
		explore_fence();
	if (load(VCPU, CONTROL) & ON)
		harvest();
	if (load(VCPU, IPI)) { /* one notification taken while the guest runs */
		store(VCPU, IPI, 0);
		harvest();
	}
}

/* True: it sleeps. */
static bool block(void)
{
	store(VCPU, ON_LIST, 1);
	if ((fetch_or(VCPU, CONTROL, WK) & ON) && variant.bug != NO_LOOK)
		store(VCPU, WAKE, 1);
	if (!load(VCPU, WAKE))
		return true;
	store(VCPU, WAKE, 0);
	store(VCPU, ON_LIST, 0);
	fetch_and(VCPU, CONTROL, ~(uint64_t)WK);
	return false;
}

static void vcpu(void *unused)
{
	fetch_or(VCPU, CONTROL, SN);             /* put: preempted */
	fetch_and(VCPU, CONTROL, ~(uint64_t)SN); /* load */
	if (variant.bug != NO_RECHECK && load(VCPU, PIR))
		fetch_or(VCPU, CONTROL, ON);
	w.asleep = variant.blocks && block();
	if (!w.asleep)
		enter_guest();
}

static void device(void *vector)
{
	unsigned me = DEVICE + (unsigned)(uintptr_t)vector;
	uint64_t control;

	fetch_or(me, PIR, (uint64_t)1 << (uintptr_t)vector);
	control = load(me, CONTROL);
	do {
		if (control & (ON | SN))
			return;
	} while (!set_on(me, &control));
	if (control & WK)
		store(me, WAKE_SENT, 1);
	else if (load(me, MODE))
		store(me, IPI, 1);
}

static void wake_up(void)
{
	if (load(HANDLER, ON_LIST) && (load(HANDLER, CONTROL) & ON))
		store(HANDLER, WAKE, 1);
}

static void handler(void *unused)
{
	if (load(HANDLER, WAKE_SENT)) {
		store(HANDLER, WAKE_SENT, 0);
		wake_up();
	}
}

static void report(void)
{
	uint64_t execution = w.events, state = w.asleep;

	look(NULL);
	if (w.seen != w.stored)
		explore_fail("error: %u of %u stores were seen", w.seen, w.stored);
	for (unsigned i = 0; i < WORDS; i++) {
		execution += mix(i, w.order[i]);
		state = mix(state, w.word[i]);
	}
	variant.ended(execution, state);
}

/* What was on its way arrives, and then nothing may be left behind. */
static void finish(void)
{
	if (variant.ended)
		report();
	if (w.word[WAKE_SENT] & VALUE)
		wake_up();
	if (w.asleep) {
		if (w.word[PIR] && !((w.word[WAKE] & VALUE) && (w.word[CONTROL] & ON)))
			explore_fail("lost: it sleeps");
		return;
	}
	if (w.word[IPI] & VALUE)
		harvest();
	if (w.word[PIR])
		explore_fail("lost: it is in the guest");
}

const struct explore_scenario *protocol_scenario(const struct protocol *v)
{
	static struct explore_agent agents[5];
	static struct explore_scenario s = {
		.name = "pi_small", .agents = agents,
		.state = &w, .state_size = sizeof(w), .finish = finish,
	};
	unsigned n = 0;

	variant = *v;
	agents[n++] = (struct explore_agent){ "V", vcpu, NULL, false };
	if (v->blocks)
		agents[n++] = (struct explore_agent){ "H", handler, NULL, false };
	for (uintptr_t d = 0; d < v->devices; d++)
		agents[n++] = (struct explore_agent){ "D", device, (void *)d, false };
	if (v->ended)
		agents[n++] = (struct explore_agent){ "look", observer, NULL, false };
	s.agent_count = n;
	return &s;
}
