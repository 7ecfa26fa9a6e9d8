/* SPDX-License-Identifier: BSD-2-Clause */
/* The switches of a machine file that a run can turn, to compare. */
#include "cli/machine_file.h"
#include <stdio.h>
#include <string.h>

const char *const machine_switch_names[MACHINE_SWITCHES] = {
	[MACHINE_APICV] = "apicv",
	[MACHINE_X2APIC] = "x2apic",
	[MACHINE_IPIV] = "ipiv",
	[MACHINE_POSTED_MSI] = "posted_msi",
};

int machine_file_switch(const char *name)
{
	for (int n = 0; n < MACHINE_SWITCHES; n++)
		if (!strcmp(name, machine_switch_names[n]))
			return n;
	return -1;
}

void machine_file_turn(struct machine_config *c, enum machine_switch s, bool on)
{
	switch (s) {
	case MACHINE_APICV:
		c->software_apic = !on;
		break;
	case MACHINE_X2APIC:
		c->x2apic = on;
		break;
	case MACHINE_IPIV:
		c->ipiv = on;
		break;
	case MACHINE_POSTED_MSI:
		c->posted_msi = on;
		break;
	case MACHINE_SWITCHES:
		break;
	}
}

/* Nothing can be posted without APIC virtualization, by a device or by a CPU. */
static bool can_go_without_apicv(const struct machine_file *m, enum machine_way way,
                                 char why[MACHINE_FILE_ERROR])
{
	const char *not = "apicv cannot be off where";

	for (unsigned n = 0; n < m->device_count; n++)
		if (m->devices[n].way_fixed && m->devices[n].config.way == MACHINE_POSTED) {
			snprintf(why, MACHINE_FILE_ERROR, "%s the way of %s is posted: give it "
			         "another way", not, m->devices[n].name);
			return false;
		}
	if (m->config.ipiv)
		snprintf(why, MACHINE_FILE_ERROR, "%s ipiv is true: set ipiv to false", not);
	else if (way == MACHINE_POSTED)
		snprintf(why, MACHINE_FILE_ERROR, "%s the way is posted: run one of the file's "
		         "other ways, or add one to its ways", not);
	else
		return true;
	return false;
}

bool machine_file_can_turn(const struct machine_file *m, enum machine_switch s, bool on,
                           enum machine_way way, char why[MACHINE_FILE_ERROR])
{
	if (s == MACHINE_APICV && !on)
		return can_go_without_apicv(m, way, why);
	if (s != MACHINE_IPIV || !on || !m->config.software_apic)
		return true;
	snprintf(why, MACHINE_FILE_ERROR,
	         "ipiv cannot be on where apicv is false: set apicv to true");
	return false;
}
