/* SPDX-License-Identifier: BSD-2-Clause */
/* /proc/interrupts: what one copy shows, or what was added between two. */
#include "cli/decode/interrupts.h"
#include "cli/decode/interrupts_order.h"
#include "cli/decode/interrupts_sum.h"
#include <limits.h>

enum { ROW_TEXT = 256 };

/* What the rows add up to. */
struct totals {
	unsigned vfio, silent, postable, flat, gone, others, notifications;
	unsigned remapped, unremapped, amd;
	uint64_t vfio_count, others_count, remapped_msi_count, pmn;
	struct irq_sum pin;
};

struct interrupts {
	struct sink *s;
	const struct irq_text *text;
	const struct irq_copy *last, *older; /* older is null if there is one copy */
	bool time_passed; /* between the two */
	struct totals totals;
};

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

/* What the count of a row of VFIO's means. One copy knows nothing of change. */
static const char *verdict(const struct interrupts *t, const struct irq_row *r, bool is_new,
                           uint64_t total)
{
	if (!irq_class_is_vfio(r->class))
		return "";
	if (total)
		return is_new ? "new; taken by the host" : "taken by the host";
	return is_new           ? "new; none yet: "
	       : !t->older      ? "none since it was set up: "
	       : t->time_passed ? "flat: "
	                        : "the same, but nothing shows that time passed";
}

/* Blanks that align columns are one. */
static const char *squeezed(struct words text, char to[ROW_TEXT])
{
	size_t size = 0;

	for (; text.at < text.end && size < ROW_TEXT - 1; text.at++)
		if (*text.at != ' ' || (size && to[size - 1] != ' '))
			to[size++] = *text.at;
	to[size] = '\0';
	return to;
}

static void say_remark(struct sink *s, const char *where, const char *says, const char *silence,
                       const char *restarted)
{
	const char *joint = *where && *says ? "; " : "";

	sink_string(s, "says", "%s%s%s%s%s", where, joint, says, silence, restarted);
	if (*where || *says || *restarted)
		sink_line(s, "%20s%s%s%s%s%s", "", where, joint, says, silence, restarted);
}

static void say_row(const struct interrupts *t, const struct irq_row *r, bool is_new,
                    const struct irq_sum *sum, json_t *counts)
{
	const char *says = verdict(t, r, is_new, sum->total);
	bool silent = *says && !sum->total && (!t->older || is_new || t->time_passed);
	int name = (int)words_size(r->name);
	char text[ROW_TEXT], where[IRQ_WHERE];

	sink_open(t->s, NULL);
	sink_string(t->s, "irq", "%.*s", name, r->name.at);
	sink_string(t->s, "text", "%.*s", (int)words_size(r->text), r->text.at);
	sink_string(t->s, "class", "%s", irq_class_name(r->class));
	sink_value(t->s, "total", json_integer((json_int_t)sum->total));
	sink_value(t->s, "restarted", json_boolean(sum->restarted));
	sink_line(t->s, "%-6.*s%12llu  %s", name, r->name.at, (unsigned long long)sum->total,
	          squeezed(r->text, text));
	say_remark(t->s, irq_where(sum, where), says, silent ? irq_class_silence(r->class) : "",
	           sum->restarted ? "; counted anew since, requested again" : "");
	if (counts)
		sink_value(t->s, "counts", json_incref(counts));
	sink_close(t->s);
}

static void add_vfio(struct interrupts *t, const struct irq_row *r, bool is_new,
                     const struct irq_sum *sum)
{
	struct totals *n = &t->totals;
	bool postable = r->class == IRQ_VFIO_POSTABLE;

	n->vfio++;
	n->vfio_count += sum->total;
	n->silent += !sum->total;
	n->postable += postable;
	n->flat += postable && !sum->total && t->time_passed && !is_new;
}

static void add_other(struct interrupts *t, const struct irq_row *r, const struct irq_sum *sum)
{
	struct totals *n = &t->totals;

	n->amd += irq_is_amd_vi(r->text);
	if (r->class == IRQ_NOTIFICATION) {
		n->notifications++;
		if (words_equal(r->name, "PIN"))
			n->pin = *sum;
		if (words_equal(r->name, "PMN"))
			n->pmn = sum->total;
	} else if (r->class == IRQ_HOST) {
		n->others++;
		n->others_count += sum->total;
		n->remapped_msi_count += irq_is_remapped_msi(r->text) ? sum->total : 0;
	}
}

/* Says a row if it matters, and adds it up. */
static void take_row(struct interrupts *t, const struct irq_row *r)
{
	const struct irq_row *old = t->older ? irq_older(t->older, r) : NULL;
	bool shown = irq_class_is_vfio(r->class) || r->class == IRQ_NOTIFICATION;
	json_t *counts = shown && sink_is_json(t->s) ? json_array() : NULL;
	struct irq_sum sum = irq_sum_of(t->last, r, old, counts);
	bool is_new = t->older && !old;

	if (irq_class_is_vfio(r->class))
		add_vfio(t, r, is_new, &sum);
	else
		add_other(t, r, &sum);
	t->totals.remapped += irq_class_is_device(r->class) && irq_is_remapped(r->text);
	t->totals.unremapped += irq_class_is_device(r->class) && irq_is_unremapped(r->text);
	if (shown)
		say_row(t, r, is_new, &sum, counts);
	json_decref(counts);
}

/* The rows of VFIO that only the first copy has. */
static void count_gone(struct interrupts *t)
{
	for (unsigned i = 0; t->older && i < t->older->rows; i++) {
		const struct irq_row *r = &t->older->row[i];

		t->totals.gone += irq_class_is_vfio(r->class) && !irq_older(t->last, r);
	}
}

static void say_sums(const struct interrupts *t)
{
	const struct totals *n = &t->totals;

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
	if (n->gone)
		sink_field(t->s, "vfio_gone", "  gone", SINK_NUMBER, n->gone,
		           "only in the first: freed between the two");
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
	const struct totals *n = &t->totals;

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
	const struct totals *n = &t->totals;
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

static void say(struct interrupts *t)
{
	sink_thing(t->s, "interrupts");
	sink_line(t->s, "/proc/interrupts%s",
	          t->older ? ", what was added between the two" : ", one copy");
	sink_value(t->s, "snapshots", json_integer(t->text->copies));
	sink_list(t->s, "rows");
	for (unsigned i = 0; i < t->last->rows; i++)
		take_row(t, &t->last->row[i]);
	sink_close(t->s);
	count_gone(t);
	say_sums(t);
	say_meaning(t);
	note_vfio(t);
	note_notifications(t);
	note_time(t);
	sink_close(t->s);
}

/* A row out of the middle that only this file has. */
static bool is_row(struct words line)
{
	struct irq_row r;

	if (!irq_parse_row(line, UINT_MAX, &r))
		return false;
	return r.class == IRQ_NOTIFICATION ||
	       (irq_class_is_device(r.class) &&
	        (words_find(r.text, "-edge") || words_find(r.text, "-level") ||
	         words_find(r.text, "-fasteoi") || irq_class_is_vfio(r.class)));
}

bool decode_interrupts_recognize(const struct decode_input *in)
{
	struct words text = words_of(in->text, in->size), line, probe, word;
	unsigned cpus;

	while (words_line(&text, &line)) {
		probe = line;
		if (words_next(&probe, &word))
			return irq_is_header(line, &cpus) || is_row(line);
	}
	return false;
}

bool decode_interrupts(const struct decode_input *in, struct sink *s)
{
	struct irq_text text = { .copies = 0 };
	struct interrupts t = { .s = s, .text = &text };
	bool good = irq_text_read(&text, words_of(in->text, in->size), s);

	if (good && text.copies == IRQ_COPIES)
		good = irq_order_check(&text, s, &t.time_passed);
	if (good) {
		t.last = &text.copy[text.copies - 1];
		t.older = text.copies == IRQ_COPIES ? &text.copy[0] : NULL;
		say(&t);
	}
	irq_text_free(&text);
	return good;
}
