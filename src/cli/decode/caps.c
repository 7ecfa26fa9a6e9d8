/* SPDX-License-Identifier: BSD-2-Clause */
/* The capability registers: each field of the interrupt side, the others by name and value. */
#include "cli/decode/caps.h"
#include <ctype.h>
#include <posted/vtd.h>
#include <stdio.h>

enum { OTHERS = 1024, LEAST_MGAW = 31 };

/* Bits that no unit has set, and one of the fields that none has 0. */
#define CAP_RSVD (PSTD_BITS(15, 13) | PSTD_BIT(38) | PSTD_BITS(58, 57))
#define CAP_SAGAW PSTD_BITS(12, 8)
#define ECAP_RSVD (PSTD_BIT(5) | PSTD_BITS(19, 18))

/* A field of the interrupt side. */
struct cap_field {
	uint64_t mask;
	const char *key, *label;
	const char *yes, *no; /* of a flag */
	const char *number;   /* else: what value * times + plus is */
	unsigned times, plus;
};

static const struct cap_field cap_fields[] = {
	{ PSTD_VTD_CAP_PI, "pi", "PI", "posts interrupts",
	  "does not post: entries with IM set are refused, fault 0x24", NULL, 0, 0 },
	{ PSTD_VTD_CAP_ESIRTPS, "esirtps", "ESIRTPS",
	  "setting the remapping table's pointer also invalidates the entry cache",
	  "software invalidates the entry cache after setting the table's pointer", NULL, 0, 0 },
	{ PSTD_VTD_CAP_CM, "cm", "CM",
	  "caching mode: entries that are not present may be cached too (a hypervisor's unit)",
	  "entries that fault are never cached", NULL, 0, 0 },
	{ PSTD_VTD_CAP_RWBF, "rwbf", "RWBF", "write buffers must be flushed after a change",
	  "no write buffer to flush", NULL, 0, 0 },
	{ PSTD_VTD_CAP_FRO, "fro", "FRO", NULL, NULL, "is the offset of the fault records", 16, 0 },
	{ PSTD_VTD_CAP_NFR, "nfr", "NFR", NULL, NULL, "fault records", 1, 1 },
	{ 0, NULL, NULL, NULL, NULL, NULL, 0, 0 },
};

static const struct cap_field ecap_fields[] = {
	{ PSTD_VTD_ECAP_IR, "ir", "IR", "remaps interrupts", "does not remap interrupts", NULL, 0,
	  0 },
	{ PSTD_VTD_ECAP_EIM, "eim", "EIM", "32-bit destinations (x2APIC)",
	  "8-bit destinations only (xAPIC)", NULL, 0, 0 },
	{ PSTD_VTD_ECAP_EIMER, "eimer", "EIMER", "demands x2APIC destinations, else fault 0x2a",
	  "either kind of destination", NULL, 0, 0 },
	{ PSTD_VTD_ECAP_IRREQ, "irreq", "IRREQ", "demands remapping: with it off, fault 0x2b",
	  "passes interrupts while remapping is off", NULL, 0, 0 },
	{ PSTD_VTD_ECAP_QI, "qi", "QI", "queued invalidation",
	  "no queued invalidation, which remapping needs", NULL, 0, 0 },
	{ PSTD_VTD_ECAP_MHMV, "mhmv", "MHMV", NULL, NULL,
	  "is the greatest mask of an entry-cache invalidation", 1, 0 },
	{ PSTD_VTD_ECAP_C, "c", "C", "reads tables coherently with the CPUs' caches",
	  "software flushes what it wrote to tables (descriptors are coherent anyhow)", NULL, 0,
	  0 },
	{ PSTD_VTD_ECAP_MTS, "mts", "MTS", "memory types", "no memory types", NULL, 0, 0 },
	{ PSTD_VTD_ECAP_SMTS, "smts", "SMTS", "scalable mode: 256-bit invalidation descriptors",
	  "128-bit invalidation descriptors", NULL, 0, 0 },
	{ PSTD_VTD_ECAP_PDS, "pds", "PDS", "an invalidation wait can drain page requests",
	  "no page-request drain", NULL, 0, 0 },
	{ 0, NULL, NULL, NULL, NULL, NULL, 0, 0 },
};

/* The fields that interrupts have no part in. */
static const struct other {
	uint64_t mask;
	const char *name;
} cap_others[] = {
	{ PSTD_BITS(2, 0), "ND" },      { PSTD_BIT(5), "PLMR" },
	{ PSTD_BIT(6), "PHMR" },        { CAP_SAGAW, "SAGAW" },
	{ PSTD_VTD_CAP_MGAW, "MGAW" },  { PSTD_BIT(22), "ZLR" },
	{ PSTD_BITS(37, 34), "SSLPS" }, { PSTD_BIT(39), "PSI" },
	{ PSTD_BITS(53, 48), "MAMV" },  { PSTD_BIT(54), "DWD" },
	{ PSTD_BIT(55), "DRD" },        { PSTD_BIT(56), "FS1GP" },
	{ PSTD_BIT(60), "FS5LP" },      { PSTD_BIT(61), "ECMDS" },
	{ PSTD_BIT(63), "ESRTPS" },     { 0, NULL },
}, ecap_others[] = {
	{ PSTD_BIT(2), "DT" },        { PSTD_BIT(6), "PT" },
	{ PSTD_BIT(7), "SC" },        { PSTD_VTD_ECAP_IRO, "IRO" },
	{ PSTD_BIT(26), "NEST" },     { PSTD_BIT(29), "PRS" },
	{ PSTD_BIT(30), "ERS" },      { PSTD_BIT(31), "SRS" },
	{ PSTD_BIT(33), "NWFS" },     { PSTD_BIT(34), "EAFS" },
	{ PSTD_BITS(39, 35), "PSS" }, { PSTD_BIT(40), "PASID" },
	{ PSTD_BIT(41), "DIT" },      { PSTD_BIT(44), "VCS" },
	{ PSTD_BIT(45), "SSADS" },    { PSTD_BIT(46), "SSTS" },
	{ PSTD_BIT(47), "FSTS" },     { PSTD_BIT(48), "SMPWCS" },
	{ PSTD_BIT(49), "RPS" },      { PSTD_BIT(51), "PMS" },
	{ 0, NULL },
};

static void say_field(struct sink *s, const struct cap_field *f, uint64_t value)
{
	uint64_t bits = pstd_field_get(f->mask, value);

	if (f->number)
		sink_field(s, f->key, f->label, SINK_NUMBER, bits, "%llu (0x%llx) %s",
		           (unsigned long long)bits * f->times + f->plus,
		           (unsigned long long)bits * f->times + f->plus, f->number);
	else
		sink_field(s, f->key, f->label, SINK_FLAG, bits, "%s", bits ? f->yes : f->no);
}

/* "nd": the name as JSON's key. */
static void put_other(json_t *object, const char *name, uint64_t bits)
{
	char key[16];
	size_t i;

	for (i = 0; name[i] && i < sizeof(key) - 1; i++)
		key[i] = (char)tolower((unsigned char)name[i]);
	key[i] = '\0';
	json_object_set_new(object, key, json_integer((json_int_t)bits));
}

static void say_others(struct sink *s, uint64_t value, bool extended)
{
	json_t *object = json_object();
	char text[OTHERS] = "";
	size_t size = 0;

	for (const struct other *o = extended ? ecap_others : cap_others; o->name; o++) {
		uint64_t bits = pstd_field_get(o->mask, value);

		put_other(object, o->name, bits);
		size += (size_t)snprintf(text + size, sizeof(text) - size, "%s%s %llu",
		                         size ? ", " : "", o->name, (unsigned long long)bits);
	}
	sink_value(s, "others", object);
	sink_line(s, "  %-10s %s", "others", text);
}

static void say_sentence(struct sink *s, uint64_t value, bool extended)
{
	if (!extended)
		sink_say(s, "means", "this unit %s", value & PSTD_VTD_CAP_PI ?
		         "can post interrupts to vCPUs; Linux posts if every unit of the host can" :
		         "cannot post interrupts; so Linux posts on no unit of this host");
	else if (!(value & PSTD_VTD_ECAP_IR))
		sink_say(s, "means", "this unit remaps no interrupts, so it cannot post either");
	else
		sink_say(s, "means", "this unit remaps interrupts, %s; whether it posts is in cap",
		         value & PSTD_VTD_ECAP_EIM ? "in x2APIC mode too" : "in xAPIC mode only");
}

static bool is_likely(uint64_t value, bool extended)
{
	if (extended)
		return !(value & ECAP_RSVD) && value & PSTD_VTD_ECAP_IRO;
	return !(value & CAP_RSVD) && value & CAP_SAGAW && value & PSTD_VTD_CAP_FRO &&
	       pstd_field_get(PSTD_VTD_CAP_MGAW, value) >= LEAST_MGAW;
}

bool caps_are_likely(uint64_t cap, uint64_t ecap)
{
	return is_likely(cap, false) && is_likely(ecap, true);
}

void caps_say(struct sink *s, uint64_t value, bool extended)
{
	const struct cap_field *f = extended ? ecap_fields : cap_fields;

	sink_thing(s, extended ? "ecap" : "cap");
	sink_line(s, "%s", extended ? "extended capability register" : "capability register");
	sink_field(s, "value", "value", SINK_HEX64, value, "%s", "");
	for (; f->key; f++)
		say_field(s, f, value);
	say_others(s, value, extended);
	say_sentence(s, value, extended);
	if (!is_likely(value, extended))
		sink_note(s, "doubtful: no unit has such a value; what is not there reads as all "
		             "ones");
	sink_close(s);
}
