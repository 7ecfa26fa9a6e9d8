/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of VM entry, as far as interrupts go: which rules a VMCS breaks. */
#include <posted/hw/vmcs.h>

static uint64_t broken_if(bool is, enum pstd_vmcs_rule rule)
{
	return is ? PSTD_BIT(rule) : 0;
}

/* True if an address is not aligned as zero says, or beyond the physical width. */
static bool bad_address(uint64_t address, uint64_t zero, unsigned width)
{
	return (address & zero) || address >> width;
}

/* "VM-Execution Control Fields": NMIs and MSRs. */
static uint64_t check_basics(const struct pstd_vmcs *v, unsigned width)
{
	uint64_t pin = v->PIN_BASED_VM_EXEC_CONTROL, cpu = v->CPU_BASED_VM_EXEC_CONTROL;

	return broken_if((pin & PSTD_VMX_PIN_VIRTUAL_NMI) && !(pin & PSTD_VMX_PIN_NMI),
	                 PSTD_VMCS_virtual_nmi_needs_nmi) |
	       broken_if((cpu & PSTD_VMX_CPU_NMI_WINDOW) && !(pin & PSTD_VMX_PIN_VIRTUAL_NMI),
	                 PSTD_VMCS_nmi_window_needs_virtual_nmi) |
	       broken_if((cpu & PSTD_VMX_CPU_MSR_BITMAPS) &&
	                         bad_address(v->MSR_BITMAP, 0xfff, width),
	                 PSTD_VMCS_msr_bitmap_addr);
}

/* TPR shadow and threshold. */
static uint64_t check_tpr(const struct pstd_vmcs *v, uint8_t vtpr, unsigned width)
{
	uint64_t secondary = pstd_vmcs_secondary(v), broken = 0;

	if (!(v->CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_TPR_SHADOW))
		return broken_if((secondary & (PSTD_VMX_SEC_X2APIC | PSTD_VMX_SEC_APIC_REGISTER |
		                               PSTD_VMX_SEC_VIRTUAL_INTR)) ||
		                         (pstd_vmcs_tertiary(v) & PSTD_VMX_TER_IPI_VIRT),
		                 PSTD_VMCS_needs_tpr_shadow);
	broken |= broken_if(bad_address(v->VIRTUAL_APIC_PAGE_ADDR, 0xfff, width),
	                    PSTD_VMCS_vapic_addr);
	if (secondary & PSTD_VMX_SEC_VIRTUAL_INTR)
		return broken;
	broken |= broken_if(v->TPR_THRESHOLD & PSTD_BITS(31, 4), PSTD_VMCS_tpr_threshold);
	/* With virtualized APIC accesses a VM exit follows the entry instead. */
	if (!(secondary & PSTD_VMX_SEC_VIRTUALIZE_APIC))
		broken |= broken_if((v->TPR_THRESHOLD & 0xf) > vtpr >> 4,
		                    PSTD_VMCS_tpr_threshold_above_vtpr);
	return broken;
}

static uint64_t check_apic(const struct pstd_vmcs *v, unsigned width)
{
	uint64_t secondary = pstd_vmcs_secondary(v);

	return broken_if((secondary & PSTD_VMX_SEC_X2APIC) &&
	                         (secondary & PSTD_VMX_SEC_VIRTUALIZE_APIC),
	                 PSTD_VMCS_vx2_with_vaa) |
	       broken_if((secondary & PSTD_VMX_SEC_VIRTUALIZE_APIC) &&
	                         bad_address(v->APIC_ACCESS_ADDR, 0xfff, width),
	                 PSTD_VMCS_apic_access_addr) |
	       broken_if((secondary & PSTD_VMX_SEC_VIRTUAL_INTR) &&
	                         !(v->PIN_BASED_VM_EXEC_CONTROL & PSTD_VMX_PIN_EXT_INTR),
	                 PSTD_VMCS_vid_needs_extint);
}

/* "Process posted interrupts" */
static uint64_t check_posting(const struct pstd_vmcs *v, unsigned width)
{
	if (!(v->PIN_BASED_VM_EXEC_CONTROL & PSTD_VMX_PIN_POSTED_INTR))
		return 0;
	return broken_if(!(pstd_vmcs_secondary(v) & PSTD_VMX_SEC_VIRTUAL_INTR),
	                 PSTD_VMCS_ppi_needs_vid) |
	       broken_if(!(v->VM_EXIT_CONTROLS & PSTD_VMX_EXIT_ACK_INTR), PSTD_VMCS_ppi_needs_ack) |
	       broken_if(v->POSTED_INTR_NV & PSTD_BITS(15, 8), PSTD_VMCS_pinv) |
	       broken_if(bad_address(v->POSTED_INTR_DESC_ADDR, 0x3f, width), PSTD_VMCS_pid_addr);
}

/* "IPI virtualization" */
static uint64_t check_ipi(const struct pstd_vmcs *v, unsigned width)
{
	uint64_t last = v->PID_POINTER_TABLE + 8 * (v->LAST_PID_POINTER_INDEX & 0xffff);

	if (!(pstd_vmcs_tertiary(v) & PSTD_VMX_TER_IPI_VIRT))
		return 0;
	return broken_if(bad_address(v->PID_POINTER_TABLE, 7, width), PSTD_VMCS_pid_table_addr) |
	       broken_if(last >> width, PSTD_VMCS_pid_table_end);
}

static bool has_error_code(uint8_t vector)
{
	return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17;
}

static bool vector_fits(enum pstd_vmx_intr_type type, uint8_t vector)
{
	switch (type) {
	case PSTD_VMX_TYPE_NMI:
		return vector == PSTD_VMX_NMI_VECTOR;
	case PSTD_VMX_TYPE_HARDWARE_EXCEPTION:
		return vector < 32;
	case PSTD_VMX_TYPE_OTHER:
		return vector == 0;
	default:
		return true;
	}
}

static bool is_software(enum pstd_vmx_intr_type type)
{
	return type == PSTD_VMX_TYPE_SOFTWARE_INTERRUPT ||
	       type == PSTD_VMX_TYPE_PRIVILEGED_EXCEPTION ||
	       type == PSTD_VMX_TYPE_SOFTWARE_EXCEPTION;
}

static enum pstd_vmx_intr_type type_of(const struct pstd_vmcs *v)
{
	return (enum pstd_vmx_intr_type)pstd_field_get(PSTD_VMX_INTR_TYPE, v->VM_ENTRY_INTR_INFO);
}

/* "VM-Entry Control Fields" */
static uint64_t check_injection(const struct pstd_vmcs *v)
{
	uint64_t info = v->VM_ENTRY_INTR_INFO, length = v->VM_ENTRY_INSTRUCTION_LEN;
	enum pstd_vmx_intr_type type = type_of(v);
	uint8_t vector = (uint8_t)info;
	bool wants_code = type == PSTD_VMX_TYPE_HARDWARE_EXCEPTION && has_error_code(vector);
	bool code = info & PSTD_VMX_INTR_ERROR_CODE;

	if (!(info & PSTD_VMX_INTR_VALID))
		return 0;
	/* No monitor trap flag here, so that type 7 is refused with type 1. */
	return broken_if(type == PSTD_VMX_TYPE_RESERVED || type == PSTD_VMX_TYPE_OTHER ||
	                 (info & PSTD_VMX_INTR_RSVD), PSTD_VMCS_inject_type) |
	       broken_if(!vector_fits(type, vector), PSTD_VMCS_inject_vector) |
	       broken_if(code != wants_code ||
	                 (code && v->VM_ENTRY_EXCEPTION_ERROR_CODE & PSTD_BITS(31, 16)),
	                 PSTD_VMCS_inject_error_code) |
	       broken_if(is_software(type) && (length < 1 || length > 15), PSTD_VMCS_inject_length);
}

/* What the activity states other than active take. */
static bool activity_takes(const struct pstd_vmcs *v)
{
	enum pstd_vmx_intr_type type = type_of(v);
	uint8_t vector = (uint8_t)v->VM_ENTRY_INTR_INFO;
	bool machine_check = type == PSTD_VMX_TYPE_HARDWARE_EXCEPTION && vector == 18;
	bool debug = type == PSTD_VMX_TYPE_HARDWARE_EXCEPTION && vector == 1;

	switch (v->GUEST_ACTIVITY_STATE) {
	case PSTD_VMX_HLT:
		return type == PSTD_VMX_TYPE_EXTERNAL || type == PSTD_VMX_TYPE_NMI ||
		       machine_check || debug;
	case PSTD_VMX_SHUTDOWN:
		return type == PSTD_VMX_TYPE_NMI || machine_check;
	case PSTD_VMX_WAIT_SIPI:
		return false;
	}
	return true;
}

static uint64_t check_activity(const struct pstd_vmcs *v)
{
	bool blocked = v->GUEST_INTERRUPTIBILITY_INFO &
	               (PSTD_VMX_BLOCKING_STI | PSTD_VMX_BLOCKING_MOV_SS);

	return broken_if(v->GUEST_ACTIVITY_STATE > PSTD_VMX_WAIT_SIPI, PSTD_VMCS_activity) |
	       broken_if(blocked && v->GUEST_ACTIVITY_STATE != PSTD_VMX_ACTIVE,
	                 PSTD_VMCS_activity_blocked) |
	       broken_if((v->VM_ENTRY_INTR_INFO & PSTD_VMX_INTR_VALID) && !activity_takes(v),
	                 PSTD_VMCS_activity_inject);
}

/* What blocks the event that is injected; nothing blocks exceptions. */
static uint64_t blocks(const struct pstd_vmcs *v)
{
	switch (type_of(v)) {
	case PSTD_VMX_TYPE_EXTERNAL:
		return PSTD_VMX_BLOCKING_STI | PSTD_VMX_BLOCKING_MOV_SS;
	case PSTD_VMX_TYPE_NMI:
		return PSTD_VMX_BLOCKING_MOV_SS |
		       (v->PIN_BASED_VM_EXEC_CONTROL & PSTD_VMX_PIN_VIRTUAL_NMI
		                ? PSTD_VMX_BLOCKING_NMI
		                : 0);
	default:
		return 0;
	}
}

static uint64_t check_interruptibility(const struct pstd_vmcs *v)
{
	uint64_t blocking = v->GUEST_INTERRUPTIBILITY_INFO;
	bool injects = v->VM_ENTRY_INTR_INFO & PSTD_VMX_INTR_VALID;
	bool enabled = v->GUEST_RFLAGS & PSTD_VMX_RFLAGS_IF;

	return broken_if(blocking & PSTD_BITS(31, 4), PSTD_VMCS_interruptibility) |
	       broken_if((blocking & PSTD_VMX_BLOCKING_STI) &&
	                         (blocking & PSTD_VMX_BLOCKING_MOV_SS),
	                 PSTD_VMCS_sti_with_mov_ss) |
	       broken_if((blocking & PSTD_VMX_BLOCKING_STI) && !enabled, PSTD_VMCS_sti_needs_if) |
	       broken_if(injects && type_of(v) == PSTD_VMX_TYPE_EXTERNAL && !enabled,
	                 PSTD_VMCS_inject_needs_if) |
	       broken_if(injects && (blocking & blocks(v)), PSTD_VMCS_inject_blocked) |
	       broken_if(blocking & PSTD_VMX_BLOCKING_SMI, PSTD_VMCS_blocking_by_smi);
}

uint64_t pstd_vmcs_broken(const struct pstd_vmcs *v, uint8_t vtpr, unsigned address_width)
{
	return check_basics(v, address_width) | check_tpr(v, vtpr, address_width) |
	       check_apic(v, address_width) | check_posting(v, address_width) |
	       check_ipi(v, address_width) | check_injection(v) |
	       check_activity(v) | check_interruptibility(v);
}

const char *pstd_vmcs_rule_name(enum pstd_vmcs_rule rule)
{
	static const char *const names[] = {
#define PSTD_VMX_ROW(name, demand) #name,
		PSTD_VMCS_CONTROL_RULES(PSTD_VMX_ROW) PSTD_VMCS_GUEST_RULES(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
	};

	return names[rule];
}

const char *pstd_vmcs_rule_demand(enum pstd_vmcs_rule rule)
{
	static const char *const demands[] = {
#define PSTD_VMX_ROW(name, demand) demand,
		PSTD_VMCS_CONTROL_RULES(PSTD_VMX_ROW) PSTD_VMCS_GUEST_RULES(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
	};

	return demands[rule];
}
