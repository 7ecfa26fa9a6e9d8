/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file behind a block device, and what it must hold, known apart from any machine.
 *
 * A file that the run makes has a pattern which follows from the offset alone. Of a
 * file of more than DATA_FILE_STAMPS blocks only so many are written, evenly apart;
 * the rest are holes, which read as zeros: so a file of any size is made at once.
 */
#ifndef CLI_DATA_FILE_H
#define CLI_DATA_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum {
	DATA_FILE_BLOCK = 4096,
	DATA_FILE_STAMPS = 16384, /* 64 MiB */
};

struct data_file {
	char *path;     /* of a file made here, one that leads to fd */
	int fd;
	uint64_t size;
	uint64_t stamp; /* of a file made here: every so many blocks one is written; else 0 */
	struct timespec written; /* of a file that was given: when it last was */
	int64_t *piece; /* the CRCs of its MiBs, so far as they are known; else -1 */
};

/* Takes the file at path, or makes one of size bytes if path is null; false, and why, if not. */
bool data_file_open(struct data_file *d, const char *path, uint64_t size, char *why,
                    size_t why_size);

/*
 * The CRC-32C of a part: of a file made here from its pattern, else by plain reads, each
 * MiB once. False if it cannot be read; errno says why, 0 if the file ends early.
 */
bool data_file_crc(struct data_file *d, uint64_t offset, uint64_t size, uint32_t *crc);

/* A file made here disappears. */
/* A file that was given was written to since it was opened. */
bool data_file_changed(const struct data_file *d);

void data_file_close(struct data_file *d);

#endif
