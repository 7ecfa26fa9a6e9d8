/* SPDX-License-Identifier: BSD-2-Clause */
/* Words that several decoders use. */
#ifndef CLI_DECODE_SAY_H
#define CLI_DECODE_SAY_H

#include <posted/irte.h>
#include <posted/pid.h>
#include <posted/vtd.h>

enum { SAY_SOURCE = 8, SAY_TARGET = 160 };

/* "01:00.0" */
const char *say_source(uint16_t sid, char text[SAY_SOURCE]);

/* "fixed"; the encodings that are none are "reserved". */
const char *say_delivery(uint8_t mode);

/* What Linux uses a vector for, "" if for devices. */
const char *say_linux_vector(uint8_t vector);

/* Of a vector that every APIC refuses, what to say of it; else "". */
const char *say_refused(uint8_t vector, uint8_t delivery);

/* Which local APICs a 32-bit destination names, in both modes. */
const char *say_target(uint32_t dst, bool logical, char text[SAY_TARGET]);

/* What to check after an interrupt's fault; null if it is none. */
const char *say_fault_check(unsigned reason);

static inline bool say_fault_is_interrupt(unsigned reason)
{
	return reason >= PSTD_VTD_FAULT_REQUEST_RSVD && reason <= PSTD_VTD_FAULT_IR_REQUIRED;
}

/* The manual does not define the index in the records of these. */
static inline bool say_fault_has_index(unsigned reason)
{
	return say_fault_is_interrupt(reason) && reason != PSTD_VTD_FAULT_REQUEST_RSVD &&
	       reason != PSTD_VTD_FAULT_COMPATIBILITY && reason < PSTD_VTD_FAULT_UNTRANSLATED;
}

#endif
