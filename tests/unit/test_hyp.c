/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypervisor's control side, on a host made of an array: what the remapping
 * entry holds after each event, where messages lead, what is refused, and whose
 * the VMCS is.
 */
#include "hyp_unit.h"

/* The events that an entry depends on. */
static void request(void)
{
	assert_int_equal(pstd_irq_request(&h.irq, &h.pcpus[1]), 0);
}

static void route(void)
{
	struct pstd_msi_msg m = pstd_msi_compat(0, 0x41);

	assert_int_equal(pstd_route_set(&h.vm, GSI, &m), 0);
}

static void route_elsewhere(void)
{
	struct pstd_msi_msg m = pstd_msi_compat(1, 0x52);

	assert_int_equal(pstd_route_set(&h.vm, GSI, &m), 0);
}

static void unroute(void)
{
	assert_int_equal(pstd_route_set(&h.vm, GSI, NULL), 0);
}

static void assign(void)
{
	assert_int_equal(pstd_irqfd_assign(&h.irqfd), 0);
}

static void deassign(void)
{
	pstd_irqfd_deassign(&h.irqfd);
}

static void bypass(void)
{
	assert_int_equal(pstd_bypass_register(&h.irq), 0);
}

static void unbypass(void)
{
	pstd_bypass_unregister(&h.irq);
}

static void release(void)
{
	pstd_irq_free(&h.irq);
}

static struct pstd_irte host(void)
{
	return pstd_irte_remapped(pstd_irte_dst(1, true), h.irq.vector, SID);
}

static struct pstd_irte posted(void)
{
	return pstd_irte_posted(PID_PHYS, 0x41, SID);
}

static struct pstd_irte posted_elsewhere(void)
{
	return pstd_irte_posted(OTHER_PHYS, 0x52, SID);
}

static struct pstd_irte nothing(void)
{
	return (struct pstd_irte){ { 0, 0 } };
}

/* After each event, the entry; the order of events that led here does not matter to it. */
static void the_entry_follows_route_irqfd_and_bypass(void **state)
{
	static const struct {
		void (*event)(void);
		struct pstd_irte (*entry)(void);
	} rows[] = {
		{ request, host },      { route, host },
		{ assign, host },       { bypass, posted },
		{ route_elsewhere, posted_elsewhere },
		{ unroute, host },      { route, posted },
		{ deassign, host },     { assign, posted },
		{ unbypass, host },     { bypass, posted },
		{ deassign, host },     { route_elsewhere, host },
		{ assign, posted_elsewhere },
		{ unbypass, host },     { deassign, host },
		{ bypass, host },       { assign, posted_elsewhere },
		{ unbypass, host },     { release, nothing },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pstd_irte before = h.irte, want;
		unsigned invalidations = h.invalidations;

		rows[i].event();
		want = rows[i].entry();
		assert_memory_equal(&h.irte, &want, sizeof(want));
		if (memcmp(&before, &want, sizeof(want)))
			assert_true(h.invalidations > invalidations);
	}
}

static void an_eventfd_takes_one_irqfd_and_one_producer(void **state)
{
	struct pstd_irqfd second = h.irqfd;
	struct pstd_irq other = h.irq;
	struct pstd_irte entry = { { 0, 0 } };

	request();
	assign();
	bypass();
	assert_int_equal(pstd_irqfd_assign(&second), -PSTD_EBUSY);
	assert_int_equal(pstd_bypass_register(&other), -PSTD_EBUSY);
	pstd_bypass_unregister(&other);
	assert_ptr_equal(h.eventfd.producer, &h.irq);
	/* Nor does one that was refused take the other's place along when it goes. */
	other.irte = &entry;
	assert_int_equal(pstd_irq_request(&other, &h.pcpus[0]), 0);
	pstd_irq_free(&other);
	assert_ptr_equal(h.eventfd.producer, &h.irq);
}

static void an_irqfd_needs_a_gsi_that_exists(void **state)
{
	h.irqfd.gsi = GSIS;
	assert_int_equal(pstd_irqfd_assign(&h.irqfd), -PSTD_ENOENT);
	assert_int_equal(pstd_route_set(&h.vm, GSIS, NULL), -PSTD_EINVAL);
	assert_null(h.eventfd.irqfd);
}

/* Signals it, and returns the vector that vCPU 0 gets; 0: none. */
static unsigned vector_of(struct pstd_eventfd *e)
{
	uint64_t pir[4];
	unsigned vector = 0;

	pstd_eventfd_signal(&h.hyp, e);
	if (pstd_take_pir(&h.pid[0], pir))
		while (!(pir[vector / 64] >> vector % 64 & 1))
			vector++;
	return vector;
}

static void lead_to(uint32_t gsi, uint8_t vector)
{
	struct pstd_msi_msg m = pstd_msi_compat(0, vector);

	assert_int_equal(pstd_route_set(&h.vm, gsi, &m), 0);
}

/* Several of a VM: a route's change reaches each of its GSI, whoever came or goes before it. */
static void each_irqfd_follows_its_own_route(void **state)
{
	struct pstd_eventfd e[3] = { { 0 } };
	struct pstd_irqfd irqfd[3];

	for (unsigned i = 0; i < 3; i++) {
		irqfd[i] = (struct pstd_irqfd){ .vm = &h.vm, .gsi = i % 2, .eventfd = &e[i] };
		assert_int_equal(pstd_irqfd_assign(&irqfd[i]), 0);
	}
	lead_to(0, 0x41);
	lead_to(1, 0x52);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(vector_of(&e[i]), i % 2 ? 0x52 : 0x41);
	pstd_irqfd_deassign(&irqfd[1]);
	lead_to(0, 0x43);
	assert_int_equal(vector_of(&e[0]), 0x43);
	assert_int_equal(vector_of(&e[2]), 0x43);
	pstd_irqfd_deassign(&irqfd[2]);
	lead_to(0, 0x44);
	assert_int_equal(vector_of(&e[0]), 0x44);
}

static void vectors_run_out_and_come_back(void **state)
{
	static struct pstd_irq irqs[OWN_LAST_DEVICE - OWN_FIRST_DEVICE + 1];
	unsigned n = sizeof(irqs) / sizeof(irqs[0]);

	for (unsigned i = 0; i < n; i++) {
		irqs[i] = h.irq;
		assert_int_equal(pstd_irq_request(&irqs[i], &h.pcpus[0]), 0);
		assert_int_equal(irqs[i].vector, OWN_FIRST_DEVICE + i);
	}
	assert_int_equal(pstd_irq_request(&h.irq, &h.pcpus[0]), -PSTD_ENOSPC);
	pstd_irq_free(&irqs[100]);
	assert_int_equal(pstd_irq_request(&h.irq, &h.pcpus[0]), 0);
	assert_int_equal(h.irq.vector, OWN_FIRST_DEVICE + 100);
}

static void linuxs_vectors_are_linuxs(void **state)
{
	static const struct pstd_vectors linux_vectors = PSTD_LINUX_VECTORS;

	assert_int_equal(linux_vectors.notification, 0xf2);
	assert_int_equal(linux_vectors.wakeup, 0xf1);
	assert_int_equal(linux_vectors.nested, 0xf0);
	assert_int_equal(linux_vectors.msi_notification, 0xeb);
	assert_int_equal(linux_vectors.timer, 0xec);
	assert_int_equal(linux_vectors.reschedule, 0xfd);
	assert_int_equal(linux_vectors.kick, 0xfc);
	assert_int_equal(linux_vectors.spurious, 0xff);
	assert_int_equal(linux_vectors.first_device, 0x20);
	assert_int_equal(linux_vectors.last_device, 0xea);
}

static void messages_lead_to_one_vcpu_or_nowhere(void **state)
{
	static const struct {
		struct pstd_msi_msg m;
		int error;
	} rows[] = {
		{ { 0xfee01000, 0, 0x41 }, 0 },
		{ { 0xfee01000, 0, 0x10 }, 0 },
		{ { 0xfee01000, 0, 0x0f }, -PSTD_EINVAL },   /* no APIC delivers it */
		{ { 0xfee02000, 0, 0x41 }, -PSTD_EINVAL },   /* nobody there */
		{ { 0xfee01000, 0x100, 0x41 }, -PSTD_EINVAL }, /* nor at 256 and more */
		{ { 0xfee01004, 0, 0x41 }, -PSTD_EINVAL },   /* logical */
		{ { 0xfee01000, 0, 0x141 }, -PSTD_EINVAL },  /* lowest priority */
		{ { 0xfee01000, 0, 0x441 }, -PSTD_EINVAL },  /* NMI */
		{ { 0xfee01000, 0, 0xc041 }, -PSTD_EINVAL }, /* level */
		{ { 0xfee01010, 0, 0x41 }, -PSTD_EINVAL },   /* remappable */
		{ { 0xfed01000, 0, 0x41 }, -PSTD_EINVAL },   /* no interrupt */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pstd_vcpu *v = NULL;
		uint8_t vector = 0;

		assert_int_equal(pstd_msi_target(&h.vm, rows[i].m, &v, &vector), rows[i].error);
		assert_int_equal(pstd_msi_inject(&h.vm, rows[i].m), rows[i].error);
		assert_ptr_equal(v, rows[i].error ? NULL : &h.vcpu[1]);
	}
	assert_int_equal(h.pid[1].pir[1], PSTD_BIT(0x41 - 64));
	assert_int_equal(h.pid[1].pir[0], PSTD_BIT(0x10));
	assert_true(pstd_pir_empty(&h.pid[0]));
}

static void an_eventfd_goes_to_its_irqfd_or_to_user_space(void **state)
{
	request();
	pstd_host_vector(&h.pcpus[1], h.irq.vector);
	assert_int_equal(h.user_signals, 1);
	route();
	assign();
	pstd_host_vector(&h.pcpus[1], h.irq.vector);
	assert_int_equal(h.user_signals, 1);
	assert_int_equal(h.pid[0].pir[1], PSTD_BIT(0x41 - 64));
	unroute();
	pstd_host_vector(&h.pcpus[1], h.irq.vector);
	assert_int_equal(h.user_signals, 2);
	assert_int_equal(h.counts[1], 3);
	assert_int_equal(h.eois, 3);
	release();
	pstd_host_vector(&h.pcpus[1], h.irq.vector);
	assert_int_equal(h.pcpus[1].spurious, 1);
}

static void the_vmcs_stays_the_callers_but_for_what_posting_needs(void **state)
{
	static const enum pstd_vmx_field controls[] = { PSTD_VMX_PIN_BASED_VM_EXEC_CONTROL,
	                                                PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL,
	                                                PSTD_VMX_SECONDARY_VM_EXEC_CONTROL,
	                                                PSTD_VMX_VM_EXIT_CONTROLS };
	uint64_t own = PSTD_BIT(1) | PSTD_BIT(14) | PSTD_BIT(25);

	for (unsigned i = 0; i < 4; i++)
		h.vmcs[controls[i]] = own;
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = 0x202;
	pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(h.vmcs[controls[i]] & own, own);
	assert_int_equal(h.vmcs[PSTD_VMX_GUEST_RFLAGS], 0x202);
	assert_int_equal(h.vmcs[controls[0]] & ~own,
	                 PSTD_VMX_PIN_EXT_INTR | PSTD_VMX_PIN_NMI | PSTD_VMX_PIN_VIRTUAL_NMI |
	                         PSTD_VMX_PIN_POSTED_INTR);
	assert_int_equal(h.vmcs[controls[1]] & ~own,
	                 PSTD_VMX_CPU_TPR_SHADOW | PSTD_VMX_CPU_SECONDARY | PSTD_VMX_CPU_HLT);
	assert_int_equal(h.vmcs[controls[2]] & ~own,
	                 PSTD_VMX_SEC_X2APIC | PSTD_VMX_SEC_APIC_REGISTER |
	                         PSTD_VMX_SEC_VIRTUAL_INTR);
	assert_int_equal(h.vmcs[PSTD_VMX_POSTED_INTR_DESC_ADDR], PID_PHYS);
}

static void a_vcpu_that_halts_with_interrupts_disabled_is_not_woken_by_a_post(void **state)
{
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = PSTD_VMX_RFLAGS_FIXED;
	pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	h.vcpu[0].halted = true;
	assert_true(pstd_vcpu_block(&h.vcpu[0]));
	assert_int_equal(pstd_field_get(PSTD_NV, h.pid[0].control), OWN_NOTIFICATION);
	assert_true(h.pid[0].control & PSTD_SN);
	assert_ptr_equal(h.pcpus[0].wakeup.next, &h.pcpus[0].wakeup);
}

/* Posted MSI: the host's entry leads to its pCPU's descriptor, and each vector to its IRQ. */
static void the_hosts_own_may_be_posted(void **state)
{
	struct pstd_irte want;

	h.irq.posted_msi = true;
	assert_int_equal(pstd_irq_request(&h.irq, &h.pcpus[1]), -PSTD_EINVAL);
	h.pcpus[1].msi = &h.msi;
	pstd_pcpu_init(&h.pcpus[1]);
	assert_int_equal(h.msi.control, pstd_control(OWN_MSI_NOTIFICATION, 1));
	request();
	want = pstd_irte_posted(MSI_PHYS, h.irq.vector, SID);
	assert_memory_equal(&h.irte, &want, sizeof(want));
	h.msi.pir[0] = PSTD_BIT(h.irq.vector) | PSTD_BIT(0x3f);
	h.msi.control |= PSTD_ON;
	pstd_host_vector(&h.pcpus[1], OWN_MSI_NOTIFICATION);
	assert_int_equal(h.counts[1], 1);
	assert_int_equal(h.pcpus[1].spurious, 1);
	assert_int_equal(h.pcpus[1].pmn, 1);
	assert_int_equal(h.pcpus[1].interrupts, 1);
	assert_int_equal(h.eois, 1);
	assert_true(pstd_pir_empty(&h.msi));
	assert_false(pstd_on(&h.msi));
}

/* Or it would be the next owner's of the vector. */
static void a_posted_vector_is_given_back_without_what_is_posted(void **state)
{
	h.irq.posted_msi = true;
	h.pcpus[1].msi = &h.msi;
	request();
	h.msi.pir[0] = PSTD_BIT(h.irq.vector) | PSTD_BIT(0x3f);
	assert_true(pstd_irq_free(&h.irq));
	assert_int_equal(h.msi.pir[0], PSTD_BIT(0x3f));
	request();
	assert_false(pstd_irq_free(&h.irq));
}

static void pid_pointers_come_and_go_with_their_vcpus(void **state)
{
	h.vm.pid_pointers = h.pid_pointers;
	pstd_vcpu_init(&h.vcpu[0], &h.pcpus[0]);
	pstd_vcpu_init(&h.vcpu[1], &h.pcpus[0]);
	assert_int_equal(h.pid_pointers[0], PID_PHYS | 1);
	assert_int_equal(h.pid_pointers[1], OTHER_PHYS | 1);
	pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	assert_true(h.vmcs[PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL] & PSTD_VMX_CPU_TERTIARY);
	assert_int_equal(h.vmcs[PSTD_VMX_TERTIARY_VM_EXEC_CONTROL], PSTD_VMX_TER_IPI_VIRT);
	assert_int_equal(h.vmcs[PSTD_VMX_LAST_PID_POINTER_INDEX], 1);
	h.seen_at_synchronize = 1;
	pstd_vcpu_fini(&h.vcpu[1]);
	assert_int_equal(h.seen_at_synchronize, 0);
	assert_int_equal(pstd_msi_inject(&h.vm, pstd_msi_compat(1, 0x41)), -PSTD_EINVAL);
	assert_true(pstd_pir_empty(&h.pid[1]));
}

static void a_sleeper_that_goes_is_on_no_list(void **state)
{
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = PSTD_VMX_RFLAGS_IF | PSTD_VMX_RFLAGS_FIXED;
	pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	h.vcpu[0].halted = true;
	assert_true(pstd_vcpu_block(&h.vcpu[0]));
	assert_ptr_equal(h.pcpus[0].wakeup.next, &h.vcpu[0].wakeup);
	pstd_vcpu_fini(&h.vcpu[0]);
	assert_ptr_equal(h.pcpus[0].wakeup.next, &h.pcpus[0].wakeup);
	assert_int_equal(pstd_field_get(PSTD_NV, h.pid[0].control), OWN_NOTIFICATION);
	assert_true(h.pid[0].control & PSTD_SN);
}

static void without_apic_virtualization_no_device_posts(void **state)
{
	h.hyp.software_apic = true;
	request();
	route();
	assign();
	assert_int_equal(pstd_bypass_register(&h.irq), -PSTD_EINVAL);
	assert_null(h.eventfd.producer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_sleeper_that_goes_is_on_no_list),
		TEST(the_entry_follows_route_irqfd_and_bypass),
		TEST(an_eventfd_takes_one_irqfd_and_one_producer),
		TEST(an_irqfd_needs_a_gsi_that_exists),
		TEST(each_irqfd_follows_its_own_route),
		TEST(vectors_run_out_and_come_back),
		TEST(linuxs_vectors_are_linuxs),
		TEST(messages_lead_to_one_vcpu_or_nowhere),
		TEST(an_eventfd_goes_to_its_irqfd_or_to_user_space),
		TEST(the_vmcs_stays_the_callers_but_for_what_posting_needs),
		TEST(a_vcpu_that_halts_with_interrupts_disabled_is_not_woken_by_a_post),
		TEST(the_hosts_own_may_be_posted),
		TEST(a_posted_vector_is_given_back_without_what_is_posted),
		TEST(pid_pointers_come_and_go_with_their_vcpus),
		TEST(without_apic_virtualization_no_device_posts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
