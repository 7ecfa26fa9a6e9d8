/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes to decode, as text and as JSON: both succeed, or both refuse and say
 * why; and what is JSON by name is JSON.
 */
#include "cli/decode/decode.h"
#include "fuzz.h"
#include <jansson.h>
#include <string.h>

static void dump(const struct sink *s, FILE *out)
{
	json_t *things = sink_things(s);

	MUST(things && !json_dumpf(things, out, 0));
	json_decref(things);
}

static bool decode(const struct decode_input *in, bool json)
{
	struct sink *s = sink_new(json);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool good;

	MUST(s && out);
	sink_fold(s, in->size % 128);
	good = decode_bytes(in, s);
	MUST(good == !sink_refusal(s));
	if (good && json)
		dump(s, out);
	else if (good)
		MUST(sink_print(s, out));
	MUST(!fclose(out));
	if (good && json) {
		json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);

		MUST(root);
		json_decref(root);
	}
	if (good && !json)
		MUST(size);
	sink_free(s);
	free(text);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct decode_input in = { .size = size };
	char *text = malloc(size + 1);

	MUST(text);
	memcpy(text, data, size);
	text[size] = 0;
	in.text = text;
	MUST(decode(&in, false) == decode(&in, true));
	free(text);
	return 0;
}
