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

enum { WORDS = 1 << 17 }; /* 1 MiB at a time */

/* Marsaglia's xorshift: content in which no two blocks are the same. */
static void fill_words(uint64_t *words, uint64_t *seed)
{
	for (unsigned i = 0; i < WORDS; i++) {
		*seed ^= *seed << 13;
		*seed ^= *seed >> 7;
		*seed ^= *seed << 17;
		words[i] = *seed;
	}
}

static bool write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

static bool write_content(int fd, uint64_t size)
{
	uint64_t *words = malloc(WORDS * sizeof(*words)), seed = 0x706f73746564;
	bool good = words != NULL;

	while (good && size) {
		size_t part = size < WORDS * sizeof(*words) ? size : WORDS * sizeof(*words);

		fill_words(words, &seed);
		good = write_all(fd, (const char *)words, part);
		size -= part;
	}
	free(words);
	return good;
}

/* It has no name from the start, so that nothing is left behind however the run ends. */
static bool make(struct data_file *d, uint64_t size, char *why, size_t why_size)
{
	const char *dir = getenv("TMPDIR");
	char *name = NULL;

	if (!dir || !*dir)
		dir = "/tmp";
	if (asprintf(&name, "%s/posted-XXXXXX", dir) < 0) {
		snprintf(why, why_size, "out of memory");
		return false;
	}
	d->fd = mkostemp(name, O_CLOEXEC);
	if (d->fd < 0 || unlink(name) || !write_content(d->fd, size) ||
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

	if (stat(path, &st))
		snprintf(why, why_size, "cannot read %s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		snprintf(why, why_size, "%s is neither a regular file nor a block device", path);
	else if (!(d->path = strdup(path)))
		snprintf(why, why_size, "out of memory");
	return d->path != NULL;
}

/* The content, by plain reads. */
static bool sum(struct data_file *d, const char *path, char *why, size_t why_size)
{
	if (!crc32c_file(d->path, &d->crc, &d->size))
		snprintf(why, why_size, "cannot read %s: %s", path, strerror(errno));
	else if (!d->size)
		snprintf(why, why_size, "%s is empty: there is nothing to read", path);
	else
		return true;
	return false;
}

bool data_file_open(struct data_file *d, const char *path, uint64_t size, char *why,
                    size_t why_size)
{
	*d = (struct data_file){ .fd = -1 };
	if ((path ? take(d, path, why, why_size) : make(d, size, why, why_size)) &&
	    sum(d, path ? path : "the file just made", why, why_size))
		return true;
	data_file_close(d);
	return false;
}

void data_file_close(struct data_file *d)
{
	if (d->fd >= 0)
		close(d->fd);
	free(d->path);
	*d = (struct data_file){ .fd = -1 };
}
