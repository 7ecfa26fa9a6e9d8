/* SPDX-License-Identifier: BSD-2-Clause */
/* Spin's checker of the protocol of tests/spin, where there is Spin. */
#ifndef BENCH_SPIN_H
#define BENCH_SPIN_H

struct spin {
	double states, seconds; /* its start included */
};

/* Over all states, once. */
struct spin spin_run(void);

#endif
