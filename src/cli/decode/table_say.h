/* SPDX-License-Identifier: BSD-2-Clause */
/* The entries of Linux's remapping tables, read, and what they say. */
#ifndef CLI_DECODE_TABLE_SAY_H
#define CLI_DECODE_TABLE_SAY_H

#include "cli/decode/irte.h"
#include "cli/decode/sink.h"

enum { TABLE_UNIT = 32 };

struct table_entry {
	struct pstd_irte e;
	unsigned index;
	char unit[TABLE_UNIT];
};

struct table {
	struct sink *s;
	struct table_entry *entry;
	unsigned count, room;
	unsigned line;
	unsigned differ; /* lines whose columns are not what their bits say */
	bool posted;     /* the part that we are in */
	bool off;        /* Linux says that remapping is not enabled */
	char unit[TABLE_UNIT];
};

/* Into the object that is open; sorts the entries. */
void table_say(struct table *t);

#endif
