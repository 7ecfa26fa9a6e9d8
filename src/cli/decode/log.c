/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux's log: the lines that tell of faults of a remapping unit. */
#include "cli/decode/fault.h"
#include "cli/decode/say.h"
#include "cli/decode/words.h"
#include <posted/hw/vtd.h>

#define REQUEST "Request device"
#define REASON "[fault reason "
#define STATUS "handling fault status reg "

static const struct {
	uint64_t mask;
	const char *says;
} status_bits[] = {
	{ PSTD_VTD_FSTS_PFO, "faults were lost: all records were in use (PFO)" },
	{ PSTD_VTD_FSTS_PPF, "fault records are pending (PPF)" },
	{ PSTD_VTD_FSTS_IQE, "the invalidation queue stopped at a bad descriptor (IQE)" },
	{ PSTD_VTD_FSTS_ICE, "an invalidation's completion from a device was bad (ICE)" },
	{ PSTD_VTD_FSTS_ITE, "a device did not answer an invalidation in time (ITE)" },
};

static void say_status(struct sink *s, uint64_t status)
{
	sink_thing(s, "fault_status");
	sink_line(s, "fault status register, from Linux's log");
	sink_field(s, "status", "FSTS", SINK_HEX, status & 0xffffffff, "%s", "");
	sink_field(s, "fri", "FRI", SINK_NUMBER, pstd_field_get(PSTD_VTD_FSTS_FRI, status), "%s",
	           status & PSTD_VTD_FSTS_PPF ? "the first record to read"
	                                      : "means nothing, as no record is pending");
	if (!(status & PSTD_VTD_FSTS_PENDING))
		sink_note(s, "nothing is pending");
	for (unsigned i = 0; i < sizeof(status_bits) / sizeof(status_bits[0]); i++)
		if (status & status_bits[i].mask)
			sink_note(s, "%s", status_bits[i].says);
	sink_close(s);
}

/* Newer kernels print the reason in hexadecimal with 0x, older ones in decimal. */
static bool take_reason(struct words rest, unsigned *reason)
{
	uint64_t value;
	bool good = words_find(rest, "0x") == rest.at ? words_take_hex(&rest, &value)
	                                              : words_take_decimal(&rest, &value);

	*reason = (unsigned)value & 0xff;
	return good && value <= 0xff && words_skip(&rest, "]");
}

/* "Request device [01:00.0]", in some kernels with another bracket before. */
static bool take_requester(struct words line, uint16_t *sid)
{
	struct words rest, source;

	if (!words_after(line, REQUEST " [", &rest))
		return false;
	words_skip(&rest, "[");
	source = rest;
	while (source.at < rest.end && *source.at != ']')
		source.at++;
	return words_source((struct words){ rest.at, source.at }, sid);
}

/* The index of an interrupt's fault; else an address, whose bits 63:48 are the index. */
static bool take_info(struct words line, uint64_t *info)
{
	struct words rest;

	if (words_after(line, "fault index ", &rest)) {
		if (!words_take_hex(&rest, info) || *info > 0xffff)
			return false;
		*info = pstd_field(PSTD_VTD_FRCD_INDEX, *info);
		return true;
	}
	return words_after(line, "fault addr ", &rest) && words_take_hex(&rest, info);
}

/* Linux knows seven interrupt faults; it prints the later ones as if they were of DMA. */
static void note_disguise(struct sink *s, struct words line, unsigned reason)
{
	if (say_fault_is_interrupt(reason) && words_find(line, "[DMA "))
		sink_note(s, "Linux prints this interrupt fault as one of DMA, \"Unknown\": "
		             "Read or Write mean nothing here, its \"fault addr\" holds the index "
		             "in bits 63:48, and the page-table dump that may follow is beside "
		             "the point");
}

/* Null if all of a fault's line could be read; else what of it could not. */
static const char *parse_fault_line(struct words line, struct fault *f)
{
	struct words rest;

	words_after(line, REASON, &rest);
	if (!take_reason(rest, &f->reason))
		return "no number and ']' after \"" REASON "\"";
	if (!take_requester(line, &f->sid))
		return "no \"" REQUEST " [bus:device.function]\"";
	return take_info(line, &f->info) ? NULL
	       : "no number after \"fault index\" or \"fault addr\"";
}

static void say_fault_line(struct sink *s, struct words line, unsigned number,
                           const struct fault *f)
{
	char source[SAY_SOURCE];

	sink_thing(s, "fault");
	sink_line(s, "fault, from Linux's log, line %u", number);
	sink_value(s, "line", json_integer(number));
	sink_field(s, "reason", "reason", SINK_HEX8, f->reason, "%s", fault_reason(f->reason));
	sink_field(s, "sid", "SID", SINK_HEX, f->sid, "%s", say_source(f->sid, source));
	if (say_fault_has_index(f->reason))
		sink_field(s, "index", "index", SINK_NUMBER,
		           pstd_field_get(PSTD_VTD_FRCD_INDEX, f->info), "of the remapping entry");
	else if (!say_fault_is_interrupt(f->reason))
		sink_field(s, "address", "address", SINK_HEX64, f->info, "%s", "");
	fault_words(s, f);
	note_disguise(s, line, f->reason);
	sink_close(s);
}

/* A line that is cut off, or that two CPUs wrote into: the others are worth reading still. */
static void say_unread(struct sink *s, unsigned number, const char *why)
{
	sink_thing(s, "unread");
	sink_line(s, "line %u of Linux's log tells of a fault, but cannot be read", number);
	sink_value(s, "line", json_integer(number));
	sink_note(s, "line %u: %s", number, why);
	sink_close(s);
	sink_lack(s);
}

struct log {
	struct sink *s;
	unsigned number; /* of the line */
	struct words before; /* the line before it */
	unsigned read, unread;
	/* the first that could not be read */
	unsigned unread_line;
	const char *why;
};

static void take_unread(struct log *l, const char *why)
{
	if (!l->unread++) {
		l->unread_line = l->number;
		l->why = why;
	}
	say_unread(l->s, l->number, why);
}

/* Old kernels name the requester in a line of its own, and mails wrap: then both lines. */
static struct words with_requester(const struct log *l, struct words line)
{
	if (!words_find(line, REQUEST) && words_find(l->before, REQUEST) &&
	    !words_find(l->before, REASON))
		line.at = l->before.at;
	return line;
}

/* A line of a log; most tell of no fault. */
static void take_line(struct log *l, struct words line)
{
	struct words rest;
	struct fault f;
	const char *why = NULL;
	uint64_t status;

	if (words_after(line, STATUS, &rest)) {
		if (words_take_hex(&rest, &status))
			say_status(l->s, status);
		else
			why = "no number after \"" STATUS "\"";
	} else if (words_find(line, REASON)) {
		line = with_requester(l, line);
		why = parse_fault_line(line, &f);
		if (!why)
			say_fault_line(l->s, line, l->number, &f);
	} else {
		return;
	}
	if (why)
		take_unread(l, why);
	else
		l->read++;
}

bool decode_log_recognize(const struct decode_input *in)
{
	struct words text = words_of(in->text, in->size);

	return words_find(text, REASON) || words_find(text, STATUS);
}

bool decode_log(const struct decode_input *in, struct sink *s)
{
	struct words text = words_of(in->text, in->size), line;
	struct log l = { .s = s, .before = { in->text, in->text } };

	while (words_line(&text, &line)) {
		l.number++;
		take_line(&l, line);
		l.before = line;
		if (l.read + l.unread > DECODE_MAX_THINGS)
			return sink_refuse(s, "line %u: more than %d faults at once", l.number,
			                   DECODE_MAX_THINGS);
	}
	return l.read || sink_refuse(s, "line %u: %s", l.unread_line, l.why);
}
