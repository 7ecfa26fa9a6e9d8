/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Three steps: the file becomes a tree of the right shape (yaml_tree), libcyaml
 * loads it into the raw structs, every value a string, and decode_* and the
 * machine_file_* parts make numbers, names and defaults of them.
 */
#include "cli/machine_file_parts.h"
#include "cli/value.h"
#include "guest/guests.h"
#include <stdlib.h>
#include <string.h>

static const cyaml_schema_value_t word = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t vm_fields[] = {
	WORD(struct raw_vm, name),
	WORD(struct raw_vm, vcpus),
	WORD(struct raw_vm, guest),
	LIST(struct raw_vm, pin, &word, 1, 64),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t vm_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_vm, vm_fields),
};

static const cyaml_schema_field_t machine_fields[] = {
	WORD(struct raw_machine, pcpus),
	WORD(struct raw_machine, apicv),
	WORD(struct raw_machine, x2apic),
	WORD(struct raw_machine, ipiv),
	WORD(struct raw_machine, posted_msi),
	WORD(struct raw_machine, hlt_exiting),
	WORD(struct raw_machine, slice_us),
	WORD(struct raw_machine, poll_us),
	WORD(struct raw_machine, seconds),
	LIST(struct raw_machine, ways, &word, 1, MACHINE_WAYS),
	LIST(struct raw_machine, vms, &vm_schema, 1, MACHINE_FILE_VMS),
	LIST(struct raw_machine, iommus, &raw_iommu_schema, 1, MACHINE_FILE_IOMMUS),
	LIST(struct raw_machine, devices, &raw_device_schema, 0, MACHINE_FILE_DEVICES),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t machine_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_machine, machine_fields),
};

static const cyaml_config_t cyaml = { .mem_fn = cyaml_mem };

static const char *guest_name(unsigned n)
{
	return guest_kinds[n] ? guest_kinds[n]->name : NULL;
}

static void decode_ways(struct machine_file *m, struct place *at)
{
	char key[24];

	/* By default all; but posted, the last of them, needs APIC virtualization. */
	m->way_count = m->config.software_apic ? MACHINE_POSTED : MACHINE_WAYS;
	if (m->raw->ways_count)
		m->way_count = m->raw->ways_count;
	for (unsigned n = 0; n < m->way_count; n++) {
		m->ways[n] = n;
		if (!m->raw->ways_count)
			continue;
		snprintf(key, sizeof(key), "ways[%u]", n);
		m->ways[n] = machine_file_choice(at, key, m->raw->ways[n], machine_file_way_name);
		if (m->config.software_apic && m->ways[n] == MACHINE_POSTED)
			complain(at, key, "without APIC virtualization (apicv) nothing is posted: "
			         "leave out this way or set apicv to true");
		for (unsigned i = 0; i < n; i++)
			if (m->ways[i] == m->ways[n])
				complain(at, key, "\"%s\" is there already", m->raw->ways[n]);
	}
}

static void decode_switches(struct machine_file *m, struct place *at)
{
	const struct raw_machine *raw = m->raw;
	struct machine_config *c = &m->config;

	c->software_apic = !machine_file_yes(at, "apicv", raw->apicv ?: "true");
	c->x2apic = machine_file_yes(at, "x2apic", raw->x2apic ?: "true");
	c->ipiv = machine_file_yes(at, "ipiv", raw->ipiv ?: "false");
	c->posted_msi = machine_file_yes(at, "posted_msi", raw->posted_msi ?: "false");
	c->hlt_exiting = machine_file_yes(at, "hlt_exiting", raw->hlt_exiting ?: "true");
	if (c->ipiv && c->software_apic)
		complain(at, "ipiv", "IPI virtualization needs APIC virtualization: set ipiv to "
		         "false or apicv to true");
}

static void decode_machine(struct machine_file *m, struct place *at)
{
	const struct raw_machine *raw = m->raw;
	struct machine_config *c = &m->config;
	const char *seconds = raw->seconds ?: "1";

	c->pcpus = machine_file_number(at, "pcpus", raw->pcpus, 1, 64);
	decode_switches(m, at);
	c->slice_us = machine_file_number(at, "slice_us", raw->slice_us ?: "1000", 10, 1000000);
	c->poll_us = machine_file_number(at, "poll_us", raw->poll_us ?: "200", 0, 1000000);
	c->vms = m->vms;
	c->vm_count = raw->vms_count;
	if (!value_fraction(seconds, MACHINE_FILE_SECONDS, &m->seconds))
		complain(at, "seconds", "\"%.40s\" is no number above 0 and up to %d", seconds,
		         MACHINE_FILE_SECONDS);
	if (!raw->vms_count)
		complain(at, "vms", "missing: give a list of at least one VM");
	decode_ways(m, at);
}

static void decode_pins(struct machine_file *m, unsigned n, struct place *at, int *pin)
{
	const struct raw_vm *raw = &m->raw->vms[n];
	uint64_t pcpu;
	char key[24];

	if (raw->pin_count != m->vms[n].vcpus)
		complain(at, "pin", "%u entries for %u vCPUs: give one each", raw->pin_count,
		         m->vms[n].vcpus);
	for (unsigned i = 0; i < raw->pin_count; i++) {
		snprintf(key, sizeof(key), "pin[%u]", i);
		if (!strcmp(raw->pin[i], "any") || !strcmp(raw->pin[i], "-1"))
			pin[i] = -1;
		else if (value_whole(raw->pin[i], 0, m->config.pcpus - 1, &pcpu))
			pin[i] = (int)pcpu;
		else
			complain(at, key, "\"%.40s\" is none of the pCPUs 0 to %u, nor -1 or any",
			         raw->pin[i], m->config.pcpus - 1);
	}
	m->vms[n].pin = pin;
}

static void decode_vm(struct machine_file *m, unsigned n, struct place *at)
{
	const struct raw_vm *raw = &m->raw->vms[n];
	struct machine_vm *vm = &m->vms[n];

	vm->name = raw->name;
	if (!raw->name)
		complain(at, "name", "missing: give the VM a name");
	for (unsigned i = 0; i < n; i++)
		if (raw->name && m->vms[i].name && !strcmp(raw->name, m->vms[i].name))
			complain(at, "name", "\"%.40s\" is vms[%u]'s already", raw->name, i);
	vm->vcpus = machine_file_number(at, "vcpus", raw->vcpus, 1, 64);
	vm->guest = guest_kinds[machine_file_choice(at, "guest", raw->guest, guest_name)];
	if (raw->pin_count)
		decode_pins(m, n, at, m->pins + (size_t)n * 64);
}

static void decode(struct machine_file *m, struct yaml_tree *t)
{
	struct place at = { .tree = t };

	decode_machine(m, &at);
	for (unsigned n = 0; n < m->raw->vms_count; n++) {
		snprintf(at.prefix, sizeof(at.prefix), "vms[%u].", n);
		decode_vm(m, n, &at);
	}
	machine_file_iommus(m, &at);
	machine_file_devices(m, &at);
}

static void load(struct machine_file *m, struct yaml_tree *t)
{
	cyaml_err_t e;

	e = cyaml_load_data((const uint8_t *)t->text, t->size, &cyaml, &machine_schema,
	                    (cyaml_data_t **)&m->raw, NULL);
	if (e == CYAML_OK)
		m->pins = calloc((size_t)m->raw->vms_count * 64 + 1, sizeof(*m->pins));
	if (e != CYAML_OK)
		yaml_tree_error(t, "", "%s", cyaml_strerror(e));
	else if (!m->pins)
		yaml_tree_error(t, "", "out of memory");
	else
		decode(m, t);
}

struct machine_file *machine_file_load(const char *path, char error[MACHINE_FILE_ERROR])
{
	struct yaml_tree t = { .error = error, .error_size = MACHINE_FILE_ERROR };
	struct machine_file *m = calloc(1, sizeof(*m));

	*error = '\0';
	if (!m) {
		snprintf(error, MACHINE_FILE_ERROR, "out of memory");
		return NULL;
	}
	m->path = t.file = !path ? "the built-in machine" : strcmp(path, "-") ? path :
	                   "standard input";
	if ((path ? yaml_tree_read(&t, path) : yaml_tree_copy(&t, default_machine)) &&
	    yaml_tree_check(&t, &machine_schema))
		load(m, &t);
	yaml_tree_close(&t);
	if (*error) {
		machine_file_free(m);
		return NULL;
	}
	return m;
}

void machine_file_free(struct machine_file *m)
{
	if (m->raw)
		cyaml_free(&cyaml, &machine_schema, m->raw, 0);
	free(m->pins);
	free(m);
}

unsigned machine_file_vcpus(const struct machine_file *m)
{
	unsigned vcpus = 0;

	for (unsigned n = 0; n < m->config.vm_count; n++)
		vcpus += m->vms[n].vcpus;
	return vcpus;
}

int machine_file_way(const char *name)
{
	for (int n = 0; n < MACHINE_WAYS; n++)
		if (!strcmp(name, machine_way_names[n]))
			return n;
	return -1;
}
