/* SPDX-License-Identifier: BSD-2-Clause */
/* VM entry refuses what breaks a rule, and names it; tests/vectors judges the controls' rules. */
#include "cpu_unit.h"

/* The entry is refused for this rule alone, and the VMCS says of which kind it is. */
static void assert_refused(enum pstd_vmcs_rule rule)
{
	c.guest = false;
	vmcs->VM_INSTRUCTION_ERROR = 0;
	vmcs->VM_EXIT_REASON = 0;
	assert_false(pstd_cpu_vm_entry(&c, vmcs->launched));
	assert_false(c.guest);
	assert_int_equal(c.broken, PSTD_BIT(rule));
	if (rule < PSTD_VMCS_FIRST_GUEST_RULE) {
		assert_int_equal(vmcs->VM_INSTRUCTION_ERROR, 7);
		assert_int_equal(vmcs->VM_EXIT_REASON, 0);
	} else {
		assert_int_equal(vmcs->VM_INSTRUCTION_ERROR, 0);
		assert_int_equal(vmcs->VM_EXIT_REASON, 0x80000021);
	}
}

/* A row: a field, the value that breaks the rule alone. */
#define BREAKS(rule, field, value)                                   \
	do {                                                         \
		uint64_t old = vmcs->field;                          \
		vmcs->field = (value);                               \
		assert_refused(PSTD_VMCS_##rule);                    \
		vmcs->field = old;                                   \
	} while (0)

static void every_rule_of_the_controls_is_found_broken(void **state)
{
	uint64_t secondary = vmcs->SECONDARY_VM_EXEC_CONTROL;
	uint64_t pin = vmcs->PIN_BASED_VM_EXEC_CONTROL, cpu = vmcs->CPU_BASED_VM_EXEC_CONTROL;

	BREAKS(virtual_nmi_needs_nmi, PIN_BASED_VM_EXEC_CONTROL, pin | PSTD_VMX_PIN_VIRTUAL_NMI);
	BREAKS(nmi_window_needs_virtual_nmi, CPU_BASED_VM_EXEC_CONTROL,
	       cpu | PSTD_VMX_CPU_NMI_WINDOW);
	BREAKS(msr_bitmap_addr, MSR_BITMAP, vmcs->MSR_BITMAP + 8);
	BREAKS(needs_tpr_shadow, CPU_BASED_VM_EXEC_CONTROL, cpu & ~PSTD_VMX_CPU_TPR_SHADOW);
	BREAKS(vx2_with_vaa, SECONDARY_VM_EXEC_CONTROL, secondary | PSTD_VMX_SEC_X2APIC);
	BREAKS(vapic_addr, VIRTUAL_APIC_PAGE_ADDR, vmcs->VIRTUAL_APIC_PAGE_ADDR + 8);
	BREAKS(apic_access_addr, APIC_ACCESS_ADDR, 0x800);
	BREAKS(apic_access_addr, APIC_ACCESS_ADDR, PSTD_BIT(46));
	BREAKS(vid_needs_extint, PIN_BASED_VM_EXEC_CONTROL, pin & ~PSTD_VMX_PIN_EXT_INTR);
	BREAKS(ppi_needs_vid, SECONDARY_VM_EXEC_CONTROL, secondary & ~PSTD_VMX_SEC_VIRTUAL_INTR);
	BREAKS(ppi_needs_ack, VM_EXIT_CONTROLS, 0);
	BREAKS(pinv, POSTED_INTR_NV, 0x1f2);
	BREAKS(pid_addr, POSTED_INTR_DESC_ADDR, vmcs->POSTED_INTR_DESC_ADDR + 8);
}

static void thresholds_rules_hold_without_virtual_interrupt_delivery(void **state)
{
	BREAKS(ppi_needs_vid, SECONDARY_VM_EXEC_CONTROL, PSTD_VMX_SEC_VIRTUALIZE_APIC);
	use_threshold(0);
	vmcs->SECONDARY_VM_EXEC_CONTROL = 0;
	pstd_apic_write(page, PSTD_APIC_TPR, 0x50);
	BREAKS(tpr_threshold, TPR_THRESHOLD, 0x10);
	BREAKS(tpr_threshold_above_vtpr, TPR_THRESHOLD, 6);
	vmcs->TPR_THRESHOLD = 5;
	enter();
}

static void ipi_virtualization_has_rules_of_its_own(void **state)
{
	uint64_t table = vmcs->PID_POINTER_TABLE;

	BREAKS(pid_table_addr, PID_POINTER_TABLE, table + 4);
	vmcs->PID_POINTER_TABLE = PSTD_BIT(46) - 8;
	BREAKS(pid_table_end, LAST_PID_POINTER_INDEX, 1);
	/* One entry: its address is the last that there is. */
	vmcs->LAST_PID_POINTER_INDEX = 0;
	enter();
	/* The sender needs a TPR shadow, and neither virtual interrupts nor posting. */
	vmcs->PIN_BASED_VM_EXEC_CONTROL = 0;
	vmcs->SECONDARY_VM_EXEC_CONTROL = 0;
	enter();
	BREAKS(needs_tpr_shadow, CPU_BASED_VM_EXEC_CONTROL, PSTD_VMX_CPU_TERTIARY);
}

static void rules_of_what_is_switched_off_do_not_count(void **state)
{
	vmcs->PIN_BASED_VM_EXEC_CONTROL = 0;
	vmcs->CPU_BASED_VM_EXEC_CONTROL = 0;
	vmcs->VIRTUAL_APIC_PAGE_ADDR = vmcs->APIC_ACCESS_ADDR = vmcs->POSTED_INTR_DESC_ADDR = 1;
	vmcs->MSR_BITMAP = vmcs->PID_POINTER_TABLE = vmcs->POSTED_INTR_NV = ~0ull;
	vmcs->TPR_THRESHOLD = ~0ull;
	enter();
}

static void memory_that_is_not_there_is_refused_by_the_rule_of_its_address(void **state)
{
	BREAKS(vapic_addr, VIRTUAL_APIC_PAGE_ADDR, 0x1000);
	BREAKS(pid_addr, POSTED_INTR_DESC_ADDR, 0x1000);
	BREAKS(msr_bitmap_addr, MSR_BITMAP, 0x1000);
}

#define EVENT(type, vector) pstd_vmx_intr_info(PSTD_VMX_TYPE_##type, vector)

static void injected_events_have_a_form(void **state)
{
	BREAKS(inject_type, VM_ENTRY_INTR_INFO, EVENT(RESERVED, 0x41));
	BREAKS(inject_type, VM_ENTRY_INTR_INFO, EVENT(OTHER, 0));
	BREAKS(inject_type, VM_ENTRY_INTR_INFO, EVENT(EXTERNAL, 0x41) | PSTD_BIT(12));
	BREAKS(inject_vector, VM_ENTRY_INTR_INFO, EVENT(NMI, 3));
	BREAKS(inject_vector, VM_ENTRY_INTR_INFO, EVENT(HARDWARE_EXCEPTION, 32));
	BREAKS(inject_error_code, VM_ENTRY_INTR_INFO, EVENT(HARDWARE_EXCEPTION, 13));
	BREAKS(inject_error_code, VM_ENTRY_INTR_INFO,
	       EVENT(EXTERNAL, 13) | PSTD_VMX_INTR_ERROR_CODE);
	BREAKS(inject_length, VM_ENTRY_INTR_INFO, EVENT(SOFTWARE_INTERRUPT, 0x80));
	/* Without the valid bit it is none. */
	vmcs->VM_ENTRY_INTR_INFO = PSTD_BITS(30, 0);
	enter();
}

static void activity_and_interruptibility_have_rules(void **state)
{
	BREAKS(activity, GUEST_ACTIVITY_STATE, 4);
	BREAKS(interruptibility, GUEST_INTERRUPTIBILITY_INFO, PSTD_BIT(5));
	BREAKS(blocking_by_smi, GUEST_INTERRUPTIBILITY_INFO, PSTD_VMX_BLOCKING_SMI);
	BREAKS(sti_with_mov_ss, GUEST_INTERRUPTIBILITY_INFO,
	       PSTD_VMX_BLOCKING_STI | PSTD_VMX_BLOCKING_MOV_SS);
	vmcs->GUEST_INTERRUPTIBILITY_INFO = PSTD_VMX_BLOCKING_STI;
	BREAKS(sti_needs_if, GUEST_RFLAGS, 0);
	BREAKS(activity_blocked, GUEST_ACTIVITY_STATE, PSTD_VMX_HLT);
}

static void injected_events_fit_the_guests_state(void **state)
{
	vmcs->VM_ENTRY_INTR_INFO = EVENT(EXTERNAL, 0x41);
	BREAKS(inject_needs_if, GUEST_RFLAGS, 0);
	BREAKS(inject_blocked, GUEST_INTERRUPTIBILITY_INFO, PSTD_VMX_BLOCKING_STI);
	BREAKS(inject_blocked, GUEST_INTERRUPTIBILITY_INFO, PSTD_VMX_BLOCKING_MOV_SS);
	BREAKS(activity_inject, GUEST_ACTIVITY_STATE, PSTD_VMX_SHUTDOWN);
	BREAKS(activity_inject, GUEST_ACTIVITY_STATE, PSTD_VMX_WAIT_SIPI);
	vmcs->VM_ENTRY_INTR_INFO = EVENT(NMI, 2);
	BREAKS(inject_blocked, GUEST_INTERRUPTIBILITY_INFO, PSTD_VMX_BLOCKING_MOV_SS);
	vmcs->GUEST_ACTIVITY_STATE = PSTD_VMX_SHUTDOWN;
	enter();
}

static void nmi_is_not_injected_into_virtual_nmi_blocking(void **state)
{
	vmcs->PIN_BASED_VM_EXEC_CONTROL |= PSTD_VMX_PIN_NMI | PSTD_VMX_PIN_VIRTUAL_NMI;
	vmcs->VM_ENTRY_INTR_INFO = EVENT(NMI, 2);
	BREAKS(inject_blocked, GUEST_INTERRUPTIBILITY_INFO, PSTD_VMX_BLOCKING_NMI);
	enter();
}

static void every_rule_has_a_name_and_a_demand(void **state)
{
	for (int rule = 0; rule < PSTD_VMCS_RULES; rule++) {
		assert_non_null(pstd_vmcs_rule_name((enum pstd_vmcs_rule)rule));
		assert_non_null(pstd_vmcs_rule_demand((enum pstd_vmcs_rule)rule));
	}
	assert_string_equal(pstd_vmcs_rule_name(PSTD_VMCS_vapic_addr), "vapic_addr");
	assert_string_equal(pstd_vmcs_rule_name(PSTD_VMCS_inject_blocked), "inject_blocked");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_rule_of_the_controls_is_found_broken),
		TEST(thresholds_rules_hold_without_virtual_interrupt_delivery),
		TEST(ipi_virtualization_has_rules_of_its_own),
		TEST(rules_of_what_is_switched_off_do_not_count),
		TEST(memory_that_is_not_there_is_refused_by_the_rule_of_its_address),
		TEST(injected_events_have_a_form),
		TEST(activity_and_interruptibility_have_rules),
		TEST(injected_events_fit_the_guests_state),
		TEST(nmi_is_not_injected_into_virtual_nmi_blocking),
		TEST(every_rule_has_a_name_and_a_demand),
	};

	return cmocka_run_group_tests_name("cpu entry", tests, NULL, NULL);
}
