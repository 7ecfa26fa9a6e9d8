/* SPDX-License-Identifier: BSD-2-Clause */
/* A host's vectors, none of which is Linux's: no number in src/hyp can stand for one. */
#ifndef UNIT_OWN_VECTORS_H
#define UNIT_OWN_VECTORS_H

#include <posted/host.h>

enum {
	OWN_SPURIOUS = 0x2f, /* its low four bits are 1, as old local APICs ask */
	OWN_FIRST_DEVICE = 0x30,
	OWN_LAST_DEVICE = 0xc4,
	OWN_TIMER = 0xd1,
	OWN_KICK = 0xd3,
	OWN_RESCHEDULE = 0xd4,
	OWN_NESTED = 0xe5,
	OWN_MSI_NOTIFICATION = 0xe6,
	OWN_NOTIFICATION = 0xe8,
	OWN_WAKEUP = 0xf9,
	OWN_CALLERS = 0xf0, /* the library knows nothing of it; Linux's is the nested one */
};

static const struct pstd_vectors own_vectors = {
	.notification = OWN_NOTIFICATION,
	.wakeup = OWN_WAKEUP,
	.nested = OWN_NESTED,
	.msi_notification = OWN_MSI_NOTIFICATION,
	.timer = OWN_TIMER,
	.reschedule = OWN_RESCHEDULE,
	.kick = OWN_KICK,
	.spurious = OWN_SPURIOUS,
	.first_device = OWN_FIRST_DEVICE,
	.last_device = OWN_LAST_DEVICE,
};

#endif
