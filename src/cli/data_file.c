/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/data_file.h"
#include "guest/crc32c.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	WORDS = DATA_FILE_BLOCK / sizeof(uint64_t),
	PIECE = 1 << 20,
};

/* Steele's splitmix64: no two blocks are the same, none is zeros. */
static void fill_block(uint64_t words[WORDS], uint64_t block)
{
	for (uint64_t i = 0; i < WORDS; i++) {
		uint64_t x = (block * WORDS + i + 1) * 0x9e3779b97f4a7c15u;

		x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
		x = (x ^ x >> 27) * 0x94d049bb133111ebu;
		words[i] = x ^ x >> 31;
	}
}

static bool write_all(int fd, const char *bytes, size_t size, uint64_t offset)
{
	while (size) {
		ssize_t n = pwrite(fd, bytes, size, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes += n;
		offset += (uint64_t)n;
		size -= (size_t)n;
	}
	return true;
}

static bool write_stamps(const struct data_file *d)
{
	uint64_t words[WORDS], step = d->stamp * DATA_FILE_BLOCK;

	for (uint64_t at = 0; at < d->size; at += step) {
		uint64_t left = d->size - at;

		fill_block(words, at / DATA_FILE_BLOCK);
		if (!write_all(d->fd, (const char *)words,
		               left < sizeof(words) ? left : sizeof(words), at))
			return false;
	}
	return true;
}

/* It has no name from the start, so that nothing is left behind however the run ends. */
static bool make(struct data_file *d, uint64_t size, char *why, size_t why_size)
{
	const char *dir = getenv("TMPDIR");
	uint64_t blocks = (size + DATA_FILE_BLOCK - 1) / DATA_FILE_BLOCK;
	char *name = NULL;

	if (!dir || !*dir)
		dir = "/tmp";
	if (asprintf(&name, "%s/posted-XXXXXX", dir) < 0) {
		snprintf(why, why_size, "out of memory");
		return false;
	}
	d->size = size;
	d->stamp = (blocks + DATA_FILE_STAMPS - 1) / DATA_FILE_STAMPS;
	d->fd = mkostemp(name, O_CLOEXEC);
	if (d->fd < 0 || unlink(name) || ftruncate(d->fd, (off_t)size) || !write_stamps(d) ||
	    asprintf(&d->path, "/proc/self/fd/%d", d->fd) < 0) {
		snprintf(why, why_size, "cannot make a file of %llu bytes in %s: %s",
		         (unsigned long long)size, dir, strerror(errno));
		d->path = NULL;
	}
	free(name);
	return d->path != NULL;
}

/* Another kind of file may block on open or have no size. */
static bool take(struct data_file *d, const char *path, char *why, size_t why_size)
{
	struct stat st;
	off_t size;

	if (stat(path, &st)) {
		snprintf(why, why_size, "cannot read %s: %s", path, strerror(errno));
	} else if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) {
		snprintf(why, why_size, "%s is neither a regular file nor a block device", path);
	} else if ((d->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0 ||
	           (size = lseek(d->fd, 0, SEEK_END)) < 0) {
		snprintf(why, why_size, "cannot read %s: %s", path, strerror(errno));
	} else if (!size) {
		snprintf(why, why_size, "%s is empty: there is nothing to read", path);
	} else {
		d->size = (uint64_t)size;
		d->written = st.st_mtim;
		d->path = strdup(path);
		if (!d->path)
			snprintf(why, why_size, "out of memory");
	}
	return d->path != NULL;
}

static bool make_pieces(struct data_file *d, char *why, size_t why_size)
{
	uint64_t count = d->size / PIECE;

	d->piece = malloc((count + 1) * sizeof(*d->piece));
	if (!d->piece)
		snprintf(why, why_size, "out of memory");
	for (uint64_t n = 0; d->piece && n < count; n++)
		d->piece[n] = -1;
	return d->piece;
}

bool data_file_open(struct data_file *d, const char *path, uint64_t size, char *why,
                    size_t why_size)
{
	*d = (struct data_file){ .fd = -1 };
	if ((path ? take(d, path, why, why_size) : make(d, size, why, why_size)) &&
	    make_pieces(d, why, why_size))
		return true;
	data_file_close(d);
	return false;
}

/* What the pattern has at an offset, up to the end of the block or of the holes. */
static uint32_t next_crc(const struct data_file *d, uint64_t offset, uint64_t most,
                         uint64_t *size)
{
	uint64_t words[WORDS], block = offset / DATA_FILE_BLOCK, in = offset % DATA_FILE_BLOCK;
	bool stamped = block % d->stamp == 0;
	uint64_t end = stamped ? block + 1 : (block / d->stamp + 1) * d->stamp;

	*size = end * DATA_FILE_BLOCK - offset;
	if (*size > most)
		*size = most;
	if (!stamped)
		return crc32c_zeros(*size);
	fill_block(words, block);
	return crc32c(0, (const char *)words + in, *size);
}

static uint32_t pattern_crc(const struct data_file *d, uint64_t offset, uint64_t size)
{
	uint32_t crc = 0;
	uint64_t part;

	for (; size; offset += part, size -= part) {
		uint32_t next = next_crc(d, offset, size, &part);

		crc = crc32c_combine(crc, next, part);
	}
	return crc;
}

static bool plain_crc(const struct data_file *d, uint64_t offset, uint64_t size, uint32_t *crc)
{
	if (!d->stamp)
		return crc32c_file(d->fd, offset, size, crc);
	*crc = pattern_crc(d, offset, size);
	return true;
}

/* Up to the end of a piece; of a whole one only once. */
static bool piece_crc(struct data_file *d, uint64_t offset, uint64_t size, uint32_t *crc)
{
	bool whole = size == PIECE, good = true;
	int64_t known = whole ? d->piece[offset / PIECE] : -1;

	if (known >= 0) {
		*crc = (uint32_t)known;
		return true;
	}
	good = plain_crc(d, offset, size, crc);
	if (good && whole)
		d->piece[offset / PIECE] = *crc;
	return good;
}

bool data_file_crc(struct data_file *d, uint64_t offset, uint64_t size, uint32_t *crc)
{
	*crc = 0;
	while (size) {
		uint64_t left = PIECE - offset % PIECE, part = size < left ? size : left;
		uint32_t next;

		if (!piece_crc(d, offset, part, &next))
			return false;
		*crc = crc32c_combine(*crc, next, part);
		offset += part;
		size -= part;
	}
	return true;
}

bool data_file_changed(const struct data_file *d)
{
	struct stat st;

	return !d->stamp && !fstat(d->fd, &st) &&
	       (st.st_mtim.tv_sec != d->written.tv_sec ||
	        st.st_mtim.tv_nsec != d->written.tv_nsec);
}

void data_file_close(struct data_file *d)
{
	if (d->fd >= 0)
		close(d->fd);
	free(d->path);
	free(d->piece);
	*d = (struct data_file){ .fd = -1 };
}
