/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two vCPUs on one CPU or two, which halt, mask and send IPIs as chance will have it, are
 * preempted and moved; the sender posts, raises devices, sends NMIs and kicks, switches bypass
 * on and off. One request of a kind is on its way at a time, so that each is handled by
 * itself: handled is sent, exactly.
 */
#include "guest.h"

enum { FIRST_VECTOR = 0x40, VECTORS = 0xa0, MOST_WAITING = 4 };

static struct {
	unsigned pcpus;
	uint64_t sent[VCPUS][256], requested[VCPUS], nmis[VCPUS], kicks[VCPUS];
	uint64_t from_devices, switched;
	bool lost;
} chaos;

static bool on_its_way(unsigned n, unsigned vector)
{
	return pstd_load_acquire(&guests[n].handled[vector]) != chaos.sent[n][vector];
}

/* How much vCPU n has to catch up with, about: it runs on meanwhile. */
static uint64_t backlog(unsigned n)
{
	const struct guest *g = &guests[n];
	uint64_t others = pstd_load_acquire(&g->nmis);

	for (unsigned i = 0; i < VCPUS; i++)
		others += pstd_load_acquire(&g->handled[IPI_VECTOR + i]);
	return chaos.requested[n] - (pstd_load_acquire(&g->events) - others);
}

/* How many vectors of what is sent here are still on their way. */
static unsigned waiting(unsigned n)
{
	unsigned count = on_its_way(n, DEVICE_VECTOR);

	for (unsigned i = 0; i < VECTORS; i++)
		count += on_its_way(n, FIRST_VECTOR + i);
	return count;
}

static bool take_turn(unsigned n, unsigned vector)
{
	if (on_its_way(n, vector) || backlog(n) >= MOST_WAITING)
		return false;
	chaos.requested[n]++;
	chaos.sent[n][vector]++;
	return true;
}

static bool post(unsigned n, uint64_t *seed)
{
	uint8_t vector = (uint8_t)(FIRST_VECTOR + draw(seed) % VECTORS);
	uint64_t flags;

	if (!take_turn(n, vector))
		return false;
	flags = irq_save();
	pstd_vcpu_deliver(&vcpus[n].h, vector);
	irq_restore(flags);
	return true;
}

static bool raise(unsigned n)
{
	if (!take_turn(n, DEVICE_VECTOR))
		return false;
	chaos.from_devices++;
	device_raise(n);
	return true;
}

static void send_nmi(unsigned n)
{
	uint64_t flags;

	if (pstd_load_acquire(&guests[n].nmis) != chaos.nmis[n])
		return;
	chaos.nmis[n]++;
	flags = irq_save();
	pstd_vcpu_nmi(&vcpus[n].h);
	irq_restore(flags);
}

static void kick(unsigned n)
{
	if (pstd_load_acquire(&vcpus[n].answered) != chaos.kicks[n])
		return;
	chaos.kicks[n]++;
	ask(&vcpus[n], REQUEST_ANSWER);
}

static void switch_bypass(unsigned n)
{
	if (hyp.software_apic)
		return;
	chaos.switched++;
	device_bypass(n, !device_is_posted(n));
}

/* One step of the sender; true if it was a request. */
static bool send_one(uint64_t *seed)
{
	unsigned n = draw(seed) % VCPUS;
	bool sent = draw(seed) % 4 ? post(n, seed) : raise(n);

	if (draw(seed) % 16 == 0)
		send_nmi(n);
	if (draw(seed) % 16 == 0)
		kick(n);
	if (sent && draw(seed) % 64 == 0)
		switch_bypass(n);
	if (draw(seed) % 8 == 0)
		spin(draw(seed) % 2000);
	return sent;
}

static bool all_handled(unsigned n)
{
	unsigned next = (n + 1) % VCPUS;

	return !waiting(n) &&
	       pstd_load_acquire(&guests[next].handled[IPI_VECTOR + n]) ==
	               pstd_load_acquire(&guests[n].ipis) &&
	       pstd_load_acquire(&guests[n].nmis) == chaos.nmis[n] &&
	       pstd_load_acquire(&vcpus[n].answered) == chaos.kicks[n];
}

/* An NMI now and then, for those that halt with interrupts disabled. */
static bool comes_to_rest(unsigned n)
{
	for (uint64_t since = rdtsc(), nmi = since; rdtsc() - since < PATIENCE;) {
		if (all_handled(n))
			return true;
		if (rdtsc() - nmi < PATIENCE / 100)
			continue;
		nmi = rdtsc();
		for (unsigned i = 0; i < VCPUS; i++)
			send_nmi(i);
	}
	return false;
}

/* All posts, unless none can be sent for too long. */
static void send_posts(void)
{
	uint64_t seed = SEED, since = rdtsc();

	for (unsigned posts = 0; posts < POSTS && rdtsc() - since < PATIENCE;) {
		if (!send_one(&seed))
			continue;
		since = rdtsc();
		posts++;
	}
}

static void send_all(void)
{
	send_posts();
	for (unsigned i = 0; i < VCPUS; i++)
		pstd_store_release(&guests[i].habits, 0);
	for (unsigned i = 0; i < VCPUS; i++)
		chaos.lost |= !comes_to_rest(i);
	for (unsigned i = 0; i < VCPUS; i++)
		ask(&vcpus[i], REQUEST_STOP);
	for (unsigned i = 0; i < VCPUS; i++)
		must_come_to(&vcpus[i].done, 1, "a vCPU can be told to stop");
}

static void play_part(struct cpu *c)
{
	if (c == &cpus[SENDER])
		send_all();
	else if (c->p.index < chaos.pcpus)
		run_all(c, VCPUS);
}

static void tell_lost(unsigned n)
{
	print("     vCPU %u: %u vectors, %u of %u NMIs, %u of %u kicks, %u of %u IPIs\n",
	      (uint64_t)n, (uint64_t)waiting(n), guests[n].nmis, chaos.nmis[n], vcpus[n].answered,
	      chaos.kicks[n], guests[(n + 1) % VCPUS].handled[IPI_VECTOR + n], guests[n].ipis);
}

static void tell(void)
{
	uint64_t handled = 0, exits = 0, stray = 0, masked = 0, nmis = 0, again = 0, given_up = 0;

	for (unsigned n = 0; n < VCPUS; n++) {
		for (unsigned i = 0; i < STRAY_VECTOR; i++)
			handled += guests[n].handled[i];
		for (unsigned i = 0; i < PSTD_VMX_EXIT_REASONS; i++)
			exits += vcpus[n].h.exits[i];
		stray += guests[n].handled[STRAY_VECTOR];
		masked += guests[n].masked;
		nmis += guests[n].nmis;
		again += vcpus[n].cut_short;
		given_up += vcpus[n].given_up;
	}
	print("     handled %u (by devices %u, IPIs %u), NMIs %u, kicks %u\n", handled,
	      chaos.from_devices, guests[0].ipis + guests[1].ipis, nmis,
	      chaos.kicks[0] + chaos.kicks[1]);
	print("     exits %u, deliveries cut short %u, entries given up %u\n", exits, again,
	      given_up);
	print("     bypass switched %u, stray %u, masked %u\n", chaos.switched, stray, masked);
}

void run_chaos(const struct setting *s, unsigned pcpus)
{
	memset(&chaos, 0, sizeof(chaos));
	chaos.pcpus = pcpus;
	time_slice = 4000;
	vm_start(s, VCPUS, guest_works);
	devices_attach(VCPUS, pcpus);
	for (unsigned i = 0; i < VCPUS; i++) {
		guests[i].habits = HABIT_HALT | HABIT_MASK | HABIT_PRIORITY | HABIT_IPI |
		                   (s->hlt_exiting ? HABIT_HALT_MASKED : 0);
		vcpus[i].unready = 16;
		vcpus[i].swap = vcpus[i].rewrite = 32;
		make_runnable(&vcpus[i]);
	}
	start_job(play_part);
	run_all(&cpus[0], VCPUS);
	join_job();
	devices_detach(VCPUS);
	vm_end(VCPUS);
	tell();
	for (unsigned i = 0; chaos.lost && i < VCPUS; i++)
		tell_lost(i);
	check(pcpus == 1 ? "chaos on one CPU: handled == sent"
	                 : "chaos on two CPUs: handled == sent",
	      !chaos.lost);
}
