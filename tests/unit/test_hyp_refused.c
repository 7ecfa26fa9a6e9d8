/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls that are refused, for every reason that vm.h and irq.h give: they say so, and nothing
 * at all is changed. Of the whole host each byte is compared: tables, lists, entries,
 * descriptors, and what was asked of it.
 */
#include "hyp_unit.h"

/* What comes second, and too late. */
static struct {
	struct pstd_irqfd irqfd;
	struct pstd_irq irq;
	struct pstd_vcpu *v;
	uint8_t vector;
} other;

static void must(int error)
{
	assert_int_equal(error, 0);
}

static void set_route(void)
{
	struct pstd_msi_msg m = pstd_msi_compat(0, 0x41);

	must(pstd_route_set(&h.vm, GSI, &m));
}

/* All that there can be is there. */
static void connect(void)
{
	must(pstd_irq_request(&h.irq, &h.pcpus[1]));
	set_route();
	must(pstd_irqfd_assign(&h.irqfd));
	must(pstd_bypass_register(&h.irq));
	other.irqfd = h.irqfd;
	other.irq = h.irq;
}

static void request(void)
{
	must(pstd_irq_request(&h.irq, &h.pcpus[1]));
	other.irq = h.irq;
}

static void nothing(void)
{
}

static void no_such_gsi(void)
{
	connect();
	other.irqfd.gsi = GSIS;
}

/* Its descriptor is missing. */
static void posted_msi(void)
{
	h.irq.posted_msi = true;
}

static void no_vector_left(void)
{
	static struct pstd_irq irqs[256];

	for (unsigned i = OWN_FIRST_DEVICE; i <= OWN_LAST_DEVICE; i++) {
		irqs[i] = h.irq;
		must(pstd_irq_request(&irqs[i], &h.pcpus[1]));
	}
}

static void no_device_vectors(void)
{
	h.hyp.vectors.first_device = h.hyp.vectors.last_device = 0;
}

static void no_room(void)
{
	h.vcpu[1].apic_id = 2;
}

/* 255 is everybody there. */
static void no_such_xapic_id(void)
{
	h.vm.x2apic = false;
	h.vm.vcpu_count = 300;
	h.vcpu[1].apic_id = 255;
}

static void id_taken(void)
{
	h.vcpu[1].apic_id = 0;
}

static void software_apic(void)
{
	h.hyp.software_apic = true;
	request();
	set_route();
	must(pstd_irqfd_assign(&h.irqfd));
}

static int request_again(void)
{
	return pstd_irq_request(&h.irq, &h.pcpus[1]);
}

static int ready_vcpu(void)
{
	return pstd_vcpu_init(&h.vcpu[1], &h.pcpus[0]);
}

static int assign_other(void)
{
	return pstd_irqfd_assign(&other.irqfd);
}

static int bypass_other(void)
{
	return pstd_bypass_register(&other.irq);
}

static int bypass(void)
{
	return pstd_bypass_register(&h.irq);
}

/* Not registered: there is nothing to say, nor to do. */
static int unbypass_other(void)
{
	pstd_bypass_unregister(&other.irq);
	return 0;
}

static int clear_no_route(void)
{
	return pstd_route_set(&h.vm, GSIS, NULL);
}

static int set_no_route(void)
{
	struct pstd_msi_msg m = pstd_msi_compat(1, 0x52);

	return pstd_route_set(&h.vm, GSIS, &m);
}

static void assert_refused(void (*before)(void), int (*call)(void), int error)
{
	static unsigned char was[sizeof(h)], others[sizeof(other)];

	reset(NULL);
	memset(&other, 0, sizeof(other));
	before();
	memcpy(was, &h, sizeof(h));
	memcpy(others, &other, sizeof(other));
	assert_int_equal(call(), error);
	assert_memory_equal(&h, was, sizeof(h));
	assert_memory_equal(&other, others, sizeof(other));
}

static void a_refused_call_changes_nothing(void **state)
{
	static const struct {
		void (*before)(void);
		int (*call)(void);
		int error;
	} rows[] = {
		{ posted_msi, request_again, -PSTD_EINVAL },
		{ no_vector_left, request_again, -PSTD_ENOSPC },
		{ no_device_vectors, request_again, -PSTD_ENOSPC },
		{ no_room, ready_vcpu, -PSTD_EINVAL },
		{ no_such_xapic_id, ready_vcpu, -PSTD_EINVAL },
		{ id_taken, ready_vcpu, -PSTD_EBUSY },
		{ no_such_gsi, assign_other, -PSTD_ENOENT },
		{ connect, assign_other, -PSTD_EBUSY },
		{ connect, bypass_other, -PSTD_EBUSY },
		{ connect, bypass, -PSTD_EBUSY },
		{ software_apic, bypass, -PSTD_EINVAL },
		{ connect, unbypass_other, 0 },
		{ request, unbypass_other, 0 },
		{ connect, clear_no_route, -PSTD_EINVAL },
		{ connect, set_no_route, -PSTD_EINVAL },
		{ nothing, set_no_route, -PSTD_EINVAL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_refused(rows[i].before, rows[i].call, rows[i].error);
}

/* Of the host's vectors, in the order of struct pstd_vectors, one is another. */
static struct {
	unsigned place;
	uint8_t vector;
} swap;

static void swap_vector(void)
{
	((uint8_t *)&h.hyp.vectors)[swap.place] = swap.vector;
}

static int ready_pcpu(void)
{
	return pstd_pcpu_init(&h.pcpus[1]);
}

enum { OWN_VECTORS = 8, FIRST = OWN_VECTORS, LAST, PLACES };

/* A host need not have all kinds. */
static bool right(unsigned place, uint8_t vector)
{
	const uint8_t *own = (const uint8_t *)&own_vectors;

	if (!vector)
		return place != offsetof(struct pstd_vectors, notification) &&
		       place != offsetof(struct pstd_vectors, wakeup) &&
		       place != offsetof(struct pstd_vectors, kick);
	for (unsigned i = 0; i < OWN_VECTORS; i++)
		if (i != place && own[i] == vector)
			return false;
	return vector >= 32 && (vector < OWN_FIRST_DEVICE || vector > OWN_LAST_DEVICE);
}

static void vectors_that_clash_are_refused(void **state)
{
	assert_int_equal(sizeof(struct pstd_vectors), PLACES);
	for (swap.place = 0; swap.place < OWN_VECTORS; swap.place++)
		for (unsigned vector = 0; vector < 256; vector++) {
			swap.vector = (uint8_t)vector;
			if (!right(swap.place, swap.vector)) {
				assert_refused(swap_vector, ready_pcpu, -PSTD_EINVAL);
				continue;
			}
			reset(state);
			swap_vector();
			assert_int_equal(ready_pcpu(), 0);
		}
}

/* Of devices: backwards, half of it missing, among exceptions, over one of the host's. */
static void a_range_of_devices_is_one(void **state)
{
	static const struct {
		unsigned place;
		uint8_t vector;
	} rows[] = { { FIRST, OWN_LAST_DEVICE + 1 }, { FIRST, 0 }, { LAST, 0 }, { FIRST, 31 },
		     { FIRST, OWN_SPURIOUS },        { LAST, OWN_TIMER } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		swap.place = rows[i].place;
		swap.vector = rows[i].vector;
		assert_refused(swap_vector, ready_pcpu, -PSTD_EINVAL);
	}
	reset(state);
	no_device_vectors();
	assert_int_equal(ready_pcpu(), 0);
}

static void no_msi_vector(void)
{
	h.pcpus[1].msi = &h.msi;
	h.hyp.vectors.msi_notification = 0;
}

static void a_descriptor_of_a_pcpu_has_a_vector(void **state)
{
	assert_refused(no_msi_vector, ready_pcpu, -PSTD_EINVAL);
}

/* Messages that lead nowhere. */
static struct pstd_msi_msg message;

static int set_message(void)
{
	return pstd_route_set(&h.vm, GSI, &message);
}

static int find_message(void)
{
	return pstd_msi_target(&h.vm, message, &other.v, &other.vector);
}

static int inject_message(void)
{
	return pstd_msi_inject(&h.vm, message);
}

static void a_message_that_leads_nowhere_changes_nothing(void **state)
{
	static const struct pstd_msi_msg messages[] = {
		{ 0xfed01000, 0, 0x41 },     /* no interrupt */
		{ 0xfee01010, 0, 0x41 },     /* remappable */
		{ 0xfee01004, 0, 0x41 },     /* logical */
		{ 0xfee01000, 0, 0x141 },    /* lowest priority */
		{ 0xfee01000, 0, 0x441 },    /* NMI */
		{ 0xfee01000, 0, 0xc041 },   /* level */
		{ 0xfee01000, 0, 0x0f },     /* no APIC delivers it */
		{ 0xfee02000, 0, 0x41 },     /* nobody there */
		{ 0xfee01000, 0x100, 0x41 }, /* nor at 256 and more */
	};
	static int (*const calls[])(void) = { set_message, find_message, inject_message };

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		for (size_t call = 0; call < 3; call++) {
			message = messages[i];
			assert_refused(connect, calls[call], -PSTD_EINVAL);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_refused_call_changes_nothing),
		TEST(vectors_that_clash_are_refused),
		TEST(a_range_of_devices_is_one),
		TEST(a_descriptor_of_a_pcpu_has_a_vector),
		TEST(a_message_that_leads_nowhere_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
