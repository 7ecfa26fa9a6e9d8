/* SPDX-License-Identifier: BSD-2-Clause */
/* write_sample LAST: writes the sample table, up to the structures of type LAST. */
#include "sample.h"
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	unsigned char table[SAMPLE_SIZE];
	size_t size;

	if (argc != 2)
		return 2;
	size = sample_write(table, sizeof(table), (enum pstd_dmar_type)atoi(argv[1]));
	return !size || fwrite(table, 1, size, stdout) != size || fflush(stdout);
}
