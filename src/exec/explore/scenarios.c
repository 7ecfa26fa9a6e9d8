/* SPDX-License-Identifier: BSD-2-Clause */
#include "exec/explore/scenarios.h"

const struct scenario_row scenarios[] = {
	{ &scenario_enter, false },
	{ &scenario_exit, false },
	{ &scenario_preempt, false },
	{ &scenario_move, false },
	{ &scenario_two_senders, false },
	{ &scenario_device_and_ipi, false },
	{ &scenario_pressure, true },
	{ &scenario_halt, false },
	{ &scenario_halt_twice, false },
	{ &scenario_masked, false },
	{ &scenario_wake, false },
	{ &scenario_wake_elsewhere, false },
	{ &scenario_two_sleepers, false },
	{ &scenario_rewrite, false },
	{ &scenario_bypass, false },
	{ &scenario_hotplug, false },
	{ &scenario_irqfd, false },
	{ &scenario_user, false },
	{ &scenario_route, false },
	{ &scenario_unroute, false },
	{ &scenario_destroy, false },
	{ &scenario_free_irq, false },
	{ NULL, false },
};
