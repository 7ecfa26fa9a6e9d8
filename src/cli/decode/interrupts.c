/* SPDX-License-Identifier: BSD-2-Clause */
/* /proc/interrupts: what one copy shows, or what was added between two. */
#include "cli/decode/interrupts.h"
#include "cli/decode/interrupts_order.h"
#include "cli/decode/interrupts_totals.h"
#include <limits.h>

enum { ROW_TEXT = 256 };

/* What the count of a row of VFIO's means. One copy knows nothing of change. */
static const char *verdict(const struct interrupts *t, const struct irq_row *r, bool is_new,
                           uint64_t total)
{
	if (!irq_class_is_vfio(r->class))
		return is_new ? "not in the first copy: these are since boot" : "";
	if (total)
		return is_new ? "not in the first copy; since it was set up taken by the host"
		              : "taken by the host";
	return is_new           ? "not in the first copy; none since it was set up: "
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

static void add_vfio(struct interrupts *t, const struct irq_row *r, const struct irq_sum *sum)
{
	struct irq_totals *n = &t->totals;

	n->vfio_count += sum->total;
	n->silent += !sum->total;
	n->flat += r->class == IRQ_VFIO_POSTABLE && !sum->total && t->time_passed;
}

static void add_other(struct interrupts *t, const struct irq_row *r, const struct irq_sum *sum)
{
	struct irq_totals *n = &t->totals;

	if (r->class == IRQ_NOTIFICATION) {
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

/* What needs no count of it. */
static void add_kind(struct irq_totals *n, const struct irq_row *r)
{
	bool device = irq_class_is_device(r->class);

	n->vfio += irq_class_is_vfio(r->class);
	n->postable += r->class == IRQ_VFIO_POSTABLE || r->class == IRQ_VFIO_CUT;
	n->notifications += r->class == IRQ_NOTIFICATION;
	n->remapped += device && irq_is_remapped(r->text);
	n->unremapped += device && irq_is_unremapped(r->text);
	n->amd += device && irq_is_amd_vi(r->text);
}

/* Says a row if it matters, and adds it up; not if what was added is not known. */
static void take_row(struct interrupts *t, const struct irq_row *r)
{
	const struct irq_row *old = t->older ? irq_older(t->older, r) : NULL;
	bool shown = irq_class_is_vfio(r->class) || r->class == IRQ_NOTIFICATION;
	json_t *counts = shown && sink_is_json(t->s) ? json_array() : NULL;
	struct irq_sum sum = irq_sum_of(t->last, r, old, counts);
	bool is_new = t->older && !old;

	add_kind(&t->totals, r);
	if (is_new)
		t->totals.fresh += irq_class_is_vfio(r->class);
	else if (irq_class_is_vfio(r->class))
		add_vfio(t, r, &sum);
	else
		add_other(t, r, &sum);
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

/* The CPU of each count. */
static json_t *list_cpus(const struct irq_copy *c)
{
	struct words header = c->header;
	json_t *list = json_array();

	for (unsigned i = 0; i < c->cpus; i++)
		json_array_append_new(list, json_integer(irq_take_cpu(&header, i)));
	return list;
}

static void say(struct interrupts *t)
{
	sink_thing(t->s, "interrupts");
	sink_line(t->s, "/proc/interrupts%s",
	          t->older ? ", what was added between the two" : ", one copy");
	sink_value(t->s, "snapshots", json_integer(t->text->copies));
	sink_value(t->s, "cpus", list_cpus(t->last));
	sink_list(t->s, "rows");
	for (unsigned i = 0; i < t->last->rows; i++)
		take_row(t, &t->last->row[i]);
	sink_close(t->s);
	count_gone(t);
	interrupts_say_totals(t);
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
