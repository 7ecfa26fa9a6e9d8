/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What VM entries inject: NMIs, the interrupts of an emulated local APIC, what an
 * exit cut short; in which order, and when a window is opened instead. By the
 * rules of "Event Injection", which hw/cpu/vmcs_check.c enforces elsewhere.
 */
#include "hyp_unit.h"

#define NMI 0x80000202u

/* STI's blocking covers the instruction after it, which is carried out when hyp sees it. */
static void blocking_by_sti_ends_with_the_instruction_that_exited(void **state)
{
	static const struct {
		enum pstd_vmx_exit_reason reason;
		uint64_t qualification;
		uint32_t msr;
		bool ends;
	} rows[] = {
		{ PSTD_VMX_EXIT_HLT, 0, 0, true },
		{ PSTD_VMX_EXIT_MSR_WRITE, 0, 0x838, true },
		{ PSTD_VMX_EXIT_MSR_READ, 0, 0x838, true },
		{ PSTD_VMX_EXIT_MSR_READ, 0, 0x80e, false }, /* it raises #GP */
		{ PSTD_VMX_EXIT_MSR_WRITE, 0, 0x10, false }, /* the caller's */
		{ PSTD_VMX_EXIT_APIC_ACCESS, PSTD_VMX_ACCESS_WRITE << 12 | 0x380, 0, true },
		{ PSTD_VMX_EXIT_APIC_ACCESS, PSTD_VMX_ACCESS_DELIVERY << 12 | 0x380, 0, false },
		{ PSTD_VMX_EXIT_EXTERNAL_INTERRUPT, 0, 0, false },
	};

	pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		h.vmcs[PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO] = PSTD_VMX_BLOCKING_STI;
		h.vmcs[PSTD_VMX_VM_EXIT_REASON] = rows[i].reason;
		h.vmcs[PSTD_VMX_EXIT_QUALIFICATION] = rows[i].qualification;
		h.vcpu[0].rcx = rows[i].msr;
		pstd_vcpu_exit(&h.vcpu[0]);
		assert_int_equal(h.vmcs[PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO] == 0, rows[i].ends);
		assert_int_equal(h.vcpu[0].carried_out, rows[i].ends);
	}
}

static void without_apic_virtualization_entries_inject(void **state)
{
	emulate(PSTD_VMX_RFLAGS_IF);
	assert_false(h.vmcs[PSTD_VMX_PIN_BASED_VM_EXEC_CONTROL] & PSTD_VMX_PIN_POSTED_INTR);
	assert_int_equal(h.vmcs[PSTD_VMX_SECONDARY_VM_EXEC_CONTROL], PSTD_VMX_SEC_X2APIC);
	pstd_vcpu_deliver(&h.vcpu[0], 0x52);
	pstd_vcpu_deliver(&h.vcpu[0], 0x41);
	enter();
	assert_int_equal(h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO], PSTD_VMX_INTR_VALID | 0x52);
	assert_false(window()); /* 0x41 is not above what is in service */
	/* A kick, for it is in guest mode: not the vector of a posted interrupt. */
	pstd_vcpu_deliver(&h.vcpu[0], 0x61);
	assert_int_equal(pstd_field_get(PSTD_APIC_ICR_VECTOR, h.icr), OWN_KICK);
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = PSTD_VMX_RFLAGS_FIXED;
	leave(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT);
	enter();
	assert_int_equal(h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO] & PSTD_VMX_INTR_VALID, 0);
	assert_true(window());
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] |= PSTD_VMX_RFLAGS_IF;
	leave(PSTD_VMX_EXIT_INTERRUPT_WINDOW);
	enter();
	assert_int_equal(h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO], PSTD_VMX_INTR_VALID | 0x61);
	assert_false(window());
}

static void an_emulated_eoi_lets_the_next_through(void **state)
{
	emulate(PSTD_VMX_RFLAGS_IF);
	pstd_vcpu_deliver(&h.vcpu[0], 0x52);
	pstd_vcpu_deliver(&h.vcpu[0], 0x41);
	enter();
	h.vcpu[0].rcx = PSTD_APIC_X2APIC_MSR(PSTD_APIC_EOI);
	leave(PSTD_VMX_EXIT_MSR_WRITE);
	enter();
	assert_int_equal(h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO], PSTD_VMX_INTR_VALID | 0x41);
	/* The same in xAPIC mode. */
	h.vmcs[PSTD_VMX_EXIT_QUALIFICATION] =
		pstd_field(PSTD_VMX_QUAL_APIC_TYPE, PSTD_VMX_ACCESS_WRITE) | PSTD_APIC_EOI;
	leave(PSTD_VMX_EXIT_APIC_ACCESS);
	assert_int_equal(pstd_apic_highest(&h.apic[0], PSTD_APIC_ISR), -1);
}

/* The caller's VMCS may be any, say one of another vCPU: no window and no threshold stay. */
static void the_first_load_closes_windows(void **state)
{
	for (unsigned software = 0; software < 2; software++) {
		reset(NULL);
		h.hyp.software_apic = software;
		h.vmcs[PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL] =
			PSTD_VMX_CPU_INTR_WINDOW | PSTD_VMX_CPU_NMI_WINDOW | PSTD_VMX_CPU_MWAIT;
		h.vmcs[PSTD_VMX_TPR_THRESHOLD] = 5;
		pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
		assert_int_equal(enter() & PSTD_VMX_INTR_VALID, 0);
		assert_false(window());
		assert_false(nmi_window());
		assert_int_equal(h.vmcs[PSTD_VMX_TPR_THRESHOLD], 0);
		assert_true(h.vmcs[PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL] & PSTD_VMX_CPU_MWAIT);
	}
}

static void the_tpr_holds_back_until_its_threshold(void **state)
{
	emulate(PSTD_VMX_RFLAGS_IF);
	pstd_apic_write(&h.apic[0], PSTD_APIC_TPR, 0x63);
	pstd_vcpu_deliver(&h.vcpu[0], 0x52);
	enter();
	assert_int_equal(h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO] & PSTD_VMX_INTR_VALID, 0);
	assert_int_equal(h.vmcs[PSTD_VMX_TPR_THRESHOLD], 5);
	assert_false(window());
	pstd_apic_write(&h.apic[0], PSTD_APIC_TPR, 0x40);
	leave(PSTD_VMX_EXIT_TPR_BELOW_THRESHOLD);
	enter();
	assert_int_equal(h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO], PSTD_VMX_INTR_VALID | 0x52);
	assert_int_equal(h.vmcs[PSTD_VMX_TPR_THRESHOLD], 0);
}

/* Whatever else waits: it is in service already. Bit 12 of what is read there is undefined. */
static void a_delivery_that_an_exit_cut_short_is_injected_again(void **state)
{
	emulate(PSTD_VMX_RFLAGS_IF);
	pstd_vcpu_deliver(&h.vcpu[0], 0x52);
	enter();
	h.vmcs[PSTD_VMX_IDT_VECTORING_INFO] = PSTD_VMX_INTR_VALID | PSTD_BIT(12) | 0x52;
	pstd_vcpu_deliver(&h.vcpu[0], 0x61);
	leave(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT);
	enter();
	assert_int_equal(h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO], PSTD_VMX_INTR_VALID | 0x52);
	assert_true(window());
	leave(PSTD_VMX_EXIT_INTERRUPT_WINDOW);
	enter();
	assert_int_equal(h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO], PSTD_VMX_INTR_VALID | 0x61);
}

static void runs(uint64_t rflags)
{
	pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = rflags | PSTD_VMX_RFLAGS_FIXED;
}

/* Its handler begins: what the CPU does to the interruptibility state. */
static void nmi_begins(void)
{
	h.vmcs[PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO] |= PSTD_VMX_BLOCKING_NMI;
}

static void an_nmi_is_injected_once_and_merges_until_then(void **state)
{
	runs(0);
	assert_true(pstd_vcpu_nmi(&h.vcpu[0]));
	assert_false(pstd_vcpu_nmi(&h.vcpu[0]));
	assert_int_equal(h.icr, 0);
	assert_int_equal(enter(), NMI);
	assert_false(nmi_window());
	/* In guest mode: a kick, for a notification would not make it exit. */
	nmi_begins();
	assert_true(pstd_vcpu_nmi(&h.vcpu[0]));
	assert_int_equal(pstd_field_get(PSTD_APIC_ICR_VECTOR, h.icr), OWN_KICK);
	leave(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(enter() & PSTD_VMX_INTR_VALID, 0);
	assert_true(nmi_window());
	h.vmcs[PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO] = 0;
	leave(PSTD_VMX_EXIT_NMI_WINDOW);
	assert_int_equal(enter(), NMI);
	assert_false(nmi_window());
	leave(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(enter() & PSTD_VMX_INTR_VALID, 0);
}

static void what_blocks_nmis_opens_their_window(void **state)
{
	static const struct {
		uint64_t blocking, activity, windows; /* no window: it is injected */
	} rows[] = {
		{ 0, PSTD_VMX_ACTIVE, 0 },
		{ 0, PSTD_VMX_HLT, 0 },
		{ 0, PSTD_VMX_SHUTDOWN, 0 },
		{ 0, PSTD_VMX_WAIT_SIPI, PSTD_VMX_CPU_NMI_WINDOW },
		{ PSTD_VMX_BLOCKING_SMI, PSTD_VMX_ACTIVE, 0 },
		{ PSTD_VMX_BLOCKING_NMI, PSTD_VMX_ACTIVE, PSTD_VMX_CPU_NMI_WINDOW },
		{ PSTD_VMX_BLOCKING_MOV_SS, PSTD_VMX_ACTIVE, PSTD_VMX_CPU_NMI_WINDOW },
		/* A CPU may exit for the NMI window though STI blocks: for ever. */
		{ PSTD_VMX_BLOCKING_STI, PSTD_VMX_ACTIVE, PSTD_VMX_CPU_INTR_WINDOW },
		{ PSTD_VMX_BLOCKING_STI | PSTD_VMX_BLOCKING_NMI, PSTD_VMX_ACTIVE,
		  PSTD_VMX_CPU_NMI_WINDOW },
	};
	const uint64_t all = PSTD_VMX_CPU_INTR_WINDOW | PSTD_VMX_CPU_NMI_WINDOW;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		reset(NULL);
		runs(PSTD_VMX_RFLAGS_IF);
		h.vmcs[PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO] = rows[i].blocking;
		h.vmcs[PSTD_VMX_GUEST_ACTIVITY_STATE] = rows[i].activity;
		pstd_vcpu_nmi(&h.vcpu[0]);
		assert_int_equal(enter(), rows[i].windows ? 0 : NMI);
		assert_int_equal(h.vmcs[PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL] & all, rows[i].windows);
	}
}

static void an_nmi_goes_before_an_interrupt(void **state)
{
	emulate(PSTD_VMX_RFLAGS_IF);
	pstd_vcpu_deliver(&h.vcpu[0], 0x52);
	pstd_vcpu_nmi(&h.vcpu[0]);
	assert_int_equal(enter(), NMI);
	assert_true(window());
	assert_int_equal(pstd_apic_highest(&h.apic[0], PSTD_APIC_IRR), 0x52);
	leave(PSTD_VMX_EXIT_INTERRUPT_WINDOW);
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x52);
	assert_false(window());
}

static void an_nmi_ends_a_halt_and_wakes(void **state)
{
	static const uint64_t enabled[] = { 0, PSTD_VMX_RFLAGS_IF };

	for (unsigned i = 0; i < 2; i++) {
		reset(NULL);
		runs(enabled[i]);
		h.vcpu[0].halted = true;
		pstd_vcpu_nmi(&h.vcpu[0]);
		assert_false(pstd_vcpu_block(&h.vcpu[0]));
		assert_false(h.vcpu[0].halted);
		enter();
		leave(PSTD_VMX_EXIT_HLT);
		assert_true(pstd_vcpu_block(&h.vcpu[0]));
		assert_null(h.woken);
		pstd_vcpu_nmi(&h.vcpu[0]);
		assert_ptr_equal(h.woken, &h.vcpu[0]);
		pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
		assert_false(pstd_vcpu_block(&h.vcpu[0]));
	}
}

/* It halts in an NMI's handler: the next one does not end that. */
static void a_blocked_nmi_ends_no_halt(void **state)
{
	runs(0);
	nmi_begins();
	pstd_vcpu_nmi(&h.vcpu[0]);
	h.vcpu[0].halted = true;
	assert_true(pstd_vcpu_block(&h.vcpu[0]));
}

static void an_event_of_the_callers_goes_first(void **state)
{
	const uint64_t own = pstd_vmx_intr_info(PSTD_VMX_TYPE_HARDWARE_EXCEPTION, 18);

	for (unsigned software = 0; software < 2; software++) {
		reset(NULL);
		h.hyp.software_apic = software;
		runs(PSTD_VMX_RFLAGS_IF);
		h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO] = own;
		pstd_vcpu_nmi(&h.vcpu[0]);
		pstd_vcpu_deliver(&h.vcpu[0], 0x52);
		assert_int_equal(enter(), own);
		assert_true(nmi_window());
		assert_int_equal(window(), software);
		leave(PSTD_VMX_EXIT_NMI_WINDOW);
		assert_int_equal(enter(), NMI);
		assert_false(nmi_window());
	}
}

/* The interrupt is in service: it waits for its window, whatever comes first. */
static void what_was_cut_short_waits_for_the_callers_event(void **state)
{
	const uint64_t own = pstd_vmx_intr_info(PSTD_VMX_TYPE_HARDWARE_EXCEPTION, 18);

	runs(PSTD_VMX_RFLAGS_IF);
	enter();
	h.vmcs[PSTD_VMX_IDT_VECTORING_INFO] = PSTD_VMX_INTR_VALID | 0x61;
	leave(PSTD_VMX_EXIT_APIC_ACCESS);
	h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO] = own;
	assert_int_equal(enter(), own);
	assert_true(window());
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = PSTD_VMX_RFLAGS_FIXED;
	leave(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(enter() & PSTD_VMX_INTR_VALID, 0);
	assert_true(window());
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] |= PSTD_VMX_RFLAGS_IF;
	leave(PSTD_VMX_EXIT_INTERRUPT_WINDOW);
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x61);
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
		runs(PSTD_VMX_RFLAGS_IF);
		enter();
		h.vmcs[PSTD_VMX_IDT_VECTORING_INFO] = rows[i].info | PSTD_BIT(12);
		h.vmcs[PSTD_VMX_IDT_VECTORING_ERROR_CODE] = rows[i].error_code;
		h.vmcs[PSTD_VMX_VM_EXIT_INSTRUCTION_LEN] = rows[i].length;
		h.vmcs[PSTD_VMX_EXIT_QUALIFICATION] =
			pstd_field(PSTD_VMX_QUAL_APIC_TYPE, PSTD_VMX_ACCESS_DELIVERY);
		leave(PSTD_VMX_EXIT_APIC_ACCESS);
		assert_int_equal(enter(), rows[i].info);
		assert_int_equal(h.vmcs[PSTD_VMX_VM_ENTRY_EXCEPTION_ERROR_CODE],
		                 rows[i].error_code);
		assert_int_equal(h.vmcs[PSTD_VMX_VM_ENTRY_INSTRUCTION_LEN], rows[i].length);
		leave(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT);
		assert_int_equal(enter() & PSTD_VMX_INTR_VALID, 0);
	}
}

/* Its delivery had set blocking by NMI, with which a VM entry refuses to inject one. */
static void an_nmi_that_was_cut_short_is_injected_again(void **state)
{
	runs(0);
	pstd_vcpu_nmi(&h.vcpu[0]);
	enter();
	nmi_begins();
	h.vmcs[PSTD_VMX_IDT_VECTORING_INFO] = NMI;
	leave(PSTD_VMX_EXIT_APIC_ACCESS);
	assert_int_equal(h.vmcs[PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO], 0);
	assert_int_equal(enter(), NMI);
	nmi_begins();
	leave(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(h.vmcs[PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO], PSTD_VMX_BLOCKING_NMI);
	assert_int_equal(enter() & PSTD_VMX_INTR_VALID, 0);
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
