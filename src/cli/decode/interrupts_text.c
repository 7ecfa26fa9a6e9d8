/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/decode/interrupts_text.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* More than 256 CPUs have vectors for. */
enum { ROWS = 1 << 16 };

struct reader {
	struct irq_text *t;
	struct sink *s;
	unsigned line;
	uint64_t last; /* the number of the last row of a device, from 1; 0: none in this copy */
};

bool irq_is_header(struct words line, unsigned *cpus)
{
	struct words word;
	uint64_t number;

	for (*cpus = 0; words_next(&line, &word); (*cpus)++)
		if (!words_skip(&word, "CPU") || !words_decimal(word, &number))
			return false;
	return *cpus;
}

bool irq_parse_row(struct words line, unsigned cpus, struct irq_row *r)
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
	while (r->text.at < r->text.end && (r->text.end[-1] == ' ' || r->text.end[-1] == '\r'))
		r->text.end--;
	r->class = irq_class_of(r->name, r->text);
	return r->cpus;
}

static int compare(struct words a, struct words b)
{
	if (words_size(a) != words_size(b))
		return words_size(a) < words_size(b) ? -1 : 1;
	return memcmp(a.at, b.at, words_size(a));
}

static bool begin(struct reader *r, struct words header, unsigned cpus)
{
	struct irq_text *t = r->t;

	if (t->copies == IRQ_COPIES)
		return sink_refuse(r->s, "line %u: a third /proc/interrupts; two give a difference",
		                   r->line);
	t->copy[t->copies].header = header;
	t->copy[t->copies].cpus = cpus;
	t->copies++;
	r->last = 0;
	return true;
}

static bool add(struct reader *r, struct irq_copy *c, const struct irq_row *row)
{
	if (c->rows == ROWS)
		return sink_refuse(r->s, "line %u: more than %d rows", r->line, ROWS);
	if (c->rows == c->room) {
		unsigned room = c->room ? 2 * c->room : 64;
		struct irq_row *grown = realloc(c->row, room * sizeof(*grown));

		if (!grown)
			return sink_refuse(r->s, "out of memory");
		c->row = grown;
		c->room = room;
	}
	c->row[c->rows++] = *row;
	return true;
}

/*
 * Something is missing from a row whose counts are used: it has one for each CPU,
 * and a text, without which the last count may be half a one. Of the others ERR
 * and MIS have one count.
 */
static bool is_cut(const struct irq_copy *c, const struct irq_row *row)
{
	return row->class != IRQ_COUNTER && c->cpus &&
	       (row->cpus != c->cpus || row->text.at == row->text.end);
}

static bool refuse_cut(struct reader *r, const struct irq_copy *c, const struct irq_row *row)
{
	return sink_refuse(r->s, "line %u: cut off: row %.*s has %u of the %u CPUs' counts%s",
	                   r->line, (int)words_size(row->name), row->name.at, row->cpus, c->cpus,
	                   row->cpus != c->cpus ? "" : " and no text");
}

/* Without a header: numbers of interrupts only grow, and no name comes twice. */
static bool begins_copy(const struct reader *r, const struct irq_copy *c, const struct irq_row *row,
                        uint64_t number)
{
	return c->rows && (irq_class_is_device(row->class) ? number < r->last
	                                                   : !compare(c->row[0].name, row->name));
}

static bool take_row(struct reader *r, struct words line)
{
	struct irq_copy *c = r->t->copies ? &r->t->copy[r->t->copies - 1] : NULL;
	struct irq_row row = { .line = r->line };
	uint64_t number = 0;

	if (!irq_parse_row(line, c && c->header.at ? c->cpus : UINT_MAX, &row))
		return sink_refuse(r->s, "line %u: not \"name: a count for each CPU, a text\"",
		                   r->line);
	words_take_decimal(&(struct words){ row.name.at, row.name.end }, &number);
	if (!c || (!c->header.at && begins_copy(r, c, &row, number))) {
		if (!begin(r, (struct words){ NULL, NULL }, 0))
			return false;
		c = &r->t->copy[r->t->copies - 1];
	}
	if (!c->cpus && row.class != IRQ_COUNTER)
		c->cpus = row.cpus;
	if (is_cut(c, &row))
		return refuse_cut(r, c, &row);
	if (irq_class_is_device(row.class))
		r->last = number + 1;
	return add(r, c, &row);
}

static bool take_line(struct reader *r, struct words line)
{
	struct words probe = line, word;
	unsigned cpus;

	if (!words_next(&probe, &word))
		return true;
	return irq_is_header(line, &cpus) ? begin(r, line, cpus) : take_row(r, line);
}

static int by_name(const void *va, const void *vb)
{
	const struct irq_row *a = *(const struct irq_row *const *)va;
	const struct irq_row *b = *(const struct irq_row *const *)vb;

	return compare(a->name, b->name);
}

/* A name that is there twice is of two copies that nothing separates, or of none. */
static bool sort(struct irq_copy *c, struct sink *s)
{
	c->by_name = calloc(c->rows + 1, sizeof(*c->by_name));
	if (!c->by_name)
		return sink_refuse(s, "out of memory");
	for (unsigned i = 0; i < c->rows; i++)
		c->by_name[i] = &c->row[i];
	qsort(c->by_name, c->rows, sizeof(*c->by_name), by_name);
	for (unsigned i = 1; i < c->rows; i++) {
		const struct irq_row *a = c->by_name[i - 1], *b = c->by_name[i];

		if (!compare(a->name, b->name))
			return sink_refuse(s, "line %u: row %.*s is there already, in line %u: a "
			                   "second copy begins with its line of CPUs",
			                   a->line > b->line ? a->line : b->line,
			                   (int)words_size(a->name), a->name.at,
			                   a->line > b->line ? b->line : a->line);
	}
	return true;
}

bool irq_text_read(struct irq_text *t, struct words text, struct sink *s)
{
	struct reader r = { .t = t, .s = s };
	struct words line;

	while (words_line(&text, &line)) {
		r.line++;
		if (!take_line(&r, line))
			return false;
	}
	for (unsigned i = 0; i < t->copies; i++)
		if (!sort(&t->copy[i], s))
			return false;
	for (unsigned i = 0; i < t->copies; i++)
		if (!t->copy[i].rows)
			return sink_refuse(s, "/proc/interrupts without rows");
	return t->copies || sink_refuse(s, "/proc/interrupts without rows");
}

void irq_text_free(struct irq_text *t)
{
	for (unsigned i = 0; i < IRQ_COPIES; i++) {
		free(t->copy[i].row);
		free(t->copy[i].by_name);
	}
}

const struct irq_row *irq_find(const struct irq_copy *c, struct words name)
{
	const struct irq_row wanted = { .name = name }, *key = &wanted;
	const struct irq_row **found =
		bsearch(&key, c->by_name, c->rows, sizeof(*c->by_name), by_name);

	return found ? *found : NULL;
}

struct irq_counts irq_counts_of(const struct irq_copy *c, const struct irq_row *r,
                                const struct irq_row *old)
{
	struct irq_counts counts = { .now_left = r->counts, .header = c->header,
		                     .columns = r->cpus };

	if (old)
		counts.old_left = old->counts;
	return counts;
}

unsigned irq_take_cpu(struct words *header, unsigned column)
{
	uint64_t cpu = column;
	struct words word;

	if (header->at && words_next(header, &word) && words_skip(&word, "CPU"))
		words_decimal(word, &cpu);
	return (unsigned)cpu;
}

bool irq_next(struct irq_counts *c)
{
	struct words word;

	if (c->column == c->columns)
		return false;
	words_next(&c->now_left, &word);
	words_decimal(word, &c->now);
	c->old = 0;
	if (c->old_left.at) {
		words_next(&c->old_left, &word);
		words_decimal(word, &c->old);
	}
	c->cpu = irq_take_cpu(&c->header, c->column++);
	return true;
}

bool irq_wrapped(uint64_t old, uint64_t now)
{
	return old >> 32 == 0 && old >= 0xc0000000 && now < 0x40000000;
}
