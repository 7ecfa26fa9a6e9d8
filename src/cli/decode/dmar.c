/* SPDX-License-Identifier: BSD-2-Clause */
/* Shows a DMAR table: each structure, and under it each of its scopes, as a line and as JSON. */
#include "cli/decode/dmar.h"
#include <posted/hw/dmar.h>
#include <stdarg.h>
#include <string.h>

/* A text that is put together piece by piece; what does not fit is cut off. */
struct line {
	char text[2048];
	size_t used;
};

static const struct flag {
	unsigned bit;
	const char *name;
} table_flags[] = {
	{ PSTD_DMAR_INTR_REMAP, "INTR_REMAP" },
	{ PSTD_DMAR_X2APIC_OPT_OUT, "X2APIC_OPT_OUT" },
	{ PSTD_DMAR_DMA_CTRL_PLATFORM_OPT_IN, "DMA_CTRL_PLATFORM_OPT_IN" },
	{ 0, NULL },
}, scope_flags[] = {
	{ PSTD_DMAR_REQ_WO_PASID_NESTED_NOTALLOWED, "REQ_WO_PASID_NESTED_NOTALLOWED" },
	{ PSTD_DMAR_REQ_WO_PASID_PWSNP_NOTALLOWED, "REQ_WO_PASID_PWSNP_NOTALLOWED" },
	{ PSTD_DMAR_REQ_WO_PASID_PGSNP_NOTALLOWED, "REQ_WO_PASID_PGSNP_NOTALLOWED" },
	{ PSTD_DMAR_ATC_HARDENED, "ATC_HARDENED" },
	{ PSTD_DMAR_ATC_REQUIRED, "ATC_REQUIRED" },
	{ 0, NULL },
};

static const char *const structure_types[PSTD_DMAR_TYPES] = {
	"DRHD", "RMRR", "ATSR", "RHSA", "ANDD", "SATC", "SIDP",
};

static const char *const scope_types[PSTD_DMAR_SCOPE_TYPES] = {
	[PSTD_DMAR_SCOPE_ENDPOINT] = "endpoint",  [PSTD_DMAR_SCOPE_BRIDGE] = "bridge",
	[PSTD_DMAR_SCOPE_IOAPIC] = "I/O APIC",    [PSTD_DMAR_SCOPE_HPET] = "HPET",
	[PSTD_DMAR_SCOPE_NAMESPACE] = "name-space device",
};

__attribute__((format(printf, 2, 3)))
static void add(struct line *w, const char *format, ...)
{
	size_t left = sizeof(w->text) - w->used;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(w->text + w->used, left, format, args);
	va_end(args);
	if (n > 0)
		w->used += (size_t)n < left ? (size_t)n : left - 1;
}

/* JSON of what a pack or a set gave: null, and object freed, if there is no memory. */
static json_t *with(json_t *object, const char *key, json_t *value)
{
	if (!json_object_set_new(object, key, value))
		return object;
	json_decref(object);
	return NULL;
}

static json_t *append(json_t *list, json_t *value)
{
	if (!json_array_append_new(list, value))
		return list;
	json_decref(list);
	return NULL;
}

static json_t *json_hex64(uint64_t value)
{
	return json_sprintf("0x%016llx", (unsigned long long)value);
}

/* Bytes of the table, up to a 0, as a string that JSON can have. */
static json_t *json_bytes(const char *bytes, size_t size)
{
	struct line w = { .used = 0 };

	for (size_t i = 0; i < size && bytes[i]; i++)
		add(&w, "%c", bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '?');
	return json_string(w.text);
}

static json_t *json_flags(const struct flag *f, unsigned flags)
{
	json_t *list = json_array();

	for (; f->name; f++)
		if (flags & f->bit)
			list = append(list, json_string(f->name));
	return list;
}

static void add_flags(struct line *w, const struct flag *f, unsigned flags)
{
	for (; f->name; f++)
		if (flags & f->bit)
			add(w, ", %s", f->name);
}

static json_t *json_scope(const struct pstd_dmar_scope *scope)
{
	json_t *path = json_array(), *object, *type;
	uint16_t sid;

	for (unsigned i = 0; i < scope->hops; i++)
		path = append(path, json_sprintf("%02x.%x", scope->path[i].device,
		                                 scope->path[i].function));
	type = scope->type && scope->type < PSTD_DMAR_SCOPE_TYPES ?
	       json_string(scope_types[scope->type]) : json_integer(scope->type);
	object = json_pack("{s:i, s:o, s:i, s:i, s:o}", "offset", (int)scope->offset, "type", type,
	                   "id", scope->id, "bus", scope->bus, "path", path);
	object = with(object, "source_id", pstd_dmar_scope_sid(scope, &sid) ? json_integer(sid)
	                                                                    : json_null());
	return with(object, "flags", json_flags(scope_flags, scope->flags));
}

/* "0x40 I/O APIC 8 at 00:1e.7" */
static void scope_line(struct sink *s, const struct pstd_dmar_scope *scope)
{
	struct line w = { .used = 0 };
	bool known = scope->type && scope->type < PSTD_DMAR_SCOPE_TYPES;

	add(&w, "0x%02x ", scope->offset);
	if (known)
		add(&w, "%s ", scope_types[scope->type]);
	else
		add(&w, "unknown type %u, id ", scope->type);
	if (!known || scope->type >= PSTD_DMAR_SCOPE_IOAPIC)
		add(&w, "%u at ", scope->id);
	add(&w, "%02x:", scope->bus);
	for (unsigned i = 0; i < scope->hops; i++)
		add(&w, "%s%02x.%x", i ? " -> " : "", scope->path[i].device,
		    scope->path[i].function);
	if (scope->type == PSTD_DMAR_SCOPE_BRIDGE)
		add(&w, " and all behind it");
	add_flags(&w, scope_flags, scope->flags);
	sink_line(s, "         %s", w.text);
}

/* The fields of the structure's type, added to its JSON. */
static json_t *json_fields(json_t *object, const struct pstd_dmar_structure *t)
{
	switch (t->type) {
	case PSTD_DMAR_DRHD:
		object = with(object, "register_base", json_hex64(t->drhd.base));
		object = with(object, "register_size", json_integer(4096ll << t->drhd.size));
		object = with(object, "include_pci_all", json_boolean(t->drhd.include_pci_all));
		return with(object, "segment", json_integer(t->drhd.segment));
	case PSTD_DMAR_RMRR:
		object = with(object, "base", json_hex64(t->rmrr.base));
		object = with(object, "limit", json_hex64(t->rmrr.limit));
		return with(object, "segment", json_integer(t->rmrr.segment));
	case PSTD_DMAR_ATSR:
		object = with(object, "all_ports", json_boolean(t->atsr.all_ports));
		return with(object, "segment", json_integer(t->atsr.segment));
	case PSTD_DMAR_RHSA:
		object = with(object, "register_base", json_hex64(t->rhsa.base));
		return with(object, "proximity", json_integer(t->rhsa.proximity));
	case PSTD_DMAR_ANDD:
		object = with(object, "device", json_integer(t->andd.device));
		return with(object, "name", json_bytes(t->andd.name, t->andd.name_length));
	case PSTD_DMAR_SATC:
		object = with(object, "atc_required", json_boolean(t->satc.atc_required));
		return with(object, "segment", json_integer(t->satc.segment));
	case PSTD_DMAR_SIDP:
		return with(object, "segment", json_integer(t->sidp.segment));
	default:
		return object;
	}
}

/* The same as words. */
static void add_fields(struct line *w, const struct pstd_dmar_structure *t)
{
	switch (t->type) {
	case PSTD_DMAR_DRHD:
		add(w, "unit at 0x%llx, %llu KiB of registers, segment %u%s",
		    (unsigned long long)t->drhd.base, 4ull << t->drhd.size, t->drhd.segment,
		    t->drhd.include_pci_all ? ", INCLUDE_PCI_ALL" : "");
		break;
	case PSTD_DMAR_RMRR:
		add(w, "memory 0x%llx to 0x%llx, segment %u", (unsigned long long)t->rmrr.base,
		    (unsigned long long)t->rmrr.limit, t->rmrr.segment);
		break;
	case PSTD_DMAR_ATSR:
		add(w, "root ports with ATS, segment %u%s", t->atsr.segment,
		    t->atsr.all_ports ? ", ALL_PORTS" : "");
		break;
	case PSTD_DMAR_RHSA:
		add(w, "unit at 0x%llx is in proximity domain %u",
		    (unsigned long long)t->rhsa.base, t->rhsa.proximity);
		break;
	case PSTD_DMAR_ANDD:
		add(w, "name-space device %u is %.*s", t->andd.device, (int)t->andd.name_length,
		    t->andd.name);
		break;
	case PSTD_DMAR_SATC:
		add(w, "integrated devices with a translation cache, segment %u%s",
		    t->satc.segment, t->satc.atc_required ? ", ATC_REQUIRED" : "");
		break;
	case PSTD_DMAR_SIDP:
		add(w, "properties of integrated devices, segment %u", t->sidp.segment);
		break;
	default:
		add(w, "unknown, %u bytes skipped", t->length);
	}
}

/* The line of a structure, and those of its scopes; its JSON. */
static json_t *structure(struct sink *s, const void *table, const struct pstd_dmar_structure *t)
{
	struct pstd_dmar_cursor c = pstd_dmar_scopes(table, t);
	json_t *object, *scopes = json_array();
	struct line w = { .used = 0 };
	struct pstd_dmar_scope scope;

	if (t->type < PSTD_DMAR_TYPES)
		add(&w, "%s ", structure_types[t->type]);
	else
		add(&w, "type %u ", t->type);
	add_fields(&w, t);
	sink_line(s, "  0x%02x %s", t->offset, w.text);
	while (pstd_dmar_next_scope(&c, &scope)) {
		scope_line(s, &scope);
		scopes = append(scopes, json_scope(&scope));
	}
	object = json_pack("{s:i, s:o, s:i}", "offset", (int)t->offset, "type",
	                   t->type < PSTD_DMAR_TYPES ? json_string(structure_types[t->type])
	                                             : json_integer(t->type),
	                   "length", t->length);
	object = json_fields(object, t);
	if (pstd_dmar_has_scopes(t->type))
		return with(object, "scopes", scopes);
	json_decref(scopes);
	return object;
}

static void header(struct sink *s, const struct pstd_dmar_header *h)
{
	struct line flags = { .used = 0 };

	add_flags(&flags, table_flags, h->flags);
	sink_line(s, "DMAR table of %u bytes, OEM \"%.6s\", table \"%.8s\" revision 0x%x, by "
	          "\"%.4s\" revision 0x%x", h->length, h->oem_id, h->oem_table_id, h->oem_revision,
	          h->creator_id, h->creator_revision);
	sink_line(s, "  revision %u, checksum 0x%02x, host addresses of %u bits%s", h->revision,
	          h->checksum, h->address_width, flags.text);
	sink_value(s, "length", json_integer(h->length));
	sink_value(s, "revision", json_integer(h->revision));
	sink_value(s, "checksum", json_integer(h->checksum));
	sink_value(s, "oem_id", json_bytes(h->oem_id, sizeof(h->oem_id)));
	sink_value(s, "oem_table_id", json_bytes(h->oem_table_id, sizeof(h->oem_table_id)));
	sink_value(s, "oem_revision", json_integer(h->oem_revision));
	sink_value(s, "creator_id", json_bytes(h->creator_id, sizeof(h->creator_id)));
	sink_value(s, "creator_revision", json_integer(h->creator_revision));
	sink_value(s, "address_width", json_integer(h->address_width));
	sink_value(s, "flags", json_flags(table_flags, h->flags));
}

bool decode_dmar_recognize(const struct decode_input *in)
{
	return in->size >= 4 && !memcmp(in->text, "DMAR", 4);
}

bool decode_dmar(const struct decode_input *in, struct sink *s)
{
	struct pstd_dmar_problem p = pstd_dmar_check(in->text, in->size);
	struct pstd_dmar_structure t;
	struct pstd_dmar_header h;
	struct pstd_dmar_cursor c;
	json_t *list;

	if (p.broken)
		return sink_refuse(s, "DMAR table, offset 0x%x of 0x%zx: %s", p.offset, in->size,
		                   p.what);
	h = pstd_dmar_header(in->text);
	c = pstd_dmar_structures(in->text);
	list = json_array();
	sink_thing(s, "dmar");
	header(s, &h);
	while (pstd_dmar_next(&c, &t))
		list = append(list, structure(s, in->text, &t));
	sink_value(s, "structures", list);
	if (p.what)
		sink_note(s, "against the manual's rules, offset 0x%x: %s", p.offset, p.what);
	if (in->size > h.length)
		sink_note(s, "the table's length is %u, but %zu bytes were given: those behind it "
		          "were not looked at", h.length, in->size);
	sink_close(s);
	return true;
}
