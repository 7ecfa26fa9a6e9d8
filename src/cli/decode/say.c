/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/decode/say.h"
#include <posted/apic.h>
#include <posted/host.h>
#include <stdio.h>

/* By reason, from 20h. */
static const char *const checks[] = {
	[PSTD_VTD_FAULT_REQUEST_RSVD - 0x20] =
		"with SHV set, data bits 31:16 must be 0: who wrote the device's MSI data?",
	[PSTD_VTD_FAULT_INDEX - 0x20] =
		"the table's size (IRTA.S) against the handle and subhandle in the device's MSI",
	[PSTD_VTD_FAULT_NOT_PRESENT - 0x20] =
		"the device still sends a message whose entry was freed, or it kept one from "
		"before a reset or kexec: mask or reset it before the entry goes",
	[PSTD_VTD_FAULT_TABLE - 0x20] =
		"the table's address in IRTA, and that its memory is good",
	[PSTD_VTD_FAULT_IRTE_RSVD - 0x20] =
		"decode the entry; a posted one needs CAP.PI, and in xAPIC mode DST has only bits "
		"15:8",
	[PSTD_VTD_FAULT_COMPATIBILITY - 0x20] =
		"the device sends a message that was never remapped: programmed by firmware, by "
		"a previous kernel or by the guest itself",
	[PSTD_VTD_FAULT_SOURCE - 0x20] =
		"the entry's SVT, SQ and SID against the requester: a bridge or an alias changes "
		"the source id; else a device (or its guest) forges messages",
	[PSTD_VTD_FAULT_PID - 0x20] =
		"the descriptor's address in the entry: freed, or not memory",
	[PSTD_VTD_FAULT_PID_RSVD - 0x20] =
		"decode the descriptor; in xAPIC mode NDST has only bits 15:8",
	[PSTD_VTD_FAULT_UNTRANSLATED - 0x20] =
		"the device reads 0xfeexxxxx, or writes there what is not one dword: a stray DMA "
		"address",
	[PSTD_VTD_FAULT_EIM_REQUIRED - 0x20] =
		"turn x2APIC mode on before remapping",
	[PSTD_VTD_FAULT_IR_REQUIRED - 0x20] =
		"an interrupt before remapping was enabled, or after it was turned off",
};

const char *say_source(uint16_t sid, char text[SAY_SOURCE])
{
	snprintf(text, SAY_SOURCE, "%02x:%02x.%x", sid >> 8 & 0xffu, sid >> 3 & 0x1fu, sid & 7u);
	return text;
}

const char *say_delivery(uint8_t mode)
{
	static const char *const names[8] = {
		[PSTD_APIC_DM_FIXED] = "fixed",
		[PSTD_APIC_DM_LOWEST] = "lowest priority",
		[PSTD_APIC_DM_SMI] = "SMI",
		[3] = "reserved",
		[PSTD_APIC_DM_NMI] = "NMI",
		[PSTD_APIC_DM_INIT] = "INIT",
		[6] = "reserved",
		[PSTD_APIC_DM_EXTINT] = "ExtINT",
	};

	return names[mode & 7];
}

const char *say_refused(uint8_t vector, uint8_t delivery)
{
	bool has_vector = delivery == PSTD_APIC_DM_FIXED || delivery == PSTD_APIC_DM_LOWEST;

	return has_vector && vector < 0x10 ? ", where it is refused: no APIC takes a vector below "
	                                     "0x10" : "";
}

const char *say_linux_vector(uint8_t vector)
{
	switch (vector) {
	case PSTD_LINUX_NOTIFICATION:
		return "Linux: posted-interrupt notification";
	case PSTD_LINUX_WAKEUP:
		return "Linux: posted-interrupt wake-up";
	case PSTD_LINUX_NESTED:
		return "Linux: nested posted interrupt";
	case PSTD_LINUX_MSI_NOTIFICATION:
		return "Linux: posted MSI notification";
	default:
		return "";
	}
}

static const char *say_logical(uint32_t dst, char text[SAY_TARGET])
{
	snprintf(text, SAY_TARGET,
	         "logical destination 0x%08x (x2APIC: members 0x%04x of cluster %u) or 0x%02x "
	         "(xAPIC)", dst, dst & 0xffff, dst >> 16,
	         (unsigned)pstd_destination(pstd_field(PSTD_NDST, dst), false));
	return text;
}

const char *say_target(uint32_t dst, bool logical, char text[SAY_TARGET])
{
	uint64_t control = pstd_control(0, dst);

	if (logical)
		return say_logical(dst, text);
	if (!dst)
		snprintf(text, SAY_TARGET, "APIC 0 (x2APIC and xAPIC)");
	else if (control & PSTD_NDST & ~PSTD_NDST_XAPIC)
		snprintf(text, SAY_TARGET,
		         "APIC %u (x2APIC; not valid in xAPIC mode, where only bits 15:8 count)",
		         pstd_destination(control, true));
	else
		snprintf(text, SAY_TARGET, "APIC %u (x2APIC) or %u (xAPIC)",
		         pstd_destination(control, true), pstd_destination(control, false));
	return text;
}

const char *say_fault_check(unsigned reason)
{
	return say_fault_is_interrupt(reason) ? checks[reason - 0x20] : NULL;
}
