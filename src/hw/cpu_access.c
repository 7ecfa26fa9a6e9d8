/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's ways to an APIC: memory, MSRs, CR8; each goes to the page, exits, or goes through. */
#include "hw/cpu_parts.h"

static enum cpu_outcome exits(struct cpu *c, enum vmx_exit_reason reason, uint64_t qualification)
{
	cpu_exit(c, reason, qualification);
	return CPU_EXITED;
}

/* The end of an emulated write. Exits are trap-like: the instruction is done. */
static enum cpu_outcome finish(struct cpu *c, struct vapic_result r, struct apic_msg *msg)
{
	cpu_retire(c);
	switch (r.effect) {
	case VAPIC_NOTHING:
		break;
	case VAPIC_TPR_BELOW_THRESHOLD:
		return exits(c, VMX_EXIT_TPR_BELOW_THRESHOLD, 0);
	case VAPIC_EOI_INDUCED:
		return exits(c, VMX_EXIT_EOI_INDUCED, r.qualification);
	case VAPIC_APIC_WRITE:
		return exits(c, VMX_EXIT_APIC_WRITE, r.qualification);
	case VAPIC_SEND:
		*msg = r.notification;
		return CPU_SEND;
	}
	return CPU_DONE;
}

/* An APIC-access exit, fault-like: nothing happened yet. */
static enum cpu_outcome access_exit(struct cpu *c, enum vmx_apic_access type, unsigned offset)
{
	return exits(c, VMX_EXIT_APIC_ACCESS, pi_field(VMX_QUAL_APIC_TYPE, type) |
	                                      pi_field(VMX_QUAL_APIC_OFFSET, offset));
}

static bool has_access_page(const struct cpu *c)
{
	return vmcs_secondary(c->vmcs) & VMX_SEC_VIRTUALIZE_APIC;
}

/* The bits of a register that an access of size bytes at offset covers. */
static uint32_t covered(unsigned offset, unsigned size)
{
	return (uint32_t)(PI_BITS(8 * size - 1, 0) << 8 * (offset % 4));
}

enum cpu_outcome cpu_mmio_read(struct cpu *c, unsigned offset, unsigned size, uint64_t *value)
{
	uint32_t bits;

	if (!has_access_page(c))
		return CPU_THROUGH;
	if (!vapic_reads(&c->vapic, offset, size))
		return access_exit(c, VMX_ACCESS_READ, offset);
	bits = covered(offset, size);
	*value = (apic_read(c->vapic.page, offset) & bits) >> 8 * (offset % 4);
	cpu_retire(c);
	return CPU_DONE;
}

enum cpu_outcome cpu_mmio_write(struct cpu *c, unsigned offset, unsigned size, uint64_t value,
                                struct apic_msg *msg)
{
	struct vapic *v = &c->vapic;
	struct vapic_result r;
	uint32_t bits, new;

	if (!has_access_page(c))
		return CPU_THROUGH;
	if (!vapic_writes(v, offset, size))
		return access_exit(c, VMX_ACCESS_WRITE, offset);
	bits = covered(offset, size);
	new = (uint32_t)value << 8 * (offset % 4);
	apic_write(v->page, offset, (apic_read(v->page, offset) & ~bits) | (new & bits));
	r = vapic_write_emulation(v, offset & ~0xfu);
	/* "The page offset of the write access": of all of it, where it began. */
	if (r.effect == VAPIC_APIC_WRITE)
		r.qualification = (uint16_t)offset;
	return finish(c, r, msg);
}

enum cpu_outcome cpu_mmio_fetch(struct cpu *c, unsigned offset)
{
	return has_access_page(c) ? access_exit(c, VMX_ACCESS_FETCH, offset) : CPU_THROUGH;
}

/* "Changes to Instruction Behavior": RDMSR and WRMSR, by the MSR bitmap. */
static bool msr_exits(const struct cpu *c, uint32_t msr, bool write)
{
	const uint8_t *bitmap = c->msr_bitmap;

	if (!bitmap)
		return true;
	if (write)
		bitmap += VMX_MSR_BITMAP_WRITE;
	if (msr >= VMX_MSR_HIGH) {
		bitmap += VMX_MSR_BITMAP_HIGH;
		msr -= VMX_MSR_HIGH;
	}
	return msr >= VMX_MSRS || bitmap[msr / 8] >> msr % 8 & 1;
}

/* The offset in the page that an x2APIC MSR stands for. */
static bool page_offset(const struct cpu *c, uint32_t msr, unsigned *offset)
{
	*offset = (msr & 0xff) << 4;
	return (vmcs_secondary(c->vmcs) & VMX_SEC_X2APIC) && msr >= APIC_X2APIC_MSR_FIRST &&
	       msr <= APIC_X2APIC_MSR_LAST;
}

enum cpu_outcome cpu_rdmsr(struct cpu *c, uint32_t msr, uint64_t *value)
{
	unsigned offset;

	if (msr_exits(c, msr, false))
		return exits(c, VMX_EXIT_MSR_READ, 0);
	if (!page_offset(c, msr, &offset) || !vapic_reads_msr(&c->vapic, offset))
		return CPU_THROUGH;
	*value = (uint64_t)apic_read(c->vapic.page, offset + 4) << 32 |
	         apic_read(c->vapic.page, offset);
	cpu_retire(c);
	return CPU_DONE;
}

enum cpu_outcome cpu_wrmsr(struct cpu *c, uint32_t msr, uint64_t value, struct apic_msg *msg)
{
	unsigned offset;

	if (msr_exits(c, msr, true))
		return exits(c, VMX_EXIT_MSR_WRITE, 0);
	if (!page_offset(c, msr, &offset) || !vapic_writes_msr(&c->vapic, offset))
		return CPU_THROUGH;
	if (vapic_msr_reserved(offset, value))
		return CPU_GP;
	return finish(c, vapic_write_msr(&c->vapic, offset, value), msg);
}

/* Its class, 4 bits, is all of the task priority that CR8 shows. */
enum cpu_outcome cpu_mov_to_cr8(struct cpu *c, uint64_t value)
{
	struct apic_msg none;

	if (c->vmcs->CPU_BASED_VM_EXEC_CONTROL & VMX_CPU_CR8_LOAD)
		return exits(c, VMX_EXIT_CR_ACCESS, pi_field(VMX_QUAL_CR, 8) |
		                                    pi_field(VMX_QUAL_CR_TYPE, VMX_CR_LOAD));
	if (value >> 4)
		return CPU_GP;
	if (!c->vapic.page)
		return CPU_THROUGH;
	apic_write(c->vapic.page, APIC_TPR, (uint32_t)value << 4);
	return finish(c, vapic_write_emulation(&c->vapic, APIC_TPR), &none);
}

enum cpu_outcome cpu_mov_from_cr8(struct cpu *c, uint64_t *value)
{
	if (c->vmcs->CPU_BASED_VM_EXEC_CONTROL & VMX_CPU_CR8_STORE)
		return exits(c, VMX_EXIT_CR_ACCESS, pi_field(VMX_QUAL_CR, 8) |
		                                    pi_field(VMX_QUAL_CR_TYPE, VMX_CR_STORE));
	if (!c->vapic.page)
		return CPU_THROUGH;
	*value = apic_read(c->vapic.page, APIC_TPR) >> 4 & 0xf;
	cpu_retire(c);
	return CPU_DONE;
}
