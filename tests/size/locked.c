/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts the locked operations of a post. The sources of hw/ and hyp/ are those
 * of the machine, built against an atomic.h that counts.
 */
#include <posted/hw/lapic.h>
#include <posted/hw/vtd.h>
#include <posted/hyp.h>
#include <stdio.h>
#include <stdlib.h>

enum { VECTOR = 0x41, SID = 0x0100, CPU = 3 };

unsigned locked, counted;

/* One descriptor, an entry that posts to it, the vCPU it belongs to, and its pCPU's local APIC. */
static struct {
	uint8_t space[2 * 4096] __attribute__((aligned(4096)));
	struct pstd_memory memory;
	struct pstd_vtd vtd;
	struct pstd_vtd_cache_slot slot;
	uint64_t frcd[2];
	struct pstd_desc *pid;
	struct pstd_lapic lapic;
	struct pstd_hyp hyp;
	struct pstd_vm vm;
	struct pstd_vcpu vcpu;
	unsigned notified;
} host;

static void write_icr(void *ctx, unsigned offset, uint64_t value)
{
	host.notified++;
	pstd_lapic_notify(&host.lapic, (uint8_t)pstd_field_get(PSTD_APIC_ICR_VECTOR, value));
}

static void drain(void *ctx)
{
}

/* With an entry cache: a request that finds its entry there takes no locked operation either. */
static void build_unit(uint64_t table)
{
	const struct pstd_vtd_config c = {
		.memory = &host.memory,
		.address_width = 46,
		.cap = PSTD_VTD_CAP_PI | pstd_field(PSTD_VTD_CAP_FRO, 0x20),
		.ecap = PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM,
		.cache_entries = 1,
		.cache_ways = 1,
		.cache = &host.slot,
		.frcd = host.frcd,
		.drain = drain
	};
	const char *wrong = pstd_vtd_init(&host.vtd, &c);

	if (wrong) {
		fprintf(stderr, "locked: %s\n", wrong);
		exit(1);
	}
	pstd_vtd_write(&host.vtd, PSTD_VTD_IRTA, 8, table | PSTD_VTD_IRTA_EIME);
	pstd_vtd_write(&host.vtd, PSTD_VTD_GCMD, 4, PSTD_VTD_GCMD_SIRTP);
	pstd_vtd_write(&host.vtd, PSTD_VTD_GCMD, 4, PSTD_VTD_GCMD_IRE);
}

static void build(void)
{
	static const struct pstd_ops ops = { .apic_write = write_icr };
	struct pstd_irte *irte;

	host.memory = (struct pstd_memory){ .base = host.space, .size = sizeof(host.space) };
	irte = pstd_memory_take(&host.memory, 4096, 4096);
	host.pid = pstd_memory_take(&host.memory, sizeof(*host.pid), 64);
	*irte = pstd_irte_posted(pstd_memory_phys(&host.memory, host.pid), VECTOR, SID);
	build_unit(pstd_memory_phys(&host.memory, irte));
	host.hyp = (struct pstd_hyp){ .ops = &ops, .vectors = PSTD_LINUX_VECTORS, .x2apic = true };
	host.vm = (struct pstd_vm){ .hyp = &host.hyp };
	host.vcpu =
		(struct pstd_vcpu){ .vm = &host.vm, .pid = host.pid, .mode = PSTD_IN_GUEST_MODE };
}

static void post(bool urgent)
{
	struct pstd_vtd_post_result r = pstd_vtd_post(host.pid, VECTOR, urgent, true);

	if (!r.notify)
		return;
	host.notified++;
	pstd_lapic_notify(&host.lapic, r.notification.vector);
}

static void post_plain(void)
{
	post(false);
}

static void post_urgent(void)
{
	post(true);
}

/* Does nothing but decode and look up. */
static void request(void)
{
	pstd_vtd_request(&host.vtd, pstd_msi_remappable(0, false, 0), SID);
}

static void deliver(void)
{
	pstd_vcpu_deliver(&host.vcpu, VECTOR);
}

enum { SET = true, CLEAR = false };

static const struct row {
	const char *what;
	void (*act)(void);
	bool pir, on, sn; /* before */
	unsigned locked, counted, notified;
} rows[] = {
	{ "VT-d looks a request up, not cached", request, CLEAR, CLEAR, CLEAR, 2, 0, 0 },
	{ "VT-d looks a request up, cached", request, CLEAR, CLEAR, CLEAR, 0, 0, 0 },
	{ "VT-d posts", post_plain, CLEAR, CLEAR, CLEAR, 2, 0, 1 },
	{ "VT-d posts what is posted already", post_plain, SET, CLEAR, CLEAR, 2, 0, 1 },
	{ "VT-d posts, ON set", post_plain, CLEAR, SET, CLEAR, 1, 0, 0 },
	{ "VT-d posts what is posted already, ON set", post_plain, SET, SET, CLEAR, 1, 0, 0 },
	{ "VT-d posts, SN suppresses", post_plain, CLEAR, CLEAR, SET, 1, 0, 0 },
	{ "VT-d posts, urgent, SN set", post_urgent, CLEAR, CLEAR, SET, 2, 0, 1 },
	{ "VT-d posts, urgent, ON and SN set", post_urgent, CLEAR, SET, SET, 1, 0, 0 },
	{ "software posts", deliver, CLEAR, CLEAR, CLEAR, 2, 0, 1 },
	{ "software posts, ON set", deliver, CLEAR, SET, CLEAR, 1, 0, 0 },
	{ "software posts what is posted already", deliver, SET, SET, CLEAR, 1, 1, 0 },
};

static bool good(const struct row *r)
{
	*host.pid = (struct pstd_desc){
		.pir[VECTOR / 64] = r->pir ? PSTD_BIT(VECTOR % 64) : 0,
		.control = pstd_control(PSTD_LINUX_NOTIFICATION, CPU) | (r->on ? PSTD_ON : 0) |
		           (r->sn ? PSTD_SN : 0),
	};
	host.notified = locked = counted = 0;
	r->act();
	printf("%-42s %u locked, %u counters, %u notifications\n", r->what, locked, counted,
	       host.notified);
	if (locked == r->locked && counted == r->counted && host.notified == r->notified)
		return true;
	printf("    wanted %u, %u, %u\n", r->locked, r->counted, r->notified);
	return false;
}

int main(void)
{
	bool all = true;

	build();
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		all &= good(&rows[i]);
	return !all;
}
