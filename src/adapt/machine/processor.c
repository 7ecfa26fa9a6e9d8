/* SPDX-License-Identifier: BSD-2-Clause */
#include "processor.h"
#include <explore/scenario.h>

enum { IRR = 0x200, RVI = 0xff, ON = 1 };

/* Of this CPU: whose guest runs there; it is about to exit. */
static _Thread_local struct processor *running;
static _Thread_local bool leaves;

static uint32_t *irr_word(const struct processor *p, unsigned vector)
{
	return (uint32_t *)(p->page + IRR + vector / 32 * 16);
}

uint32_t processor_irr(const struct processor *p, unsigned first)
{
	return *irr_word(p, first);
}

static unsigned highest_irr(const struct processor *p)
{
	for (unsigned first = PROCESSOR_VECTORS; first > 0; first -= 32) {
		uint32_t word = *irr_word(p, first - 32);

		if (word)
			return first - 1 - (unsigned)__builtin_clz(word);
	}
	return 0;
}

void processor_merge(struct processor *p, unsigned first, uint32_t bits)
{
	for (uint32_t both = bits & *irr_word(p, first); both; both &= both - 1)
		p->merged[first + (unsigned)__builtin_ctz(both)]++;
}

static void take_word(struct processor *p, unsigned first, uint32_t bits)
{
	if (!bits)
		return;
	processor_merge(p, first, bits);
	*irr_word(p, first) |= bits;
}

static void take_pir(void *processor)
{
	struct processor *p = processor;
	uint64_t *pir = p->descriptor->pir;

	for (unsigned i = 0; i < 4; i++) {
		uint64_t bits = pir[i];

		if (!bits)
			continue;
		pir[i] = 0;
		take_word(p, i * 64, (uint32_t)bits);
		take_word(p, i * 64 + 32, (uint32_t)(bits >> 32));
	}
}

/* "Posted-Interrupt Processing": ON is cleared; PIR goes to the IRR at one go; RVI is raised. */
static void posted_interrupt_processing(struct processor *p)
{
	unsigned highest;

	__atomic_fetch_and(&p->descriptor->control, ~(uint64_t)ON, __ATOMIC_SEQ_CST);
	explore_one_step(take_pir, p);
	highest = highest_irr(p);
	if (highest > (p->status & RVI))
		p->status = (uint16_t)highest;
}

/* "Virtual-Interrupt Delivery", and the guest's handler, which ends with its EOI. */
static void deliver(struct processor *p)
{
	unsigned vector = p->status & RVI;
	uint32_t bit = 1u << vector % 32;

	if (!(*irr_word(p, vector) & bit))
		explore_fail("vCPU %u: RVI is %#x, which its IRR has not", p->number, vector);
	*irr_word(p, vector) &= ~bit;
	p->status = (uint16_t)highest_irr(p);
	p->taken[vector]++;
	explore_note("vCPU %u takes %#x", p->number, vector);
}

static bool take_pending(struct processor *p)
{
	bool any = false;

	for (; !p->masked && p->status & RVI; any = true)
		deliver(p);
	return any;
}

static bool is_notified(const void *machine_cpu)
{
	const struct explore_machine_cpu *cpu = machine_cpu;

	return cpu->pending[0] | cpu->pending[1] | cpu->pending[2] | cpu->pending[3];
}

/* Until an interrupt comes to this CPU. */
static bool wait(void)
{
	return explore_rest(is_notified, &machine.cpu[explore_cpu_number()]);
}

/* To its exit. */
static char run_guest(struct processor *p)
{
	for (;;) {
		bool any;

		explore_irq_enable();
		explore_irq_disable();
		any = take_pending(p);
		if (leaves || (p->window && !p->masked))
			return '!';
		switch (*p->program) {
		case 'w':
			if (any)
				p->program++;
			else if (!wait())
				return '\0';
			break;
		case 'c':
		case 's':
			p->masked = *p->program++ == 'c';
			break;
		case '\0':
			if (!wait())
				return '\0';
			break;
		default:
			p->halted = *p->program == 'h';
			return *p->program;
		}
	}
}

char processor_run(struct processor *p)
{
	char why;

	if (p->halted && p->masked)
		explore_fail("vCPU %u goes on behind its HLT, with interrupts disabled", p->number);
	p->halted = false;
	running = p;
	leaves = false;
	p->inside = true;
	why = run_guest(p);
	p->inside = false;
	running = NULL;
	/* behind inside: nobody shall see it in guest mode with a letter that it is not at yet */
	if (why && why != '!')
		p->program++;
	return why;
}

static void hold(struct processor *p, uint8_t vector)
{
	if (p->held_count == PROCESSOR_HELD)
		explore_fail("vCPU %u: too many interrupts at once for this model", p->number);
	else
		p->held[p->held_count++] = vector;
}

bool processor_takes(uint8_t vector)
{
	struct processor *p = running;

	if (!p)
		return false;
	if (vector == p->vector && !leaves) {
		posted_interrupt_processing(p);
		return true;
	}
	leaves = true;
	hold(p, vector);
	return true;
}

uint8_t processor_acknowledge(struct processor *p)
{
	uint8_t vector;

	if (!p->held_count)
		return 0;
	vector = p->held[0];
	p->held_count--;
	for (unsigned i = 0; i < p->held_count; i++)
		p->held[i] = p->held[i + 1];
	return vector;
}
