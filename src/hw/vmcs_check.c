/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of VM entry, as far as interrupts go: which rules a VMCS breaks. */
#include <posted/hw/vmcs.h>

static uint64_t broken_if(bool is, enum vmcs_rule rule)
{
	return is ? PI_BIT(rule) : 0;
}

/* True if an address is not aligned as zero says, or beyond the physical width. */
static bool bad_address(uint64_t address, uint64_t zero, unsigned width)
{
	return (address & zero) || address >> width;
}

/* "VM-Execution Control Fields": NMIs and MSRs. */
static uint64_t check_basics(const struct vmcs *v, unsigned width)
{
	uint64_t pin = v->PIN_BASED_VM_EXEC_CONTROL, cpu = v->CPU_BASED_VM_EXEC_CONTROL;

	return broken_if((pin & VMX_PIN_VIRTUAL_NMI) && !(pin & VMX_PIN_NMI),
	                 VMCS_virtual_nmi_needs_nmi) |
	       broken_if((cpu & VMX_CPU_NMI_WINDOW) && !(pin & VMX_PIN_VIRTUAL_NMI),
	                 VMCS_nmi_window_needs_virtual_nmi) |
	       broken_if((cpu & VMX_CPU_MSR_BITMAPS) && bad_address(v->MSR_BITMAP, 0xfff, width),
	                 VMCS_msr_bitmap_addr);
}

/* TPR shadow and threshold. */
static uint64_t check_tpr(const struct vmcs *v, uint8_t vtpr, unsigned width)
{
	uint64_t secondary = vmcs_secondary(v), broken = 0;

	if (!(v->CPU_BASED_VM_EXEC_CONTROL & VMX_CPU_TPR_SHADOW))
		return broken_if((secondary & (VMX_SEC_X2APIC | VMX_SEC_APIC_REGISTER |
		                               VMX_SEC_VIRTUAL_INTR)) ||
		                 (vmcs_tertiary(v) & VMX_TER_IPI_VIRT), VMCS_needs_tpr_shadow);
	broken |= broken_if(bad_address(v->VIRTUAL_APIC_PAGE_ADDR, 0xfff, width), VMCS_vapic_addr);
	if (secondary & VMX_SEC_VIRTUAL_INTR)
		return broken;
	broken |= broken_if(v->TPR_THRESHOLD & PI_BITS(31, 4), VMCS_tpr_threshold);
	/* With virtualized APIC accesses a VM exit follows the entry instead. */
	if (!(secondary & VMX_SEC_VIRTUALIZE_APIC))
		broken |= broken_if((v->TPR_THRESHOLD & 0xf) > vtpr >> 4,
		                    VMCS_tpr_threshold_above_vtpr);
	return broken;
}

static uint64_t check_apic(const struct vmcs *v, unsigned width)
{
	uint64_t secondary = vmcs_secondary(v);

	return broken_if((secondary & VMX_SEC_X2APIC) && (secondary & VMX_SEC_VIRTUALIZE_APIC),
	                 VMCS_vx2_with_vaa) |
	       broken_if((secondary & VMX_SEC_VIRTUALIZE_APIC) &&
	                 bad_address(v->APIC_ACCESS_ADDR, 0xfff, width), VMCS_apic_access_addr) |
	       broken_if((secondary & VMX_SEC_VIRTUAL_INTR) &&
	                 !(v->PIN_BASED_VM_EXEC_CONTROL & VMX_PIN_EXT_INTR),
	                 VMCS_vid_needs_extint);
}

/* "Process posted interrupts" */
static uint64_t check_posting(const struct vmcs *v, unsigned width)
{
	if (!(v->PIN_BASED_VM_EXEC_CONTROL & VMX_PIN_POSTED_INTR))
		return 0;
	return broken_if(!(vmcs_secondary(v) & VMX_SEC_VIRTUAL_INTR), VMCS_ppi_needs_vid) |
	       broken_if(!(v->VM_EXIT_CONTROLS & VMX_EXIT_ACK_INTR), VMCS_ppi_needs_ack) |
	       broken_if(v->POSTED_INTR_NV & PI_BITS(15, 8), VMCS_pinv) |
	       broken_if(bad_address(v->POSTED_INTR_DESC_ADDR, 0x3f, width), VMCS_pid_addr);
}

/* "IPI virtualization" */
static uint64_t check_ipi(const struct vmcs *v, unsigned width)
{
	uint64_t last = v->PID_POINTER_TABLE + 8 * (v->LAST_PID_POINTER_INDEX & 0xffff);

	if (!(vmcs_tertiary(v) & VMX_TER_IPI_VIRT))
		return 0;
	return broken_if(bad_address(v->PID_POINTER_TABLE, 7, width), VMCS_pid_table_addr) |
	       broken_if(last >> width, VMCS_pid_table_end);
}

static bool has_error_code(uint8_t vector)
{
	return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17;
}

static bool vector_fits(enum vmx_intr_type type, uint8_t vector)
{
	switch (type) {
	case VMX_TYPE_NMI:
		return vector == VMX_NMI_VECTOR;
	case VMX_TYPE_HARDWARE_EXCEPTION:
		return vector < 32;
	case VMX_TYPE_OTHER:
		return vector == 0;
	default:
		return true;
	}
}

static bool is_software(enum vmx_intr_type type)
{
	return type == VMX_TYPE_SOFTWARE_INTERRUPT || type == VMX_TYPE_PRIVILEGED_EXCEPTION ||
	       type == VMX_TYPE_SOFTWARE_EXCEPTION;
}

static enum vmx_intr_type type_of(const struct vmcs *v)
{
	return (enum vmx_intr_type)pi_field_get(VMX_INTR_TYPE, v->VM_ENTRY_INTR_INFO);
}

/* "VM-Entry Control Fields" */
static uint64_t check_injection(const struct vmcs *v)
{
	uint64_t info = v->VM_ENTRY_INTR_INFO, length = v->VM_ENTRY_INSTRUCTION_LEN;
	enum vmx_intr_type type = type_of(v);
	uint8_t vector = (uint8_t)info;
	bool wants_code = type == VMX_TYPE_HARDWARE_EXCEPTION && has_error_code(vector);
	bool code = info & VMX_INTR_ERROR_CODE;

	if (!(info & VMX_INTR_VALID))
		return 0;
	/* No monitor trap flag here, so that type 7 is refused with type 1. */
	return broken_if(type == VMX_TYPE_RESERVED || type == VMX_TYPE_OTHER ||
	                 (info & VMX_INTR_RSVD), VMCS_inject_type) |
	       broken_if(!vector_fits(type, vector), VMCS_inject_vector) |
	       broken_if(code != wants_code ||
	                 (code && v->VM_ENTRY_EXCEPTION_ERROR_CODE & PI_BITS(31, 16)),
	                 VMCS_inject_error_code) |
	       broken_if(is_software(type) && (length < 1 || length > 15), VMCS_inject_length);
}

/* What the activity states other than active take. */
static bool activity_takes(const struct vmcs *v)
{
	enum vmx_intr_type type = type_of(v);
	uint8_t vector = (uint8_t)v->VM_ENTRY_INTR_INFO;
	bool machine_check = type == VMX_TYPE_HARDWARE_EXCEPTION && vector == 18;
	bool debug = type == VMX_TYPE_HARDWARE_EXCEPTION && vector == 1;

	switch (v->GUEST_ACTIVITY_STATE) {
	case VMX_HLT:
		return type == VMX_TYPE_EXTERNAL || type == VMX_TYPE_NMI || machine_check || debug;
	case VMX_SHUTDOWN:
		return type == VMX_TYPE_NMI || machine_check;
	case VMX_WAIT_SIPI:
		return false;
	}
	return true;
}

static uint64_t check_activity(const struct vmcs *v)
{
	bool blocked = v->GUEST_INTERRUPTIBILITY_INFO & (VMX_BLOCKING_STI | VMX_BLOCKING_MOV_SS);

	return broken_if(v->GUEST_ACTIVITY_STATE > VMX_WAIT_SIPI, VMCS_activity) |
	       broken_if(blocked && v->GUEST_ACTIVITY_STATE != VMX_ACTIVE, VMCS_activity_blocked) |
	       broken_if((v->VM_ENTRY_INTR_INFO & VMX_INTR_VALID) && !activity_takes(v),
	                 VMCS_activity_inject);
}

/* What blocks the event that is injected; nothing blocks exceptions. */
static uint64_t blocks(const struct vmcs *v)
{
	switch (type_of(v)) {
	case VMX_TYPE_EXTERNAL:
		return VMX_BLOCKING_STI | VMX_BLOCKING_MOV_SS;
	case VMX_TYPE_NMI:
		return VMX_BLOCKING_MOV_SS |
		       (v->PIN_BASED_VM_EXEC_CONTROL & VMX_PIN_VIRTUAL_NMI ? VMX_BLOCKING_NMI : 0);
	default:
		return 0;
	}
}

static uint64_t check_interruptibility(const struct vmcs *v)
{
	uint64_t blocking = v->GUEST_INTERRUPTIBILITY_INFO;
	bool injects = v->VM_ENTRY_INTR_INFO & VMX_INTR_VALID;
	bool enabled = v->GUEST_RFLAGS & VMX_RFLAGS_IF;

	return broken_if(blocking & PI_BITS(31, 4), VMCS_interruptibility) |
	       broken_if((blocking & VMX_BLOCKING_STI) && (blocking & VMX_BLOCKING_MOV_SS),
	                 VMCS_sti_with_mov_ss) |
	       broken_if((blocking & VMX_BLOCKING_STI) && !enabled, VMCS_sti_needs_if) |
	       broken_if(injects && type_of(v) == VMX_TYPE_EXTERNAL && !enabled,
	                 VMCS_inject_needs_if) |
	       broken_if(injects && (blocking & blocks(v)), VMCS_inject_blocked) |
	       broken_if(blocking & VMX_BLOCKING_SMI, VMCS_blocking_by_smi);
}

uint64_t vmcs_broken(const struct vmcs *v, uint8_t vtpr, unsigned address_width)
{
	return check_basics(v, address_width) | check_tpr(v, vtpr, address_width) |
	       check_apic(v, address_width) | check_posting(v, address_width) |
	       check_ipi(v, address_width) | check_injection(v) |
	       check_activity(v) | check_interruptibility(v);
}

const char *vmcs_rule_name(enum vmcs_rule rule)
{
	static const char *const names[] = {
#define VMX_ROW(name, demand) #name,
		VMCS_CONTROL_RULES(VMX_ROW) VMCS_GUEST_RULES(VMX_ROW)
#undef VMX_ROW
	};

	return names[rule];
}

const char *vmcs_rule_demand(enum vmcs_rule rule)
{
	static const char *const demands[] = {
#define VMX_ROW(name, demand) demand,
		VMCS_CONTROL_RULES(VMX_ROW) VMCS_GUEST_RULES(VMX_ROW)
#undef VMX_ROW
	};

	return demands[rule];
}
