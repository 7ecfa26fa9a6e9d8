/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json [PATH...]: reads one JSON object from standard input, fails if it is
 * none, and prints the value at each path ("columns.0.totals.sent") on a line.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *find(json_t *at, char *path)
{
	for (char *key = strtok(path, "."); at && key; key = strtok(NULL, "."))
		at = json_is_array(at) ? json_array_get(at, strtoul(key, NULL, 10)) :
		     json_object_get(at, key);
	return at;
}

int main(int argc, char **argv)
{
	json_error_t error;
	json_t *root = json_loadf(stdin, JSON_REJECT_DUPLICATES, &error);
	int missing = 0;

	if (!root) {
		fprintf(stderr, "no JSON: line %d: %s\n", error.line, error.text);
		return 1;
	}
	for (int i = 1; i < argc; i++) {
		char path[256];
		json_t *value;

		snprintf(path, sizeof(path), "%s", argv[i]);
		value = find(root, path);
		missing |= !value;
		if (!value)
			fprintf(stderr, "nothing at %s\n", argv[i]);
		else if (json_is_string(value))
			puts(json_string_value(value));
		else
			json_dumpf(value, stdout, JSON_ENCODE_ANY | JSON_COMPACT), putchar('\n');
	}
	json_decref(root);
	return missing;
}
