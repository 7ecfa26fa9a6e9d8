/* SPDX-License-Identifier: BSD-2-Clause */
/* One round: the machine is made, runs one way for a while, and leaves figures. */
#ifndef CLI_ROUND_H
#define CLI_ROUND_H

#include "cli/data_file.h"
#include "guest/guests.h"
#include "cli/interrupts.h"
#include "cli/machine_file.h"
#include "cli/out.h"
#include "cli/progress.h"

enum {
	ROUNDS = MACHINE_WAYS * MACHINE_SWITCHES * 2, /* of a run, at most */
	ROUND_NAME = 40,
};

/* What rounds have in common. */
struct run {
	struct machine_file *machine;
	double seconds;
	struct out *out;            /* for problems */
	struct progress progress;
	/* by device: a block's data; broken: the device is left out of every round */
	struct data_file data[MACHINE_FILE_DEVICES];
	bool broken[MACHINE_FILE_DEVICES];
};

struct round_block {
	bool ran; /* the rest is known */
	struct reader_result read;
};

struct round {
	char name[ROUND_NAME];  /* of its column: "posted", "run", "posted, ipiv off", "ipiv off" */
	enum machine_way way;   /* MACHINE_WAYS where no device follows one */
	const char *compared;   /* the switch that the round sets, or null */
	bool on;                /* so it sets it */
	struct machine_config config; /* the file's, but for that switch */
	double seconds; /* from the devices' start until the guests were done */
	double cpu_seconds;
	struct machine_stats stats;
	struct histogram latency;
	struct round_block block[MACHINE_FILE_DEVICES];
	uint64_t ticks;                /* of all tickers */
	struct histogram round_trips;  /* of all ipi guests */
	struct interrupts *interrupts; /* null: no memory */
};

/* False: nothing ran. Problems go to the run's out. */
bool round_run(struct run *run, struct round *r);

/* So many for each 1,000 interrupts that the guest saw: what merged on the way was free. */
double round_per_1000(const struct round *r, uint64_t n);

/* Where interrupts were lost, or came from nowhere, and how many. */
enum { ROUND_LOSS = 320 };
void round_loss(const struct machine_loss *l, char text[ROUND_LOSS]);

/* True if all of a block's data was read and none of it was wrong. */
bool round_block_good(const struct run *run, const struct round *r, unsigned device);

#endif
