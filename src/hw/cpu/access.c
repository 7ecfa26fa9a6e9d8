/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's ways to an APIC: memory, MSRs, CR8; each goes to the page, exits, or goes through. */
#include "hw/cpu/parts.h"

static enum pstd_cpu_outcome exits(struct pstd_cpu *c, enum pstd_vmx_exit_reason reason,
                                   uint64_t qualification)
{
	pstd_cpu_exit(c, reason, qualification);
	return PSTD_CPU_EXITED;
}

/* The end of an emulated write. Exits are trap-like: the instruction is done. */
static enum pstd_cpu_outcome finish(struct pstd_cpu *c, struct pstd_vapic_result r,
                                    struct pstd_apic_msg *msg)
{
	pstd_cpu_retire(c);
	switch (r.effect) {
	case PSTD_VAPIC_NOTHING:
		break;
	case PSTD_VAPIC_TPR_BELOW_THRESHOLD:
		return exits(c, PSTD_VMX_EXIT_TPR_BELOW_THRESHOLD, 0);
	case PSTD_VAPIC_EOI_INDUCED:
		return exits(c, PSTD_VMX_EXIT_EOI_INDUCED, r.qualification);
	case PSTD_VAPIC_APIC_WRITE:
		return exits(c, PSTD_VMX_EXIT_APIC_WRITE, r.qualification);
	case PSTD_VAPIC_SEND:
		*msg = r.notification;
		return PSTD_CPU_SEND;
	}
	return PSTD_CPU_DONE;
}

/* An APIC-access exit, fault-like: nothing happened yet. */
static enum pstd_cpu_outcome access_exit(struct pstd_cpu *c, enum pstd_vmx_apic_access type,
                                         unsigned offset)
{
	return exits(c, PSTD_VMX_EXIT_APIC_ACCESS, pstd_field(PSTD_VMX_QUAL_APIC_TYPE, type) |
	                                           pstd_field(PSTD_VMX_QUAL_APIC_OFFSET, offset));
}

static bool has_access_page(const struct pstd_cpu *c)
{
	return pstd_vmcs_secondary(c->vmcs) & PSTD_VMX_SEC_VIRTUALIZE_APIC;
}

/* The bits of a register that an access of size bytes at offset covers. */
static uint32_t covered(unsigned offset, unsigned size)
{
	return (uint32_t)(PSTD_BITS(8 * size - 1, 0) << 8 * (offset % 4));
}

enum pstd_cpu_outcome pstd_cpu_mmio_read(struct pstd_cpu *c, unsigned offset, unsigned size,
                                         uint64_t *value)
{
	uint32_t bits;

	if (!has_access_page(c))
		return PSTD_CPU_THROUGH;
	if (!pstd_vapic_reads(&c->vapic, offset, size))
		return access_exit(c, PSTD_VMX_ACCESS_READ, offset);
	bits = covered(offset, size);
	*value = (pstd_apic_read(c->vapic.page, offset) & bits) >> 8 * (offset % 4);
	pstd_cpu_retire(c);
	return PSTD_CPU_DONE;
}

enum pstd_cpu_outcome pstd_cpu_mmio_write(struct pstd_cpu *c, unsigned offset, unsigned size,
                                          uint64_t value, struct pstd_apic_msg *msg)
{
	struct pstd_vapic *v = &c->vapic;
	struct pstd_vapic_result r;
	uint32_t bits, new;

	if (!has_access_page(c))
		return PSTD_CPU_THROUGH;
	if (!pstd_vapic_writes(v, offset, size))
		return access_exit(c, PSTD_VMX_ACCESS_WRITE, offset);
	bits = covered(offset, size);
	new = (uint32_t)value << 8 * (offset % 4);
	pstd_apic_write(v->page, offset, (pstd_apic_read(v->page, offset) & ~bits) | (new & bits));
	r = pstd_vapic_write_emulation(v, offset & ~0xfu);
	/* "The page offset of the write access": of all of it, where it began. */
	if (r.effect == PSTD_VAPIC_APIC_WRITE)
		r.qualification = (uint16_t)offset;
	return finish(c, r, msg);
}

enum pstd_cpu_outcome pstd_cpu_mmio_fetch(struct pstd_cpu *c, unsigned offset)
{
	return has_access_page(c) ? access_exit(c, PSTD_VMX_ACCESS_FETCH, offset)
	                          : PSTD_CPU_THROUGH;
}

/* "Changes to Instruction Behavior": RDMSR and WRMSR, by the MSR bitmap. */
static bool msr_exits(const struct pstd_cpu *c, uint32_t msr, bool write)
{
	const uint8_t *bitmap = c->msr_bitmap;

	if (!bitmap)
		return true;
	if (write)
		bitmap += PSTD_VMX_MSR_BITMAP_WRITE;
	if (msr >= PSTD_VMX_MSR_HIGH) {
		bitmap += PSTD_VMX_MSR_BITMAP_HIGH;
		msr -= PSTD_VMX_MSR_HIGH;
	}
	return msr >= PSTD_VMX_MSRS || bitmap[msr / 8] >> msr % 8 & 1;
}

/* The offset in the page that an x2APIC MSR stands for. */
static bool page_offset(const struct pstd_cpu *c, uint32_t msr, unsigned *offset)
{
	*offset = (msr & 0xff) << 4;
	return (pstd_vmcs_secondary(c->vmcs) & PSTD_VMX_SEC_X2APIC) &&
	       msr >= PSTD_APIC_X2APIC_MSR_FIRST && msr <= PSTD_APIC_X2APIC_MSR_LAST;
}

enum pstd_cpu_outcome pstd_cpu_rdmsr(struct pstd_cpu *c, uint32_t msr, uint64_t *value)
{
	unsigned offset;

	if (msr_exits(c, msr, false))
		return exits(c, PSTD_VMX_EXIT_MSR_READ, 0);
	if (!page_offset(c, msr, &offset) || !pstd_vapic_reads_msr(&c->vapic, offset))
		return PSTD_CPU_THROUGH;
	*value = (uint64_t)pstd_apic_read(c->vapic.page, offset + 4) << 32 |
	         pstd_apic_read(c->vapic.page, offset);
	pstd_cpu_retire(c);
	return PSTD_CPU_DONE;
}

enum pstd_cpu_outcome pstd_cpu_wrmsr(struct pstd_cpu *c, uint32_t msr, uint64_t value,
                                     struct pstd_apic_msg *msg)
{
	unsigned offset;

	if (msr_exits(c, msr, true))
		return exits(c, PSTD_VMX_EXIT_MSR_WRITE, 0);
	if (!page_offset(c, msr, &offset) || !pstd_vapic_writes_msr(&c->vapic, offset))
		return PSTD_CPU_THROUGH;
	if (pstd_vapic_msr_reserved(offset, value))
		return PSTD_CPU_GP;
	return finish(c, pstd_vapic_write_msr(&c->vapic, offset, value), msg);
}

/* Its class, 4 bits, is all of the task priority that CR8 shows. */
enum pstd_cpu_outcome pstd_cpu_mov_to_cr8(struct pstd_cpu *c, uint64_t value)
{
	struct pstd_apic_msg none;

	if (c->vmcs->CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_CR8_LOAD)
		return exits(c, PSTD_VMX_EXIT_CR_ACCESS,
		             pstd_field(PSTD_VMX_QUAL_CR, 8) |
		                     pstd_field(PSTD_VMX_QUAL_CR_TYPE, PSTD_VMX_CR_LOAD));
	if (value >> 4)
		return PSTD_CPU_GP;
	if (!c->vapic.page)
		return PSTD_CPU_THROUGH;
	pstd_apic_write(c->vapic.page, PSTD_APIC_TPR, (uint32_t)value << 4);
	return finish(c, pstd_vapic_write_emulation(&c->vapic, PSTD_APIC_TPR), &none);
}

enum pstd_cpu_outcome pstd_cpu_mov_from_cr8(struct pstd_cpu *c, uint64_t *value)
{
	if (c->vmcs->CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_CR8_STORE)
		return exits(c, PSTD_VMX_EXIT_CR_ACCESS,
		             pstd_field(PSTD_VMX_QUAL_CR, 8) |
		                     pstd_field(PSTD_VMX_QUAL_CR_TYPE, PSTD_VMX_CR_STORE));
	if (!c->vapic.page)
		return PSTD_CPU_THROUGH;
	*value = pstd_apic_read(c->vapic.page, PSTD_APIC_TPR) >> 4 & 0xf;
	pstd_cpu_retire(c);
	return PSTD_CPU_DONE;
}
