/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run found: its rounds side by side, their interrupts tables, one sentence. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/round.h"

enum { REPORT_SENTENCE = 4096 };

void report_print(const struct run *run, const struct round *rounds, unsigned count);

/* Compares the rounds in plain words, from their figures alone. */
void report_sentence(const struct round *rounds, unsigned count, char text[REPORT_SENTENCE]);

#endif
