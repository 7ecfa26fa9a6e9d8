/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest/crc32c.h"
#include <errno.h>
#include <isa-l/crc.h>
#include <stdlib.h>
#include <unistd.h>

/* Reflected: the power x^0 is bit 31, x^31 is bit 0. */
static const uint32_t polynomial = 0x82f63b78;
static const uint32_t x0 = UINT32_C(1) << 31, x8 = UINT32_C(1) << 23;

enum {
	/* ISA-L takes the length as an int. */
	PIECE = 1 << 30,
	FILE_BUFFER = 1 << 20,
};

/* a * b modulo the polynomial. */
static uint32_t multiply(uint32_t a, uint32_t b)
{
	uint32_t product = 0;

	for (uint32_t power = x0; power; power >>= 1) {
		if (a & power)
			product ^= b;
		b = b >> 1 ^ (b & 1 ? polynomial : 0);
	}
	return product;
}

/* x^(8n), by squaring. */
static uint32_t shift_by(uint64_t n)
{
	uint32_t factor = x0;

	for (uint32_t square = x8; n; n >>= 1) {
		if (n & 1)
			factor = multiply(factor, square);
		square = multiply(square, square);
	}
	return factor;
}

uint32_t crc32c(uint32_t crc, const void *data, size_t size)
{
	unsigned char *p = (unsigned char *)(uintptr_t)data;

	/* ISA-L leaves both inversions to its caller. */
	while (size) {
		int n = size < PIECE ? size : PIECE;

		crc = ~crc32_iscsi(p, n, ~crc);
		p += n;
		size -= n;
	}
	return crc;
}

uint32_t crc32c_combine(uint32_t first, uint32_t second, uint64_t second_size)
{
	return multiply(shift_by(second_size), first) ^ second;
}

/* Without the inversions, zeros do nothing but shift. */
uint32_t crc32c_zeros(uint64_t size)
{
	return ~multiply(shift_by(size), UINT32_MAX);
}

bool crc32c_file(int fd, uint64_t offset, uint64_t size, uint32_t *crc)
{
	unsigned char *buffer = malloc(FILE_BUFFER);
	ssize_t n = 0;

	*crc = 0;
	errno = 0;
	while (buffer && size) {
		n = pread(fd, buffer, size < FILE_BUFFER ? size : FILE_BUFFER, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		*crc = crc32c(*crc, buffer, (size_t)n);
		offset += (uint64_t)n;
		size -= (uint64_t)n;
	}
	free(buffer);
	return buffer && !size;
}
