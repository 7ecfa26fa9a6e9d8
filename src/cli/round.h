/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The columns of a run, and their rounds: in each, the machine is made anew, runs
 * one column's way for a while, and leaves figures.
 */
#ifndef CLI_ROUND_H
#define CLI_ROUND_H

#include "cli/data_file.h"
#include "cli/host_load.h"
#include "cli/interrupts.h"
#include "cli/machine_file.h"
#include "cli/out.h"
#include "cli/progress.h"
#include "guest/guests.h"

enum {
	COLUMNS = MACHINE_WAYS * MACHINE_SWITCHES * 2, /* of a run, at most */
	COLUMN_NAME = 40,
	ROUNDS = 100, /* of a column, at most */
	ROUND_PROBLEM = 1024,
};

struct round_block {
	bool ran; /* the rest is known */
	struct reader_result read;
	bool equal;       /* all that was read is what the file has there */
	bool whole;       /* the guest read it to its end: these are known */
	uint32_t crc, file_crc; /* CRC-32C as the guest read it, and of the file */
	uint64_t checked; /* bytes of the file that were compared */
};

struct round {
	double seconds; /* from the devices' start until the guests were done */
	bool cut;       /* a signal ended it early */
	double cpu_seconds;
	struct host_load load;
	struct machine_stats stats;
	struct histogram latency;
	struct round_block block[MACHINE_FILE_DEVICES];
	uint64_t ticks;                /* of all tickers */
	struct histogram round_trips;  /* of all ipi guests */
	struct interrupts *interrupts; /* null: not asked for, or no memory */
};

/* A way, with all switches as the file has them or one of them set. */
struct column {
	char name[COLUMN_NAME]; /* "posted", "run", "posted, ipiv off", "ipiv off" */
	enum machine_way way;   /* MACHINE_WAYS where no device follows one */
	const char *compared;   /* the switch that it sets, or null */
	bool on;                /* so it sets it */
	struct machine_config config; /* the file's, but for that switch */
	struct round *rounds;   /* those that count */
	unsigned count;
	char said[ROUND_PROBLEM]; /* its last problem, which is not said again */
};

/* What all have in common. */
struct run {
	struct machine_file *machine;
	double seconds, warm_up; /* of a round that counts; of the one before, that does not */
	unsigned rounds;         /* of each column */
	bool interrupts;         /* their table is wanted */
	struct out *out;         /* for problems */
	struct progress progress;
	/* by device: a block's data; broken: the device is left out of every round */
	struct data_file data[MACHINE_FILE_DEVICES];
	bool broken[MACHINE_FILE_DEVICES];
	struct column column[COLUMNS];
	unsigned columns;
};

/* So long, and called so in progress lines. False: nothing ran. Problems go to the run's out. */
bool round_run(struct run *run, struct column *c, const char *called, double seconds,
               struct round *r);

/* A problem of this column: "posted run: user: ...", "posted run: user, ipiv on: ...". */
void round_problem(struct run *run, struct column *c, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* round_collect.c: fills in the figures and judges them, of a machine that was stopped. */
void round_collect(struct run *run, struct column *c, struct machine *m,
                   struct device *const devices[MACHINE_FILE_DEVICES], struct round *r);

/* Where interrupts were lost, or came from nowhere, and how many. */
enum { ROUND_LOSS = 320 };
void round_loss(const struct machine_loss *l, char text[ROUND_LOSS]);

#endif
