/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What VM entries inject: NMIs, the interrupts of an emulated local APIC, what an
 * exit cut short; in which order, and when a window is opened instead. By the
 * rules of "Event Injection", which hw/vmcs_check.c enforces elsewhere.
 */
#include "hyp_unit.h"

#define NMI 0x80000202u

/* STI's blocking covers the instruction after it, which is carried out when hyp sees it. */
static void blocking_by_sti_ends_with_the_instruction_that_exited(void **state)
{
	static const struct {
		enum vmx_exit_reason reason;
		uint64_t qualification;
		uint32_t msr;
		bool ends;
	} rows[] = {
		{ VMX_EXIT_HLT, 0, 0, true },
		{ VMX_EXIT_MSR_WRITE, 0, 0x838, true },
		{ VMX_EXIT_MSR_READ, 0, 0x838, true },
		{ VMX_EXIT_MSR_READ, 0, 0x80e, false }, /* it raises #GP */
		{ VMX_EXIT_MSR_WRITE, 0, 0x10, false }, /* the caller's */
		{ VMX_EXIT_APIC_ACCESS, VMX_ACCESS_WRITE << 12 | 0x380, 0, true },
		{ VMX_EXIT_APIC_ACCESS, VMX_ACCESS_DELIVERY << 12 | 0x380, 0, false },
		{ VMX_EXIT_EXTERNAL_INTERRUPT, 0, 0, false },
	};

	hyp_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		h.vmcs[VMX_GUEST_INTERRUPTIBILITY_INFO] = VMX_BLOCKING_STI;
		h.vmcs[VMX_VM_EXIT_REASON] = rows[i].reason;
		h.vmcs[VMX_EXIT_QUALIFICATION] = rows[i].qualification;
		h.vcpu[0].rcx = rows[i].msr;
		hyp_vcpu_exit(&h.vcpu[0]);
		assert_int_equal(h.vmcs[VMX_GUEST_INTERRUPTIBILITY_INFO] == 0, rows[i].ends);
		assert_int_equal(h.vcpu[0].carried_out, rows[i].ends);
	}
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
	assert_int_equal(pi_field_get(APIC_ICR_VECTOR, h.icr), OWN_KICK);
	h.vmcs[VMX_GUEST_RFLAGS] = VMX_RFLAGS_FIXED;
	leave(VMX_EXIT_EXTERNAL_INTERRUPT);
	enter();
	assert_int_equal(h.vmcs[VMX_VM_ENTRY_INTR_INFO] & VMX_INTR_VALID, 0);
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

/* The caller's VMCS may be any, say one of another vCPU: no window and no threshold stay. */
static void the_first_load_closes_windows(void **state)
{
	for (unsigned software = 0; software < 2; software++) {
		reset(NULL);
		h.hyp.software_apic = software;
		h.vmcs[VMX_CPU_BASED_VM_EXEC_CONTROL] = VMX_CPU_INTR_WINDOW | VMX_CPU_NMI_WINDOW |
		                                        VMX_CPU_MWAIT;
		h.vmcs[VMX_TPR_THRESHOLD] = 5;
		hyp_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
		assert_int_equal(enter() & VMX_INTR_VALID, 0);
		assert_false(window());
		assert_false(nmi_window());
		assert_int_equal(h.vmcs[VMX_TPR_THRESHOLD], 0);
		assert_true(h.vmcs[VMX_CPU_BASED_VM_EXEC_CONTROL] & VMX_CPU_MWAIT);
	}
}

static void the_tpr_holds_back_until_its_threshold(void **state)
{
	emulate(VMX_RFLAGS_IF);
	apic_write(&h.apic[0], APIC_TPR, 0x63);
	hyp_vcpu_deliver(&h.vcpu[0], 0x52);
	enter();
	assert_int_equal(h.vmcs[VMX_VM_ENTRY_INTR_INFO] & VMX_INTR_VALID, 0);
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

static void runs(uint64_t rflags)
{
	hyp_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	h.vmcs[VMX_GUEST_RFLAGS] = rflags | VMX_RFLAGS_FIXED;
}

/* Its handler begins: what the CPU does to the interruptibility state. */
static void nmi_begins(void)
{
	h.vmcs[VMX_GUEST_INTERRUPTIBILITY_INFO] |= VMX_BLOCKING_NMI;
}

static void an_nmi_is_injected_once_and_merges_until_then(void **state)
{
	runs(0);
	assert_true(hyp_vcpu_nmi(&h.vcpu[0]));
	assert_false(hyp_vcpu_nmi(&h.vcpu[0]));
	assert_int_equal(h.icr, 0);
	assert_int_equal(enter(), NMI);
	assert_false(nmi_window());
	/* In guest mode: a kick, for a notification would not make it exit. */
	nmi_begins();
	assert_true(hyp_vcpu_nmi(&h.vcpu[0]));
	assert_int_equal(pi_field_get(APIC_ICR_VECTOR, h.icr), OWN_KICK);
	leave(VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(enter() & VMX_INTR_VALID, 0);
	assert_true(nmi_window());
	h.vmcs[VMX_GUEST_INTERRUPTIBILITY_INFO] = 0;
	leave(VMX_EXIT_NMI_WINDOW);
	assert_int_equal(enter(), NMI);
	assert_false(nmi_window());
	leave(VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(enter() & VMX_INTR_VALID, 0);
}

static void what_blocks_nmis_opens_their_window(void **state)
{
	static const struct {
		uint64_t blocking, activity, windows; /* no window: it is injected */
	} rows[] = {
		{ 0, VMX_ACTIVE, 0 },
		{ 0, VMX_HLT, 0 },
		{ 0, VMX_SHUTDOWN, 0 },
		{ 0, VMX_WAIT_SIPI, VMX_CPU_NMI_WINDOW },
		{ VMX_BLOCKING_SMI, VMX_ACTIVE, 0 },
		{ VMX_BLOCKING_NMI, VMX_ACTIVE, VMX_CPU_NMI_WINDOW },
		{ VMX_BLOCKING_MOV_SS, VMX_ACTIVE, VMX_CPU_NMI_WINDOW },
		/* A CPU may exit for the NMI window though STI blocks: for ever. */
		{ VMX_BLOCKING_STI, VMX_ACTIVE, VMX_CPU_INTR_WINDOW },
		{ VMX_BLOCKING_STI | VMX_BLOCKING_NMI, VMX_ACTIVE, VMX_CPU_NMI_WINDOW },
	};
	const uint64_t all = VMX_CPU_INTR_WINDOW | VMX_CPU_NMI_WINDOW;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		reset(NULL);
		runs(VMX_RFLAGS_IF);
		h.vmcs[VMX_GUEST_INTERRUPTIBILITY_INFO] = rows[i].blocking;
		h.vmcs[VMX_GUEST_ACTIVITY_STATE] = rows[i].activity;
		hyp_vcpu_nmi(&h.vcpu[0]);
		assert_int_equal(enter(), rows[i].windows ? 0 : NMI);
		assert_int_equal(h.vmcs[VMX_CPU_BASED_VM_EXEC_CONTROL] & all, rows[i].windows);
	}
}

static void an_nmi_goes_before_an_interrupt(void **state)
{
	emulate(VMX_RFLAGS_IF);
	hyp_vcpu_deliver(&h.vcpu[0], 0x52);
	hyp_vcpu_nmi(&h.vcpu[0]);
	assert_int_equal(enter(), NMI);
	assert_true(window());
	assert_int_equal(apic_highest(&h.apic[0], APIC_IRR), 0x52);
	leave(VMX_EXIT_INTERRUPT_WINDOW);
	assert_int_equal(enter(), VMX_INTR_VALID | 0x52);
	assert_false(window());
}

static void an_nmi_ends_a_halt_and_wakes(void **state)
{
	static const uint64_t enabled[] = { 0, VMX_RFLAGS_IF };

	for (unsigned i = 0; i < 2; i++) {
		reset(NULL);
		runs(enabled[i]);
		h.vcpu[0].halted = true;
		hyp_vcpu_nmi(&h.vcpu[0]);
		assert_false(hyp_vcpu_block(&h.vcpu[0]));
		assert_false(h.vcpu[0].halted);
		enter();
		leave(VMX_EXIT_HLT);
		assert_true(hyp_vcpu_block(&h.vcpu[0]));
		assert_null(h.woken);
		hyp_vcpu_nmi(&h.vcpu[0]);
		assert_ptr_equal(h.woken, &h.vcpu[0]);
		hyp_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
		assert_false(hyp_vcpu_block(&h.vcpu[0]));
	}
}

/* It halts in an NMI's handler: the next one does not end that. */
static void a_blocked_nmi_ends_no_halt(void **state)
{
	runs(0);
	nmi_begins();
	hyp_vcpu_nmi(&h.vcpu[0]);
	h.vcpu[0].halted = true;
	assert_true(hyp_vcpu_block(&h.vcpu[0]));
}

static void an_event_of_the_callers_goes_first(void **state)
{
	const uint64_t own = vmx_intr_info(VMX_TYPE_HARDWARE_EXCEPTION, 18);

	for (unsigned software = 0; software < 2; software++) {
		reset(NULL);
		h.hyp.software_apic = software;
		runs(VMX_RFLAGS_IF);
		h.vmcs[VMX_VM_ENTRY_INTR_INFO] = own;
		hyp_vcpu_nmi(&h.vcpu[0]);
		hyp_vcpu_deliver(&h.vcpu[0], 0x52);
		assert_int_equal(enter(), own);
		assert_true(nmi_window());
		assert_int_equal(window(), software);
		leave(VMX_EXIT_NMI_WINDOW);
		assert_int_equal(enter(), NMI);
		assert_false(nmi_window());
	}
}

/* The interrupt is in service: it waits for its window, whatever comes first. */
static void what_was_cut_short_waits_for_the_callers_event(void **state)
{
	const uint64_t own = vmx_intr_info(VMX_TYPE_HARDWARE_EXCEPTION, 18);

	runs(VMX_RFLAGS_IF);
	enter();
	h.vmcs[VMX_IDT_VECTORING_INFO] = VMX_INTR_VALID | 0x61;
	leave(VMX_EXIT_APIC_ACCESS);
	h.vmcs[VMX_VM_ENTRY_INTR_INFO] = own;
	assert_int_equal(enter(), own);
	assert_true(window());
	h.vmcs[VMX_GUEST_RFLAGS] = VMX_RFLAGS_FIXED;
	leave(VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(enter() & VMX_INTR_VALID, 0);
	assert_true(window());
	h.vmcs[VMX_GUEST_RFLAGS] |= VMX_RFLAGS_IF;
	leave(VMX_EXIT_INTERRUPT_WINDOW);
	assert_int_equal(enter(), VMX_INTR_VALID | 0x61);
	assert_false(window());
}

/* Linux, __vmx_complete_interrupts. Bits 30:12 of what is read are no part of it. */
static void every_event_that_was_cut_short_is_injected_again(void **state)
{
	static const struct {
		uint32_t info, error_code, length; /* 0: not written */
	} rows[] = {
		{ 0x80000061, 0, 0 },     /* an interrupt */
		{ 0x80000b0e, 0x6, 0 },   /* #PF */
		{ 0x80000306, 0, 0 },     /* #UD */
		{ 0x80000480, 0, 2 },     /* INT 80H */
		{ 0x80000501, 0, 1 },     /* INT1 */
		{ 0x80000603, 0, 1 },     /* INT3 */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		reset(NULL);
		runs(VMX_RFLAGS_IF);
		enter();
		h.vmcs[VMX_IDT_VECTORING_INFO] = rows[i].info | PI_BIT(12);
		h.vmcs[VMX_IDT_VECTORING_ERROR_CODE] = rows[i].error_code;
		h.vmcs[VMX_VM_EXIT_INSTRUCTION_LEN] = rows[i].length;
		h.vmcs[VMX_EXIT_QUALIFICATION] = pi_field(VMX_QUAL_APIC_TYPE, VMX_ACCESS_DELIVERY);
		leave(VMX_EXIT_APIC_ACCESS);
		assert_int_equal(enter(), rows[i].info);
		assert_int_equal(h.vmcs[VMX_VM_ENTRY_EXCEPTION_ERROR_CODE], rows[i].error_code);
		assert_int_equal(h.vmcs[VMX_VM_ENTRY_INSTRUCTION_LEN], rows[i].length);
		leave(VMX_EXIT_EXTERNAL_INTERRUPT);
		assert_int_equal(enter() & VMX_INTR_VALID, 0);
	}
}

/* Its delivery had set blocking by NMI, with which a VM entry refuses to inject one. */
static void an_nmi_that_was_cut_short_is_injected_again(void **state)
{
	runs(0);
	hyp_vcpu_nmi(&h.vcpu[0]);
	enter();
	nmi_begins();
	h.vmcs[VMX_IDT_VECTORING_INFO] = NMI;
	leave(VMX_EXIT_APIC_ACCESS);
	assert_int_equal(h.vmcs[VMX_GUEST_INTERRUPTIBILITY_INFO], 0);
	assert_int_equal(enter(), NMI);
	nmi_begins();
	leave(VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(h.vmcs[VMX_GUEST_INTERRUPTIBILITY_INFO], VMX_BLOCKING_NMI);
	assert_int_equal(enter() & VMX_INTR_VALID, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(blocking_by_sti_ends_with_the_instruction_that_exited),
		TEST(without_apic_virtualization_entries_inject),
		TEST(an_emulated_eoi_lets_the_next_through),
		TEST(the_first_load_closes_windows),
		TEST(the_tpr_holds_back_until_its_threshold),
		TEST(a_delivery_that_an_exit_cut_short_is_injected_again),
		TEST(an_nmi_is_injected_once_and_merges_until_then),
		TEST(what_blocks_nmis_opens_their_window),
		TEST(an_nmi_goes_before_an_interrupt),
		TEST(an_nmi_ends_a_halt_and_wakes),
		TEST(a_blocked_nmi_ends_no_halt),
		TEST(an_event_of_the_callers_goes_first),
		TEST(what_was_cut_short_waits_for_the_callers_event),
		TEST(every_event_that_was_cut_short_is_injected_again),
		TEST(an_nmi_that_was_cut_short_is_injected_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
