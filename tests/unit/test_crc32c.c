/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest/crc32c.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka needs some of the above. */
#include <cmocka.h>

/* From RFC 3720, "CRC Examples", and the check value of the catalogue of CRCs. */
static void known_values(void **state)
{
	unsigned char data[32];

	assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
	assert_int_equal(crc32c(0, "", 0), 0);
	memset(data, 0, sizeof(data));
	assert_int_equal(crc32c(0, data, sizeof(data)), 0x8a9136aa);
	memset(data, 0xff, sizeof(data));
	assert_int_equal(crc32c(0, data, sizeof(data)), 0x62a8ab43);
	for (unsigned i = 0; i < sizeof(data); i++)
		data[i] = i;
	assert_int_equal(crc32c(0, data, sizeof(data)), 0x46dd794e);
}

static void fill(unsigned char *data, size_t size)
{
	uint32_t x = 1;

	for (size_t i = 0; i < size; i++) {
		x = x * 1664525 + 1013904223;
		data[i] = x >> 24;
	}
}

static void pieces(void **state)
{
	unsigned char data[10007];
	uint32_t whole;

	fill(data, sizeof(data));
	whole = crc32c(0, data, sizeof(data));
	for (size_t cut = 0; cut <= sizeof(data); cut += 1 + cut / 3) {
		size_t rest = sizeof(data) - cut;
		uint32_t a = crc32c(0, data, cut), b = crc32c(0, data + cut, rest);

		assert_int_equal(crc32c(a, data + cut, rest), whole);
		assert_int_equal(crc32c_combine(a, b, rest), whole);
	}
}

/* A length beyond 32 bits: 2^33 zeros, put together by doubling. */
static void long_pieces(void **state)
{
	uint32_t zeros = crc32c(0, "", 1), eighths;
	uint64_t size = 1;

	for (; size < UINT64_C(1) << 30; size *= 2)
		zeros = crc32c_combine(zeros, zeros, size);
	eighths = zeros;
	for (unsigned i = 1; i < 8; i++)
		eighths = crc32c_combine(eighths, zeros, size);
	for (; size < UINT64_C(1) << 33; size *= 2)
		zeros = crc32c_combine(zeros, zeros, size);
	assert_int_equal(zeros, eighths);
}

static void zeros(void **state)
{
	static const unsigned char none[70000];

	for (size_t size = 0; size <= sizeof(none); size += 1 + size / 2)
		assert_int_equal(crc32c_zeros(size), crc32c(0, none, size));
	/* Beyond 32 bits: as two halves. */
	assert_int_equal(crc32c_zeros(UINT64_C(5) << 32),
	                 crc32c_combine(crc32c_zeros(UINT64_C(2) << 32),
	                                crc32c_zeros(UINT64_C(3) << 32), UINT64_C(3) << 32));
}

static void parts_of_a_file(void **state)
{
	char path[] = "/tmp/posted-crc32c-XXXXXX";
	unsigned char data[5000];
	int fd = mkstemp(path);
	uint32_t crc;

	assert_true(fd >= 0);
	unlink(path);
	fill(data, sizeof(data));
	assert_int_equal(write(fd, data, sizeof(data)), sizeof(data));
	assert_true(crc32c_file(fd, 0, sizeof(data), &crc));
	assert_int_equal(crc, crc32c(0, data, sizeof(data)));
	assert_true(crc32c_file(fd, 4000, 1000, &crc));
	assert_int_equal(crc, crc32c(0, data + 4000, 1000));
	assert_false(crc32c_file(fd, 4000, 1001, &crc));
	assert_int_equal(errno, 0);
	close(fd);
	assert_false(crc32c_file(fd, 0, 1, &crc));
	assert_int_equal(errno, EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_values),
		cmocka_unit_test(pieces),
		cmocka_unit_test(long_pieces),
		cmocka_unit_test(zeros),
		cmocka_unit_test(parts_of_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
