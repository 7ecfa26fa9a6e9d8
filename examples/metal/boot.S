/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From power-on to 64-bit mode. The boot sector loads the rest of the image behind itself and
 * makes page tables; then its CPU, and later each other, comes to start.
 */
#include "layout.h"

	.section .boot, "ax"
	.code16
	.globl boot
boot:
	cli
	xorw %ax, %ax
	movw %ax, %ds
	movw %ax, %ss
	movw $BOOT_SECTOR, %sp
	movb %dl, drive
	/* A20: addresses above 1 MiB. */
	inb $0x92, %al
	orb $2, %al
	andb $0xfe, %al
	outb %al, $0x92
	/* One sector after the other. */
	movw $image_sectors, %cx
load:
	pushw %cx
	movw $packet, %si
	movb drive, %dl
	movb $0x42, %ah
	int $0x13
	jc failed
	addw $512 / 16, packet_segment
	incw packet_sector
	popw %cx
	loop load
	/* 4 GiB, mapped one to one by pages of 2 MiB: present, writable. */
	movw $PAGE_TABLES >> 4, %ax
	movw %ax, %es
	xorw %di, %di
	xorl %eax, %eax
	movw $0x6000 / 4, %cx
	cld
	rep stosl
	movl $PAGE_TABLES + 0x1000 + 3, %es:0
	movl $PAGE_TABLES + 0x2000 + 3, %es:0x1000
	movl $PAGE_TABLES + 0x3000 + 3, %es:0x1008
	movl $PAGE_TABLES + 0x4000 + 3, %es:0x1010
	movl $PAGE_TABLES + 0x5000 + 3, %es:0x1018
	movw $0x2000, %di
	movl $0x83, %eax
	movw $2048, %cx
map:
	movl %eax, %es:(%di)
	addl $0x200000, %eax
	addw $8, %di
	loop map
	ljmp $0, $start
failed:
	hlt
	jmp failed

drive:
	.byte 0
	.balign 4
packet:
	.byte 16, 0
	.word 1, 0
packet_segment:
	.word (BOOT_SECTOR + 512) / 16
packet_sector:
	.quad 1
	.org 510
	.word 0xaa55

	/* A page of its own, below 1 MiB. */
	.section .start, "ax"
	.code16
	.globl start
start:
	cli
	xorw %ax, %ax
	movw %ax, %ds
	lgdtl gdtr
	movl %cr0, %eax
	orl $1, %eax			/* PE */
	movl %eax, %cr0
	ljmpl $CODE32, $protected
	.code32
protected:
	movw $DATA, %ax
	movw %ax, %ds
	movw %ax, %es
	movw %ax, %ss
	movw %ax, %fs
	movw %ax, %gs
	movl %cr4, %eax
	orl $1 << 5, %eax		/* PAE */
	movl %eax, %cr4
	movl $PAGE_TABLES, %eax
	movl %eax, %cr3
	movl $0xc0000080, %ecx		/* IA32_EFER */
	rdmsr
	orl $1 << 8, %eax		/* LME */
	wrmsr
	movl %cr0, %eax
	orl $1 << 31, %eax		/* PG */
	movl %eax, %cr0
	ljmp $CODE64, $long_mode
	.code64
long_mode:
	/* The next index, and its stack. */
	movl $1, %edi
	lock xaddl %edi, cpus_started
	movl %edi, %eax
	incl %eax
	imull $STACK_SIZE, %eax, %eax
	leaq stacks(%rax), %rsp
	call cpu_start
halt:
	cli
	hlt
	jmp halt

	.balign 8
gdt:
	.quad 0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x00af9b000000ffff
gdtr:
	.word gdtr - gdt - 1
	.long gdt

	.data
	.balign 8
cpus_started:
	.long 0

	.section .stacks, "aw", @nobits
	.balign 16
stacks:
	.skip 3 * STACK_SIZE
	.section .note.GNU-stack, "", @progbits
