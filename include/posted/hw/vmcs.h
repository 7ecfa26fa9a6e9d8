/* SPDX-License-Identifier: BSD-2-Clause */
/* A VMCS: one 64-bit slot for each field of posted/vmx.h. Belongs to the pCPU it is active on. */
#ifndef PSTD_HW_VMCS_H
#define PSTD_HW_VMCS_H

#include <posted/vmx.h>

#pragma GCC visibility push(default)

struct pstd_cpu;

struct pstd_vmcs {
#define PSTD_VMX_ROW(encoding, name) uint64_t name;
	PSTD_VMX_FIELDS(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
	/* not to be read or written: its launch state, which is clear or launched */
	bool launched;
	struct pstd_cpu *active; /* where it was loaded since it was cleared; null: nowhere */
};

/* VMREAD and VMWRITE. A field that does not exist reads 0 and is not written. */
uint64_t pstd_vmcs_read(const struct pstd_vmcs *v, enum pstd_vmx_field field);
void pstd_vmcs_write(struct pstd_vmcs *v, enum pstd_vmx_field field, uint64_t value);

/* Secondary and tertiary controls as they act: all 0 unless the primary ones activate them. */
static inline uint64_t pstd_vmcs_secondary(const struct pstd_vmcs *v)
{
	return v->CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_SECONDARY ? v->SECONDARY_VM_EXEC_CONTROL
	                                                             : 0;
}

static inline uint64_t pstd_vmcs_tertiary(const struct pstd_vmcs *v)
{
	return v->CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_TERTIARY ? v->TERTIARY_VM_EXEC_CONTROL
	                                                            : 0;
}

/*
 * The rules that VM entry checks, in the manual's order: "Checks on VMX
 * Controls", then "Checks on the Guest State Area". A row is the rule's name and
 * what it demands.
 */
#define PSTD_VMCS_CONTROL_RULES(ROW)                                                      \
	ROW(virtual_nmi_needs_nmi, "virtual NMIs need NMI exiting")                       \
	ROW(nmi_window_needs_virtual_nmi, "NMI-window exiting needs virtual NMIs")        \
	ROW(msr_bitmap_addr, "the MSR bitmap is a page within the physical width")        \
	ROW(needs_tpr_shadow, "x2APIC mode, register virtualization, virtual-interrupt "  \
	                      "delivery and IPI virtualization need the TPR shadow")      \
	ROW(vx2_with_vaa, "x2APIC mode excludes virtualized APIC accesses")               \
	ROW(vapic_addr, "the virtual-APIC page is a page within the physical width")      \
	ROW(tpr_threshold, "bits 31:4 of the TPR threshold are zero")                     \
	ROW(tpr_threshold_above_vtpr, "the TPR threshold is at most VTPR's class")        \
	ROW(apic_access_addr, "the APIC-access page is a page within the physical width") \
	ROW(vid_needs_extint, "virtual-interrupt delivery needs external-interrupt exiting") \
	ROW(ppi_needs_vid, "posted interrupts need virtual-interrupt delivery")           \
	ROW(ppi_needs_ack, "posted interrupts need acknowledge on exit")                  \
	ROW(pinv, "bits 15:8 of the notification vector are zero")                        \
	ROW(pid_addr, "the descriptor is 64-byte aligned within the physical width")      \
	ROW(pid_table_addr, "the PID-pointer table is 8-byte aligned within the physical width") \
	ROW(pid_table_end, "the last PID pointer is within the physical width")           \
	ROW(inject_type, "an injected event has a type that exists, and no reserved bit") \
	ROW(inject_vector, "an injected event has a vector of its type")                  \
	ROW(inject_error_code, "an error code comes with the exceptions that have one")   \
	ROW(inject_length, "an injected software interrupt has a length of 1 to 15 bytes")

#define PSTD_VMCS_GUEST_RULES(ROW)                                                        \
	ROW(activity, "the activity state is one of the four")                            \
	ROW(activity_blocked, "blocking by STI or MOV SS needs the active state")         \
	ROW(activity_inject, "the activity state takes the injected event")               \
	ROW(interruptibility, "reserved bits of the interruptibility state are zero")     \
	ROW(sti_with_mov_ss, "blocking is by STI or by MOV SS, not by both")              \
	ROW(sti_needs_if, "blocking by STI needs IF")                                     \
	ROW(inject_needs_if, "an injected external interrupt needs IF")                   \
	ROW(inject_blocked, "an injected event is not blocked")                           \
	ROW(blocking_by_smi, "blocking by SMI needs a VM entry from SMM")

enum pstd_vmcs_rule {
#define PSTD_VMX_ROW(name, demand) PSTD_VMCS_##name,
	PSTD_VMCS_CONTROL_RULES(PSTD_VMX_ROW) PSTD_VMCS_GUEST_RULES(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
	PSTD_VMCS_RULES,
	PSTD_VMCS_FIRST_GUEST_RULE = PSTD_VMCS_activity,
};

/*
 * The rules that a VMCS breaks, as a set with one bit for each; vtpr is the task
 * priority on its virtual-APIC page, address_width that of physical addresses.
 */
uint64_t pstd_vmcs_broken(const struct pstd_vmcs *v, uint8_t vtpr, unsigned address_width);

/* The name of a rule, and what it demands. */
const char *pstd_vmcs_rule_name(enum pstd_vmcs_rule rule);
const char *pstd_vmcs_rule_demand(enum pstd_vmcs_rule rule);

#pragma GCC visibility pop

#endif
