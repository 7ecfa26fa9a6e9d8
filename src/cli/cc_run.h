/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that posted cc runs, in a folder of its own that goes away with it. */
#ifndef CLI_CC_RUN_H
#define CLI_CC_RUN_H

#include <stdbool.h>

/* A command line, word by word. */
struct cc_words {
	char **word;
	unsigned count, room;
	bool no_memory; /* words are missing */
};

void cc_add(struct cc_words *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Each word of a text, between spaces. */
void cc_add_words(struct cc_words *w, const char *text);
void cc_words_free(struct cc_words *w);

enum { CC_NOT_RUN = -1 };

/*
 * Runs it and waits; its exit status, 128 + the signal that killed it, or CC_NOT_RUN:
 * errno says why. What it prints goes to the file, if one is named.
 */
int cc_run(struct cc_words *w, const char *printed);

/* A new folder; false: errno says why. And away with it, and all in it. */
bool cc_folder(char path[64]);
void cc_folder_remove(const char *path);

#endif
