/* SPDX-License-Identifier: BSD-2-Clause */
/* The file behind a block device. */
#ifndef CLI_DATA_FILE_H
#define CLI_DATA_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct data_file {
	char *path;
	int fd; /* of a file made here, else -1 */
	uint64_t size;
	uint32_t crc; /* of its content, read apart from any machine */
};

/* Takes the file at path, or makes one of size bytes if path is null; false, and why, if not. */
bool data_file_open(struct data_file *d, const char *path, uint64_t size, char *why,
                    size_t why_size);

/* A file made here disappears. */
void data_file_close(struct data_file *d);

#endif
