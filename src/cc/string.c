/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of <string.h> reads and writes memory: a module has its own, compiled as the
 * module is, so that the explorer sees each byte. Copies and memset are the engine's.
 */
#include <stddef.h>
#include <string.h>

int memcmp(const void *a, const void *b, size_t size)
{
	const unsigned char *x = a, *y = b;

	for (size_t i = 0; i < size; i++) {
		unsigned char now = x[i], other = y[i];

		if (now != other)
			return now - other;
	}
	return 0;
}

void *memchr(const void *p, int byte, size_t size)
{
	const unsigned char *x = p;

	for (size_t i = 0; i < size; i++)
		if (x[i] == (unsigned char)byte)
			return (void *)(size_t)&x[i];
	return NULL;
}

size_t strnlen(const char *s, size_t most)
{
	size_t size = 0;

	while (size < most && s[size])
		size++;
	return size;
}

size_t strlen(const char *s)
{
	size_t size = 0;

	while (s[size])
		size++;
	return size;
}

int strncmp(const char *a, const char *b, size_t most)
{
	for (size_t i = 0; i < most; i++) {
		unsigned char x = (unsigned char)a[i], y = (unsigned char)b[i];

		if (x != y || !x)
			return x - y;
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, (size_t)-1);
}

char *strchr(const char *s, int byte)
{
	for (;; s++) {
		char now = *s;

		if (now == (char)byte)
			return (char *)(size_t)s;
		if (!now)
			return NULL;
	}
}

char *strncpy(char *to, const char *from, size_t size)
{
	size_t i = 0;
	char byte = 1;

	for (; i < size && byte; i++)
		to[i] = byte = from[i];
	for (; i < size; i++)
		to[i] = '\0';
	return to;
}

char *strcpy(char *to, const char *from)
{
	for (size_t i = 0;; i++) {
		char byte = from[i];

		to[i] = byte;
		if (!byte)
			return to;
	}
}
