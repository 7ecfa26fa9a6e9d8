/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ACPI DMAR table: how firmware tells software which remapping units there
 * are and which devices each of them serves. Read from bytes, written to bytes.
 *
 * VT-d, "BIOS Considerations". All numbers are little endian, nothing is aligned.
 *
 *   table      48 bytes of header, then structures
 *   structure  {u16 type, u16 length}, rising by type; unknown ones are skipped
 *   scope      {u8 type, u8 length, ...}, at the end of DRHD, RMRR, ATSR, SATC
 *              and SIDP: one device, as a path from a bus
 *
 * Reading: pstd_dmar_check judges the whole table; then the cursors walk it without
 * looking at lengths again. Writing: pstd_dmar_begin, pstd_dmar_add and
 * pstd_dmar_add_scope in the table's order, pstd_dmar_end. Nothing here allocates,
 * keeps state of its own or uses a library. Any number of callers, each with its
 * own table or writer.
 */
#ifndef PSTD_HW_DMAR_H
#define PSTD_HW_DMAR_H

#include <posted/field.h>
#include <posted/types.h>

#pragma GCC visibility push(default)

/* The most that is read: far above what firmware has, and judged in well under a second. */
enum { PSTD_DMAR_HEADER_SIZE = 48, PSTD_DMAR_MAX_SIZE = 256 << 10 };

/* struct pstd_dmar_header.flags. */
#define PSTD_DMAR_INTR_REMAP 0x01     /* the platform can remap interrupts */
#define PSTD_DMAR_X2APIC_OPT_OUT 0x02 /* firmware asks software to leave x2APIC mode off */
#define PSTD_DMAR_DMA_CTRL_PLATFORM_OPT_IN 0x04 /* it keeps DMA out until software takes over */

struct pstd_dmar_header {
	char oem_id[6], oem_table_id[8]; /* padded with spaces, not ended by 0 */
	uint32_t oem_revision;
	char creator_id[4];
	uint32_t creator_revision;
	uint8_t address_width; /* of the host, in bits: 12 to 64 */
	uint8_t flags;
	/* only read: as the table has them */
	uint32_t length;
	uint8_t revision, checksum;
};

enum pstd_dmar_type {
	PSTD_DMAR_DRHD, /* DMA remapping hardware unit definition */
	PSTD_DMAR_RMRR, /* reserved memory region reporting */
	PSTD_DMAR_ATSR, /* root port ATS capability reporting */
	PSTD_DMAR_RHSA, /* remapping hardware static affinity */
	PSTD_DMAR_ANDD, /* ACPI name-space device declaration */
	PSTD_DMAR_SATC, /* SoC integrated address translation cache */
	PSTD_DMAR_SIDP, /* SoC integrated device property */
	PSTD_DMAR_TYPES,
};

/*
 * The fixed parts, with their places in bytes. Bytes 4 to 7 that are not named
 * are zero.
 */

/*
 * A unit: 4 flags (bit 0: include_pci_all), 5 size (bits 3:0), 6 segment, 8 base,
 * 16 scopes. include_pci_all: all devices of the segment that no other unit lists.
 */
struct pstd_dmar_drhd {
	bool include_pci_all;
	uint8_t size; /* of its registers: 2^size pages of 4 KiB */
	uint16_t segment;
	uint64_t base;
};

/*
 * Memory that the devices in scope need from the start: 6 segment, 8 base,
 * 16 limit (its last byte), 24 scopes.
 */
struct pstd_dmar_rmrr {
	uint16_t segment;
	uint64_t base, limit;
};

/* Root ports with address translation services: 4 flags (bit 0: all_ports), 6 segment, 8 scopes. */
struct pstd_dmar_atsr {
	bool all_ports;
	uint16_t segment;
};

/* The proximity domain of the unit whose registers are at base: 8 base, 16 proximity. */
struct pstd_dmar_rhsa {
	uint64_t base;
	uint32_t proximity;
};

/* The ACPI name of a device that scopes call by its number: 7 device, 8 name, ended by 0. */
struct pstd_dmar_andd {
	uint8_t device;
	const char *name; /* lies in the table */
	uint16_t name_length; /* without the 0 that ends it */
};

/*
 * Integrated devices with a translation cache: 4 flags (bit 0: atc_required, they
 * work only if it is on), 6 segment, 8 scopes.
 */
struct pstd_dmar_satc {
	bool atc_required;
	uint16_t segment;
};

/* Integrated devices, whose properties are the flags of the scopes: 6 segment, 8 scopes. */
struct pstd_dmar_sidp {
	uint16_t segment;
};

struct pstd_dmar_structure {
	uint16_t type; /* enum pstd_dmar_type, or one this file does not know */
	union {
		struct pstd_dmar_drhd drhd;
		struct pstd_dmar_rmrr rmrr;
		struct pstd_dmar_atsr atsr;
		struct pstd_dmar_rhsa rhsa;
		struct pstd_dmar_andd andd;
		struct pstd_dmar_satc satc;
		struct pstd_dmar_sidp sidp;
	};
	/* only read: where it lies in the table */
	uint16_t length;
	uint32_t offset;
};

enum pstd_dmar_scope_type {
	PSTD_DMAR_SCOPE_ENDPOINT = 1,
	PSTD_DMAR_SCOPE_BRIDGE = 2, /* and everything behind it */
	PSTD_DMAR_SCOPE_IOAPIC = 3,
	PSTD_DMAR_SCOPE_HPET = 4,
	PSTD_DMAR_SCOPE_NAMESPACE = 5, /* a device that an ANDD declares */
	PSTD_DMAR_SCOPE_TYPES,
};

/* struct pstd_dmar_scope.flags; only in SIDP, of endpoints and name-space devices. */
#define PSTD_DMAR_REQ_WO_PASID_NESTED_NOTALLOWED 0x01
#define PSTD_DMAR_REQ_WO_PASID_PWSNP_NOTALLOWED 0x02
#define PSTD_DMAR_REQ_WO_PASID_PGSNP_NOTALLOWED 0x04
#define PSTD_DMAR_ATC_HARDENED 0x08
#define PSTD_DMAR_ATC_REQUIRED 0x10

struct pstd_dmar_hop {
	uint8_t device, function;
};

PSTD_ASSERT(sizeof(struct pstd_dmar_hop) == 2, "a step of a path is two bytes");

/* A device: 0 type, 1 length, 2 flags, 3 zero, 4 id, 5 bus, 6 path. */
struct pstd_dmar_scope {
	uint8_t type; /* enum pstd_dmar_scope_type, or one this file does not know */
	uint8_t flags;
	uint8_t id;   /* I/O APIC id, HPET number, ACPI device number; else 0 */
	uint8_t bus;  /* where the path starts */
	uint8_t hops; /* all but the last are bridges */
	const struct pstd_dmar_hop *path; /* when read, lies in the table */
	/* only read: where it lies in the table */
	uint8_t length;
	uint32_t offset;
};

struct pstd_dmar_problem {
	const char *what; /* a sentence; null: none */
	uint32_t offset;  /* in the table */
	bool broken;      /* the lengths do not hold: it cannot be walked */
};

/*
 * The first thing wrong with the size bytes at table: first what keeps one from
 * walking it, then what breaks the manual's rules. Reads only those bytes.
 */
struct pstd_dmar_problem pstd_dmar_check(const void *table, size_t size);

/* The rest of reading is for tables that pstd_dmar_check did not find broken. */

/* The header of a table. */
struct pstd_dmar_header pstd_dmar_header(const void *table);

/* A place in a table: of the next structure, or of the next scope of one. */
struct pstd_dmar_cursor {
	const uint8_t *table;
	uint32_t at, end;
};

/* A cursor before the first structure. */
struct pstd_dmar_cursor pstd_dmar_structures(const void *table);

/* The next structure; false after the last. */
bool pstd_dmar_next(struct pstd_dmar_cursor *c, struct pstd_dmar_structure *s);

/* A cursor before the first scope of a structure of any type. */
struct pstd_dmar_cursor pstd_dmar_scopes(const void *table, const struct pstd_dmar_structure *s);

/* The next scope; false after the last. */
bool pstd_dmar_next_scope(struct pstd_dmar_cursor *c, struct pstd_dmar_scope *scope);

/*
 * The source id that a scope names by itself: that of a device on the bus the
 * path starts on. False if the path leads through bridges, whose registers alone
 * know the bus behind them.
 */
bool pstd_dmar_scope_sid(const struct pstd_dmar_scope *scope, uint16_t *sid);

/* Bytes of a structure before its scopes or its name; 0 for a type that is not known. */
unsigned pstd_dmar_fixed_size(unsigned type);

/* True if structures of this type have scopes. */
bool pstd_dmar_has_scopes(unsigned type);

/* A table that is being written to memory of its caller; private to dmar_write.c. */
struct pstd_dmar_writer {
	uint8_t *table;
	size_t size, used;
	size_t structure; /* where the one begun last starts */
	bool failed;
};

/* Starts a table in the size bytes at table. */
void pstd_dmar_begin(struct pstd_dmar_writer *w, void *table, size_t size,
                     const struct pstd_dmar_header *h);

/* Adds a structure; its scopes, if it has any, follow. */
void pstd_dmar_add(struct pstd_dmar_writer *w, const struct pstd_dmar_structure *s);

/* Adds a scope to the structure added last. */
void pstd_dmar_add_scope(struct pstd_dmar_writer *w, const struct pstd_dmar_scope *scope);

/*
 * Completes the table: its length and checksum. Returns its length, or 0 if the
 * memory is too small, a length does not fit its field or a type is unknown. That
 * the table keeps the manual's rules is for pstd_dmar_check to say.
 */
size_t pstd_dmar_end(struct pstd_dmar_writer *w);

#pragma GCC visibility pop

#endif
