/* SPDX-License-Identifier: BSD-2-Clause */
/* VM entry and exit, and where the CPUs' interrupts arrive. */
#include "layout.h"

/*
 * bool vm_enter(struct regs *regs, bool launched): runs the guest until it exits; its
 * registers are loaded from regs, and stored there. False: VMfail, the guest did not run.
 */
	.text
	.globl vm_enter, vm_exit
vm_enter:
	push %rbx
	push %rbp
	push %r12
	push %r13
	push %r14
	push %r15
	push %rdi
	movl $HOST_RSP, %eax
	vmwrite %rsp, %rax
	testb %sil, %sil
	/* MOV leaves the flags alone. */
	movq REGS_RAX(%rdi), %rax
	movq REGS_RCX(%rdi), %rcx
	movq REGS_RDX(%rdi), %rdx
	movq REGS_RBX(%rdi), %rbx
	movq REGS_RBP(%rdi), %rbp
	movq REGS_RSI(%rdi), %rsi
	movq REGS_R8 + 0(%rdi), %r8
	movq REGS_R8 + 8(%rdi), %r9
	movq REGS_R8 + 16(%rdi), %r10
	movq REGS_R8 + 24(%rdi), %r11
	movq REGS_R8 + 32(%rdi), %r12
	movq REGS_R8 + 40(%rdi), %r13
	movq REGS_R8 + 48(%rdi), %r14
	movq REGS_R8 + 56(%rdi), %r15
	movq REGS_RDI(%rdi), %rdi
	jnz 1f
	vmlaunch
	jmp 2f
1:	vmresume
	/* VMfail: the next instruction, registers as they were. */
2:	pop %rdi
	xorl %eax, %eax
	jmp 3f
	/* VM exit: RSP is as HOST_RSP has it. */
vm_exit:
	xchgq %rdi, (%rsp)
	movq %rax, REGS_RAX(%rdi)
	movq %rcx, REGS_RCX(%rdi)
	movq %rdx, REGS_RDX(%rdi)
	movq %rbx, REGS_RBX(%rdi)
	movq %rbp, REGS_RBP(%rdi)
	movq %rsi, REGS_RSI(%rdi)
	movq %r8, REGS_R8 + 0(%rdi)
	movq %r9, REGS_R8 + 8(%rdi)
	movq %r10, REGS_R8 + 16(%rdi)
	movq %r11, REGS_R8 + 24(%rdi)
	movq %r12, REGS_R8 + 32(%rdi)
	movq %r13, REGS_R8 + 40(%rdi)
	movq %r14, REGS_R8 + 48(%rdi)
	movq %r15, REGS_R8 + 56(%rdi)
	pop %rax
	movq %rax, REGS_RDI(%rdi)
	movl $1, %eax
3:	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret

/* 256 stubs, 16 bytes apart; each calls target(vector, frame). */
	.macro stubs name, target
	.globl \name
	.balign 16
\name:
	.set vector, 0
	.rept 256
	.balign 16
	pushq $vector
	jmp \name\()_common
	.set vector, vector + 1
	.endr
\name\()_common:
	push %rax
	push %rcx
	push %rdx
	push %rsi
	push %rdi
	push %r8
	push %r9
	push %r10
	push %r11
	movq 72(%rsp), %rdi
	leaq 80(%rsp), %rsi
	cld
	call \target
	pop %r11
	pop %r10
	pop %r9
	pop %r8
	pop %rdi
	pop %rsi
	pop %rdx
	pop %rcx
	pop %rax
	addq $8, %rsp
	iretq
	.endm

	stubs host_stubs, host_interrupt
	stubs guest_stubs, guest_interrupt
	.section .note.GNU-stack, "", @progbits
