/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts: sent to a CPU, pending there, taken. "The contents of the store buffer
 * are always drained to memory when an interrupt is generated" (Intel's manual on it).
 */
#include "explore/schedule/tell.h"
#include "explore/seam/machine.h"

bool machine_is_pending(const cpu_t *c)
{
	return c->pending[0] | c->pending[1] | c->pending[2] | c->pending[3];
}

void explore_interrupt(unsigned cpu, unsigned vector)
{
	cpu_t *c;

	if (!machine_exists() || cpu >= machine_rules->cpus || vector > 255) {
		run_unfit("explore_interrupt: there is no CPU %u, or no vector %u", cpu, vector);
		return;
	}
	c = &machine->cpu[cpu];
	RUN_AT(c->pending);
	explore_point(STORES, NULL, NULL);
	machine_touch_pending(c, true);
	c->pending[vector / 64] |= (uint64_t)1 << vector % 64;
	tell_does("sends %#x to CPU %u", vector, cpu);
}

static unsigned take_highest(cpu_t *c)
{
	unsigned word = 3, bit;

	while (!c->pending[word])
		word--;
	bit = 63 - (unsigned)__builtin_clzll(c->pending[word]);
	c->pending[word] &= ~((uint64_t)1 << bit);
	return word * 64 + bit;
}

void machine_take(cpu_t *c)
{
	const struct run_at at = run_at;
	bool resting = explore_running->resting;
	unsigned vector;

	explore_running->resting = false;
	c->irqs = false;
	if (explore_running->buffer.stores)
		explore_fence();
	else
		run_watch->drained();
	machine_touch_pending(c, true);
	vector = take_highest(c);
	c->handling = true;
	tell_does("takes %#x", vector);
	if (machine_rules->handler)
		machine_rules->handler(machine_number(c), vector);
	explore_fence();
	c->handling = false;
	c->irqs = true;
	explore_running->resting = resting;
	run_at = at;
}

void machine_take_all(cpu_t *c)
{
	while (machine_is_pending(c)) {
		machine_take(c);
		machine_touch_pending(c, false);
	}
}

void machine_irq_window(void)
{
	cpu_t *c = machine_cpu();

	if (!c || !c->irqs || machine_rules->interrupts_anywhere)
		return;
	c = machine_point_unfenced();
	machine_touch_pending(c, false);
	if (!machine_is_pending(c))
		return;
	machine_take_all(c);
	machine_preempt_window();
}

void explore_irq_window(void)
{
	RUN_AT(NULL);
	machine_irq_window();
}

static void irq_enable(void)
{
	cpu_t *c = machine_cpu();

	if (!c || c->handling || c->irqs)
		return;
	c->irqs = true;
	machine_irq_window();
}

void explore_irq_enable(void)
{
	RUN_AT(NULL);
	irq_enable();
}

/* Where they may come anywhere, one may come right before. */
static void before_off(const cpu_t *c)
{
	if (machine_rules->interrupts_anywhere && c->irqs)
		machine_point_unfenced();
}

static void irq_disable(void)
{
	if (!machine_cpu())
		return;
	before_off(machine_cpu());
	machine_cpu()->irqs = false;
}

void explore_irq_disable(void)
{
	RUN_AT(NULL);
	irq_disable();
}

bool explore_irq_save(void)
{
	bool on = machine_cpu() && machine_cpu()->irqs;

	RUN_AT(NULL);
	irq_disable();
	return on;
}

void explore_irq_restore(bool on)
{
	RUN_AT(NULL);
	if (on)
		irq_enable();
}
