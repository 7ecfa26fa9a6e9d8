/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/decode/interrupts_totals.h"

static const struct {
	const char *name, *is, *is_not;
} own[] = {
	{ "PIN",
	  "notifications that found their CPU in the host, not in a guest: of devices whose "
	  "interrupts are posted, and of KVM's own posts (timers, IPIs, virtio)",
	  "those that came in guest mode are in no count, so this is not the number of posts" },
	{ "NPI", "notifications for a guest's guest that the host took",
	  "0 is normal without nested guests, and also with them while they run" },
	{ "PIW",
	  "wake-up notifications: posts by devices, and by other vCPUs with IPI virtualization, to "
	  "vCPUs that slept or went to sleep",
	  "KVM's own posts wake without them" },
	{ "PMN", "notifications of the host's own posted MSIs (intremap=posted_msi)",
	  "not the number of device interrupts: one may stand for many, which their rows count" },
};
enum { OWN = sizeof(own) / sizeof(own[0]) };

static void say_sums(const struct interrupts *t)
{
	const struct irq_totals *n = &t->totals;

	sink_field(t->s, "vfio_rows", "vfio rows", SINK_NUMBER, n->vfio,
	           "of devices passed through");
	if (n->vfio && !t->older)
		sink_field(t->s, "vfio_zero", "  at 0", SINK_NUMBER, n->silent,
		           "nothing reached the host since they were set up");
	if (n->vfio && t->older)
		sink_field(t->s, "vfio_flat", "  flat", SINK_NUMBER, n->flat,
		           "may be posted, and nothing reached the host");
	if (n->vfio)
		sink_field(t->s, "vfio_total", "  total", SINK_NUMBER, n->vfio_count,
		           "taken by the host");
	if (n->fresh)
		sink_field(t->s, "vfio_new", "  new", SINK_NUMBER, n->fresh,
		           "only in the second, and not in the total");
	if (n->gone)
		sink_field(t->s, "vfio_gone", "  gone", SINK_NUMBER, n->gone,
		           "only in the first");
	sink_field(t->s, "other_rows", "others", SINK_NUMBER, n->others,
	           "of devices that are not VFIO's");
	sink_field(t->s, "other_total", "  total", SINK_NUMBER, n->others_count, "%s", "");
}

/* The rows that are there, each once. */
static void say_meaning(const struct interrupts *t)
{
	for (unsigned i = 0; i < OWN; i++) {
		struct words name = words_of(own[i].name, 3);

		if (irq_find(t->last, name))
			sink_say(t->s, own[i].name, "%s; %s", own[i].is, own[i].is_not);
	}
	if (!t->totals.notifications && t->last->header.at)
		sink_note(t->s, "there is no row PIN, NPI, PIW or PMN: a kernel without KVM's "
		                "posting, or they were left out");
}

static void note_vfio(const struct interrupts *t)
{
	const struct irq_totals *n = &t->totals;

	if (n->flat)
		sink_note(t->s, "a flat vfio row of a busy device: its interrupts are posted, and "
		                "the host does not see them; but a masked or idle one looks the "
		                "same, so look at the device's own counters too");
	if (t->older && n->vfio_count)
		sink_note(t->s, "vfio rows that count are taken by the host and forwarded: not "
		                "posted, at least not all the time");
	if (n->unremapped && !n->remapped)
		sink_note(t->s, "no chip is one behind IR-: this host does not remap interrupts, "
		                "so nothing can be posted");
	if (n->amd)
		sink_note(t->s, "an AMD host: there AVIC posts, which PIN, NPI, PIW and PMN do "
		                "not count");
}

/* Whose notifications they are can only be told of a whole file. */
static void note_notifications(const struct interrupts *t)
{
	const struct irq_totals *n = &t->totals;
	char where[IRQ_WHERE];

	if (n->pin.total && !n->postable && t->last->header.at)
		sink_note(t->s, "PIN counted %s, and no row of VFIO's is there that may be posted: "
		          "these are KVM's own posts (timers, IPIs, virtio), or vDPA's, to vCPUs "
		          "that ran there", irq_where(&n->pin, where));
	if (n->pmn && n->remapped_msi_count)
		sink_note(t->s, "device interrupts for each PMN: %.1f, if all of the host's are "
		          "posted", (double)n->remapped_msi_count / (double)n->pmn);
}

static void note_time(const struct interrupts *t)
{
	if (!t->older)
		sink_note(t->s, "these are counts since boot, a device's since its interrupt was "
		                "set up; take the file twice to see what goes on now");
	else if (!t->time_passed)
		sink_note(t->s, "no count grew: twice the same copy, or rows that tell nothing of "
		                "time, as LOC does; so nothing can be said of what is flat");
	if (!t->last->header.at)
		sink_note(t->s, "without its line of CPUs the columns are taken for CPU 0, 1, 2 "
		                "and so on");
}

void interrupts_say_totals(const struct interrupts *t)
{
	say_sums(t);
	say_meaning(t);
	note_vfio(t);
	note_notifications(t);
	note_time(t);
}
