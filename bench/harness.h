/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small harness. The benches of a group are peers: they take turns, round by
 * round, in one process pinned to one CPU, so that whatever disturbs one disturbs
 * all. A round is 20 ms of samples of one bench, warmed up anew; its figure is
 * their median. What is printed are medians over the rounds; the ratio to the
 * group's baseline is taken within each round first.
 */
#ifndef BENCH_HARNESS_H
#define BENCH_HARNESS_H

#include <stdbool.h>
#include <stdint.h>

struct bench {
	const char *name;
	bool baseline; /* one of the group: the others' ratios are to this one */
	bool two_cpus; /* left out where there is only one */
	/* Around each round, not timed; may be null. What cannot go on calls bench_fail. */
	void (*setup)(const struct bench *b);
	void (*teardown)(const struct bench *b);
	/*
	 * Takes one sample: the nanoseconds that one operation took. The clock may step
	 * by 10 ns: quick operations are timed together, some hundred in a sample.
	 */
	double (*sample)(const struct bench *b);
	const void *arg; /* the bench's own */
};

struct bench_group {
	const char *name;
	const struct bench *benches; /* ends with a null name */
	bool rates;       /* the table also says how many operations a second that is */
	const char *note; /* lines beneath the table, or null */
	/*
	 * If not null, nothing is sampled: it measures one bench once, and prints its row below
	 * head if asked to. Its figures, for the caller.
	 */
	struct json_t *(*once)(const struct bench *b, bool prints);
	const char *head;
};

extern const struct bench_group bench_post, bench_vtd, bench_cpu_side, bench_lookup,
	bench_one_way, bench_wake, bench_explore, bench_searches;

/* The program: groups ends with a null. Returns its exit status. */
int bench_main(int argc, char **argv, const struct bench_group *const groups[]);

/* Nanoseconds of a clock that all CPUs share. */
uint64_t bench_now(void);

/* Pins the calling thread, and those it creates from now on, to one of the two CPUs. */
enum bench_side { BENCH_NEAR, BENCH_FAR };
void bench_pin(enum bench_side side);

/* Says on stderr what went wrong and ends the program with 1. */
void bench_fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
