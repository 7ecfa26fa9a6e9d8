/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypervisor's control side, on a host made of an array: what the remapping
 * entry holds after each event, where messages lead, what is refused, and whose
 * the VMCS is.
 */
#include <posted/hyp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

enum { SID = 0x0300, GSI = 5, GSIS = 8, PID_PHYS = 0x123400, OTHER_PHYS = 0x567800,
       MSI_PHYS = 0x9ab00 };

static struct {
	struct hyp hyp;
	struct hyp_pcpu pcpus[2];
	struct hyp_vm vm;
	struct hyp_vcpu vcpu[2], *vcpus[2];
	struct pi_desc pid[2];
	struct apic_page apic[2];
	struct hyp_route routes[GSIS];
	struct irte irte;
	struct hyp_irq irq;
	struct hyp_eventfd eventfd;
	struct hyp_irqfd irqfd;
	uint64_t counts[2];
	/* what was asked of the host */
	uint64_t vmcs[0x7000];
	unsigned invalidations, user_signals, eois;
	struct hyp_vcpu *woken;
	uint64_t icr;
	struct pi_desc msi;
	uint64_t pid_pointers[2];
	uint64_t seen_at_synchronize; /* the second of these */
} h;

static uint64_t op_vmread(void *ctx, enum vmx_field field)
{
	return h.vmcs[field];
}

static void op_vmwrite(void *ctx, enum vmx_field field, uint64_t value)
{
	h.vmcs[field] = value;
}

static void op_vmptrld(void *ctx, uint64_t vmcs)
{
}

static void op_apic_write(void *ctx, unsigned offset, uint64_t value)
{
	if (offset == APIC_EOI)
		h.eois++;
	else
		h.icr = value;
}

static uint64_t op_phys(void *ctx, const void *p)
{
	return p == &h.pid[0] ? PID_PHYS :
	       p == &h.pid[1] ? OTHER_PHYS :
	       p == &h.msi    ? MSI_PHYS : 0;
}

static void op_runnable(void *ctx, struct hyp_vcpu *v)
{
	h.woken = v;
}

static void op_invalidate(void *ctx, uint16_t index)
{
	assert_int_equal(index, 7);
	h.invalidations++;
}

static void op_synchronize(void *ctx)
{
	h.seen_at_synchronize = h.pid_pointers[1];
}

static void op_eventfd_write(void *ctx, struct hyp_eventfd *e)
{
	assert_ptr_equal(e, &h.eventfd);
	h.user_signals++;
}

static const struct hyp_ops ops = {
	op_vmread, op_vmwrite,    op_vmptrld,     op_apic_write,    op_phys,
	op_runnable, op_invalidate, op_synchronize, op_eventfd_write,
};

static int reset(void **state)
{
	memset(&h, 0, sizeof(h));
	h.hyp = (struct hyp){ .ops = &ops, .x2apic = true, .hlt_exiting = true };
	for (unsigned i = 0; i < 2; i++) {
		h.pcpus[i] = (struct hyp_pcpu){ .hyp = &h.hyp, .index = i, .apic_id = i };
		hyp_pcpu_init(&h.pcpus[i]);
		h.vcpus[i] = &h.vcpu[i];
		h.vcpu[i].vm = &h.vm;
		h.vcpu[i].apic_id = i;
		h.vcpu[i].pid = &h.pid[i];
		h.vcpu[i].apic = &h.apic[i];
		hyp_vcpu_init(&h.vcpu[i], &h.pcpus[0]);
	}
	h.vm = (struct hyp_vm){ .hyp = &h.hyp, .x2apic = true, .vcpus = h.vcpus, .vcpu_count = 2,
	                        .routes = h.routes, .route_count = GSIS };
	h.irq = (struct hyp_irq){ .irte = &h.irte, .index = 7, .sid = SID,
	                          .trigger = &h.eventfd, .counts = h.counts };
	h.irqfd = (struct hyp_irqfd){ .vm = &h.vm, .gsi = GSI, .eventfd = &h.eventfd };
	return 0;
}

/* The events that an entry depends on. */
static void request(void)
{
	assert_int_equal(hyp_irq_request(&h.irq, &h.pcpus[1]), 0);
}

static void route(void)
{
	struct msi_msg m = msi_compat(0, 0x41);

	assert_int_equal(hyp_route_set(&h.vm, GSI, &m), 0);
}

static void route_elsewhere(void)
{
	struct msi_msg m = msi_compat(1, 0x52);

	assert_int_equal(hyp_route_set(&h.vm, GSI, &m), 0);
}

static void unroute(void)
{
	assert_int_equal(hyp_route_set(&h.vm, GSI, NULL), 0);
}

static void assign(void)
{
	assert_int_equal(hyp_irqfd_assign(&h.irqfd), 0);
}

static void deassign(void)
{
	hyp_irqfd_deassign(&h.irqfd);
}

static void bypass(void)
{
	assert_int_equal(hyp_bypass_register(&h.irq), 0);
}

static void unbypass(void)
{
	hyp_bypass_unregister(&h.irq);
}

static void release(void)
{
	hyp_irq_free(&h.irq);
}

static struct irte host(void)
{
	return irte_remapped(irte_dst(1, true), h.irq.vector, SID);
}

static struct irte posted(void)
{
	return irte_posted(PID_PHYS, 0x41, SID);
}

static struct irte posted_elsewhere(void)
{
	return irte_posted(OTHER_PHYS, 0x52, SID);
}

static struct irte nothing(void)
{
	return (struct irte){ { 0, 0 } };
}

/* After each event, the entry; the order of events that led here does not matter to it. */
static void the_entry_follows_route_irqfd_and_bypass(void **state)
{
	static const struct {
		void (*event)(void);
		struct irte (*entry)(void);
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
		struct irte before = h.irte, want;
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
	struct hyp_irqfd second = h.irqfd;
	struct hyp_irq other = h.irq;

	request();
	assign();
	bypass();
	assert_int_equal(hyp_irqfd_assign(&second), -HYP_EBUSY);
	assert_int_equal(hyp_bypass_register(&other), -HYP_EBUSY);
	hyp_bypass_unregister(&other);
	assert_ptr_equal(h.eventfd.producer, &h.irq);
}

static void an_irqfd_needs_a_gsi_that_exists(void **state)
{
	h.irqfd.gsi = GSIS;
	assert_int_equal(hyp_irqfd_assign(&h.irqfd), -HYP_ENOENT);
	assert_int_equal(hyp_route_set(&h.vm, GSIS, NULL), -HYP_EINVAL);
	assert_null(h.eventfd.irqfd);
}

static void vectors_run_out_and_come_back(void **state)
{
	static struct hyp_irq irqs[HYP_LAST_DEVICE_VECTOR - HYP_FIRST_DEVICE_VECTOR + 1];
	unsigned n = sizeof(irqs) / sizeof(irqs[0]);

	for (unsigned i = 0; i < n; i++) {
		irqs[i] = h.irq;
		assert_int_equal(hyp_irq_request(&irqs[i], &h.pcpus[0]), 0);
		assert_int_equal(irqs[i].vector, HYP_FIRST_DEVICE_VECTOR + i);
	}
	assert_int_equal(hyp_irq_request(&h.irq, &h.pcpus[0]), -HYP_ENOSPC);
	hyp_irq_free(&irqs[100]);
	assert_int_equal(hyp_irq_request(&h.irq, &h.pcpus[0]), 0);
	assert_int_equal(h.irq.vector, HYP_FIRST_DEVICE_VECTOR + 100);
}

static void messages_lead_to_one_vcpu_or_nowhere(void **state)
{
	static const struct {
		struct msi_msg m;
		int error;
	} rows[] = {
		{ { 0xfee01000, 0, 0x41 }, 0 },
		{ { 0xfee01000, 0, 0x10 }, 0 },
		{ { 0xfee01000, 0, 0x0f }, -HYP_EINVAL },   /* no APIC delivers it */
		{ { 0xfee02000, 0, 0x41 }, -HYP_EINVAL },   /* nobody there */
		{ { 0xfee01000, 0x100, 0x41 }, -HYP_EINVAL }, /* nor at 256 and more */
		{ { 0xfee01004, 0, 0x41 }, -HYP_EINVAL },   /* logical */
		{ { 0xfee01000, 0, 0x141 }, -HYP_EINVAL },  /* lowest priority */
		{ { 0xfee01000, 0, 0x441 }, -HYP_EINVAL },  /* NMI */
		{ { 0xfee01000, 0, 0xc041 }, -HYP_EINVAL }, /* level */
		{ { 0xfee01010, 0, 0x41 }, -HYP_EINVAL },   /* remappable */
		{ { 0xfed01000, 0, 0x41 }, -HYP_EINVAL },   /* no interrupt */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hyp_vcpu *v = NULL;
		uint8_t vector = 0;

		assert_int_equal(hyp_msi_target(&h.vm, rows[i].m, &v, &vector), rows[i].error);
		assert_int_equal(hyp_msi_inject(&h.vm, rows[i].m), rows[i].error);
		assert_ptr_equal(v, rows[i].error ? NULL : &h.vcpu[1]);
	}
	assert_int_equal(h.pid[1].pir[1], PI_BIT(0x41 - 64));
	assert_int_equal(h.pid[1].pir[0], PI_BIT(0x10));
	assert_true(pi_pir_empty(&h.pid[0]));
}

static void an_eventfd_goes_to_its_irqfd_or_to_user_space(void **state)
{
	request();
	hyp_host_vector(&h.pcpus[1], h.irq.vector);
	assert_int_equal(h.user_signals, 1);
	route();
	assign();
	hyp_host_vector(&h.pcpus[1], h.irq.vector);
	assert_int_equal(h.user_signals, 1);
	assert_int_equal(h.pid[0].pir[1], PI_BIT(0x41 - 64));
	unroute();
	hyp_host_vector(&h.pcpus[1], h.irq.vector);
	assert_int_equal(h.user_signals, 2);
	assert_int_equal(h.counts[1], 3);
	assert_int_equal(h.eois, 3);
	release();
	hyp_host_vector(&h.pcpus[1], h.irq.vector);
	assert_int_equal(h.pcpus[1].spurious, 1);
}

static void a_guests_ipi_is_sent_or_dropped(void **state)
{
	static const struct {
		uint64_t icr;
		bool sent;
	} rows[] = {
		{ 0x100000041, true },    { 0x100004041, true },
		{ 0x10000000f, false }, /* no APIC delivers it */
		{ 0x200000041, false }, /* nobody there */
		{ 0x100000441, false }, /* NMI */
		{ 0x100000841, false }, /* logical */
		{ 0x100080041, false }, /* to all */
	};

	hyp_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(h.pid[1].pir, 0, sizeof(h.pid[1].pir));
		h.vmcs[VMX_VM_EXIT_REASON] = VMX_EXIT_MSR_WRITE;
		h.vcpu[0].rcx = 0x830;
		h.vcpu[0].rax = (uint32_t)rows[i].icr;
		h.vcpu[0].rdx = rows[i].icr >> 32;
		hyp_vcpu_exit(&h.vcpu[0]);
		assert_int_equal(pi_pir_empty(&h.pid[1]), !rows[i].sent);
	}
	/* The page, whatever the registers hold: in x2APIC mode its ICR has 64 bits. */
	apic_write(&h.apic[0], APIC_ICR_HI, 0);
	apic_write(&h.apic[0], APIC_ICR + 4, 1);
	apic_write(&h.apic[0], APIC_ICR, 0x52);
	h.vmcs[VMX_VM_EXIT_REASON] = VMX_EXIT_APIC_WRITE;
	h.vmcs[VMX_EXIT_QUALIFICATION] = APIC_ICR;
	hyp_vcpu_exit(&h.vcpu[0]);
	assert_int_equal(h.pid[1].pir[1], PI_BIT(0x52 - 64));
	assert_int_equal(h.vcpu[0].exits[VMX_EXIT_APIC_WRITE], 1);
	h.vm.x2apic = false;
	memset(h.pid[1].pir, 0, sizeof(h.pid[1].pir));
	apic_write(&h.apic[0], APIC_ICR_HI, 1u << 24);
	apic_write(&h.apic[0], APIC_ICR + 4, 0);
	hyp_vcpu_exit(&h.vcpu[0]);
	assert_int_equal(h.pid[1].pir[1], PI_BIT(0x52 - 64));
	h.vm.x2apic = true;
}

static void the_vmcs_stays_the_callers_but_for_what_posting_needs(void **state)
{
	static const enum vmx_field controls[] = { VMX_PIN_BASED_VM_EXEC_CONTROL,
	                                           VMX_CPU_BASED_VM_EXEC_CONTROL,
	                                           VMX_SECONDARY_VM_EXEC_CONTROL,
	                                           VMX_VM_EXIT_CONTROLS };
	uint64_t own = PI_BIT(1) | PI_BIT(14) | PI_BIT(25);

	for (unsigned i = 0; i < 4; i++)
		h.vmcs[controls[i]] = own;
	h.vmcs[VMX_GUEST_RFLAGS] = 0x202;
	hyp_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(h.vmcs[controls[i]] & own, own);
	assert_int_equal(h.vmcs[VMX_GUEST_RFLAGS], 0x202);
	assert_int_equal(h.vmcs[controls[0]] & ~own, VMX_PIN_EXT_INTR | VMX_PIN_POSTED_INTR);
	assert_int_equal(h.vmcs[controls[1]] & ~own,
	                 VMX_CPU_TPR_SHADOW | VMX_CPU_SECONDARY | VMX_CPU_HLT);
	assert_int_equal(h.vmcs[controls[2]] & ~own,
	                 VMX_SEC_X2APIC | VMX_SEC_APIC_REGISTER | VMX_SEC_VIRTUAL_INTR);
	assert_int_equal(h.vmcs[VMX_POSTED_INTR_DESC_ADDR], PID_PHYS);
}

static void a_vcpu_that_halts_with_interrupts_disabled_is_not_woken_by_a_post(void **state)
{
	h.vmcs[VMX_GUEST_RFLAGS] = VMX_RFLAGS_FIXED;
	hyp_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	assert_true(hyp_vcpu_block(&h.vcpu[0]));
	assert_int_equal(pi_field_get(PI_NV, h.pid[0].control), POSTED_INTR_VECTOR);
	assert_true(h.pid[0].control & PI_SN);
	assert_ptr_equal(h.pcpus[0].wakeup.next, &h.pcpus[0].wakeup);
}

/* Posted MSI: the host's entry leads to its pCPU's descriptor, and each vector to its IRQ. */
static void the_hosts_own_may_be_posted(void **state)
{
	struct irte want;

	h.irq.posted_msi = true;
	assert_int_equal(hyp_irq_request(&h.irq, &h.pcpus[1]), -HYP_EINVAL);
	h.pcpus[1].msi = &h.msi;
	hyp_pcpu_init(&h.pcpus[1]);
	assert_int_equal(h.msi.control, pi_control(POSTED_MSI_NOTIFICATION_VECTOR, 1));
	request();
	want = irte_posted(MSI_PHYS, h.irq.vector, SID);
	assert_memory_equal(&h.irte, &want, sizeof(want));
	h.msi.pir[0] = PI_BIT(h.irq.vector) | PI_BIT(0x3f);
	h.msi.control |= PI_ON;
	hyp_host_vector(&h.pcpus[1], POSTED_MSI_NOTIFICATION_VECTOR);
	assert_int_equal(h.counts[1], 1);
	assert_int_equal(h.pcpus[1].spurious, 1);
	assert_int_equal(h.pcpus[1].pmn, 1);
	assert_int_equal(h.pcpus[1].interrupts, 1);
	assert_int_equal(h.eois, 1);
	assert_true(pi_pir_empty(&h.msi));
	assert_false(pi_on(&h.msi));
}

static void pid_pointers_come_and_go_with_their_vcpus(void **state)
{
	h.vm.pid_pointers = h.pid_pointers;
	hyp_vcpu_init(&h.vcpu[0], &h.pcpus[0]);
	hyp_vcpu_init(&h.vcpu[1], &h.pcpus[0]);
	assert_int_equal(h.pid_pointers[0], PID_PHYS | 1);
	assert_int_equal(h.pid_pointers[1], OTHER_PHYS | 1);
	hyp_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	assert_true(h.vmcs[VMX_CPU_BASED_VM_EXEC_CONTROL] & VMX_CPU_TERTIARY);
	assert_int_equal(h.vmcs[VMX_TERTIARY_VM_EXEC_CONTROL], VMX_TER_IPI_VIRT);
	assert_int_equal(h.vmcs[VMX_LAST_PID_POINTER_INDEX], 1);
	h.seen_at_synchronize = 1;
	hyp_vcpu_fini(&h.vcpu[1]);
	assert_int_equal(h.seen_at_synchronize, 0);
	assert_int_equal(hyp_msi_inject(&h.vm, msi_compat(1, 0x41)), -HYP_EINVAL);
	assert_true(pi_pir_empty(&h.pid[1]));
}

/* vCPU 0, its local APIC emulated, with interrupts enabled or not. */
static void emulate(uint64_t rflags)
{
	h.hyp.software_apic = true;
	hyp_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	h.vmcs[VMX_GUEST_RFLAGS] = rflags | VMX_RFLAGS_FIXED;
}

static void enter(void)
{
	h.vmcs[VMX_VM_ENTRY_INTR_INFO] = 0;
	hyp_vcpu_enter(&h.vcpu[0]);
}

static void leave(enum vmx_exit_reason reason)
{
	h.vmcs[VMX_VM_EXIT_REASON] = reason;
	hyp_vcpu_exit(&h.vcpu[0]);
	h.vmcs[VMX_IDT_VECTORING_INFO] = 0;
}

/* STI's blocking covers the instruction after it, which is carried out when hyp sees it. */
static void blocking_by_sti_ends_with_the_instruction_that_exited(void **state)
{
	static const struct {
		enum vmx_exit_reason reason;
		uint64_t qualification;
		bool ends;
	} rows[] = {
		{ VMX_EXIT_HLT, 0, true },
		{ VMX_EXIT_MSR_WRITE, 0, true },
		{ VMX_EXIT_MSR_READ, 0, true },
		{ VMX_EXIT_APIC_ACCESS, VMX_ACCESS_WRITE << 12 | 0x380, true },
		{ VMX_EXIT_APIC_ACCESS, VMX_ACCESS_DELIVERY << 12 | 0x380, false },
		{ VMX_EXIT_EXTERNAL_INTERRUPT, 0, false },
	};

	hyp_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		h.vmcs[VMX_GUEST_INTERRUPTIBILITY_INFO] = VMX_BLOCKING_STI;
		h.vmcs[VMX_VM_EXIT_REASON] = rows[i].reason;
		h.vmcs[VMX_EXIT_QUALIFICATION] = rows[i].qualification;
		hyp_vcpu_exit(&h.vcpu[0]);
		assert_int_equal(h.vmcs[VMX_GUEST_INTERRUPTIBILITY_INFO] == 0, rows[i].ends);
	}
}

static void a_sleeper_that_goes_is_on_no_list(void **state)
{
	h.vmcs[VMX_GUEST_RFLAGS] = VMX_RFLAGS_IF | VMX_RFLAGS_FIXED;
	hyp_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	h.vcpu[0].halted = true;
	assert_true(hyp_vcpu_block(&h.vcpu[0]));
	assert_ptr_equal(h.pcpus[0].wakeup.next, &h.vcpu[0].wakeup);
	hyp_vcpu_fini(&h.vcpu[0]);
	assert_ptr_equal(h.pcpus[0].wakeup.next, &h.pcpus[0].wakeup);
	assert_int_equal(pi_field_get(PI_NV, h.pid[0].control), POSTED_INTR_VECTOR);
	assert_true(h.pid[0].control & PI_SN);
}

static bool window(void)
{
	return h.vmcs[VMX_CPU_BASED_VM_EXEC_CONTROL] & VMX_CPU_INTR_WINDOW;
}

static void without_apic_virtualization_entries_inject(void **state)
{
	emulate(VMX_RFLAGS_IF);
	assert_false(h.vmcs[VMX_PIN_BASED_VM_EXEC_CONTROL] & VMX_PIN_POSTED_INTR);
	assert_int_equal(h.vmcs[VMX_SECONDARY_VM_EXEC_CONTROL], VMX_SEC_X2APIC);
	hyp_vcpu_deliver(&h.vcpu[0], 0x52);
	hyp_vcpu_deliver(&h.vcpu[0], 0x41);
	enter();
	assert_int_equal(h.vmcs[VMX_VM_ENTRY_INTR_INFO], VMX_INTR_VALID | 0x52);
	assert_false(window()); /* 0x41 is not above what is in service */
	/* A kick, for it is in guest mode: not the vector of a posted interrupt. */
	hyp_vcpu_deliver(&h.vcpu[0], 0x61);
	assert_int_equal(pi_field_get(APIC_ICR_VECTOR, h.icr), HYP_KICK_VECTOR);
	h.vmcs[VMX_GUEST_RFLAGS] = VMX_RFLAGS_FIXED;
	leave(VMX_EXIT_EXTERNAL_INTERRUPT);
	enter();
	assert_int_equal(h.vmcs[VMX_VM_ENTRY_INTR_INFO], 0);
	assert_true(window());
	h.vmcs[VMX_GUEST_RFLAGS] |= VMX_RFLAGS_IF;
	leave(VMX_EXIT_INTERRUPT_WINDOW);
	enter();
	assert_int_equal(h.vmcs[VMX_VM_ENTRY_INTR_INFO], VMX_INTR_VALID | 0x61);
	assert_false(window());
}

static void an_emulated_eoi_lets_the_next_through(void **state)
{
	emulate(VMX_RFLAGS_IF);
	hyp_vcpu_deliver(&h.vcpu[0], 0x52);
	hyp_vcpu_deliver(&h.vcpu[0], 0x41);
	enter();
	h.vcpu[0].rcx = APIC_X2APIC_MSR(APIC_EOI);
	leave(VMX_EXIT_MSR_WRITE);
	enter();
	assert_int_equal(h.vmcs[VMX_VM_ENTRY_INTR_INFO], VMX_INTR_VALID | 0x41);
	/* The same in xAPIC mode. */
	h.vmcs[VMX_EXIT_QUALIFICATION] = pi_field(VMX_QUAL_APIC_TYPE, VMX_ACCESS_WRITE) | APIC_EOI;
	leave(VMX_EXIT_APIC_ACCESS);
	assert_int_equal(apic_highest(&h.apic[0], APIC_ISR), -1);
}

static void the_tpr_holds_back_until_its_threshold(void **state)
{
	emulate(VMX_RFLAGS_IF);
	apic_write(&h.apic[0], APIC_TPR, 0x63);
	hyp_vcpu_deliver(&h.vcpu[0], 0x52);
	enter();
	assert_int_equal(h.vmcs[VMX_VM_ENTRY_INTR_INFO], 0);
	assert_int_equal(h.vmcs[VMX_TPR_THRESHOLD], 5);
	assert_false(window());
	apic_write(&h.apic[0], APIC_TPR, 0x40);
	leave(VMX_EXIT_TPR_BELOW_THRESHOLD);
	enter();
	assert_int_equal(h.vmcs[VMX_VM_ENTRY_INTR_INFO], VMX_INTR_VALID | 0x52);
	assert_int_equal(h.vmcs[VMX_TPR_THRESHOLD], 0);
}

/* Whatever else waits: it is in service already. Bit 12 of what is read there is undefined. */
static void a_delivery_that_an_exit_cut_short_is_injected_again(void **state)
{
	emulate(VMX_RFLAGS_IF);
	hyp_vcpu_deliver(&h.vcpu[0], 0x52);
	enter();
	h.vmcs[VMX_IDT_VECTORING_INFO] = VMX_INTR_VALID | PI_BIT(12) | 0x52;
	hyp_vcpu_deliver(&h.vcpu[0], 0x61);
	leave(VMX_EXIT_EXTERNAL_INTERRUPT);
	enter();
	assert_int_equal(h.vmcs[VMX_VM_ENTRY_INTR_INFO], VMX_INTR_VALID | 0x52);
	assert_true(window());
	leave(VMX_EXIT_INTERRUPT_WINDOW);
	enter();
	assert_int_equal(h.vmcs[VMX_VM_ENTRY_INTR_INFO], VMX_INTR_VALID | 0x61);
}

static void without_apic_virtualization_no_device_posts(void **state)
{
	h.hyp.software_apic = true;
	request();
	route();
	assign();
	assert_int_equal(hyp_bypass_register(&h.irq), -HYP_EINVAL);
	assert_null(h.eventfd.producer);
}

/* By the table of "Virtualizing MSR-Based APIC Accesses". */
static void the_msr_bitmap_says_what_exits(void **state)
{
	static uint8_t b[VMX_MSR_BITMAP_SIZE];
	const unsigned writes = VMX_MSR_BITMAP_WRITE + 0x800 / 8;

	hyp_msr_bitmap(&h.vm, b);
	assert_int_equal(b[0x800 / 8], 0);
	assert_int_equal(b[writes + 1], 0xf6); /* 808H, 80BH */
	assert_int_equal(b[writes + 6], 0xff); /* 830H: the ICR */
	assert_int_equal(b[writes + 7], 0x7f); /* 83FH: the self-IPI */
	h.vm.pid_pointers = h.pid_pointers;
	hyp_msr_bitmap(&h.vm, b);
	assert_int_equal(b[writes + 6], 0xfe);
	h.vm.pid_pointers = NULL;
	h.hyp.software_apic = true;
	hyp_msr_bitmap(&h.vm, b);
	assert_int_equal(b[0x808 / 8], 0xfe); /* 808H alone */
	assert_int_equal(b[writes + 1], 0xfe);
	assert_int_equal(b[writes + 7], 0xff);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(blocking_by_sti_ends_with_the_instruction_that_exited),
		TEST(a_sleeper_that_goes_is_on_no_list),
		TEST(the_entry_follows_route_irqfd_and_bypass),
		TEST(an_eventfd_takes_one_irqfd_and_one_producer),
		TEST(an_irqfd_needs_a_gsi_that_exists),
		TEST(vectors_run_out_and_come_back),
		TEST(messages_lead_to_one_vcpu_or_nowhere),
		TEST(an_eventfd_goes_to_its_irqfd_or_to_user_space),
		TEST(a_guests_ipi_is_sent_or_dropped),
		TEST(the_vmcs_stays_the_callers_but_for_what_posting_needs),
		TEST(a_vcpu_that_halts_with_interrupts_disabled_is_not_woken_by_a_post),
		TEST(the_hosts_own_may_be_posted),
		TEST(pid_pointers_come_and_go_with_their_vcpus),
		TEST(without_apic_virtualization_entries_inject),
		TEST(an_emulated_eoi_lets_the_next_through),
		TEST(the_tpr_holds_back_until_its_threshold),
		TEST(a_delivery_that_an_exit_cut_short_is_injected_again),
		TEST(without_apic_virtualization_no_device_posts),
		TEST(the_msr_bitmap_says_what_exits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
