/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names that Linux, Xen and ACRN have for what this project is about, most of them for the
 * very same things: only the names, each as something that nothing of ours is. This file is
 * included before all others: whoever gives one of these names to a thing of his own does not
 * compile then, in C or in C++.
 */

/* Macros: this text fits nowhere. */

/* The descriptor's bits and vectors (Linux, Xen, ACRN). */
#define POSTED_INTR_ON taken by a kernel
#define POSTED_INTR_SN taken by a kernel
#define NR_PIR_VECTORS taken by a kernel
#define POSTED_INTR_VECTOR taken by a kernel
#define POSTED_INTR_WAKEUP_VECTOR taken by a kernel
#define POSTED_INTR_NESTED_VECTOR taken by a kernel
#define POSTED_MSI_NOTIFICATION_VECTOR taken by a kernel
#define PID_TABLE_ENTRY_VALID taken by a kernel

/* The local APIC's registers and what is written there (Linux, Xen). */
#define APIC_ID taken by a kernel
#define APIC_LVR taken by a kernel
#define APIC_VERSION taken by a kernel
#define APIC_TASKPRI taken by a kernel
#define APIC_ARBPRI taken by a kernel
#define APIC_PROCPRI taken by a kernel
#define APIC_EOI taken by a kernel
#define APIC_LDR taken by a kernel
#define APIC_DFR taken by a kernel
#define APIC_SPIV taken by a kernel
#define APIC_ISR taken by a kernel
#define APIC_TMR taken by a kernel
#define APIC_IRR taken by a kernel
#define APIC_ESR taken by a kernel
#define APIC_ICR taken by a kernel
#define APIC_ICR2 taken by a kernel
#define APIC_LVTT taken by a kernel
#define APIC_LVT0 taken by a kernel
#define APIC_LVT_MASKED taken by a kernel
#define APIC_LVT_REMOTE_IRR taken by a kernel
#define APIC_TMICT taken by a kernel
#define APIC_TDCR taken by a kernel
#define APIC_SELF_IPI taken by a kernel
#define APIC_BASE taken by a kernel
#define APIC_BASE_BSP taken by a kernel
#define APIC_BASE_EXTD taken by a kernel
#define APIC_MSR_BASE taken by a kernel
#define APIC_DM_FIXED taken by a kernel
#define APIC_DM_LOWEST taken by a kernel
#define APIC_DM_SMI taken by a kernel
#define APIC_DM_NMI taken by a kernel
#define APIC_DM_INIT taken by a kernel
#define APIC_DM_EXTINT taken by a kernel
#define APIC_DEST_LOGICAL taken by a kernel
#define APIC_INT_ASSERT taken by a kernel

/* Messages, and VT-d's tables (Linux, Xen). */
#define MSI_ADDR_BASE_HI taken by a kernel
#define MSI_ADDR_BASE_LO taken by a kernel
#define MSI_DATA_VECTOR_SHIFT taken by a kernel
#define DMAR_INTR_REMAP taken by a kernel
#define DMAR_X2APIC_OPT_OUT taken by a kernel
#define DMAR_GCMD_REG taken by a kernel
#define DMAR_IRTA_REG taken by a kernel

/* VMCS fields and exits (Linux, ACRN). */
#define VMX_GUEST_INTR_STATUS taken by a kernel
#define VMX_MSR_BITMAP_HIGH taken by a kernel
#define VMX_TPR_THRESHOLD taken by a kernel
#define VMX_EXIT_REASON taken by a kernel
#define VMX_EXIT_REASONS taken by a kernel
#define VMX_EXIT_QUALIFICATION taken by a kernel
#define VMX_GUEST_INTERRUPTIBILITY_INFO taken by a kernel
#define VMX_GUEST_ACTIVITY_STATE taken by a kernel
#define VMX_GUEST_RFLAGS taken by a kernel

/* With parameters, and helpers that many have. */
#define APIC_XAPIC(x) taken by a kernel
#define MSI_DATA_VECTOR(v) taken by a kernel
#define BIT(n) taken by a kernel
#define GENMASK(h, l) taken by a kernel
#define FIELD_GET(mask, word) taken by a kernel
#define ASSERT(x) taken by a kernel
#define BUILD_BUG_ON(x) taken by a kernel
#define MASK_EXTR(v, m) taken by a kernel

/* Structures and enumerations (Linux, Xen, ACRN). */
union pi_desc {
	char of_a_kernel;
};
union irte {
	char of_a_kernel;
};
union msi_msg {
	char of_a_kernel;
};
union apic_mode {
	char of_a_kernel;
};
union lapic_mode {
	char of_a_kernel;
};
union dmar_scope {
	char of_a_kernel;
};
union dmar_drhd_unit {
	char of_a_kernel;
};
union ioapic {
	char of_a_kernel;
};
union vlapic {
	char of_a_kernel;
};
union cpu {
	char of_a_kernel;
};
union vmcs {
	char of_a_kernel;
};
union vmx_exit_reason {
	char of_a_kernel;
};
union list_head {
	char of_a_kernel;
};

/* VMCS fields (Linux, Xen). */
enum vmcs_field {
	POSTED_INTR_NV,
	LAST_PID_POINTER_INDEX,
	GUEST_INTR_STATUS,
	MSR_BITMAP,
	VIRTUAL_APIC_PAGE_ADDR,
	APIC_ACCESS_ADDR,
	POSTED_INTR_DESC_ADDR,
	EOI_EXIT_BITMAP0,
	TERTIARY_VM_EXEC_CONTROL,
	PIN_BASED_VM_EXEC_CONTROL,
	CPU_BASED_VM_EXEC_CONTROL,
	SECONDARY_VM_EXEC_CONTROL,
	TPR_THRESHOLD,
	VM_EXIT_REASON,
	VM_EXIT_CONTROLS,
	VM_ENTRY_INTR_INFO,
	EXIT_QUALIFICATION,
	GUEST_RFLAGS,
};

/* Functions (Linux, Xen): as objects, since those cannot be overloaded. */
extern union of_a_kernel pi_test_and_set_pir;
extern union of_a_kernel pi_test_and_set_on;
extern union of_a_kernel pi_test_and_clear_on;
extern union of_a_kernel pi_test_and_clear_sn;
extern union of_a_kernel pi_clear_on;
extern union of_a_kernel pi_clear_sn;
extern union of_a_kernel pi_set_on;
extern union of_a_kernel pi_set_sn;
extern union of_a_kernel pi_test_on;
extern union of_a_kernel pi_test_sn;
extern union of_a_kernel pi_is_pir_empty;
extern union of_a_kernel pi_get_pir;
extern union of_a_kernel pi_test_pir;
extern union of_a_kernel pi_has_pending_interrupt;
extern union of_a_kernel pi_wakeup_handler;
extern union of_a_kernel apic_read;
extern union of_a_kernel apic_write;
extern union of_a_kernel apic_icr_read;
extern union of_a_kernel apic_icr_write;
extern union of_a_kernel ioapic_init;
extern union of_a_kernel vmcs_clear;
extern union of_a_kernel vmcs_load;
extern union of_a_kernel vmx_cr_access;
extern union of_a_kernel vcpu_load;
extern union of_a_kernel vcpu_put;
extern union of_a_kernel vcpu_block;
