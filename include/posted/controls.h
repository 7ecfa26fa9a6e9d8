/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU's VMCS: which controls it has, and who writes it when.
 *
 * First the caller, before the first load: VMCLEAR, then the bits of the control words
 * that its CPU wants as 1 (default1), and all fields and controls of its own. At the first
 * load the library sets and clears in the control words what pstd_controls says, and
 * leaves their other bits; and it writes, once: the notification vector, the addresses of
 * descriptor, APIC page and PID-pointer table, the last index. Whoever writes a whole
 * control word after that erases the library's bits, unless it keeps what pstd_controls
 * says. At entries and exits the library writes:
 *
 *   GUEST_INTR_STATUS            as the APIC page has it, at the first load; RVI before an
 *                                entry; SVI at an EOI that exits
 *   TPR_THRESHOLD                0 at the first load; without APIC virtualization, then too
 *   CPU_BASED_VM_EXEC_CONTROL    interrupt-window and NMI-window exiting: its own
 *   GUEST_INTERRUPTIBILITY_INFO  clears blocking by STI and MOV SS after an instruction
 *                                that it carried out, by NMI if an NMI's delivery was
 *                                cut short
 *   VM_ENTRY_INTR_INFO           if its valid bit is clear, before an entry: an interrupt
 *                                or an NMI, taken back if the entry is cancelled. At an
 *                                exit: #GP(0), or an exception or a software interrupt
 *                                whose delivery was cut short, with
 *   VM_ENTRY_EXCEPTION_ERROR_CODE, VM_ENTRY_INSTRUCTION_LEN
 *
 * It reads those and VM_EXIT_REASON, EXIT_QUALIFICATION, VM_EXIT_INTR_INFO,
 * VM_EXIT_INSTRUCTION_LEN, IDT_VECTORING_INFO and its error code, GUEST_RFLAGS,
 * GUEST_ACTIVITY_STATE. All else is the caller's: RIP, the APIC-access page, the MSR
 * bitmap.
 *
 * An event of the caller's own goes into VM_ENTRY_INTR_INFO between pstd_vcpu_exit and
 * pstd_vcpu_enter. It goes first; the library's waits for a later entry, at a window. It
 * ends a halt, if it is there when pstd_vcpu_block is called.
 * If there is an exception of the last exit's in the field, the caller combines the
 * two (into #DF, perhaps) or replaces it: its instruction is then begun anew. Exits
 * for the host's own NMIs are the caller's to handle, and exits that say that an
 * IRET had unblocked NMIs: blocking by NMI is to be set again for it.
 */
#ifndef PSTD_CONTROLS_H
#define PSTD_CONTROLS_H

#include <posted/vm.h>
#include <posted/vmx.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* What a word of controls must have: 1 where required, 0 where forbidden. */
struct pstd_control_bits {
	uint64_t required, forbidden;
};

struct pstd_controls {
	struct pstd_control_bits pin, cpu, secondary, tertiary, exit;
};

/*
 * The controls that the library wants in a VM's VMCSs. Who writes a whole word writes
 * (its own & ~forbidden) | required, and for cpu, which is CPU_BASED_VM_EXEC_CONTROL,
 * v->windows too. Any time.
 */
void pstd_controls(const struct pstd_vm *vm, struct pstd_controls *c);

/*
 * What a CPU says that its controls can be: the values of IA32_VMX_PINBASED_CTLS,
 * _PROCBASED_CTLS, _PROCBASED_CTLS2, _PROCBASED_CTLS3 and _EXIT_CTLS (vmx.h), or of their
 * TRUE forms if it has them; 0 for one that it does not have.
 */
struct pstd_vmx_capabilities {
	uint64_t pin, cpu, secondary, tertiary, exit;
};

/*
 * Whether a CPU lets controls be as the library wants them in a VM's VMCSs: null, or the
 * manual's name of the first that it does not. Any time.
 */
const char *pstd_controls_missing(const struct pstd_vm *vm, const struct pstd_vmx_capabilities *c);

/*
 * Says in an MSR bitmap which of a guest's accesses to x2APIC registers exit: all but
 * those that the CPU virtualizes as the manual has them. In xAPIC mode all. Any time.
 */
void pstd_msr_bitmap(const struct pstd_vm *vm, uint8_t bitmap[PSTD_VMX_MSR_BITMAP_SIZE]);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
