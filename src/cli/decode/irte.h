/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_IRTE_H
#define CLI_DECODE_IRTE_H

#include "cli/decode/sink.h"
#include <posted/irte.h>

enum { IRTE_TEXT = 320 };

/* How likely these bits are an entry: 3 present and good, 2 not present, 1 bad, 0 unlikely. */
unsigned irte_rank(struct pstd_irte e);

/* Reserved bits that are set, of the format that IM says; those of SVT 3 are not among them. */
struct pstd_pair irte_reserved(struct pstd_irte e);

/* The entry alone tells that every request is blocked, and why; the text is set only then. */
bool irte_is_blocked(struct pstd_irte e, char text[IRTE_TEXT]);

/* Why a posted one may come to nothing all the same; else "". */
const char *irte_caveat(const struct pstd_irte_fields *f);

/* Who may use it, and what it does then. */
const char *irte_who(const struct pstd_irte_fields *f, char text[IRTE_TEXT]);
const char *irte_does(struct pstd_irte e, char text[IRTE_TEXT]);

/* All of it, into the object that is open. */
void irte_fields_say(struct sink *s, struct pstd_irte e);

#endif
