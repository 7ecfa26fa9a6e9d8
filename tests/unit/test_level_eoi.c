/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Invariant 12: every level EOI reaches its I/O APIC pin. What the check finds; and
 * devices, CPUs and somebody who masks and unmasks, all at once, who must never leave
 * it anything to find.
 */
#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

enum { PINS = 6, DEVICES = 3, CPUS = 2, BATCHES = 40, OPERATIONS = 4000 };

/* Two pins share a vector, two are active low, each CPU has three. */
static const struct row {
	uint8_t vector, cpu;
	bool active_low;
} rows[PINS] = {
	{ 0x41, 0, false }, { 0x41, 0, true }, { 0x51, 1, false },
	{ 0x62, 1, true }, { 0x91, 0, false }, { 0x31, 1, false },
};

static struct pstd_ioapic io;

/* What a pin's device has to say; the pin is active as long as there is anything. */
static struct {
	struct pstd_spinlock lock;
	uint64_t work, raised, served, dropped;
} device[PINS];

/* Of a local APIC, what level interrupts need. */
static struct cpu_apic {
	uint64_t irr[4]; /* shared */
	uint64_t isr[4]; /* the CPU's */
	unsigned index;
	uint64_t taken;
} cpu[CPUS];

static uint64_t done;

static uint32_t low_half(unsigned pin)
{
	uint64_t polarity = rows[pin].active_low ? PSTD_IOAPIC_POLARITY : 0;

	return (uint32_t)(pstd_ioapic_compat(rows[pin].cpu, rows[pin].vector, true) | polarity);
}

static void put(unsigned reg, uint32_t value)
{
	pstd_ioapic_write(&io, PSTD_IOAPIC_IOREGSEL, reg);
	pstd_ioapic_write(&io, PSTD_IOAPIC_IOWIN, value);
}

static void drive(unsigned pin, bool active)
{
	pstd_ioapic_set_pin(&io, pin, active != rows[pin].active_low);
}

/* Carries what is to be sent to the CPUs: what every caller does. */
static void carry(void)
{
	struct pstd_msi_msg m;

	while (pstd_ioapic_next(&io, &m))
		pstd_fetch_or_seq(&cpu[pstd_msi_dest(m)].irr[pstd_msi_vector(m) / 64],
		                  PSTD_BIT(pstd_msi_vector(m) % 64));
}

static int reset(void **state)
{
	memset(device, 0, sizeof(device));
	memset(cpu, 0, sizeof(cpu));
	assert_null(pstd_ioapic_init(&io, PSTD_IOAPIC_WITH_EOIR, PINS, 0));
	for (unsigned i = 0; i < CPUS; i++)
		cpu[i].index = i;
	for (unsigned pin = 0; pin < PINS; pin++) {
		drive(pin, false);
		put(PSTD_IOAPIC_REG_RTE(pin) + 1,
		    (uint32_t)(pstd_ioapic_compat(rows[pin].cpu, 0, true) >> 32));
		put(PSTD_IOAPIC_REG_RTE(pin), low_half(pin));
	}
	return 0;
}

static const char *judge(void)
{
	uint64_t owed[4] = { 0 };

	for (unsigned i = 0; i < CPUS; i++)
		for (unsigned word = 0; word < 4; word++)
			owed[word] |= pstd_load_acquire(&cpu[i].irr[word]) | cpu[i].isr[word];
	return check_level_eoi(&io, owed);
}

/* What the check finds. */

static void interrupt_that_is_requested_or_in_service_is_no_violation(void **state)
{
	assert_null(judge());
	drive(2, true);
	carry();
	assert_null(judge());
	cpu[1].isr[1] = cpu[1].irr[1];
	cpu[1].irr[1] = 0;
	assert_null(judge());
	drive(2, false);
	assert_null(judge());
}

static void lost_eoi_is_found(void **state)
{
	drive(2, true);
	carry();
	memset(cpu[1].irr, 0, sizeof(cpu[1].irr));
	assert_string_equal(judge(), "a level pin awaits an EOI that no CPU owes it");
	pstd_ioapic_eoi(&io, 0x52);
	assert_non_null(judge());
	drive(2, false);
	pstd_ioapic_eoi(&io, 0x51);
	assert_null(judge());
}

/* The vector in service is another than the entry's: so guests have lost their lines. */
static void vector_changed_in_service_is_found(void **state)
{
	drive(2, true);
	carry();
	put(PSTD_IOAPIC_REG_RTE(2), low_half(2) + 1);
	assert_non_null(judge());
}

static void message_that_nobody_took_is_found(void **state)
{
	drive(2, true);
	assert_string_equal(judge(), "a level pin is active, but its interrupt was not sent");
	carry();
	assert_null(judge());
}

static void masked_pin_and_edge_are_nobody_s_to_serve(void **state)
{
	put(PSTD_IOAPIC_REG_RTE(2), (uint32_t)PSTD_IOAPIC_MASK | low_half(2));
	put(PSTD_IOAPIC_REG_RTE(3), low_half(3) & ~(uint32_t)PSTD_IOAPIC_TRIGGER);
	drive(2, true);
	drive(3, true);
	assert_null(judge());
}

/* Steps of those who take part. */

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed >> 16;
}

/* A device mostly raises its pin; at times it thinks better of it. */
static void device_step(unsigned pin, bool raise)
{
	pstd_spin_lock(&device[pin].lock);
	if (raise) {
		device[pin].raised++;
		device[pin].work++;
	} else {
		device[pin].dropped += device[pin].work;
		device[pin].work = 0;
	}
	drive(pin, raise);
	pstd_spin_unlock(&device[pin].lock);
}

static void mask_step(unsigned pin, bool mask)
{
	put(PSTD_IOAPIC_REG_RTE(pin), (mask ? (uint32_t)PSTD_IOAPIC_MASK : 0) | low_half(pin));
}

static void unmask_all(void)
{
	for (unsigned pin = 0; pin < PINS; pin++)
		mask_step(pin, false);
	carry();
}

/* The CPU takes its next vector, and the handler serves all devices on it. -1: there is none. */
static int begin_service(struct cpu_apic *c)
{
	unsigned word = 0;
	uint8_t vector;

	while (word < 4 && !pstd_load_relaxed(&c->irr[word]))
		word++;
	if (word == 4)
		return -1;
	vector = (uint8_t)(word * 64 + (unsigned)__builtin_ctzll(pstd_load_relaxed(&c->irr[word])));
	c->isr[word] |= PSTD_BIT(vector % 64);
	pstd_fetch_and_seq(&c->irr[word], ~PSTD_BIT(vector % 64));
	for (unsigned pin = 0; pin < PINS; pin++) {
		if (rows[pin].vector != vector)
			continue;
		pstd_spin_lock(&device[pin].lock);
		device[pin].served += device[pin].work;
		device[pin].work = 0;
		drive(pin, false);
		pstd_spin_unlock(&device[pin].lock);
	}
	return vector;
}

/* The EOI: one CPU broadcasts it, the other directs it. */
static void end_service(struct cpu_apic *c, uint8_t vector)
{
	c->isr[vector / 64] &= ~PSTD_BIT(vector % 64);
	if (c->index)
		pstd_ioapic_write(&io, PSTD_IOAPIC_EOIR, vector);
	else
		pstd_ioapic_eoi(&io, vector);
	c->taken++;
	carry();
}

static bool serve_one(struct cpu_apic *c, uint64_t *seed)
{
	int vector = begin_service(c);

	if (vector < 0)
		return false;
	if (next_random(seed) % 8 == 0)
		sched_yield();
	end_service(c, (uint8_t)vector);
	return true;
}

static void settle_accounts(void)
{
	uint64_t seed = 1;

	while (serve_one(&cpu[0], &seed) || serve_one(&cpu[1], &seed))
		;
	assert_null(judge());
	for (unsigned pin = 0; pin < PINS; pin++) {
		assert_int_equal(device[pin].work, 0);
		assert_int_equal(device[pin].served + device[pin].dropped, device[pin].raised);
	}
}

/* In one thread, in any order; judged after each step. */
static void pins_never_stick_whatever_the_order(void **state)
{
	uint64_t seed = 12345;
	int serving[CPUS] = { -1, -1 };

	for (unsigned i = 0; i < 400000; i++) {
		uint64_t r = next_random(&seed);
		unsigned pin = (unsigned)(r >> 8) % PINS, who = r >> 16 & 1;

		if (r % 8 < 2) {
			device_step(pin, r & 0x700000);
		} else if (r % 8 == 2) {
			mask_step(pin, r >> 20 & 1);
		} else if (serving[who] < 0) {
			serving[who] = begin_service(&cpu[who]);
		} else {
			end_service(&cpu[who], (uint8_t)serving[who]);
			serving[who] = -1;
		}
		carry();
		assert_null(judge());
	}
	for (unsigned i = 0; i < CPUS; i++)
		if (serving[i] >= 0)
			end_service(&cpu[i], (uint8_t)serving[i]);
	unmask_all();
	settle_accounts();
}

/* All at once. */

static void *run_device(void *arg)
{
	unsigned first = (unsigned)(uintptr_t)arg * 2;
	uint64_t seed = first + 1;

	for (unsigned i = 0; i < OPERATIONS; i++) {
		uint64_t r = next_random(&seed);

		device_step(first + (r & 1), r & 0xe);
		if (r % 64 < 8)
			sched_yield();
		carry();
	}
	pstd_count(&done, 1);
	return NULL;
}

static void *run_masker(void *arg)
{
	uint64_t seed = 77;

	for (unsigned i = 0; i < OPERATIONS; i++) {
		uint64_t r = next_random(&seed);

		mask_step((unsigned)(r >> 8) % PINS, r & 1);
		if (r % 64 < 8)
			sched_yield();
		carry();
	}
	unmask_all();
	pstd_count(&done, 1);
	return NULL;
}

static void *run_cpu(void *arg)
{
	uint64_t seed = 99;

	while (pstd_load_acquire(&done) < DEVICES + 1)
		if (!serve_one(arg, &seed))
			sched_yield();
	return NULL;
}

static void run_batch(void)
{
	pthread_t thread[DEVICES + CPUS + 1];
	unsigned n = 0;

	pstd_store_release(&done, 0);
	for (unsigned i = 0; i < CPUS; i++)
		assert_int_equal(pthread_create(&thread[n++], NULL, run_cpu, &cpu[i]), 0);
	assert_int_equal(pthread_create(&thread[n++], NULL, run_masker, NULL), 0);
	for (uintptr_t i = 0; i < DEVICES; i++)
		assert_int_equal(pthread_create(&thread[n++], NULL, run_device, (void *)i), 0);
	while (n)
		pthread_join(thread[--n], NULL);
}

static void pins_that_many_drive_mask_and_serve_never_stick(void **state)
{
	for (unsigned batch = 0; batch < BATCHES; batch++) {
		run_batch();
		/* Before what was requested is served, and after. */
		assert_null(judge());
		settle_accounts();
	}
	for (unsigned i = 0; i < CPUS; i++)
		assert_true(cpu[i].taken > BATCHES);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(interrupt_that_is_requested_or_in_service_is_no_violation),
		TEST(lost_eoi_is_found),
		TEST(vector_changed_in_service_is_found),
		TEST(message_that_nobody_took_is_found),
		TEST(masked_pin_and_edge_are_nobody_s_to_serve),
		TEST(pins_never_stick_whatever_the_order),
		TEST(pins_that_many_drive_mask_and_serve_never_stick),
	};

	return cmocka_run_group_tests_name("level_eoi", tests, NULL, NULL);
}
