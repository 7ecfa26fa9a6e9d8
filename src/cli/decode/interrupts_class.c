/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux's show_interrupts prints behind the counts: the chip, the interrupt's
 * number in it, "-edge" or " Edge" or the like, and the names of its handlers.
 * A chip behind remapping begins with IR- (vIR- of a guest's unit), one of ARM's
 * ITS with ITS-. Only VFIO's MSIs are offered to KVM to post.
 */
#include "cli/decode/interrupts_class.h"

static const struct {
	const char *name, *silence;
} classes[IRQ_CLASSES] = {
	[IRQ_COUNTER] = { "counter", "" },
	[IRQ_NOTIFICATION] = { "notification", "" },
	[IRQ_HOST] = { "host", "" },
	[IRQ_VFIO_POSTABLE] = { "vfio_msi", "posted, masked or idle" },
	[IRQ_VFIO_PLAIN] = { "vfio_msi_unremapped",
	                     "masked or idle; never posted, as its chip is not one behind IR-" },
	[IRQ_VFIO_ITS] = { "vfio_msi_its",
	                   "masked, idle or delivered by GICv4: an ARM host's, outside of VT-d" },
	[IRQ_VFIO_INTX] = { "vfio_intx", "masked or idle; never posted, as INTx is not" },
	[IRQ_VFIO_OTHER] = { "vfio_other", "masked or idle; never posted, as it is no PCI MSI" },
	[IRQ_VFIO_CUT] = { "vfio_msi_cut",
	                   "masked or idle, or posted, if its chip was one behind IR-" },
};

/* The chip is the first word, in old kernels with "-edge" behind it. */
static struct words chip_of(struct words text)
{
	struct words chip = { text.at, text.at };

	words_next(&text, &chip);
	return chip;
}

static bool begins(struct words w, const char *prefix)
{
	return words_skip(&w, prefix);
}

/* A handler's name that begins so; several are separated by commas. */
static bool has_handler(struct words text, const char *prefix)
{
	struct words word;

	while (words_next(&text, &word))
		if (begins(word, prefix))
			return true;
	return false;
}

bool irq_is_remapped(struct words text)
{
	struct words chip = chip_of(text);

	return begins(chip, "IR-") || begins(chip, "vIR-");
}

bool irq_is_unremapped(struct words text)
{
	struct words chip = chip_of(text);

	return begins(chip, "PCI-MSI") || begins(chip, "IO-APIC");
}

bool irq_is_remapped_msi(struct words text)
{
	return irq_is_remapped(text) && words_find(chip_of(text), "-PCI-MSI");
}

bool irq_is_amd_vi(struct words text)
{
	return has_handler(text, "AMD-Vi");
}

static enum irq_class vfio_class(struct words text)
{
	if (begins(chip_of(text), "vfio-msi"))
		return IRQ_VFIO_CUT;
	if (has_handler(text, "vfio-msix[") || has_handler(text, "vfio-msi["))
		return irq_is_remapped(text)           ? IRQ_VFIO_POSTABLE
		       : begins(chip_of(text), "ITS-") ? IRQ_VFIO_ITS
		                                       : IRQ_VFIO_PLAIN;
	if (has_handler(text, "vfio-intx("))
		return IRQ_VFIO_INTX;
	return has_handler(text, "vfio-") ? IRQ_VFIO_OTHER : IRQ_HOST;
}

static bool is_notification(struct words name)
{
	return words_equal(name, "PIN") || words_equal(name, "NPI") || words_equal(name, "PIW") ||
	       words_equal(name, "PMN");
}

enum irq_class irq_class_of(struct words name, struct words text)
{
	if (name.at < name.end && *name.at >= '0' && *name.at <= '9')
		return vfio_class(text);
	return is_notification(name) ? IRQ_NOTIFICATION : IRQ_COUNTER;
}

const char *irq_class_name(enum irq_class class)
{
	return classes[class].name;
}

const char *irq_class_silence(enum irq_class class)
{
	return classes[class].silence;
}
