/* SPDX-License-Identifier: BSD-2-Clause */
/* The devices of a machine file, and whether they suit the rest of it. */
#include "cli/machine_file_parts.h"
#include "guest/guests.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum {
	MOST_COMMANDS = 32767, /* of a block device: io_uring's limit */
	MOST_HZ = 1000000,
	HOST_VECTORS = PSTD_LINUX_LAST_DEVICE - PSTD_LINUX_FIRST_DEVICE + 1, /* of a pCPU */
	GUEST_VECTORS = 0xdf - 0x31 + 1, /* of a vCPU, for devices */
};

static const cyaml_schema_field_t device_fields[] = {
	WORD(struct raw_device, type),
	WORD(struct raw_device, vm),
	WORD(struct raw_device, vcpu),
	WORD(struct raw_device, way),
	WORD(struct raw_device, iommu),
	WORD(struct raw_device, ioapic_pin),
	WORD(struct raw_device, queues),
	WORD(struct raw_device, depth),
	WORD(struct raw_device, file),
	WORD(struct raw_device, size),
	WORD(struct raw_device, direct),
	WORD(struct raw_device, hz),
	WORD(struct raw_device, fd),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t raw_device_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_device, device_fields),
};

static const char *device_name(unsigned n)
{
	return device_kinds[n] ? device_kinds[n]->name : NULL;
}

static int descriptor(struct place *at, const char *key, const char *text)
{
	int fd = (int)machine_file_number(at, key, text, 0, 1 << 20), mode = fcntl(fd, F_GETFL);
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

/* Puts the device behind the unit that it names: the first one if it names none. */
static unsigned decode_device_iommu(struct machine_file *m, const char *name, uint16_t sid,
                                    struct place *at)
{
	unsigned n = 0;

	while (name && n < m->iommu_count && (!m->units[n].name || strcmp(name, m->units[n].name)))
		n++;
	if (n == m->iommu_count) {
		complain(at, "iommu", "\"%.40s\" is the name of no iommu", name);
		n = 0;
	}
	m->iommus[n].sids[m->iommus[n].sid_count++] = sid;
	return n;
}

/* And a guest whose local APICs take in what is posted. */
static void check_apicv(const struct machine_file *m, const struct machine_file_device *d,
                        struct place *at)
{
	if (m->config.software_apic && d->way_fixed && d->config.way == MACHINE_POSTED)
		complain(at, "way", "without APIC virtualization (apicv) nothing is posted: give "
		         "the device another way or set apicv to true");
}

/* A device whose interrupts are posted, in some round at least, needs a unit that posts. */
static void check_posting(const struct machine_file *m, const struct machine_file_device *d,
                          struct place *at)
{
	const struct machine_unit *u = &m->units[d->config.unit];

	if (u->posting || !u->name)
		return;
	if (d->way_fixed && d->config.way == MACHINE_POSTED)
		complain(at, "way",
		         "the iommu %.40s, which this device is behind, does not post: give it "
		         "another way or another iommu", u->name);
	for (unsigned n = 0; n < m->way_count && !d->way_fixed; n++)
		if (m->ways[n] == MACHINE_POSTED)
			complain(at, "iommu",
			         "%.40s does not post, but one of the ways is posted: give the "
			         "device a way of its own or another iommu", u->name);
}

/* A key that a device of this kind does not know would be ignored: it is a mistake. */
static void refuse(struct machine_file_device *d, struct place *at, const char *key,
                   const char *text)
{
	if (text)
		complain(at, key, "a device of type %s has no %s", d->kind->name, key);
}

/* An I/O APIC's pin instead of MSI-X; one device each. */
static unsigned decode_pin(const struct machine_file *m, unsigned n,
                           const struct raw_device *raw, struct place *at)
{
	unsigned pin = machine_file_number(at, "ioapic_pin", raw->ioapic_pin, 1, MACHINE_PINS - 1);

	for (unsigned i = 0; i < n; i++)
		if (m->devices[i].config.pin == pin)
			complain(at, "ioapic_pin", "%u is that of devices[%u] already", pin, i);
	if (raw->iommu)
		complain(at, "iommu", "a device with a pin has none: the I/O APIC, which sends "
		         "for it, is behind the first one");
	return pin;
}

static void decode_block(struct machine_file_device *d, const struct raw_device *raw,
                         struct place *at)
{
	refuse(d, at, "hz", raw->hz);
	refuse(d, at, "fd", raw->fd);
	if (raw->file && raw->size)
		complain(at, "size", "give either a file or the size of one to make, not both");
	d->config.queues = machine_file_number(at, "queues", raw->queues ?: "1", 1, 64);
	d->config.depth = machine_file_number(at, "depth", raw->depth ?: "32", 1, 1024);
	d->config.file = raw->file;
	d->config.direct = machine_file_yes(at, "direct", raw->direct ?: "false");
	d->size = machine_file_bytes(at, "size", raw->size ?: "64M");
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
			d->config.hz = machine_file_number(at, "hz", raw->hz ?: "1000", 1, MOST_HZ);
	} else {
		refuse(d, at, "fd", raw->fd);
		d->config.hz = machine_file_number(at, "hz", raw->hz ?: "1000", 1, MOST_HZ);
	}
}

static void decode_device(struct machine_file *m, unsigned n, struct place *at)
{
	const struct raw_device *raw = &m->raw->devices[n];
	struct machine_file_device *d = &m->devices[n];
	struct device_config *c = &d->config;

	d->kind = device_kinds[machine_file_choice(at, "type", raw->type, device_name)];
	snprintf(d->name, sizeof(d->name), "devices[%u] (%s)", n, d->kind->name);
	c->name = d->name;
	c->sid = (uint16_t)((n + 1) << 8); /* a bus each, as behind root ports */
	c->fd = -1;
	c->vm = decode_device_vm(m, raw->vm, at);
	c->vm_vcpus = m->vms[c->vm].vcpus;
	c->vcpu = machine_file_number(at, "vcpu", raw->vcpu ?: "0", 0, c->vm_vcpus - 1);
	d->way_fixed = raw->way != NULL;
	if (raw->way)
		c->way = machine_file_choice(at, "way", raw->way, machine_file_way_name);
	if (d->kind == &device_block)
		refuse(d, at, "ioapic_pin", raw->ioapic_pin);
	else if (raw->ioapic_pin)
		c->pin = decode_pin(m, n, raw, at);
	c->unit = decode_device_iommu(m, raw->iommu, c->sid, at);
	check_posting(m, d, at);
	check_apicv(m, d, at);
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

void machine_file_devices(struct machine_file *m, struct place *at)
{
	m->device_count = m->config.vm_count ? m->raw->devices_count : 0;
	for (unsigned n = 0; n < m->device_count; n++) {
		snprintf(at->prefix, sizeof(at->prefix), "devices[%u].", n);
		decode_device(m, n, at);
	}
	check_guests(m, at);
	if (!*at->tree->error)
		check_vectors(m, at);
}
