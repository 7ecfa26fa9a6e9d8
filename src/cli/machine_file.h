/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine file: YAML in, a checked machine out. See posted(1), MACHINE FILE. */
#ifndef CLI_MACHINE_FILE_H
#define CLI_MACHINE_FILE_H

#include "dev/dev.h"
#include "exec/threads/machine.h"
#include <stdbool.h>
#include <stdint.h>

enum {
	MACHINE_FILE_VMS = 64,
	MACHINE_FILE_DEVICES = 128,
	MACHINE_FILE_IOMMUS = 16,
	MACHINE_FILE_SECONDS = 86400, /* of a run, at most */
	MACHINE_FILE_ERROR = 512,
};

/* What the file turns on and off, and posted run --compare after it. */
enum machine_switch {
	MACHINE_APICV,
	MACHINE_X2APIC,
	MACHINE_IPIV,
	MACHINE_POSTED_MSI,
	MACHINE_SWITCHES,
};

extern const char *const machine_switch_names[MACHINE_SWITCHES]; /* the file's keys */

struct machine_file_device {
	const struct device_ops *kind;
	char name[32];                /* "devices[1] (block)" */
	bool way_fixed;               /* config.way holds in every round */
	struct device_config config;  /* config.file: null for one that the run makes */
	uint64_t size;                /* of such a file */
};

/* A VT-d unit, as firmware tells of it; how it works is in machine_file.units. */
struct machine_file_iommu {
	const char *name;
	uint64_t base;    /* of its registers */
	bool include_all; /* the first: it has every device that names none */
	unsigned sid_count;
	uint16_t sids[MACHINE_FILE_DEVICES]; /* of its devices */
};

struct machine_file {
	const char *path; /* as given, or what stands for the built-in machine, or for "-" */
	struct machine_config config;
	double seconds;
	enum machine_way ways[MACHINE_WAYS]; /* in the order to run */
	unsigned way_count;
	struct machine_vm vms[MACHINE_FILE_VMS];
	struct machine_file_device devices[MACHINE_FILE_DEVICES];
	unsigned device_count;
	struct machine_unit units[MACHINE_FILE_IOMMUS]; /* config's */
	struct machine_file_iommu iommus[MACHINE_FILE_IOMMUS]; /* one at least */
	unsigned iommu_count;
	struct raw_machine *raw; /* the strings that all this points to */
	int *pins;
};

/* The built-in machine's text. */
extern const char default_machine[];

/*
 * Path null: the built-in machine; "-": standard input. Null on failure, and error is one
 * line that says why.
 */
struct machine_file *machine_file_load(const char *path, char error[MACHINE_FILE_ERROR]);
void machine_file_free(struct machine_file *m);

/* Of all VMs. */
unsigned machine_file_vcpus(const struct machine_file *m);

/* The way, or the switch, of this name, or -1. */
int machine_file_way(const char *name);
int machine_file_switch(const char *name);

/*
 * Whether the file's machine can have this switch so in a round of this way
 * (MACHINE_WAYS: no device follows it). If not, why says where and what to do.
 */
bool machine_file_can_turn(const struct machine_file *m, enum machine_switch s, bool on,
                           enum machine_way way, char why[MACHINE_FILE_ERROR]);

/* Sets one switch. */
void machine_file_turn(struct machine_config *c, enum machine_switch s, bool on);

#endif
