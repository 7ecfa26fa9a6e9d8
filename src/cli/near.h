/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "Did you mean ...?": of the words that there are, the one most like a word that
 * was mistyped.
 *
 *	struct near near = { .typed = "chekc" };
 *
 *	for (...)
 *		near_look(&near, word);
 *	if (near.word)
 *		printf("did you mean \"%s\"?", near.word);
 */
#ifndef CLI_NEAR_H
#define CLI_NEAR_H

struct near {
	const char *typed;
	const char *word; /* the nearest so far; null: none is near */
	unsigned distance; /* from typed, of that word */
};

/*
 * Looks at one more word, which is kept as it is. Letters to add, drop, change or
 * swap with the next one count 1 each, whatever their case, and a word that begins
 * with typed is as near as one letter; beyond a third of its letters, rounded, no
 * word is near. Of words as near, the first is kept.
 */
void near_look(struct near *n, const char *word);

#endif
