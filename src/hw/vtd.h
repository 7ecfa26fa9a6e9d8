/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VT-d unit's interrupt side: an interrupt request becomes a remapped
 * interrupt, a post to a descriptor, or a fault. VT-d, "Interrupt Remapping"
 * and "Interrupt Posting Hardware Operation".
 *
 * Both functions take no lock and may run in any number of requesters at once,
 * beside software that replaces entries.
 */
#ifndef HW_VTD_H
#define HW_VTD_H

#include "hw/memory.h"
#include <posted/apic.h>
#include <posted/irte.h>
#include <posted/msi.h>
#include <posted/pid.h>

/* Fault reasons; VT-d, "Interrupt Remapping Fault Conditions". */
enum vtd_fault {
	VTD_FAULT_NONE = 0,
	VTD_FAULT_REQUEST_RSVD = 0x20,
	VTD_FAULT_INDEX = 0x21,
	VTD_FAULT_NOT_PRESENT = 0x22,
	VTD_FAULT_TABLE = 0x23,
	VTD_FAULT_IRTE_RSVD = 0x24,
	VTD_FAULT_COMPATIBILITY = 0x25,
	VTD_FAULT_SOURCE = 0x26,
	VTD_FAULT_PID = 0x27,
	VTD_FAULT_PID_RSVD = 0x28,
};

struct vtd {
	const struct memory *memory;
	uint64_t table;      /* physical address of the remapping table */
	uint32_t entries;
	unsigned address_width; /* host address width, bits */
	bool x2apic;         /* IRTA.EIME */
	bool posting;        /* CAP.PI */
	bool enabled;        /* GSTS.IRES */
	bool compatibility;  /* GSTS.CFIS: compatibility requests bypass remapping */
};

enum vtd_kind {
	VTD_BLOCKED,  /* a fault */
	VTD_PASS,     /* not remapped: compatibility format */
	VTD_REMAPPED,
	VTD_POST,
};

struct vtd_request_result {
	enum vtd_kind kind;
	enum vtd_fault fault;
	bool qualified;      /* the entry's FPD bit keeps the fault from being recorded */
	uint32_t index;      /* of the entry, in a remappable request */
	struct apic_msg msg; /* VTD_PASS, VTD_REMAPPED */
	struct pi_desc *pid; /* VTD_POST */
	uint8_t vector;      /* VTD_POST: the virtual vector */
	bool urgent;
};

/* Decodes a request from a source id and looks its entry up. Nothing changes. */
struct vtd_request_result vtd_request(const struct vtd *u, struct msi_msg msg, uint16_t sid);

struct vtd_post_result {
	enum vtd_fault fault; /* VTD_FAULT_PID_RSVD: reserved bits are set, nothing changed */
	bool merged;          /* the vector was posted already */
	bool notify;
	struct apic_msg notification;
};

/*
 * Posts a vector to a descriptor: one locked operation if ON is set already or
 * SN suppresses, two otherwise. VT-d, "Interrupt Posting Hardware Operation".
 */
struct vtd_post_result vtd_post(struct pi_desc *d, uint8_t vector, bool urgent, bool x2apic);

#endif
