/* SPDX-License-Identifier: BSD-2-Clause */
/* What a row of /proc/interrupts is of, and whether what it counts can ever be posted. */
#ifndef CLI_DECODE_INTERRUPTS_CLASS_H
#define CLI_DECODE_INTERRUPTS_CLASS_H

#include "cli/decode/words.h"

enum irq_class {
	IRQ_COUNTER,       /* a CPU's own: LOC, RES, ... */
	IRQ_NOTIFICATION,  /* PIN, NPI, PIW, PMN */
	IRQ_HOST,          /* a device that the host drives */
	IRQ_VFIO_POSTABLE, /* an MSI of VFIO's behind interrupt remapping: KVM may post it */
	IRQ_VFIO_PLAIN,    /* an MSI of VFIO's that is not remapped */
	IRQ_VFIO_ITS,      /* an MSI of VFIO's on an ARM host */
	IRQ_VFIO_INTX,     /* a pin's, which KVM never posts */
	IRQ_VFIO_OTHER,    /* of VFIO and no PCI device's */
	IRQ_VFIO_CUT,      /* an MSI of VFIO's whose chip was left out */
	IRQ_CLASSES,
};

/* By a row's name and its text. */
enum irq_class irq_class_of(struct words name, struct words text);

/* JSON's name of it. */
const char *irq_class_name(enum irq_class class);

/* How no interrupt at the host is to be read, of a class of VFIO's. */
const char *irq_class_silence(enum irq_class class);

static inline bool irq_class_is_vfio(enum irq_class class)
{
	return class >= IRQ_VFIO_POSTABLE;
}

/* Has a number for its name. */
static inline bool irq_class_is_device(enum irq_class class)
{
	return class >= IRQ_HOST;
}

/* Its chip is one behind interrupt remapping; it is one of x86 that is not. */
bool irq_is_remapped(struct words text);
bool irq_is_unremapped(struct words text);

/* Also says that it is an MSI, which intremap=posted_msi may have coalesced. */
bool irq_is_remapped_msi(struct words text);

/* The IOMMU's own interrupt on an AMD host. */
bool irq_is_amd_vi(struct words text);

#endif
