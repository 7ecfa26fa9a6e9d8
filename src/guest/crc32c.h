/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CRC-32C (Castagnoli, as in iSCSI): polynomial 0x1edc6f41, reflected, all ones
 * before and inverted after. The CRC of no bytes is 0, that of "123456789" is
 * 0xe3069283. Any thread.
 */
#ifndef GUEST_CRC32C_H
#define GUEST_CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Goes on from the CRC of what came before; 0 to begin. */
uint32_t crc32c(uint32_t crc, const void *data, size_t size);

/*
 * The CRC of two pieces, one after the other, from their own CRCs. Only the
 * second one's length counts: appending n bytes multiplies the first CRC, as a
 * polynomial over GF(2), by x^(8n) modulo the CRC's polynomial.
 */
uint32_t crc32c_combine(uint32_t first, uint32_t second, uint64_t second_size);

/* Of so many zero bytes, at a cost that hardly grows with their number. */
uint32_t crc32c_zeros(uint64_t size);

/*
 * Of a file's bytes from offset on, by pread(2) alone; that must all be there. False:
 * errno says why, 0 if the file ends early.
 */
bool crc32c_file(int fd, uint64_t offset, uint64_t size, uint32_t *crc);

#endif
