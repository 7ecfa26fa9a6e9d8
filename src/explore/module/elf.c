/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/module/elf.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Count rows of a size from there on lie in the file, aligned. */
static bool lies_within(const struct elf_file *f, uint64_t at, uint64_t count, uint64_t size)
{
	return at <= f->size && count <= (f->size - at) / size && !(at % 8);
}

static const char *map(struct elf_file *f, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat stat;

	if (fd < 0)
		return strerror(errno);
	if (fstat(fd, &stat) || !S_ISREG(stat.st_mode)) {
		close(fd);
		return "is no regular file";
	}
	f->size = (size_t)stat.st_size;
	f->bytes = f->size ? mmap(NULL, f->size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	close(fd);
	if (!f->size)
		return "is empty";
	return f->bytes == MAP_FAILED ? strerror(errno) : NULL;
}

static const char *judge_kind(const struct elf_file *f)
{
	const uint8_t *id = f->bytes;

	if (f->size < SELFMAG || memcmp(id, ELFMAG, SELFMAG))
		return "is no ELF file, as compilers make them";
	if (f->size < sizeof(Elf64_Ehdr))
		return "is truncated: it ends in its header";
	if (id[EI_CLASS] != ELFCLASS64 || id[EI_DATA] != ELFDATA2LSB ||
	    f->header->e_machine != EM_X86_64)
		return "is for another architecture than x86-64";
	return NULL;
}

static const char *judge_tables(struct elf_file *f)
{
	const Elf64_Ehdr *h = f->header;

	if (h->e_phnum && (h->e_phentsize != sizeof(Elf64_Phdr) ||
	                   !lies_within(f, h->e_phoff, h->e_phnum, sizeof(Elf64_Phdr))))
		return "is truncated: its program headers are not in it";
	if (h->e_shnum && (h->e_shentsize != sizeof(Elf64_Shdr) ||
	                   !lies_within(f, h->e_shoff, h->e_shnum, sizeof(Elf64_Shdr))))
		return "is truncated: its section headers are not in it";
	f->segment = (const Elf64_Phdr *)(f->bytes + (h->e_phnum ? h->e_phoff : 0));
	f->section = (const Elf64_Shdr *)(f->bytes + (h->e_shnum ? h->e_shoff : 0));
	for (unsigned i = 0; i < h->e_phnum; i++)
		if (f->segment[i].p_offset > f->size ||
		    f->segment[i].p_filesz > f->size - f->segment[i].p_offset)
			return "is truncated: a segment is not in it";
	for (unsigned i = 0; i < h->e_shnum; i++)
		if (f->section[i].sh_type != SHT_NOBITS &&
		    (f->section[i].sh_offset > f->size ||
		     f->section[i].sh_size > f->size - f->section[i].sh_offset))
			return "is truncated: a section is not in it";
	return NULL;
}

const char *elf_open(struct elf_file *f, const char *path)
{
	const char *wrong = map(f, path);

	if (wrong)
		return wrong;
	f->header = (const Elf64_Ehdr *)f->bytes;
	wrong = judge_kind(f);
	if (!wrong)
		wrong = judge_tables(f);
	if (wrong)
		elf_close(f);
	return wrong;
}

void elf_close(struct elf_file *f)
{
	munmap((void *)(uintptr_t)f->bytes, f->size);
}

const Elf64_Phdr *elf_segment(const struct elf_file *f, uint32_t type)
{
	for (unsigned i = 0; i < f->header->e_phnum; i++)
		if (f->segment[i].p_type == type)
			return &f->segment[i];
	return NULL;
}

const Elf64_Shdr *elf_section(const struct elf_file *f, uint32_t type)
{
	for (unsigned i = 0; i < f->header->e_shnum; i++)
		if (f->section[i].sh_type == type)
			return &f->section[i];
	return NULL;
}

/* The name at this place of a section of strings; "" where there is none. */
static const char *string(const struct elf_file *f, uint32_t section, uint64_t at)
{
	const Elf64_Shdr *s = &f->section[section];
	const char *text;

	if (section >= f->header->e_shnum || s->sh_type != SHT_STRTAB || at >= s->sh_size)
		return "";
	text = (const char *)f->bytes + s->sh_offset + at;
	return memchr(text, '\0', s->sh_size - at) ? text : "";
}

const Elf64_Shdr *elf_section_named(const struct elf_file *f, const char *name)
{
	for (unsigned i = 0; i < f->header->e_shnum; i++)
		if (!strcmp(string(f, f->header->e_shstrndx, f->section[i].sh_name), name))
			return &f->section[i];
	return NULL;
}

/* So many rows of a section's table; none if it has no place that rows could have. */
static size_t rows(const Elf64_Shdr *s, size_t size)
{
	return s->sh_offset % 8 ? 0 : s->sh_size / size;
}

const char *elf_undefined(const struct elf_file *f, const Elf64_Shdr *symbols, size_t *at)
{
	const Elf64_Sym *symbol = (const Elf64_Sym *)(f->bytes + symbols->sh_offset);

	while (*at < rows(symbols, sizeof(*symbol))) {
		const Elf64_Sym *s = &symbol[(*at)++];
		const char *name = string(f, symbols->sh_link, s->st_name);

		if (s->st_shndx == SHN_UNDEF && *name)
			return name;
	}
	return NULL;
}

static size_t rounded(size_t size)
{
	return (size + 3) / 4 * 4;
}

/* In the notes of a segment. */
static const void *find_note(const struct elf_file *f, const Elf64_Phdr *notes, const char *name,
                             uint32_t kind, size_t *size)
{
	const uint8_t *note = f->bytes + notes->p_offset;
	size_t left = notes->p_filesz;

	while (left >= sizeof(Elf64_Nhdr)) {
		Elf64_Nhdr head;
		size_t named, whole;

		memcpy(&head, note, sizeof(head));
		named = sizeof(head) + rounded(head.n_namesz);
		whole = named + rounded(head.n_descsz);
		if (whole > left)
			return NULL;
		if (head.n_type == kind && head.n_namesz == strlen(name) + 1 &&
		    !memcmp(note + sizeof(head), name, head.n_namesz)) {
			*size = head.n_descsz;
			return note + named;
		}
		note += whole;
		left -= whole;
	}
	return NULL;
}

const void *elf_note(const struct elf_file *f, const char *name, uint32_t kind, size_t *size)
{
	const void *note = NULL;

	for (unsigned i = 0; !note && i < f->header->e_phnum; i++)
		if (f->segment[i].p_type == PT_NOTE && !(f->segment[i].p_offset % 4))
			note = find_note(f, &f->segment[i], name, kind, size);
	return note;
}

bool elf_dynamic(const struct elf_file *f, int64_t tag, uint64_t *value)
{
	const Elf64_Phdr *s = elf_segment(f, PT_DYNAMIC);
	const Elf64_Dyn *d = s ? (const Elf64_Dyn *)(f->bytes + s->p_offset) : NULL;
	size_t count = s && !(s->p_offset % 8) ? s->p_filesz / sizeof(*d) : 0;

	for (size_t i = 0; i < count && d[i].d_tag != DT_NULL; i++) {
		if (d[i].d_tag != tag)
			continue;
		*value = d[i].d_un.d_val;
		return true;
	}
	return false;
}

size_t elf_thread_local_size(const struct elf_file *f)
{
	size_t sum = 0;

	for (unsigned i = 0; i < f->header->e_shnum; i++)
		if (f->section[i].sh_flags & SHF_TLS)
			sum += f->section[i].sh_size + f->section[i].sh_addralign;
	return sum;
}
