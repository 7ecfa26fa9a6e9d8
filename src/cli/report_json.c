/* SPDX-License-Identifier: BSD-2-Clause */
/* What --json has beside the rows. */
#include "cli/report.h"
#include <jansson.h>
#include <string.h>

json_t *report_machine_json(const struct run *run)
{
	const struct machine_file *m = run->machine;
	const struct machine_config *c = &m->config;

	return json_pack("{s:s, s:i, s:i, s:i, s:i, s:b, s:b, s:b, s:b, s:b}", "name", m->path,
	                 "pcpus", (int)c->pcpus, "vcpus", (int)machine_file_vcpus(m), "vms",
	                 (int)c->vm_count, "devices", (int)m->device_count, "apicv",
	                 !c->software_apic, "x2apic", c->x2apic, "ipiv", c->ipiv, "posted_msi",
	                 c->posted_msi, "hlt_exiting", c->hlt_exiting);
}

static json_t *crc_json(bool known, uint32_t crc)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%08x", crc);
	return known ? json_string(text) : json_null();
}

/* A block device's data, by run. */
static json_t *block_runs_json(const struct column *c, unsigned n)
{
	json_t *runs = json_array();

	for (unsigned i = 0; i < c->count; i++) {
		const struct round_block *b = &c->rounds[i].block[n];

		json_array_append_new(
			runs, json_pack("{s:b, s:I, s:I, s:I, s:o}", "equal", b->ran && b->equal,
		                        "reads", (json_int_t)b->read.reads, "bytes",
		                        (json_int_t)b->read.bytes, "checked_bytes",
		                        (json_int_t)b->checked, "crc32c",
		                        crc_json(b->ran && b->whole, b->crc)));
	}
	return runs;
}

static json_t *device_json(const struct run *run, const struct column *c, unsigned n)
{
	const struct machine_file_device *d = &run->machine->devices[n];
	const struct round_block *first = &c->rounds[0].block[n];
	enum machine_way way = d->way_fixed ? d->config.way : c->way;
	json_t *object;

	object = json_pack("{s:i, s:s, s:s, s:s, s:b}", "number", (int)n, "kind", d->kind->name,
	                   "vm", run->machine->vms[d->config.vm].name, "way",
	                   machine_way_names[way], "broken", run->broken[n]);
	if (d->kind != &device_block || run->broken[n])
		return object;
	json_object_set_new(object, "file_bytes",
	                    json_integer((json_int_t)run->data[n].size));
	json_object_set_new(object, "file_crc32c", crc_json(first->whole, first->file_crc));
	json_object_set_new(object, "runs", block_runs_json(c, n));
	return object;
}

static json_t *histogram_json(const struct column *c, size_t offset)
{
	struct histogram all = { .total = 0 };
	json_t *buckets = json_array();
	struct histogram_bucket b;

	for (unsigned n = 0; n < c->count; n++)
		histogram_add(&all, (const struct histogram *)((const char *)&c->rounds[n] +
		                                               offset));
	for (unsigned i = 0; histogram_bucket(&all, i, &b); i = b.index + 1)
		json_array_append_new(buckets, json_pack("{s:I, s:I, s:I}", "from",
		                                         (json_int_t)b.first, "to",
		                                         (json_int_t)b.last, "count",
		                                         (json_int_t)b.count));
	return buckets;
}

static json_t *interrupts_json(const struct interrupts *table)
{
	json_t *rows = json_array();

	for (unsigned n = 0; n < table->rows; n++) {
		const struct interrupts_row *row = &table->row[n];
		json_t *counts = json_array();

		for (unsigned cpu = 0; cpu < table->cpus; cpu++)
			json_array_append_new(counts, json_integer((json_int_t)row->count[cpu]));
		json_array_append_new(rows, json_pack("{s:s, s:o, s:s}", "irq", row->irq, "counts",
		                                      counts, "text",
		                                      row->text + strspn(row->text, " ")));
	}
	return rows;
}

bool report_column_json(const struct run *run, const struct column *c, json_t *object)
{
	json_t *devices = json_array();
	int failed = 0;

	for (unsigned n = 0; n < run->machine->device_count; n++)
		failed |= json_array_append_new(devices, device_json(run, c, n));
	failed |= json_object_set_new(object, "name", json_string(c->name));
	failed |= json_object_set_new(object, "way", c->way < MACHINE_WAYS ?
	                              json_string(machine_way_names[c->way]) : json_null());
	failed |= json_object_set_new(object, "switch",
	                              c->compared ? json_string(c->compared) : json_null());
	failed |= json_object_set_new(object, "on",
	                              c->compared ? json_boolean(c->on) : json_null());
	failed |= json_object_set_new(object, "runs", json_integer(c->count));
	failed |= json_object_set_new(object, "devices", devices);
	failed |= json_object_set_new(object, "latency_histogram_ns",
	                              histogram_json(c, offsetof(struct round, latency)));
	failed |= json_object_set_new(object, "round_trip_histogram_ns",
	                              histogram_json(c, offsetof(struct round, round_trips)));
	if (c->rounds[0].interrupts)
		failed |= json_object_set_new(object, "interrupts",
		                              interrupts_json(c->rounds[0].interrupts));
	return !failed;
}

/* Null where one run of each says nothing; seen false: no difference was. */
static json_t *comparison_json(const struct run *run, const struct column *base,
                               const struct column *c, const struct report_quantity *q)
{
	struct figure was = report_figure(run, base, q->value, q->what);
	struct figure is = report_figure(run, c, q->value, q->what);
	enum figure_verdict verdict = figure_compare(&was, &is);
	bool seen = verdict == FIGURE_LESS || verdict == FIGURE_MORE;

	if (verdict == FIGURE_UNKNOWN)
		return json_null();
	return json_pack("{s:b, s:o}", "seen", seen, "percent",
	                 seen && report_has_percent(q, &was) ?
	                 json_real(100 * (is.median - was.median) / was.median) : json_null());
}

json_t *report_comparisons_json(const struct run *run)
{
	json_t *all = json_array();

	for (unsigned n = 0; n < run->columns; n++) {
		const struct column *c = &run->column[n], *base = report_base(run, n);
		json_t *differences;

		if (!base || !base->count || !c->count)
			continue;
		differences = json_object();
		for (unsigned i = 0; i < REPORT_QUANTITIES; i++)
			json_object_set_new(differences, report_quantities[i].key,
			                    comparison_json(run, base, c, &report_quantities[i]));
		json_array_append_new(all, json_pack("{s:s, s:s, s:o}", "column", c->name,
		                                     "against", base->name, "differences",
		                                     differences));
	}
	return all;
}
