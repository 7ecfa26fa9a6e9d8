/* SPDX-License-Identifier: BSD-2-Clause */
/* A file of x86-64's ELF, read as what it is: bytes that may say anything. */
#ifndef EXPLORE_MODULE_ELF_H
#define EXPLORE_MODULE_ELF_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_file {
	const uint8_t *bytes; /* mapped */
	size_t size;
	const Elf64_Ehdr *header;
	const Elf64_Phdr *segment; /* header->e_phnum */
	const Elf64_Shdr *section; /* header->e_shnum */
};

/*
 * Maps and looks: all headers, segments and sections lie in the file. Null, or what is
 * wrong with it, in words that follow its name; then nothing is to be closed.
 */
const char *elf_open(struct elf_file *f, const char *path);
void elf_close(struct elf_file *f);

/* The first segment, or section, of a type; null if there is none. */
const Elf64_Phdr *elf_segment(const struct elf_file *f, uint32_t type);
const Elf64_Shdr *elf_section(const struct elf_file *f, uint32_t type);
const Elf64_Shdr *elf_section_named(const struct elf_file *f, const char *name);

/* The next name from *at on that a table of symbols has undefined; null after the last. */
const char *elf_undefined(const struct elf_file *f, const Elf64_Shdr *symbols, size_t *at);

/* A note's contents, and their size; null if there is none of this name and kind. */
const void *elf_note(const struct elf_file *f, const char *name, uint32_t kind, size_t *size);

/* The value of a dynamic tag; false: it is not there. */
bool elf_dynamic(const struct elf_file *f, int64_t tag, uint64_t *value);

/* Bytes that the thread-local data of an object take, however they are put together. */
size_t elf_thread_local_size(const struct elf_file *f);

#endif
