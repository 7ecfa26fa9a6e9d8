/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VMCS fields by their encoding, controls, exit reasons: the part of VMX that
 * interrupt posting touches. SDM volume 3, "Field Encoding in VMCS" and "VMX
 * Basic Exit Reasons"; names as in Linux where it has one.
 */
#ifndef POSTED_VMX_H
#define POSTED_VMX_H

#include <posted/field.h>

/* Fields: a row is encoding, name. */
#define VMX_FIELDS(ROW)                                \
	ROW(0x0002, POSTED_INTR_NV)                    \
	ROW(0x0810, GUEST_INTR_STATUS)                 \
	ROW(0x2012, VIRTUAL_APIC_PAGE_ADDR)            \
	ROW(0x2016, POSTED_INTR_DESC_ADDR)             \
	ROW(0x201c, EOI_EXIT_BITMAP0)                  \
	ROW(0x201e, EOI_EXIT_BITMAP1)                  \
	ROW(0x2020, EOI_EXIT_BITMAP2)                  \
	ROW(0x2022, EOI_EXIT_BITMAP3)                  \
	ROW(0x4000, PIN_BASED_VM_EXEC_CONTROL)         \
	ROW(0x4002, CPU_BASED_VM_EXEC_CONTROL)         \
	ROW(0x400c, VM_EXIT_CONTROLS)                  \
	ROW(0x401e, SECONDARY_VM_EXEC_CONTROL)         \
	ROW(0x4402, VM_EXIT_REASON)                    \
	ROW(0x4404, VM_EXIT_INTR_INFO)                 \
	ROW(0x4824, GUEST_INTERRUPTIBILITY_INFO)       \
	ROW(0x4826, GUEST_ACTIVITY_STATE)              \
	ROW(0x6400, EXIT_QUALIFICATION)                \
	ROW(0x6820, GUEST_RFLAGS)

enum vmx_field {
#define VMX_ROW(encoding, name) VMX_##name = encoding,
	VMX_FIELDS(VMX_ROW)
#undef VMX_ROW
};

/* Guest interrupt status. */
#define VMX_RVI PI_BITS(7, 0)  /* requesting virtual interrupt */
#define VMX_SVI PI_BITS(15, 8) /* servicing virtual interrupt */

POSTED_ASSERT(VMX_RVI == 0xff, "RVI is bits 7:0 of the guest interrupt status");
POSTED_ASSERT(VMX_SVI == 0xff00, "SVI is bits 15:8 of it");

/* Pin-based controls. */
#define VMX_PIN_EXT_INTR PI_BIT(0)
#define VMX_PIN_POSTED_INTR PI_BIT(7)
/* Processor-based controls. */
#define VMX_CPU_INTR_WINDOW PI_BIT(2)
#define VMX_CPU_HLT PI_BIT(7)
#define VMX_CPU_TPR_SHADOW PI_BIT(21)
#define VMX_CPU_MSR_BITMAPS PI_BIT(28)
#define VMX_CPU_SECONDARY PI_BIT(31)
/* Secondary controls. */
#define VMX_SEC_VIRTUALIZE_APIC PI_BIT(0)
#define VMX_SEC_X2APIC PI_BIT(4)
#define VMX_SEC_APIC_REGISTER PI_BIT(8)
#define VMX_SEC_VIRTUAL_INTR PI_BIT(9)
/* Exit controls. */
#define VMX_EXIT_ACK_INTR PI_BIT(15)

/* VM-exit interruption information. */
#define VMX_INTR_VECTOR PI_BITS(7, 0)
#define VMX_INTR_VALID PI_BIT(31)

/* Interruptibility and activity. */
#define VMX_BLOCKING_STI PI_BIT(0)
#define VMX_BLOCKING_MOV_SS PI_BIT(1)
#define VMX_RFLAGS_FIXED PI_BIT(1) /* always 1 */
#define VMX_RFLAGS_IF PI_BIT(9)
enum vmx_activity {
	VMX_ACTIVE = 0,
	VMX_HLT = 1,
};

/* Exit reasons: a row is number, name, as Linux and perf print it. */
#define VMX_EXITS(ROW)                    \
	ROW(1, EXTERNAL_INTERRUPT)        \
	ROW(12, HLT)                      \
	ROW(32, MSR_WRITE)                \
	ROW(45, EOI_INDUCED)              \
	ROW(56, APIC_WRITE)

enum vmx_exit_reason {
#define VMX_ROW(number, name) VMX_EXIT_##name = number,
	VMX_EXITS(VMX_ROW)
#undef VMX_ROW
	VMX_EXIT_REASONS = 76, /* one past the last that exists */
};

#endif
