/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The unit's own interrupts, the fault event and the completion event of the
 * invalidation queue, with their mask and pending bits. All with the register
 * lock held. VT-d, "Fault Events" and "Invalidation Event Control Register".
 */
#ifndef PSTD_HW_VTD_EVENT_H
#define PSTD_HW_VTD_EVENT_H

#include <posted/hw/vtd.h>

/* Sets bits of FSTS: the event, if nothing was pending there before. */
struct pstd_vtd_event pstd_vtd_event_fault(struct pstd_vtd *u, uint64_t bits);

/* A wait descriptor is complete: sets IWC; the event, if it was clear. */
struct pstd_vtd_event pstd_vtd_event_complete(struct pstd_vtd *u);

/* What follows when software wrote FSTS, FECTL, ICS, IECTL, or the F bit of a record. */
struct pstd_vtd_event pstd_vtd_event_fsts(struct pstd_vtd *u);
struct pstd_vtd_event pstd_vtd_event_fectl(struct pstd_vtd *u);
struct pstd_vtd_event pstd_vtd_event_ics(struct pstd_vtd *u);
struct pstd_vtd_event pstd_vtd_event_iectl(struct pstd_vtd *u);
struct pstd_vtd_event pstd_vtd_event_frcd(struct pstd_vtd *u);

#endif
