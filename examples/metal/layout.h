/* SPDX-License-Identifier: BSD-2-Clause */
/* Where things are in memory, for C and assembly. Physical and linear addresses are the same. */
#ifndef METAL_LAYOUT_H
#define METAL_LAYOUT_H

#define BOOT_SECTOR 0x7c00 /* the firmware loads it here; the rest of the disk follows */
#define START 0x8000 /* where each CPU begins, in real mode; a start-up IPI names its page */
#define PAGE_TABLES 0x70000 /* PML4, PDPT, four page directories */
#define LAZY_STACKS 0x100000000 /* of guests: mapped when they are touched */
#define LAZY_STACK 0x200000 /* each a large page */

#define CODE32 0x08
#define DATA 0x10
#define CODE64 0x18
#define TASK 0x20

#define STACK_SIZE 0x4000

/* Offsets in struct regs. */
#define REGS_RAX 0
#define REGS_RCX 8
#define REGS_RDX 16
#define REGS_RBX 24
#define REGS_RBP 32
#define REGS_RSI 40
#define REGS_RDI 48
#define REGS_R8 56

#define HOST_RSP 0x6c14 /* a VMCS field */

#endif
