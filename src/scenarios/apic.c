/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest at its local APIC: registers whose accesses exit, against what is sent to it
 * meanwhile. Emulated, unless it says otherwise.
 */
#include "scenarios/scenarios.h"
#include "world/world.h"

enum { SELF = 1 /* vCPU 0, of targets */, IPI = WORLD_VECTOR + WORLD_IPI };

/* The ICR of a fixed IPI to a shorthand. */
#define ICR(shorthand, vector) (PSTD_APIC_ICR_ASSERT | (uint64_t)(shorthand) << 18 | (vector))

static const struct explore_agent agents[] = {
	WORLD_P0,
	{ "S", world_software, (void *)0, false },
};

static void runs(const char *program, const struct world_access *accesses)
{
	world_queue(0, 0, program);
	world.vcpu[0].access = accesses;
}

/* What is read is what was written; PPR follows TPR. */
static const struct world_access msrs[] = {
	{ WORLD_WRITE, PSTD_APIC_TPR, 0x20, 0, 0 },
	{ WORLD_READ, PSTD_APIC_PPR, 0x20, 0, 0 },
	{ WORLD_WRITE, PSTD_APIC_ICR, ICR(PSTD_APIC_TO_SELF, IPI), IPI, SELF },
	{ WORLD_READ, PSTD_APIC_ICR, ICR(PSTD_APIC_TO_SELF, IPI), 0, 0 },
};

static void setup_msrs(void)
{
	world_setup();
	world_emulate_apics();
	runs("aaaa", msrs);
}

const struct explore_scenario scenario_apic_msrs = {
	.name = "apic_msrs",
	.proves = "a guest reads what it wrote to its emulated local APIC, and interrupts itself",
	SCENARIO_AGENTS(agents),
	.setup = setup_msrs,
	WORLD_SCENARIO(world_injected),
};

/* A vector that there is not is an error, which nobody is told of. */
static const struct world_access self[] = {
	{ WORLD_WRITE, PSTD_APIC_SELF_IPI, IPI, IPI, SELF },
	{ WORLD_WRITE, PSTD_APIC_SELF_IPI, PSTD_APIC_FIRST_VECTOR - 1, 0, 0 },
	{ WORLD_WRITE, PSTD_APIC_LVT_LINT0, PSTD_APIC_LVT_MASK | PSTD_APIC_LVT_REMOTE_IRR, 0, 0 },
	{ WORLD_WRITE, PSTD_APIC_EOI, 0, 0, 0 },
};

static void setup_self(void)
{
	world_setup();
	world_emulate_apics();
	runs("a", self);
	world.vcpu[0].alternatives = sizeof(self) / sizeof(self[0]);
}

const struct explore_scenario scenario_self_ipi = {
	.name = "self_ipi",
	.proves = "a guest's self-IPI against a post, as the next entry takes in both",
	SCENARIO_AGENTS(agents),
	.setup = setup_self,
	WORLD_SCENARIO(world_injected),
};

/* 3F0H is no register: an error, which is signalled; ESR shows it once it is written. */
static const struct world_access page[] = {
	{ WORLD_WRITE, PSTD_APIC_LVT_ERROR, IPI, 0, 0 },
	{ WORLD_READ, 0x3f0, 0, IPI, SELF },
	{ WORLD_WRITE, PSTD_APIC_ESR, 0, 0, 0 },
	{ WORLD_READ, PSTD_APIC_ESR, PSTD_APIC_ESR_REGISTER, 0, 0 },
};

static void setup_page(void)
{
	world_setup();
	world_xapic();
	world_emulate_apics();
	runs("aaaa", page);
}

const struct explore_scenario scenario_apic_error = {
	.name = "apic_error",
	.proves = "an error of a guest's local APIC interrupts it, and is told once",
	SCENARIO_AGENTS(agents),
	.setup = setup_page,
	WORLD_SCENARIO(world_injected),
};

/* Of the page, where errors interrupt. No read shows an interrupt: none is in service. */
static const struct world_access others[] = {
	{ WORLD_READ, PSTD_APIC_PPR, 0, 0, 0 },
	{ WORLD_READ, PSTD_APIC_EOI, 0, 0, 0 },
	{ WORLD_READ, PSTD_APIC_APR, 0, 0, 0 },
	{ WORLD_WRITE, PSTD_APIC_VERSION, 0, 0, 0 },
	{ WORLD_WRITE, PSTD_APIC_EOI, 0, 0, 0 },
	{ WORLD_WRITE, 0x3f0, 0, IPI, SELF },
	{ WORLD_WRITE, PSTD_APIC_DIVIDE, 0xb, 0, 0 },
};

static void setup_others(void)
{
	world_setup();
	world_xapic();
	world_emulate_apics();
	pstd_apic_write(&world.physical.apic[0], PSTD_APIC_LVT_ERROR, IPI);
	runs("a", others);
	world.vcpu[0].alternatives = sizeof(others) / sizeof(others[0]);
}

const struct explore_scenario scenario_apic_page = {
	.name = "apic_page",
	.proves = "an access to a guest's APIC page against a post: only errors interrupt",
	SCENARIO_AGENTS(agents),
	.setup = setup_others,
	WORLD_SCENARIO(world_injected),
};

/* SVR, off and on; an IPI to itself while it is off goes nowhere. */
static const struct world_access svr[] = {
	{ WORLD_WRITE, PSTD_APIC_SVR, PSTD_APIC_SVR_VECTOR, 0, 0 },
	{ WORLD_WRITE, PSTD_APIC_ICR, ICR(PSTD_APIC_TO_SELF, IPI), 0, 0 },
	{ WORLD_WRITE, PSTD_APIC_SVR, PSTD_APIC_SVR_VECTOR | PSTD_APIC_SVR_ENABLE, 0, 0 },
};

static unsigned writes_begun(void)
{
	explore_touch(&world.vcpu[0].access, false);
	return (unsigned)(world.vcpu[0].access - svr);
}

/* Sends to vCPU 0: what comes while its local APIC may be disabled may be lost. */
static void send(void *unused)
{
	unsigned before = writes_begun();

	world_software((void *)0);
	world.vcpu[0].refuses = before < 3 && writes_begun() > 0;
}

static const struct explore_agent svr_agents[] = {
	WORLD_P0,
	{ "S", send, NULL, false },
};

static void setup_svr(void)
{
	world_setup();
	world_emulate_apics();
	runs("aaa", svr);
}

static void judge_svr(void)
{
	if (world.vcpu[0].refuses && !world.handled[0])
		world.dropped[0] = 1;
	world_judge();
}

const struct explore_scenario scenario_svr = {
	.name = "svr",
	.proves = "a guest disables its local APIC: what came before and comes after is handled",
	SCENARIO_AGENTS(svr_agents),
	.words = world_words,
	.regions = world_regions,
	.constants = world_emulated,
	.state = &world,
	.state_size = sizeof(world),
	.setup = setup_svr,
	.each = world_judge_step,
	.finish = judge_svr,
};

/* In the flat model, from logical id 1 to 2. */
static const struct world_access ldr[] = {
	{ WORLD_WRITE, PSTD_APIC_LDR, 2u << 24, 0, 0 },
	{ WORLD_WRITE, PSTD_APIC_ICR, PSTD_APIC_ICR_LOGICAL | ICR(PSTD_APIC_TO_DEST, IPI), IPI,
	  SELF },
};

static void sends_to(unsigned v, unsigned logical_id)
{
	pstd_apic_write(&world.physical.apic[v], PSTD_APIC_ICR_HI, logical_id << 24);
}

static void setup_logical(void)
{
	world_setup();
	world_xapic();
	world_emulate_apics();
	pstd_apic_write(&world.physical.apic[0], PSTD_APIC_LDR, 1u << 24);
	pstd_vcpu_init(&world.vcpu[0].hyp, &world.pcpu[0].hyp);
	sends_to(0, 2);
}

static void setup_ldr(void)
{
	setup_logical();
	runs("aa", ldr);
}

const struct explore_scenario scenario_ldr = {
	.name = "ldr",
	.proves = "a guest changes its logical id: its own IPI to the new one finds it",
	SCENARIO_AGENTS(agents),
	.setup = setup_ldr,
	WORLD_SCENARIO(world_emulated),
};

/* vCPU 1 sends to 1 and 2. */
static const struct world_access to_both[] = {
	{ WORLD_WRITE, PSTD_APIC_ICR, PSTD_APIC_ICR_LOGICAL | ICR(PSTD_APIC_TO_DEST, IPI), IPI,
	  SELF },
};

static void setup_ldr_both(void)
{
	setup_logical();
	sends_to(1, 3);
	runs("a", ldr);
	world_queue(1, 1, "a");
	world.vcpu[1].access = to_both;
}

static const struct explore_agent two_pcpus[] = {
	WORLD_P0,
	{ "P1", world_pcpu, &world.pcpu[1], false },
};

const struct explore_scenario scenario_ldr_both = {
	.name = "ldr_both",
	.proves = "another vCPU's IPI to the old and the new logical id finds it meanwhile",
	SCENARIO_AGENTS(two_pcpus),
	.setup = setup_ldr_both,
	WORLD_SCENARIO(world_emulated),
};

/* With APIC virtualization: an EOI by 8 bytes is not virtualized, and exits. */
static void setup_eoi(void)
{
	world_setup();
	world_xapic();
	world_queue(0, 0, "");
	world.vcpu[0].wide = true;
}

static const struct explore_agent device[] = {
	WORLD_P0,
	{ "D", world_hardware, (void *)0, true },
};

const struct explore_scenario scenario_eoi_exits = {
	.name = "eoi_exits",
	.proves = "an EOI that is not virtualized ends the interrupt, and SVI follows",
	SCENARIO_AGENTS(device),
	.setup = setup_eoi,
	WORLD_SCENARIO(world_posted),
};
