/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /proc/interrupts: one, or two whose difference is taken. Counts stay in the
 * text and are read from there when they are needed.
 */
#include "cli/decode/interrupts.h"
#include "cli/decode/words.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 8192, SNAPSHOTS = 2 };

struct row {
	struct words name, counts, text; /* "24", the rest of its line, what is behind the counts */
	unsigned cpus;
};

struct snapshot {
	struct row *row;
	unsigned rows, room;
	unsigned cpus;       /* as the header says; UINT_MAX without one */
	struct words header; /* empty without one */
};

struct interrupts_text {
	struct sink *s;
	struct snapshot snapshot[SNAPSHOTS];
	unsigned count;
	unsigned line;
};

/* A row's counts of all CPUs; of two snapshots, what was added between them. */
struct sum {
	uint64_t total;
	bool restarted; /* a count went back: the row is of another request of the interrupt */
	json_t *counts; /* by CPU; null in text */
};

static const struct {
	const char *name, *is, *is_not;
} own[] = {
	{ "PIN", "notifications that the host took, as the CPU was not running that vCPU then",
	  "those that came in guest mode are in no count, so this is not the number of posts" },
	{ "NPI", "notifications for a guest's guest that the host took",
	  "0 is normal without nested guests, and also with them while they run" },
	{ "PIW", "wake-up notifications: posts to halted vCPUs",
	  "posts by software, and what came before the vCPU was woken, are not in it" },
	{ "PMN", "notifications of the host's own posted MSIs (intremap=posted_msi)",
	  "not the number of device interrupts: one may stand for many, which their rows count" },
};
enum { OWN = sizeof(own) / sizeof(own[0]) };

static bool is_header(struct words line, unsigned *cpus)
{
	struct words word;
	uint64_t number;

	for (*cpus = 0; words_next(&line, &word); (*cpus)++)
		if (!words_skip(&word, "CPU") || !words_decimal(word, &number))
			return false;
	return *cpus;
}

static bool same(struct words a, struct words b)
{
	return words_size(a) == words_size(b) && !memcmp(a.at, b.at, words_size(a));
}

/* Header lines, but for how they are spaced. */
static bool same_words(struct words a, struct words b)
{
	struct words wa, wb;
	bool more;

	do {
		more = words_next(&a, &wa);
		if (more != words_next(&b, &wb) || (more && !same(wa, wb)))
			return false;
	} while (more);
	return true;
}

/* "24: 0 5006 IR-PCI-MSI ..." */
static bool parse_row(struct words line, unsigned cpus, struct row *r)
{
	struct words word;
	uint64_t count;

	if (!words_next(&line, &r->name) || r->name.end[-1] != ':')
		return false;
	r->name.end--;
	r->counts = line;
	r->text = line;
	for (r->cpus = 0; r->cpus < cpus; r->cpus++) {
		if (!words_next(&line, &word) || !words_decimal(word, &count))
			break;
		r->text = line;
	}
	while (r->text.at < r->text.end && *r->text.at == ' ')
		r->text.at++;
	return r->cpus;
}

static bool begin(struct interrupts_text *t, struct words header, unsigned cpus)
{
	if (t->count == SNAPSHOTS)
		return sink_refuse(t->s, "line %u: a third /proc/interrupts; two give a difference",
		                   t->line);
	t->snapshot[t->count].header = header;
	t->snapshot[t->count].cpus = cpus;
	t->count++;
	return true;
}

static bool add(struct interrupts_text *t, const struct row *r)
{
	struct snapshot *p = &t->snapshot[t->count - 1];

	if (p->rows == ROWS)
		return sink_refuse(t->s, "line %u: more than %d rows", t->line, ROWS);
	if (p->rows == p->room) {
		unsigned room = p->room ? 2 * p->room : 64;
		struct row *row = realloc(p->row, room * sizeof(*row));

		if (!row)
			return sink_refuse(t->s, "out of memory");
		p->row = row;
		p->room = room;
	}
	p->row[p->rows++] = *r;
	return true;
}

static int own_row(struct words name)
{
	for (int i = 0; i < OWN; i++)
		if (words_equal(name, own[i].name))
			return i;
	return -1;
}

static bool is_device(struct words name)
{
	return name.at < name.end && *name.at >= '0' && *name.at <= '9';
}

/*
 * True if something is missing from a row whose counts are used: it has one for
 * each CPU, and a text, without which the last count may be half a one. Of the
 * others ERR and MIS have one count.
 */
static bool is_cut(const struct row *r, unsigned cpus)
{
	return (is_device(r->name) || own_row(r->name) >= 0) &&
	       (r->cpus < cpus || r->text.at == r->text.end);
}

/* Without a header, the first row's name begins the next snapshot. */
static bool take_line(struct interrupts_text *t, struct words line)
{
	struct snapshot *p = t->count ? &t->snapshot[t->count - 1] : NULL;
	struct words probe = line, word;
	unsigned cpus;
	struct row r;

	if (!words_next(&probe, &word))
		return true;
	if (is_header(line, &cpus))
		return begin(t, line, cpus);
	if (!parse_row(line, p && p->header.at ? p->cpus : UINT_MAX, &r))
		return sink_refuse(t->s, "line %u: not \"name: a count for each CPU, a text\"",
		                   t->line);
	if (!p || (!p->header.at && p->rows && same(p->row[0].name, r.name)))
		if (!begin(t, (struct words){ NULL, NULL }, UINT_MAX))
			return false;
	if (p && p->header.at && is_cut(&r, p->cpus))
		return sink_refuse(t->s, "line %u: cut off: row %.*s has %u of the %u CPUs' "
		                   "counts%s", t->line, (int)words_size(r.name), r.name.at,
		                   r.cpus, p->cpus, r.cpus < p->cpus ? "" : " and no text");
	return add(t, &r);
}

/* The same row of the older snapshot; mostly it stands at the same place. */
static const struct row *find(const struct snapshot *p, const struct row *r, unsigned at)
{
	for (unsigned i = 0; i < p->rows; i++) {
		const struct row *old = &p->row[(at + i) % p->rows];

		if (same(old->name, r->name) && same(old->text, r->text) && old->cpus == r->cpus)
			return old;
	}
	return NULL;
}

/* Linux counts in 32 bits. */
static uint64_t added(uint64_t old, uint64_t count, bool *restarted)
{
	if (count >= old)
		return count - old;
	if (old >> 32 == 0 && old >= 0xc0000000 && count < 0x40000000)
		return count + ((uint64_t)1 << 32) - old;
	*restarted = true;
	return count;
}

static struct sum sum_of(struct sink *s, const struct row *r, const struct row *old)
{
	struct words counts = r->counts, before = old ? old->counts : r->counts, word;
	struct sum sum = { .counts = sink_is_json(s) ? json_array() : NULL };
	uint64_t count, was;

	for (unsigned i = 0; i < r->cpus; i++) {
		words_next(&counts, &word);
		words_decimal(word, &count);
		if (old) {
			words_next(&before, &word);
			words_decimal(word, &was);
			count = added(was, count, &sum.restarted);
		}
		sum.total += count;
		if (sum.counts)
			json_array_append_new(sum.counts, json_integer((json_int_t)count));
	}
	return sum;
}

/* What the rows of devices add up to. */
struct totals {
	unsigned vfio, flat, others;
	uint64_t vfio_count, others_count, own[OWN];
};

static void say_row(struct sink *s, const struct row *r, struct sum *sum, const char *remark)
{
	int name = (int)words_size(r->name), text = (int)words_size(r->text);

	sink_open(s, NULL);
	sink_string(s, "irq", "%.*s", name, r->name.at);
	sink_string(s, "text", "%.*s", text, r->text.at);
	sink_value(s, "total", json_integer((json_int_t)sum->total));
	sink_value(s, "restarted", json_boolean(sum->restarted));
	sink_line(s, "%-6.*s%12llu  %.*s%s%s", name, r->name.at, (unsigned long long)sum->total,
	          text, r->text.at, remark,
	          sum->restarted ? "; counted anew since, requested again" : "");
	if (sum->counts)
		sink_value(s, "counts", sum->counts);
	sum->counts = NULL;
	sink_close(s);
}

/* Says a row if it matters, and adds it up. */
static void take_row(struct sink *s, const struct row *r, const struct row *old, bool two,
                     struct totals *t)
{
	bool device = is_device(r->name);
	bool vfio = device && words_find(r->text, "vfio");
	struct sum sum = sum_of(s, r, old);
	int mine = own_row(r->name);

	if (mine >= 0) {
		t->own[mine] += sum.total;
		say_row(s, r, &sum, two && !old ? "; new" : "");
	} else if (vfio) {
		t->vfio++;
		t->vfio_count += sum.total;
		t->flat += two && old && !sum.total;
		say_row(s, r, &sum, !two ? "" : !old ? "; new" : sum.total ? "; taken by the host"
		        : "; flat: posted, masked or idle");
	} else if (device) {
		t->others++;
		t->others_count += sum.total;
	}
	json_decref(sum.counts);
}

static void say_sums(struct sink *s, const struct totals *t)
{
	sink_field(s, "vfio_rows", "vfio rows", SINK_NUMBER, t->vfio, "devices passed through");
	sink_field(s, "vfio_flat", "  flat", SINK_NUMBER, t->flat, "%s", "");
	sink_field(s, "vfio_total", "  total", SINK_NUMBER, t->vfio_count, "%s", "");
	sink_field(s, "other_rows", "others", SINK_NUMBER, t->others, "the host's own devices");
	sink_field(s, "other_total", "  total", SINK_NUMBER, t->others_count, "%s", "");
}

static void say_meaning(struct sink *s, const struct totals *t, bool two)
{
	for (unsigned i = 0; i < OWN; i++)
		sink_say(s, own[i].name, "%s; %s", own[i].is, own[i].is_not);
	if (t->flat)
		sink_note(s, "a flat vfio row of a busy device: its interrupts are posted, and the "
		             "host does not see them; but a masked or idle one looks the same, so "
		             "look at the device's own counters too");
	if (two && t->vfio && t->flat < t->vfio)
		sink_note(s, "vfio rows that count are taken by the host and forwarded: not "
		             "posted, at least not all the time");
	if (t->own[3] && t->others_count)
		sink_note(s, "device interrupts for each PMN: %.1f, if all of the host's are "
		          "posted", (double)t->others_count / (double)t->own[3]);
	if (!two)
		sink_note(s, "these are counts since boot; take the file twice to see what goes on "
		             "now");
}

static void say(struct interrupts_text *t)
{
	const struct snapshot *last = &t->snapshot[t->count - 1], *first = &t->snapshot[0];
	bool two = t->count == SNAPSHOTS;
	struct totals totals = { 0 };

	sink_thing(t->s, "interrupts");
	sink_line(t->s, "/proc/interrupts%s", two ? ", what was added between the two" : "");
	sink_value(t->s, "snapshots", json_integer(t->count));
	sink_list(t->s, "rows");
	for (unsigned i = 0; i < last->rows; i++)
		take_row(t->s, &last->row[i], two ? find(first, &last->row[i], i) : NULL, two,
		         &totals);
	sink_close(t->s);
	say_sums(t->s, &totals);
	say_meaning(t->s, &totals, two);
	sink_close(t->s);
}

/* A row out of the middle that only this file has. */
static bool is_row(struct words line)
{
	struct words text;
	uint64_t irq;
	struct row r;

	if (!parse_row(line, UINT_MAX, &r))
		return false;
	text = r.text;
	return own_row(r.name) >= 0 ||
	       (words_decimal(r.name, &irq) &&
	        (words_find(text, "-edge") || words_find(text, "-level") ||
	         words_find(text, "-fasteoi")));
}

bool decode_interrupts_recognize(const struct decode_input *in)
{
	struct words text = words_of(in->text, in->size), line, probe, word;
	unsigned cpus;

	while (words_line(&text, &line)) {
		probe = line;
		if (words_next(&probe, &word))
			return is_header(line, &cpus) || is_row(line);
	}
	return false;
}

bool decode_interrupts(const struct decode_input *in, struct sink *s)
{
	struct words text = words_of(in->text, in->size), line;
	struct interrupts_text t = { .s = s };
	bool good = true;

	while (good && words_line(&text, &line)) {
		t.line++;
		good = take_line(&t, line);
	}
	if (good && t.count == SNAPSHOTS && t.snapshot[0].header.at &&
	    !same_words(t.snapshot[0].header, t.snapshot[1].header))
		good = sink_refuse(s, "the two have not the same CPUs: their columns cannot be "
		                   "compared");
	if (good && (!t.count || !t.snapshot[t.count - 1].rows))
		good = sink_refuse(s, "/proc/interrupts without rows");
	if (good)
		say(&t);
	free(t.snapshot[0].row);
	free(t.snapshot[1].row);
	return good;
}
