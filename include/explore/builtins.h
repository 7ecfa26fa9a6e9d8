/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gcc expands these functions where it sees fit, and tells the thread sanitizer nothing of
 * what they access. posted cc includes this before all else, so that they are calls: of the
 * C library's functions, as if they had been called by their own names.
 */
#ifndef EXPLORE_BUILTINS_H
#define EXPLORE_BUILTINS_H

void *explore_call_memcpy(void *to, const void *from, __SIZE_TYPE__ size) __asm__("memcpy");
void *explore_call_memmove(void *to, const void *from, __SIZE_TYPE__ size) __asm__("memmove");
void *explore_call_memset(void *to, int byte, __SIZE_TYPE__ size) __asm__("memset");
int explore_call_memcmp(const void *a, const void *b, __SIZE_TYPE__ size) __asm__("memcmp");
__SIZE_TYPE__ explore_call_strlen(const char *text) __asm__("strlen");
int explore_call_strcmp(const char *a, const char *b) __asm__("strcmp");

/* What is known to the compiler stays so: the name of a macro is not expanded in itself. */
#define EXPLORE_UNLESS_KNOWN(known, call) (__builtin_constant_p(known) ? (known) : (call))

#define __builtin_memcpy(to, from, size) explore_call_memcpy(to, from, size)
#define __builtin_memmove(to, from, size) explore_call_memmove(to, from, size)
#define __builtin_memset(to, byte, size) explore_call_memset(to, byte, size)
#define __builtin___memcpy_chk(to, from, size, room) explore_call_memcpy(to, from, size)
#define __builtin___memmove_chk(to, from, size, room) explore_call_memmove(to, from, size)
#define __builtin___memset_chk(to, byte, size, room) explore_call_memset(to, byte, size)
#define __builtin_memcmp(a, b, size) \
	EXPLORE_UNLESS_KNOWN(__builtin_memcmp(a, b, size), explore_call_memcmp(a, b, size))
#define __builtin_strlen(text) \
	EXPLORE_UNLESS_KNOWN(__builtin_strlen(text), explore_call_strlen(text))
#define __builtin_strcmp(a, b) \
	EXPLORE_UNLESS_KNOWN(__builtin_strcmp(a, b), explore_call_strcmp(a, b))

#endif
