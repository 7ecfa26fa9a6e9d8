/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's vectors: what each stands for, and that no other number does. */
#include "hyp_unit.h"

/* What one host vector may leave. */
struct trace {
	uint64_t eois, pin, npi, piw, pmn, spurious, callers, resched;
};

static const struct {
	uint8_t vector;
	struct trace trace;
} rows[] = {
	{ OWN_NOTIFICATION, { .eois = 1, .pin = 1 } },
	{ OWN_WAKEUP, { .eois = 1, .piw = 1 } },
	{ OWN_NESTED, { .eois = 1, .npi = 1 } },
	{ OWN_MSI_NOTIFICATION, { .eois = 1, .pmn = 1 } },
	{ OWN_TIMER, { .eois = 1, .resched = 1 } },
	{ OWN_RESCHEDULE, { .eois = 1, .resched = 1 } },
	{ OWN_KICK, { .eois = 1 } },
	{ OWN_SPURIOUS, { .spurious = 1 } },
};

static struct trace expected(unsigned vector)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].vector == vector)
			return rows[i].trace;
	if (vector >= OWN_FIRST_DEVICE && vector <= OWN_LAST_DEVICE)
		return (struct trace){ .eois = 1, .spurious = 1 }; /* nobody's */
	return (struct trace){ .eois = 1, .callers = 1 };
}

static struct trace seen(const struct pstd_pcpu *p, unsigned vector)
{
	return (struct trace){ h.eois, p->pin, p->npi, p->piw, p->pmn, p->spurious,
		               h.callers_vectors[vector], p->resched };
}

/* Each vector there is, on a host that uses none of Linux's. */
static void a_vector_is_what_the_host_says(void **state)
{
	for (unsigned vector = 0; vector < 256; vector++) {
		struct pstd_pcpu *p = &h.pcpus[0];
		struct trace want = expected(vector), got;

		reset(state);
		p->msi = &h.msi;
		pstd_host_vector(p, (uint8_t)vector);
		got = seen(p, vector);
		if (memcmp(&want, &got, sizeof(want)))
			fail_msg("vector %#x is taken for another", vector);
		assert_int_equal(p->interrupts, 1);
	}
}

static void the_callers_vector_comes_with_its_pcpu_after_its_eoi(void **state)
{
	pstd_host_vector(&h.pcpus[1], OWN_CALLERS);
	assert_int_equal(h.callers_vectors[OWN_CALLERS], 1);
	assert_ptr_equal(h.callers_pcpu, &h.pcpus[1]);
	assert_int_equal(h.eois_at_callers, 1);
	assert_int_equal(h.eois, 1);
}

static void without_a_hook_it_is_spurious(void **state)
{
	struct pstd_ops hookless = ops;

	hookless.host_vector = NULL;
	h.hyp.ops = &hookless;
	pstd_host_vector(&h.pcpus[0], OWN_CALLERS);
	assert_int_equal(h.pcpus[0].spurious, 1);
	assert_int_equal(h.eois, 1);
}

/* Of the two pCPUs one may have a descriptor. */
static void a_notification_without_a_descriptor_is_spurious(void **state)
{
	pstd_host_vector(&h.pcpus[0], OWN_MSI_NOTIFICATION);
	assert_int_equal(h.pcpus[0].spurious, 1);
	assert_int_equal(h.pcpus[0].pmn, 0);
	assert_int_equal(h.eois, 1);
	assert_int_equal(h.callers_vectors[OWN_MSI_NOTIFICATION], 0);
}

/* Where the host has none of a kind, no vector is taken for it. */
static void a_vector_that_is_0_is_none(void **state)
{
	h.hyp.vectors.msi_notification = h.hyp.vectors.nested = h.hyp.vectors.timer = 0;
	h.pcpus[0].msi = &h.msi;
	pstd_host_vector(&h.pcpus[0], OWN_MSI_NOTIFICATION);
	pstd_host_vector(&h.pcpus[0], OWN_NESTED);
	pstd_host_vector(&h.pcpus[0], OWN_TIMER);
	assert_false(h.pcpus[0].pmn | h.pcpus[0].npi | h.pcpus[0].resched);
	assert_int_equal(h.callers_vectors[OWN_TIMER], 1);
}

static uint8_t nv(void)
{
	return (uint8_t)pstd_field_get(PSTD_NV, h.pid[0].control);
}

static uint8_t sent(void)
{
	return (uint8_t)pstd_field_get(PSTD_APIC_ICR_VECTOR, h.icr);
}

/* vCPU 0, as new, on pCPU 0. */
static void falls_asleep(void)
{
	make_vcpus(2, true);
	pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = PSTD_VMX_RFLAGS_IF | PSTD_VMX_RFLAGS_FIXED;
	h.vcpu[0].halted = true;
	assert_true(pstd_vcpu_block(&h.vcpu[0]));
}

static void each_step_of_a_vcpu_uses_the_hosts(void **state)
{
	struct pstd_vcpu *v = &h.vcpu[0];

	assert_int_equal(nv(), OWN_NOTIFICATION);
	pstd_vcpu_load(v, &h.pcpus[0]);
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = PSTD_VMX_RFLAGS_IF | PSTD_VMX_RFLAGS_FIXED;
	assert_int_equal(h.vmcs[PSTD_VMX_POSTED_INTR_NV], OWN_NOTIFICATION);
	enter();
	pstd_vcpu_deliver(v, 0x41);
	assert_int_equal(sent(), OWN_NOTIFICATION);
	pstd_vcpu_nmi(v);
	assert_int_equal(sent(), OWN_KICK);
	h.icr = 0;
	pstd_vcpu_kick(v);
	assert_int_equal(sent(), OWN_KICK);
	pstd_vcpu_preempt(v);
	falls_asleep();
	assert_int_equal(nv(), OWN_WAKEUP);
	pstd_vcpu_load(v, &h.pcpus[1]);
	assert_int_equal(nv(), OWN_NOTIFICATION);
	assert_ptr_equal(h.pcpus[0].wakeup.next, &h.pcpus[0].wakeup);
}

/* A device's, behind the last look at PIR. */
static uint64_t vmread_and_post(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field)
{
	if (field == PSTD_VMX_GUEST_RFLAGS) {
		pstd_test_and_set_pir(&h.pid[0], 0x41);
		pstd_test_and_set_on(&h.pid[0]);
	}
	return h.vmcs[field];
}

static void the_wake_up_that_a_sleeper_sends_itself_is_the_hosts(void **state)
{
	struct pstd_ops posts = ops;

	posts.vmread = vmread_and_post;
	pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = PSTD_VMX_RFLAGS_IF | PSTD_VMX_RFLAGS_FIXED;
	h.hyp.ops = &posts;
	h.vcpu[0].halted = true;
	assert_true(pstd_vcpu_block(&h.vcpu[0]));
	assert_int_equal(sent(), OWN_WAKEUP);
	pstd_host_vector(&h.pcpus[0], OWN_WAKEUP);
	assert_ptr_equal(h.woken, &h.vcpu[0]);
}

static void a_sleeper_that_goes_has_no_wake_up_vector(void **state)
{
	falls_asleep();
	pstd_vcpu_fini(&h.vcpu[0]);
	assert_int_equal(nv(), OWN_NOTIFICATION);
	assert_ptr_equal(h.pcpus[0].wakeup.next, &h.pcpus[0].wakeup);
}

static void without_apic_virtualization_a_post_is_a_kick(void **state)
{
	emulate(PSTD_VMX_RFLAGS_IF);
	enter();
	pstd_vcpu_deliver(&h.vcpu[0], 0x41);
	assert_int_equal(sent(), OWN_KICK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_vector_is_what_the_host_says),
		TEST(the_callers_vector_comes_with_its_pcpu_after_its_eoi),
		TEST(without_a_hook_it_is_spurious),
		TEST(a_notification_without_a_descriptor_is_spurious),
		TEST(a_vector_that_is_0_is_none),
		TEST(each_step_of_a_vcpu_uses_the_hosts),
		TEST(the_wake_up_that_a_sleeper_sends_itself_is_the_hosts),
		TEST(a_sleeper_that_goes_has_no_wake_up_vector),
		TEST(without_apic_virtualization_a_post_is_a_kick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
