/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VMCS fields by their encoding, controls, the MSRs that report them, exit reasons: the
 * part of VMX that interrupt posting touches. SDM volume 3, "Field Encoding in VMCS",
 * "VMX Capability Reporting Facility", "VMX Basic Exit Reasons"; names as in Linux where
 * it has one.
 *
 * All else is left to the caller: the instructions themselves; guest state but RFLAGS,
 * interruptibility and activity, all host state; EPT and VPID; the VM-entry controls and
 * most of the others; most exit reasons, with what they report (EPT violations, CPUID,
 * I/O); most VM-instruction errors.
 */
#ifndef PSTD_VMX_H
#define PSTD_VMX_H

#include <posted/field.h>

/* Fields: a row is encoding, name. */
#define PSTD_VMX_FIELDS(ROW)                           \
	ROW(0x0002, POSTED_INTR_NV)                    \
	ROW(0x0008, LAST_PID_POINTER_INDEX)            \
	ROW(0x0810, GUEST_INTR_STATUS)                 \
	ROW(0x2004, MSR_BITMAP)                        \
	ROW(0x2012, VIRTUAL_APIC_PAGE_ADDR)            \
	ROW(0x2014, APIC_ACCESS_ADDR)                  \
	ROW(0x2016, POSTED_INTR_DESC_ADDR)             \
	ROW(0x201c, EOI_EXIT_BITMAP0)                  \
	ROW(0x201e, EOI_EXIT_BITMAP1)                  \
	ROW(0x2020, EOI_EXIT_BITMAP2)                  \
	ROW(0x2022, EOI_EXIT_BITMAP3)                  \
	ROW(0x2034, TERTIARY_VM_EXEC_CONTROL)          \
	ROW(0x2042, PID_POINTER_TABLE)                 \
	ROW(0x4000, PIN_BASED_VM_EXEC_CONTROL)         \
	ROW(0x4002, CPU_BASED_VM_EXEC_CONTROL)         \
	ROW(0x400c, VM_EXIT_CONTROLS)                  \
	ROW(0x4016, VM_ENTRY_INTR_INFO)                \
	ROW(0x4018, VM_ENTRY_EXCEPTION_ERROR_CODE)     \
	ROW(0x401a, VM_ENTRY_INSTRUCTION_LEN)          \
	ROW(0x401c, TPR_THRESHOLD)                     \
	ROW(0x401e, SECONDARY_VM_EXEC_CONTROL)         \
	ROW(0x4400, VM_INSTRUCTION_ERROR)              \
	ROW(0x4402, VM_EXIT_REASON)                    \
	ROW(0x4404, VM_EXIT_INTR_INFO)                 \
	ROW(0x4408, IDT_VECTORING_INFO)                \
	ROW(0x440a, IDT_VECTORING_ERROR_CODE)          \
	ROW(0x440c, VM_EXIT_INSTRUCTION_LEN)           \
	ROW(0x4824, GUEST_INTERRUPTIBILITY_INFO)       \
	ROW(0x4826, GUEST_ACTIVITY_STATE)              \
	ROW(0x6400, EXIT_QUALIFICATION)                \
	ROW(0x6820, GUEST_RFLAGS)

enum pstd_vmx_field {
#define PSTD_VMX_ROW(encoding, name) PSTD_VMX_##name = encoding,
	PSTD_VMX_FIELDS(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
};

/* Guest interrupt status. */
#define PSTD_VMX_RVI PSTD_BITS(7, 0)  /* requesting virtual interrupt */
#define PSTD_VMX_SVI PSTD_BITS(15, 8) /* servicing virtual interrupt */

PSTD_ASSERT(PSTD_VMX_RVI == 0xff, "RVI is bits 7:0 of the guest interrupt status");
PSTD_ASSERT(PSTD_VMX_SVI == 0xff00, "SVI is bits 15:8 of it");

/* Pin-based controls. */
#define PSTD_VMX_PIN_EXT_INTR PSTD_BIT(0)     /* external interrupts exit */
#define PSTD_VMX_PIN_NMI PSTD_BIT(3)          /* NMIs exit */
#define PSTD_VMX_PIN_VIRTUAL_NMI PSTD_BIT(5)  /* blocking by NMI is the virtual NMI's */
#define PSTD_VMX_PIN_POSTED_INTR PSTD_BIT(7)
/* Processor-based controls. */
#define PSTD_VMX_CPU_INTR_WINDOW PSTD_BIT(2)
#define PSTD_VMX_CPU_HLT PSTD_BIT(7)
#define PSTD_VMX_CPU_MWAIT PSTD_BIT(10)
#define PSTD_VMX_CPU_TERTIARY PSTD_BIT(17)
#define PSTD_VMX_CPU_CR8_LOAD PSTD_BIT(19)
#define PSTD_VMX_CPU_CR8_STORE PSTD_BIT(20)
#define PSTD_VMX_CPU_TPR_SHADOW PSTD_BIT(21)
#define PSTD_VMX_CPU_NMI_WINDOW PSTD_BIT(22)
#define PSTD_VMX_CPU_MSR_BITMAPS PSTD_BIT(28) /* 0: every RDMSR and WRMSR exits */
#define PSTD_VMX_CPU_SECONDARY PSTD_BIT(31)
/* Secondary controls. */
#define PSTD_VMX_SEC_VIRTUALIZE_APIC PSTD_BIT(0)
#define PSTD_VMX_SEC_X2APIC PSTD_BIT(4)
#define PSTD_VMX_SEC_APIC_REGISTER PSTD_BIT(8)
#define PSTD_VMX_SEC_VIRTUAL_INTR PSTD_BIT(9)
/* Tertiary controls. */
#define PSTD_VMX_TER_IPI_VIRT PSTD_BIT(4)
/* Exit controls. */
#define PSTD_VMX_EXIT_ACK_INTR PSTD_BIT(15)

/*
 * Which controls can be 1 and 0. Of these MSRs the low half has the controls that cannot
 * be 0, the high half those that can be 1; the last has 64 of the latter. The TRUE forms
 * exist if PSTD_VMX_BASIC_TRUE is set: they let more be 0.
 */
enum pstd_vmx_msr {
	PSTD_VMX_MSR_BASIC = 0x480,
	PSTD_VMX_MSR_PINBASED_CTLS = 0x481,
	PSTD_VMX_MSR_PROCBASED_CTLS = 0x482,
	PSTD_VMX_MSR_EXIT_CTLS = 0x483,
	PSTD_VMX_MSR_PROCBASED_CTLS2 = 0x48b, /* if secondary controls can be activated */
	PSTD_VMX_MSR_TRUE_PINBASED_CTLS = 0x48d,
	PSTD_VMX_MSR_TRUE_PROCBASED_CTLS = 0x48e,
	PSTD_VMX_MSR_TRUE_EXIT_CTLS = 0x48f,
	PSTD_VMX_MSR_PROCBASED_CTLS3 = 0x492, /* if tertiary controls can be activated */
};
#define PSTD_VMX_BASIC_TRUE PSTD_BIT(55)

/* An entry of the PID-pointer table, 8 bytes: the descriptor's address and a valid bit. */
#define PSTD_VMX_PID_POINTER_VALID PSTD_BIT(0)
#define PSTD_VMX_PID_POINTER_FLAGS PSTD_BITS(5, 0) /* valid, and five reserved bits */

/*
 * The MSR bitmap, one page: a bit for each MSR that exits, first for reads, at
 * 2048 for writes; of each the first half is for MSRs from 0 and the other for
 * those from C0000000H.
 */
#define PSTD_VMX_MSR_BITMAP_SIZE 4096
#define PSTD_VMX_MSR_BITMAP_WRITE 2048
#define PSTD_VMX_MSR_BITMAP_HIGH 1024
#define PSTD_VMX_MSRS 0x2000u
#define PSTD_VMX_MSR_HIGH 0xc0000000u

static inline void pstd_vmx_msr_exits(uint8_t bitmap[PSTD_VMX_MSR_BITMAP_SIZE], uint32_t low_msr,
                                      bool write, bool exits)
{
	uint8_t *byte = &bitmap[(write ? PSTD_VMX_MSR_BITMAP_WRITE : 0) + low_msr / 8];
	uint8_t bit = (uint8_t)(1u << low_msr % 8);

	*byte = (uint8_t)(exits ? *byte | bit : *byte & ~bit);
}

/* Interruption information: of a VM entry, of a VM exit, and IDT-vectoring. */
#define PSTD_VMX_INTR_VECTOR PSTD_BITS(7, 0)
#define PSTD_VMX_INTR_TYPE PSTD_BITS(10, 8)
#define PSTD_VMX_INTR_ERROR_CODE PSTD_BIT(11)
#define PSTD_VMX_INTR_RSVD PSTD_BITS(30, 12)
#define PSTD_VMX_INTR_VALID PSTD_BIT(31)
enum pstd_vmx_intr_type {
	PSTD_VMX_TYPE_EXTERNAL = 0,
	PSTD_VMX_TYPE_RESERVED = 1,
	PSTD_VMX_TYPE_NMI = 2,
	PSTD_VMX_TYPE_HARDWARE_EXCEPTION = 3,
	PSTD_VMX_TYPE_SOFTWARE_INTERRUPT = 4,
	PSTD_VMX_TYPE_PRIVILEGED_EXCEPTION = 5,
	PSTD_VMX_TYPE_SOFTWARE_EXCEPTION = 6,
	PSTD_VMX_TYPE_OTHER = 7,
};
#define PSTD_VMX_NMI_VECTOR 2
#define PSTD_VMX_GP_VECTOR 13

static inline uint64_t pstd_vmx_intr_info(enum pstd_vmx_intr_type type, uint8_t vector)
{
	return PSTD_VMX_INTR_VALID | pstd_field(PSTD_VMX_INTR_TYPE, type) |
	       pstd_field(PSTD_VMX_INTR_VECTOR, vector);
}

/* Interruptibility and activity. */
#define PSTD_VMX_BLOCKING_STI PSTD_BIT(0)
#define PSTD_VMX_BLOCKING_MOV_SS PSTD_BIT(1)
#define PSTD_VMX_BLOCKING_SMI PSTD_BIT(2)
#define PSTD_VMX_BLOCKING_NMI PSTD_BIT(3)
#define PSTD_VMX_RFLAGS_FIXED PSTD_BIT(1) /* always 1 */
#define PSTD_VMX_RFLAGS_IF PSTD_BIT(9)
enum pstd_vmx_activity {
	PSTD_VMX_ACTIVE = 0,
	PSTD_VMX_HLT = 1,
	PSTD_VMX_SHUTDOWN = 2,
	PSTD_VMX_WAIT_SIPI = 3,
	PSTD_VMX_MWAIT = 4, /* the CPU's own: a VMCS never has it */
};

/* VM-instruction errors: control fields that no VM entry accepts. */
#define PSTD_VMX_ERROR_LAUNCH_NOT_CLEAR 4
#define PSTD_VMX_ERROR_RESUME_NOT_LAUNCHED 5
#define PSTD_VMX_ERROR_ENTRY_CONTROLS 7

/* Exit reasons: a row is number, name, as Linux and perf print it. */
#define PSTD_VMX_EXITS(ROW)               \
	ROW(0, EXCEPTION_NMI)             \
	ROW(1, EXTERNAL_INTERRUPT)        \
	ROW(3, INIT_SIGNAL)               \
	ROW(4, SIPI_SIGNAL)               \
	ROW(7, INTERRUPT_WINDOW)          \
	ROW(8, NMI_WINDOW)                \
	ROW(12, HLT)                      \
	ROW(28, CR_ACCESS)                \
	ROW(31, MSR_READ)                 \
	ROW(32, MSR_WRITE)                \
	ROW(33, INVALID_STATE)            \
	ROW(36, MWAIT_INSTRUCTION)        \
	ROW(43, TPR_BELOW_THRESHOLD)      \
	ROW(44, APIC_ACCESS)              \
	ROW(45, EOI_INDUCED)              \
	ROW(56, APIC_WRITE)

enum pstd_vmx_exit_reason {
#define PSTD_VMX_ROW(number, name) PSTD_VMX_EXIT_##name = number,
	PSTD_VMX_EXITS(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
	PSTD_VMX_EXIT_REASONS = 76, /* one past the last that exists */
};

#define PSTD_VMX_EXIT_REASON PSTD_BITS(15, 0)     /* the part of the field that says why */
#define PSTD_VMX_EXIT_ENTRY_FAILURE PSTD_BIT(31)  /* the VM entry failed; with INVALID_STATE */

/*
 * Exit qualifications. EOI-induced: the vector. APIC write: the offset in the
 * page. SIPI: its vector. The others:
 */
#define PSTD_VMX_QUAL_APIC_OFFSET PSTD_BITS(11, 0) /* APIC access */
#define PSTD_VMX_QUAL_APIC_TYPE PSTD_BITS(15, 12)
enum pstd_vmx_apic_access {
	PSTD_VMX_ACCESS_READ = 0,
	PSTD_VMX_ACCESS_WRITE = 1,
	PSTD_VMX_ACCESS_FETCH = 2,
	PSTD_VMX_ACCESS_DELIVERY = 3, /* while an event was delivered */
};
#define PSTD_VMX_QUAL_CR PSTD_BITS(3, 0) /* CR access */
#define PSTD_VMX_QUAL_CR_TYPE PSTD_BITS(5, 4)
enum pstd_vmx_cr_access {
	PSTD_VMX_CR_LOAD = 0,
	PSTD_VMX_CR_STORE = 1,
};

#endif
