/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VT-d unit with an entry cache, brought up and driven by the host's own driver
 * (exec/iommu.c), against a device that sends while its entry is replaced.
 */
#include "check/check.h"
#include "scenarios/scenarios.h"
#include "world/world.h"
#include "exec/iommu.h"
#include <stdlib.h>

enum { OLD, NEW, VECTOR = 0x41, SID = 0x0100, REQUESTS = 2 };

static struct {
	struct {
		struct pstd_irte irte[2];
		uint8_t free[2 * 4096] __attribute__((aligned(4096))); /* the driver's */
		struct pstd_desc pid[2] __attribute__((aligned(64)));
	} physical;
	struct pstd_vtd vtd;
	struct pstd_vtd_cache_slot slot;
	struct iommu iommu;
	uint64_t frcd[2];
	uint64_t section;  /* requests begun and ended, so odd while one is under way */
	uint64_t replaced; /* the invalidation has completed */
} host;

static struct pstd_memory memory = {
	.base = (uint8_t *)&host.physical,
	.size = sizeof(host.physical),
};

static struct pstd_irte entry(unsigned pid)
{
	return pstd_irte_posted(pstd_memory_phys(&memory, &host.physical.pid[pid]),
	                        (uint8_t)(VECTOR + pid), SID);
}

static bool request_ended(const void *seen)
{
	return host.section != *(const uint64_t *)seen;
}

static void drain(void *unused)
{
	uint64_t seen;

	if (!explore_self())
		return;
	explore_fence();
	explore_touch(&host.section, false);
	seen = host.section;
	explore_note("the unit waits for requests under way");
	if (seen % 2) {
		explore_rest(request_ended, &seen);
		explore_touch(&host.section, false);
	}
}

static void no_event(void *unused, struct pstd_msi_msg event)
{
	explore_fail("an event: data %#x", event.data);
}

static void section_ends_or_begins(void)
{
	explore_touch(&host.section, true);
	host.section++;
}

/* What the request saw: the entry of one descriptor, whole, and not the old one too late. */
static void judge(const struct pstd_vtd_request_result *r, bool replaced)
{
	const struct pstd_irte allowed[2] = { entry(OLD), entry(NEW) };
	struct pstd_irte seen;

	if (r->kind != PSTD_VTD_POST) {
		explore_fail("fault %#x: a request is lost", r->fault);
		return;
	}
	seen = pstd_irte_posted(pstd_memory_phys(&memory, r->pid), r->vector, SID);
	world_violated(check_torn(seen, allowed, 2), "the unit");
	if (replaced)
		world_violated(check_invalidated(seen, entry(NEW)), "the unit");
}

static void device(void *unused)
{
	for (unsigned i = 0; i < REQUESTS; i++) {
		struct pstd_vtd_request_result r;

		explore_rest(NULL, NULL);
		section_ends_or_begins();
		r = pstd_vtd_request(&host.vtd, pstd_msi_remappable(0, false, 0), SID);
		explore_touch(&host.replaced, false);
		judge(&r, host.replaced);
		if (r.kind == PSTD_VTD_POST) {
			pstd_vtd_post(r.pid, r.vector, r.urgent, r.x2apic);
			explore_note("posted to the %s descriptor",
			             r.pid == &host.physical.pid[OLD] ? "old" : "new");
		}
		explore_touch(&host.replaced, false);
		judge(&r, host.replaced);
		section_ends_or_begins();
	}
}

static void software(void *unused)
{
	bool all = explore_choose(2), done;

	pstd_irte_replace(&host.physical.irte[0], entry(NEW));
	explore_note("the entry is replaced");
	done = all ? iommu_invalidate_all(&host.iommu) : iommu_invalidate(&host.iommu, 0);
	if (!done)
		explore_fail("stuck: the invalidation's wait did not complete");
	explore_touch(&host.replaced, true);
	host.replaced = true;
	explore_note("its invalidation has completed");
}

static void setup(void)
{
	const struct pstd_vtd_config unit = {
		.memory = &memory, .address_width = 46,
		.cap = PSTD_VTD_CAP_PI | pstd_field(PSTD_VTD_CAP_FRO, 0x20),
		.ecap = PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM,
		.cache_entries = 1, .cache_ways = 1, .cache = &host.slot,
		.frcd = host.frcd, .drain = drain,
	};
	const struct iommu_config driver = {
		.unit = &host.vtd, .memory = &memory, .x2apic = true, .send = no_event,
		.table = pstd_memory_phys(&memory, host.physical.irte),
	};

	memory.used = sizeof(host.physical.irte);
	if (pstd_vtd_init(&host.vtd, &unit) || iommu_start(&host.iommu, &driver))
		abort(); /* an impossible configuration */
	host.physical.irte[0] = entry(OLD);
}

static const struct explore_agent agents[] = {
	{ "D", device, NULL, true },
	{ "U", software, NULL, false },
};

static const struct explore_word words[] = {
	{ &host.physical.irte[0], "irte", NULL },
	{ &host.physical.pid[OLD].pir[VECTOR / 64], "pir", NULL },
	{ &host.physical.pid[OLD].control, "control", NULL },
	{ &host.physical.pid[NEW].pir[VECTOR / 64], "pir'", NULL },
	{ &host.physical.pid[NEW].control, "control'", NULL },
	{ &host.vtd.active, "active", NULL },
	{ &host.vtd.cache.generation, "generation", NULL },
	{ &host.slot.seq, "slot.seq", NULL },
	{ &host.slot.tag, "slot.tag", NULL },
	{ &host.slot.lo, "slot.lo", NULL },
	{ &host.slot.hi, "slot.hi", NULL },
	{ NULL, NULL, NULL },
};

static const struct explore_constant constants[] = {
	{ &host.vtd.active, sizeof(host.vtd.active) },
	{ host.physical.pid[OLD].rsvd, sizeof(host.physical.pid[OLD].rsvd) },
	{ host.physical.pid[NEW].rsvd, sizeof(host.physical.pid[NEW].rsvd) },
	{ NULL, 0 },
};

const struct explore_scenario scenario_cached = {
	.name = "cached",
	.proves = "after its wait descriptor a unit with a cache posts through no old entry",
	SCENARIO_AGENTS(agents),
	.words = words,
	.constants = constants,
	.state = &host,
	.state_size = sizeof(host),
	.setup = setup,
};
