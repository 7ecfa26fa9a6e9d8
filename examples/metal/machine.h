/* SPDX-License-Identifier: BSD-2-Clause */
/* The instructions that C does not have. */
#ifndef METAL_MACHINE_H
#define METAL_MACHINE_H

#include <posted/apic.h>
#include <stdbool.h>
#include <stdint.h>

static inline void outb(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" ::"a"(value), "Nd"(port));
}

static inline uint8_t inb(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline uint64_t rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static inline void wrmsr(uint32_t msr, uint64_t value)
{
	uint32_t low = (uint32_t)value, high = (uint32_t)(value >> 32);

	__asm__ volatile("wrmsr" ::"c"(msr), "a"(low), "d"(high) : "memory");
}

static inline uint64_t rdtsc(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high)::"memory");
	return (uint64_t)high << 32 | low;
}

static inline void cli(void)
{
	__asm__ volatile("cli" ::: "memory");
}

static inline void sti(void)
{
	__asm__ volatile("sti" ::: "memory");
}

/* What is pending is taken; they are off afterwards. */
static inline void take_interrupts(void)
{
	__asm__ volatile("sti; nop; nop; cli" ::: "memory");
}

/* With interrupts on, until one comes; none is missed in between. */
static inline void wait_for_interrupt(void)
{
	__asm__ volatile("sti; hlt; cli" ::: "memory");
}

static inline void pause(void)
{
	__asm__ volatile("pause" ::: "memory");
}

static inline uint64_t irq_save(void)
{
	uint64_t flags;

	__asm__ volatile("pushfq; popq %0; cli" : "=r"(flags)::"memory");
	return flags;
}

static inline void irq_restore(uint64_t flags)
{
	if (flags & 1 << 9)
		sti();
}

/* VMX. That they succeed shows at VM entry. */

static inline void vmclear(uint64_t vmcs)
{
	__asm__ volatile("vmclear %0" ::"m"(vmcs) : "cc", "memory");
}

static inline void vmptrld(uint64_t vmcs)
{
	__asm__ volatile("vmptrld %0" ::"m"(vmcs) : "cc", "memory");
}

static inline uint64_t vmread(uint64_t field)
{
	uint64_t value;

	__asm__ volatile("vmread %1, %0" : "=r"(value) : "r"(field) : "cc", "memory");
	return value;
}

static inline void vmwrite(uint64_t field, uint64_t value)
{
	__asm__ volatile("vmwrite %1, %0" ::"r"(field), "r"(value) : "cc", "memory");
}

/* The local APIC of this CPU. */

static inline uint32_t lapic_read(unsigned offset, bool x2apic)
{
	if (x2apic)
		return (uint32_t)rdmsr(PSTD_APIC_X2APIC_MSR(offset));
	return *(volatile uint32_t *)(uintptr_t)(PSTD_APIC_BASE_DEFAULT + offset);
}

static inline void lapic_write(unsigned offset, uint32_t value, bool x2apic)
{
	if (x2apic)
		wrmsr(PSTD_APIC_X2APIC_MSR(offset), value);
	else
		*(volatile uint32_t *)(uintptr_t)(PSTD_APIC_BASE_DEFAULT + offset) = value;
}

/* Numbers that look random and are the same in every run. */
static inline uint32_t draw(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

static inline void spin(unsigned rounds)
{
	for (volatile unsigned i = 0; i < rounds; i++)
		;
}

#endif
