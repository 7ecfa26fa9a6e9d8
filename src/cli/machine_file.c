/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Three steps: the file becomes a tree of the right shape (yaml_tree), libcyaml
 * loads it into the structs below, every value a string, and decode_* make
 * numbers, names and defaults of them.
 */
#include "cli/machine_file.h"
#include "guest/guests.h"
#include "cli/yaml_tree.h"
#include <posted/hyp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	MOST_COMMANDS = 32767, /* of a block device: io_uring's limit */
	MOST_HZ = 1000000,
	HOST_VECTORS = HYP_LAST_DEVICE_VECTOR - HYP_FIRST_DEVICE_VECTOR + 1, /* of a pCPU */
	GUEST_VECTORS = 0xdf - 0x31 + 1, /* of a vCPU, for devices */
};

struct raw_vm {
	char *name, *vcpus, *guest;
	char **pin;
	unsigned pin_count;
};

struct raw_device {
	char *type, *vm, *vcpu, *way, *queues, *depth, *file, *size, *direct, *hz, *fd;
};

struct raw_machine {
	char *pcpus, *x2apic, *hlt_exiting, *slice_us, *poll_us, *seconds;
	char **ways;
	unsigned ways_count;
	struct raw_vm *vms;
	unsigned vms_count;
	struct raw_device *devices;
	unsigned devices_count;
};

#define WORD(type, key) \
	CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_OPTIONAL, type, key, 0, CYAML_UNLIMITED)
#define LIST(type, key, schema, least, most)                                            \
	CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, key, \
	                     schema, least, most)

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

static const cyaml_schema_field_t device_fields[] = {
	WORD(struct raw_device, type),
	WORD(struct raw_device, vm),
	WORD(struct raw_device, vcpu),
	WORD(struct raw_device, way),
	WORD(struct raw_device, queues),
	WORD(struct raw_device, depth),
	WORD(struct raw_device, file),
	WORD(struct raw_device, size),
	WORD(struct raw_device, direct),
	WORD(struct raw_device, hz),
	WORD(struct raw_device, fd),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t device_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_device, device_fields),
};

static const cyaml_schema_field_t machine_fields[] = {
	WORD(struct raw_machine, pcpus),
	WORD(struct raw_machine, x2apic),
	WORD(struct raw_machine, hlt_exiting),
	WORD(struct raw_machine, slice_us),
	WORD(struct raw_machine, poll_us),
	WORD(struct raw_machine, seconds),
	LIST(struct raw_machine, ways, &word, 1, MACHINE_WAYS),
	LIST(struct raw_machine, vms, &vm_schema, 1, MACHINE_FILE_VMS),
	LIST(struct raw_machine, devices, &device_schema, 0, MACHINE_FILE_DEVICES),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t machine_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_machine, machine_fields),
};

static const cyaml_config_t cyaml = { .mem_fn = cyaml_mem };

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

/* Decimal, all of it. */
static bool whole(const char *text, long long *value)
{
	char *end;

	errno = 0;
	*value = strtoll(text, &end, 10);
	return !errno && end != text && !*end && *text > ' ' && *text != '+';
}

/* The decode functions return something possible even after an error. */
static unsigned number(struct place *at, const char *key, const char *text, unsigned least,
                       unsigned most)
{
	long long value;

	if (!text)
		complain(at, key, "missing: give a whole number from %u to %u", least, most);
	else if (!whole(text, &value) || value < least || value > most)
		complain(at, key, "\"%.40s\" is no whole number from %u to %u", text, least, most);
	else
		return (unsigned)value;
	return least;
}

static bool yes(struct place *at, const char *key, const char *text)
{
	if (!strcmp(text, "true"))
		return true;
	if (strcmp(text, "false"))
		complain(at, key, "\"%.40s\" is neither true nor false", text);
	return false;
}

static const char *way_name(unsigned n)
{
	return n < MACHINE_WAYS ? machine_way_names[n] : NULL;
}

static const char *guest_name(unsigned n)
{
	return guest_kinds[n] ? guest_kinds[n]->name : NULL;
}

static const char *device_name(unsigned n)
{
	return device_kinds[n] ? device_kinds[n]->name : NULL;
}

/* The index of a word among names, which ends with null. */
static unsigned choice(struct place *at, const char *key, const char *text,
                       const char *(*names)(unsigned))
{
	char all[256] = "";
	size_t n = 0;

	for (unsigned i = 0; names(i) && n < sizeof(all); i++) {
		if (text && !strcmp(text, names(i)))
			return i;
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s", n ? ", " : "", names(i));
	}
	if (text)
		complain(at, key, "\"%.40s\" is none of %s", text, all);
	else
		complain(at, key, "missing: give one of %s", all);
	return 0;
}

static uint64_t bytes(struct place *at, const char *key, const char *text)
{
	static const char units[] = "KMG";
	char digits[24], *suffix;
	size_t size = strlen(text);
	unsigned shift = 0;
	long long value;

	snprintf(digits, sizeof(digits), "%s", text);
	suffix = size && size < sizeof(digits) ? strchr(units, digits[size - 1]) : NULL;
	if (suffix) {
		shift = 10 * (unsigned)(suffix - units + 1);
		digits[size - 1] = '\0';
	}
	if (whole(digits, &value) && value > 0 && value <= (1ll << 40) >> shift &&
	    size < sizeof(digits))
		return (uint64_t)value << shift;
	complain(at, key,
	         "\"%.40s\" is no size from 1 to 1024G: a whole number of bytes, or with K, M or G",
	         text);
	return 1;
}

static int descriptor(struct place *at, const char *key, const char *text)
{
	int fd = (int)number(at, key, text, 0, 1 << 20), mode = fcntl(fd, F_GETFL);
	struct stat st;

	if (mode < 0 || fstat(fd, &st))
		complain(at, key, "%d is no open descriptor: open it in the shell, as in %d<FIFO",
		         fd, fd);
	else if ((mode & O_ACCMODE) == O_WRONLY || mode & O_PATH)
		complain(at, key, "%d is not open for reading", fd);
	else if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode))
		complain(at, key,
		         "%d is a file, in which nothing ever happens: give an eventfd, a pipe "
		         "or a socket",
		         fd);
	return fd;
}

static void decode_ways(struct machine_file *m, struct place *at)
{
	char key[24];

	m->way_count = m->raw->ways_count ? m->raw->ways_count : MACHINE_WAYS;
	for (unsigned n = 0; n < m->way_count; n++) {
		m->ways[n] = n;
		if (!m->raw->ways_count)
			continue;
		snprintf(key, sizeof(key), "ways[%u]", n);
		m->ways[n] = choice(at, key, m->raw->ways[n], way_name);
		for (unsigned i = 0; i < n; i++)
			if (m->ways[i] == m->ways[n])
				complain(at, key, "\"%s\" is there already", m->raw->ways[n]);
	}
}

static void decode_machine(struct machine_file *m, struct place *at)
{
	const struct raw_machine *raw = m->raw;
	struct machine_config *c = &m->config;
	const char *seconds = raw->seconds ?: "1";

	c->pcpus = number(at, "pcpus", raw->pcpus, 1, 64);
	c->x2apic = yes(at, "x2apic", raw->x2apic ?: "true");
	c->hlt_exiting = yes(at, "hlt_exiting", raw->hlt_exiting ?: "true");
	c->slice_us = number(at, "slice_us", raw->slice_us ?: "1000", 10, 1000000);
	c->poll_us = number(at, "poll_us", raw->poll_us ?: "200", 0, 1000000);
	c->vms = m->vms;
	c->vm_count = raw->vms_count;
	if (!machine_file_seconds(seconds, &m->seconds))
		complain(at, "seconds", "\"%.40s\" is no number above 0 and up to 86400", seconds);
	if (!raw->vms_count)
		complain(at, "vms", "missing: give a list of at least one VM");
	decode_ways(m, at);
}

static void decode_pins(struct machine_file *m, unsigned n, struct place *at, int *pin)
{
	const struct raw_vm *raw = &m->raw->vms[n];
	long long pcpu;
	char key[24];

	if (raw->pin_count != m->vms[n].vcpus)
		complain(at, "pin", "%u entries for %u vCPUs: give one each", raw->pin_count,
		         m->vms[n].vcpus);
	for (unsigned i = 0; i < raw->pin_count; i++) {
		snprintf(key, sizeof(key), "pin[%u]", i);
		if (!strcmp(raw->pin[i], "any"))
			pin[i] = -1;
		else if (whole(raw->pin[i], &pcpu) && pcpu >= -1 && pcpu < m->config.pcpus)
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
	vm->vcpus = number(at, "vcpus", raw->vcpus, 1, 64);
	vm->guest = guest_kinds[choice(at, "guest", raw->guest, guest_name)];
	if (raw->pin_count)
		decode_pins(m, n, at, m->pins + (size_t)n * 64);
}

/* The VM that a device names: the first one if it names none. */
static unsigned decode_device_vm(struct machine_file *m, const char *name, struct place *at)
{
	for (unsigned n = 0; n < m->config.vm_count; n++)
		if (!name || (m->vms[n].name && !strcmp(name, m->vms[n].name)))
			return n;
	if (name)
		complain(at, "vm", "\"%.40s\" is the name of no VM", name);
	return 0;
}

/* A key that a device of this kind does not know would be ignored: it is a mistake. */
static void refuse(struct machine_file_device *d, struct place *at, const char *key,
                   const char *text)
{
	if (text)
		complain(at, key, "a device of type %s has no %s", d->kind->name, key);
}

static void decode_block(struct machine_file_device *d, const struct raw_device *raw,
                         struct place *at)
{
	refuse(d, at, "hz", raw->hz);
	refuse(d, at, "fd", raw->fd);
	if (raw->file && raw->size)
		complain(at, "size", "give either a file or the size of one to make, not both");
	d->config.queues = number(at, "queues", raw->queues ?: "1", 1, 64);
	d->config.depth = number(at, "depth", raw->depth ?: "32", 1, 1024);
	d->config.file = raw->file;
	d->config.direct = yes(at, "direct", raw->direct ?: "false");
	d->size = bytes(at, "size", raw->size ?: "64M");
	if (d->config.queues * d->config.depth > MOST_COMMANDS)
		complain(at, "depth", "%u queues of depth %u: all together can hold %d commands",
		         d->config.queues, d->config.depth, MOST_COMMANDS);
}

static void decode_ticking(struct machine_file_device *d, const struct raw_device *raw,
                           struct place *at)
{
	refuse(d, at, "queues", raw->queues);
	refuse(d, at, "depth", raw->depth);
	refuse(d, at, "file", raw->file);
	refuse(d, at, "size", raw->size);
	refuse(d, at, "direct", raw->direct);
	if (d->kind == &device_eventfd) {
		if (raw->fd && raw->hz)
			complain(at, "hz",
			         "is for an eventfd that the run makes: leave out hz or fd");
		if (raw->fd)
			d->config.fd = descriptor(at, "fd", raw->fd);
		else
			d->config.hz = number(at, "hz", raw->hz ?: "1000", 1, MOST_HZ);
	} else {
		refuse(d, at, "fd", raw->fd);
		d->config.hz = number(at, "hz", raw->hz ?: "1000", 1, MOST_HZ);
	}
}

static void decode_device(struct machine_file *m, unsigned n, struct place *at)
{
	const struct raw_device *raw = &m->raw->devices[n];
	struct machine_file_device *d = &m->devices[n];
	struct device_config *c = &d->config;

	d->kind = device_kinds[choice(at, "type", raw->type, device_name)];
	snprintf(d->name, sizeof(d->name), "devices[%u] (%s)", n, d->kind->name);
	c->name = d->name;
	c->sid = (uint16_t)((n + 1) << 8); /* a bus each, as behind root ports */
	c->fd = -1;
	c->vm = decode_device_vm(m, raw->vm, at);
	c->vm_vcpus = m->vms[c->vm].vcpus;
	c->vcpu = number(at, "vcpu", raw->vcpu ?: "0", 0, c->vm_vcpus - 1);
	d->way_fixed = raw->way != NULL;
	if (raw->way)
		c->way = choice(at, "way", raw->way, way_name);
	if (d->kind == &device_block)
		decode_block(d, raw, at);
	else
		decode_ticking(d, raw, at);
}

/* A guest that can only refuse to start is a mistake of the file, with a line. */
static void check_guests(struct machine_file *m, struct place *at)
{
	bool block[MACHINE_FILE_VMS] = { false };

	for (unsigned n = 0; n < m->device_count; n++)
		block[m->devices[n].config.vm] |= m->devices[n].kind == &device_block;
	for (unsigned n = 0; n < m->config.vm_count; n++) {
		snprintf(at->prefix, sizeof(at->prefix), "vms[%u].", n);
		if (m->vms[n].guest == &guest_reader && !block[n])
			complain(at, "guest",
			         "a reader has nothing to read: give its VM a block device");
		if (m->vms[n].guest == &guest_ipi_pairs && m->vms[n].vcpus < 2)
			complain(at, "vcpus", "the guest ipi needs 2 or more");
	}
}

/* The vectors that a device takes of each vCPU: a block device's queues go round them. */
static void check_guest_vectors(const struct machine_file_device *d, struct place *at,
                                const char *vm, unsigned vcpu[64])
{
	const struct device_config *c = &d->config;
	unsigned count = d->kind == &device_block ? c->queues : 1;

	for (unsigned i = 0; i < count; i++)
		if (++vcpu[(c->vcpu + i) % c->vm_vcpus] == GUEST_VECTORS + 1)
			complain(at, "vcpu",
			         "vCPU %u of %.40s has no vector left, of %u: spread the devices "
			         "over more vCPUs",
			         (c->vcpu + i) % c->vm_vcpus, vm, GUEST_VECTORS);
}

/* Interrupt vectors are few: every queue and every other device takes one of each side. */
static void check_vectors(struct machine_file *m, struct place *at)
{
	unsigned vcpu[MACHINE_FILE_VMS][64] = { 0 }, host = 0;

	for (unsigned n = 0; n < m->device_count; n++) {
		const struct machine_file_device *d = &m->devices[n];
		unsigned vm = d->config.vm, most = HOST_VECTORS * m->config.pcpus;

		snprintf(at->prefix, sizeof(at->prefix), "devices[%u].", n);
		host += d->kind == &device_block ? d->config.queues : 1;
		if (host > most)
			complain(at, d->kind == &device_block ? "queues" : "type",
			         "with those before it needs %u interrupt vectors, and %u pCPUs "
			         "have %u: give the machine more pcpus",
			         host, m->config.pcpus, most);
		check_guest_vectors(d, at, m->vms[vm].name, vcpu[vm]);
	}
}

static void decode(struct machine_file *m, struct yaml_tree *t)
{
	struct place at = { .tree = t };

	decode_machine(m, &at);
	for (unsigned n = 0; n < m->raw->vms_count; n++) {
		snprintf(at.prefix, sizeof(at.prefix), "vms[%u].", n);
		decode_vm(m, n, &at);
	}
	m->device_count = m->config.vm_count ? m->raw->devices_count : 0;
	for (unsigned n = 0; n < m->device_count; n++) {
		snprintf(at.prefix, sizeof(at.prefix), "devices[%u].", n);
		decode_device(m, n, &at);
	}
	check_guests(m, &at);
	if (!*t->error)
		check_vectors(m, &at);
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
	m->path = t.file = path ? path : "the built-in machine";
	if ((path ? yaml_tree_read(&t) : yaml_tree_copy(&t, default_machine)) &&
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

bool machine_file_seconds(const char *text, double *seconds)
{
	char *end;

	/* No sign, space, hexadecimal or word that strtod would know. */
	if (!*text || text[strspn(text, "0123456789.eE-")])
		return false;
	*seconds = strtod(text, &end);
	return !*end && end != text && *seconds > 0 && *seconds <= 86400;
}

int machine_file_way(const char *name)
{
	for (int n = 0; n < MACHINE_WAYS; n++)
		if (!strcmp(name, machine_way_names[n]))
			return n;
	return -1;
}
