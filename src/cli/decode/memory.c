/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/decode/memory.h"
#include "cli/decode/dmar.h"
#include "cli/decode/pair.h"
#include <posted/irte.h>
#include <string.h>

enum { DESCRIPTOR = 64, ENTRY = 16 };

static struct decode_input input_of(const uint8_t *bytes, size_t size)
{
	return (struct decode_input){ .text = (const char *)bytes, .size = size };
}

bool memory_is_dmar(const uint8_t *bytes, size_t size)
{
	struct decode_input table = input_of(bytes, size);

	return decode_dmar_recognize(&table);
}

static struct pstd_pair pair_at(const uint8_t *bytes)
{
	struct pstd_pair raw;

	memcpy(&raw, bytes, sizeof(raw));
	return raw;
}

/* All of them, some present; as descriptors they have reserved bits set. */
static bool are_entries(const uint8_t *bytes, size_t size)
{
	struct pair_hint hint = { .irte = true, .memory = true };
	bool present = false;

	if (!size || size % ENTRY)
		return false;
	for (size_t at = 0; at + DESCRIPTOR <= size; at += DESCRIPTOR)
		if (size % DESCRIPTOR == 0 && pid_is_good(bytes + at))
			return false;
	for (size_t at = 0; at < size; at += ENTRY) {
		if (!pair_is_good(pair_at(bytes + at), hint))
			return false;
		present |= pair_at(bytes + at).lo & PSTD_IRTE_P;
	}
	return present;
}

static bool say_entries(struct sink *s, const uint8_t *bytes, size_t size)
{
	struct pair_hint hint = { .irte = true, .memory = true };

	if (size / ENTRY > DECODE_MAX_THINGS)
		return sink_refuse(s, "more than %d entries at once", DECODE_MAX_THINGS);
	for (size_t at = 0; at < size; at += ENTRY)
		pair_say(s, pair_at(bytes + at), hint);
	return true;
}

bool memory_say(struct sink *s, const uint8_t *bytes, size_t size, enum pid_groups groups,
                bool sure)
{
	struct decode_input table = input_of(bytes, size);

	if (decode_dmar_recognize(&table))
		return decode_dmar(&table, s);
	if (are_entries(bytes, size))
		return say_entries(s, bytes, size);
	if (!size || size % DESCRIPTOR)
		return sink_refuse(s, "%zu bytes: a posted-interrupt descriptor has 64", size);
	if (size / DESCRIPTOR > DECODE_MAX_THINGS)
		return sink_refuse(s, "more than %d descriptors at once", DECODE_MAX_THINGS);
	for (size_t at = 0; at < size; at += DESCRIPTOR)
		pid_say(s, bytes + at, groups, sure);
	return true;
}

/* A descriptor has bytes that are always 0; no text has. */
bool decode_binary_recognize(const struct decode_input *in)
{
	return in->size == DESCRIPTOR && memchr(in->text, 0, in->size);
}

bool decode_binary(const struct decode_input *in, struct sink *s)
{
	return memory_say(s, (const uint8_t *)in->text, in->size, PID_GROUPS_NONE, true);
}
