/* SPDX-License-Identifier: BSD-2-Clause */
/* What a write to GCMD does. Takes both locks of the unit, and drains. */
#ifndef HW_VTD_COMMAND_H
#define HW_VTD_COMMAND_H

#include <posted/hw/vtd.h>

void vtd_command(struct vtd *u, uint64_t value);

#endif
