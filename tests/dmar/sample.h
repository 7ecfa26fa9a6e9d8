/* SPDX-License-Identifier: BSD-2-Clause */
/* A table with everything a table can have. */
#ifndef TESTS_DMAR_SAMPLE_H
#define TESTS_DMAR_SAMPLE_H

#include <posted/hw/dmar.h>

enum { SAMPLE_SIZE = 1024 };

/* Writes it up to the structures of type last; its length, 0 if size is too small. */
size_t sample_write(void *table, size_t size, enum pstd_dmar_type last);

#endif
