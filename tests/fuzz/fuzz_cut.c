/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as C text: the first line says what is cut out of the others. Where there is none of
 * it, nothing is written.
 */
#include "fuzz.h"
#include "adapt/cut.h"
#include <string.h>

static enum cut_result cut(const char *text, size_t size, const char *what, char **made,
                           size_t *made_size)
{
	FILE *into = open_memstream(made, made_size);
	enum cut_result result;
	struct cut c;

	MUST(into && cut_open(&c, text, size, "from"));
	result = cut_write(&c, what, into);
	cut_close(&c);
	MUST(!fclose(into));
	MUST(result != CUT_NO_MEMORY);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	char *what, *made;
	size_t made_size, name;

	if (!end)
		return 0;
	name = (size_t)(end - data);
	what = strndup((const char *)data, name);
	MUST(what);
	if (cut((const char *)end + 1, size - name - 1, what, &made, &made_size) != CUT_DONE)
		MUST(!made_size || strchr(what, '['));
	free(made);
	free(what);
	return 0;
}
