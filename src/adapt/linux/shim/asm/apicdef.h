/* SPDX-License-Identifier: BSD-2-Clause */
/* Offsets in an APIC page, and fields of its registers ("Local APIC Register Address Map"). */
#ifndef SHIM_ASM_APICDEF_H
#define SHIM_ASM_APICDEF_H

#define APIC_TASKPRI 0x80
#define APIC_PROCPRI 0xa0
#define APIC_SPIV 0xf0
#define APIC_ISR 0x100
#define APIC_TMR 0x180
#define APIC_IRR 0x200
#define APIC_LVTT 0x320
#define APIC_LVTPC 0x340
#define APIC_LVT0 0x350
#define APIC_LVT_TIMER_ONESHOT 0x00000
#define APIC_LVT_TIMER_TSCDEADLINE 0x40000
#define APIC_LVT_MASKED 0x10000
#define APIC_LVT_LEVEL_TRIGGER 0x8000
#define APIC_VECTOR_MASK 0xff
#define APIC_MODE_MASK 0x700
#define APIC_MODE_EXTINT 7
#define GET_APIC_DELIVERY_MODE(reg) ((reg) >> 8 & 7)

#define APIC_DM_FIXED 0x000
#define APIC_DM_LOWEST 0x100
#define APIC_DM_SMI 0x200
#define APIC_DM_REMRD 0x300
#define APIC_DM_NMI 0x400
#define APIC_DM_INIT 0x500
#define APIC_DM_STARTUP 0x600
#define APIC_DM_EXTINT 0x700

#endif
