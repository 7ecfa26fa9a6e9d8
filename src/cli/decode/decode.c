/* SPDX-License-Identifier: BSD-2-Clause */
/* The kinds of things, and which one an input is. */
#include "cli/decode/decode.h"
#include "cli/decode/dmar.h"
#include "cli/decode/dump.h"
#include "cli/decode/fault.h"
#include "cli/decode/interrupts.h"
#include "cli/decode/memory.h"
#include "cli/decode/numbers.h"
#include "cli/decode/table.h"
#include "cli/terminal.h"

/* The log first, whose lines begin with "DMAR" too; numbers, which may begin anything, last. */
static const struct decoder decoders[] = {
	{ "log", "Linux's log with faults: \"DRHD: handling fault status reg 2\", \"[fault reason "
	         "0x26]\"", false, decode_log_recognize, decode_log },
	{ "dmar", "a DMAR table: binary, begins with \"DMAR\"", false, decode_dmar_recognize,
	  decode_dmar },
	{ "binary", "a posted-interrupt descriptor: 64 bytes, binary", false,
	  decode_binary_recognize, decode_binary },
	{ "table", "Linux's ir_translation_struct", false, decode_table_recognize, decode_table },
	{ "interrupts", "/proc/interrupts, once or twice", true, decode_interrupts_recognize,
	  decode_interrupts },
	{ "dump", "a descriptor, entries or a DMAR table as xxd, hexdump or gdb print them", false,
	  decode_dump_recognize, decode_dump },
	{ "numbers", "hexadecimal: a remapping entry or a fault record (32 digits, twice 16 or 4 "
	             "times 8), a descriptor (128), a message (address and data), cap=..., "
	             "ecap=...", false, decode_numbers_recognize, decode_numbers },
};
enum { DECODERS = sizeof(decoders) / sizeof(decoders[0]) };

const struct decoder *decode_find(const struct decode_input *in)
{
	for (unsigned i = 0; i < DECODERS; i++)
		if (decoders[i].recognize(in))
			return &decoders[i];
	return NULL;
}

/* What begins it, where the rest is of no kind. */
static bool refuse_all(const struct decode_input *in, struct sink *s)
{
	size_t at = 0;

	while (at < in->size && (in->text[at] == ' ' || in->text[at] == '\n' ||
	                         in->text[at] == '\t' || in->text[at] == '\r'))
		at++;
	if (at == in->size)
		return sink_refuse(s, "nothing there");
	return sink_refuse(s, "character %zu: \"%.*s\" begins nothing that can be decoded", at + 1,
	                   in->size - at > 24 ? 24 : (int)(in->size - at), in->text + at);
}

bool decode_bytes(const struct decode_input *in, struct sink *s)
{
	const struct decoder *d = decode_find(in);

	return d ? d->decode(in, s) : refuse_all(in, s);
}

void decode_expected(FILE *out)
{
	char line[256];

	fputs("posted decode takes:\n", out);
	for (unsigned i = 0; i < DECODERS; i++) {
		snprintf(line, sizeof(line), "  %s", decoders[i].expects);
		terminal_fold(out, line, 4, 80);
	}
	fputs("each as operands themselves, as a file's path, or on standard input for -\n", out);
}

json_t *decode_takes(void)
{
	json_t *takes = json_array();

	for (unsigned i = 0; i < DECODERS; i++)
		json_array_append_new(takes, json_string(decoders[i].expects));
	return takes;
}
