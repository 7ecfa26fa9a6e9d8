/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest/crc32c.h"
#include <errno.h>
#include <fcntl.h>
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

static bool crc32c_fd(int fd, unsigned char *buffer, uint32_t *crc, uint64_t *size)
{
	ssize_t n;

	*crc = 0;
	*size = 0;
	while ((n = read(fd, buffer, FILE_BUFFER)) != 0) {
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			*crc = crc32c(*crc, buffer, n);
			*size += n;
		}
	}
	return true;
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
	uint32_t factor = x0;

	/* x^(8n) by squaring. */
	for (uint32_t square = x8; second_size; second_size >>= 1) {
		if (second_size & 1)
			factor = multiply(factor, square);
		square = multiply(square, square);
	}
	return multiply(factor, first) ^ second;
}

bool crc32c_file(const char *path, uint32_t *crc, uint64_t *size)
{
	unsigned char *buffer = malloc(FILE_BUFFER);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good = buffer && fd >= 0 && crc32c_fd(fd, buffer, crc, size);
	int error = errno;

	if (fd >= 0)
		close(fd);
	free(buffer);
	errno = error;
	return good;
}
