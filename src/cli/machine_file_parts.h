/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files that decode a machine file share. Each decode function takes
 * words as libcyaml loaded them, and leaves something possible even after an
 * error, so that decoding goes on.
 */
#ifndef CLI_MACHINE_FILE_PARTS_H
#define CLI_MACHINE_FILE_PARTS_H

#include "cli/machine_file.h"
#include "cli/yaml_tree.h"
#include <posted/hyp.h>

struct raw_vm {
	char *name, *vcpus, *guest;
	char **pin;
	unsigned pin_count;
};

struct raw_iommu {
	char *name, *posting, *caching_mode, *esirtps, *fault_records;
	char *cache, *cache_ways, *cache_policy;
};

struct raw_device {
	char *type, *vm, *vcpu, *way, *iommu, *ioapic_pin;
	char *queues, *depth, *file, *size, *direct, *hz, *fd;
};

struct raw_machine {
	char *pcpus, *apicv, *x2apic, *ipiv, *posted_msi, *hlt_exiting, *slice_us, *poll_us;
	char *seconds;
	char **ways;
	unsigned ways_count;
	struct raw_vm *vms;
	unsigned vms_count;
	struct raw_iommu *iommus;
	unsigned iommus_count;
	struct raw_device *devices;
	unsigned devices_count;
};

#define WORD(type, key) \
	CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_OPTIONAL, type, key, 0, CYAML_UNLIMITED)
#define LIST(type, key, schema, least, most)                                            \
	CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, key, \
	                     schema, least, most)

extern const cyaml_schema_value_t raw_iommu_schema, raw_device_schema;

/* Where decoding is: the tree, for errors, and the path of the mapping that it is in. */
struct place {
	struct yaml_tree *tree;
	char prefix[32]; /* "", "devices[1]." */
};

#define complain(at, key, ...)                                                    \
	do {                                                                      \
		char path_[YAML_PATH];                                            \
		snprintf(path_, sizeof(path_), "%s%s", (at)->prefix, (key));      \
		yaml_tree_error((at)->tree, path_, __VA_ARGS__);                  \
	} while (0)

/* One value each; text null: it is missing. */
unsigned machine_file_number(struct place *at, const char *key, const char *text, unsigned least,
                             unsigned most);
bool machine_file_yes(struct place *at, const char *key, const char *text);
uint64_t machine_file_bytes(struct place *at, const char *key, const char *text);

/* The index of a word among names, which ends with null. */
unsigned machine_file_choice(struct place *at, const char *key, const char *text,
                             const char *(*names)(unsigned));
const char *machine_file_way_name(unsigned n);

/* The parts of the file, in this order. */
void machine_file_iommus(struct machine_file *m, struct place *at);
void machine_file_devices(struct machine_file *m, struct place *at);

#endif
