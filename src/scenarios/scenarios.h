/* SPDX-License-Identifier: BSD-2-Clause */
/* The scenarios, in the order in which they are listed; ended by a row without one. */
#ifndef EXPLORE_SCENARIOS_H
#define EXPLORE_SCENARIOS_H

#include <explore/search.h>

/* A scenario's agents, from the rows of an array. */
#define SCENARIO_AGENTS(rows) \
	.agents = (rows), .agent_count = sizeof(rows) / sizeof((rows)[0])

struct scenario_row {
	const struct explore_scenario *scenario;
	bool deep; /* takes long: not in the default set */
};

extern const struct scenario_row scenarios[];

/* post.c: posts against a vCPU's way through its states. */
extern const struct explore_scenario scenario_enter, scenario_preempt, scenario_exit;
extern const struct explore_scenario scenario_move, scenario_two_senders, scenario_device_and_ipi;
extern const struct explore_scenario scenario_pressure, scenario_three_posts, scenario_in_a_row;
extern const struct explore_scenario scenario_absorbed, scenario_fault, scenario_software_twice;
extern const struct explore_scenario scenario_high_pressure, scenario_once, scenario_one_step;

/* sleep.c: posts against halt and wake-up. */
extern const struct explore_scenario scenario_halt, scenario_wake, scenario_wake_elsewhere;
extern const struct explore_scenario scenario_two_sleepers, scenario_masked, scenario_halt_twice;
extern const struct explore_scenario scenario_hlt;

/* unit.c: a unit's entry cache against its invalidation queue. */
extern const struct explore_scenario scenario_cached;

/* doze.c: the sleep of an idle pCPU. */
extern const struct explore_scenario scenario_doze;

/* inbox.c: a local APIC's inbox. */
extern const struct explore_scenario scenario_inbox;

/* device.c: remapping entries, bypass, irqfds and routes change under a device. */
extern const struct explore_scenario scenario_rewrite, scenario_bypass, scenario_irqfd;
extern const struct explore_scenario scenario_hotplug, scenario_bypass_msi;
extern const struct explore_scenario scenario_user, scenario_route, scenario_unroute;
extern const struct explore_scenario scenario_affinity, scenario_unroute_irqfd;
extern const struct explore_scenario scenario_destroy, scenario_free_irq;

/* life.c: host interrupt, irqfd, route and vCPU come and go under a device. */
extern const struct explore_scenario scenario_reassign, scenario_request, scenario_two_controls;
extern const struct explore_scenario scenario_user_wake;

/* msi.c: posted MSI, the host's own. */
extern const struct explore_scenario scenario_posted_msi, scenario_free_msi;

/* ipi.c: IPI virtualization. */
extern const struct explore_scenario scenario_ipi_preempt, scenario_ipi_halt;
extern const struct explore_scenario scenario_ipi_plug, scenario_ipi_plug_xapic;
extern const struct explore_scenario scenario_ipi_unplug;

/* inject.c: injection without APIC virtualization. */
extern const struct explore_scenario scenario_inject, scenario_inject_two, scenario_inject_window;
extern const struct explore_scenario scenario_inject_preempt, scenario_inject_halt;

/* priority.c: what a guest holds back. */
extern const struct explore_scenario scenario_task_priority, scenario_tpr_threshold;
extern const struct explore_scenario scenario_two_classes, scenario_sti_halt;

/* nmi.c: NMIs. */
extern const struct explore_scenario scenario_nmi, scenario_nmi_halt;

/* loop.c: a vCPU that is kicked; an entry that is given up. */
extern const struct explore_scenario scenario_kick, scenario_kick_preempt, scenario_kick_halt;
extern const struct explore_scenario scenario_kick_elsewhere, scenario_kick_injected;
extern const struct explore_scenario scenario_cancel, scenario_cancel_inject;
extern const struct explore_scenario scenario_cancel_nmi, scenario_cancel_both;
extern const struct explore_scenario scenario_cancel_own;

/* cut.c: what a VM entry brings, and does not reach its handler at once. */
extern const struct explore_scenario scenario_cut_short, scenario_cut_inject, scenario_cut_nmi;
extern const struct explore_scenario scenario_gp;

/* apic.c: a guest at its local APIC. */
extern const struct explore_scenario scenario_apic_msrs, scenario_apic_page, scenario_apic_error;
extern const struct explore_scenario scenario_self_ipi, scenario_svr, scenario_ldr;
extern const struct explore_scenario scenario_ldr_both, scenario_eoi_exits;

/* icr.c: every form of an IPI that exits. */
extern const struct explore_scenario scenario_icr;

/* order.c: control operations in other orders. */
extern const struct explore_scenario scenario_assign_late, scenario_free_producer;
extern const struct explore_scenario scenario_two_irqfds, scenario_refused;

/* end.c: the end of a vCPU, and its next life. */
extern const struct explore_scenario scenario_end_asleep, scenario_ipi_replug;
extern const struct explore_scenario scenario_ready_again;

/* host.c: the host's own vectors. */
extern const struct explore_scenario scenario_host_vectors;

#endif
