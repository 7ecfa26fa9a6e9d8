/* SPDX-License-Identifier: BSD-2-Clause */
/* What a write to GCMD does. Takes both locks of the unit, and drains. */
#ifndef PSTD_HW_VTD_COMMAND_H
#define PSTD_HW_VTD_COMMAND_H

#include <posted/hw/vtd.h>

void pstd_vtd_command(struct pstd_vtd *u, uint64_t value);

#endif
