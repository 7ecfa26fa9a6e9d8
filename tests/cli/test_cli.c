/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "cli/machine_file.h"
#include "guest/guests.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *default_yaml; /* the example's path */

#define HEAD "pcpus: 2\nvms:\n  - {name: vm0, vcpus: 2, guest: ticker}\n"
#define QUEUES "  - type: block\n    queues: 64\n"
#define DEVICE HEAD "devices:\n  - type: "
#define IOMMU HEAD "iommus:\n  - name: a\n"

/* A file's text, and what is said about it after the file's name. */
static const struct {
	const char *text, *error;
} bad[] = {
	/* no YAML, or not the right kind */
	{ "", ":1: is empty: a machine needs at least pcpus and vms" },
	{ "# nothing\n", ":1: is empty: a machine needs at least pcpus and vms" },
	{ "hello\n", ":1: is no mapping: write lines of \"key: value\"" },
	{ "- 1\n", ":1: is no mapping: write lines of \"key: value\"" },
	{ "pcpus: 2\nvms: [\n",
	  ":3: not YAML: did not find expected node content while parsing a flow node" },
	{ "pcpus: 2\n\tvms: 1\n",
	  ":2: not YAML: found a tab character that violates indentation while scanning a plain "
	  "scalar" },
	{ "pcpus: 2\n\x01\x02\n", ":2: not YAML: control characters are not allowed" },
	{ "pcpus: 2\n\xff\xfe\n", ":2: not YAML: invalid leading UTF-8 octet" },
	{ HEAD "---\npcpus: 2\n", ":4: a second document: one machine a file" },
	{ "? [a]\n: 1\n", ":1: a key is a list or a mapping, it must be a word" },
	/* keys */
	{ "cpus: 2\n",
	  ":1: cpus: no such key; did you mean pcpus? The keys here are pcpus, apicv, x2apic, "
	  "ipiv, posted_msi, hlt_exiting, slice_us, poll_us, seconds, ways, vms, iommus, devices" },
	{ "pcpus: 2\npcpus: 3\n", ":2: pcpus: given twice" },
	{ DEVICE "timer\n    rate: 5\n",
	  ":6: devices[0].rate: no such key; the keys here are type, vm, vcpu, way, iommu, "
	  "ioapic_pin, queues, depth, file, size, direct, hz, fd" },
	{ "\"a\\e[31m\": 1\n",
	  ":1: a?[31m: no such key; the keys here are pcpus, apicv, x2apic, ipiv, "
	  "posted_msi, hlt_exiting, slice_us, poll_us, seconds, ways, vms, iommus, devices" },
	/* kinds of value */
	{ "pcpus: [1]\n", ":1: pcpus: a list, where one value belongs" },
	{ "pcpus: {a: 1}\n", ":1: pcpus: a mapping, where one value belongs" },
	{ "pcpus:\n", ":1: pcpus: has no value: give one or leave the key out" },
	{ "pcpus: 1\nvms: 3\n",
	  ":2: vms: is no list: write [a, b] or lines that begin with \"- \"" },
	{ "pcpus: 1\nvms: []\n", ":2: vms: 0 entries, from 1 to 64 are possible" },
	{ "pcpus: 1\nvms: [3]\n", ":2: vms[0]: is no mapping: write lines of \"key: value\"" },
	{ "a: &a [*a]\n",
	  ":1: a: no such key; the keys here are pcpus, apicv, x2apic, ipiv, posted_msi, "
	  "hlt_exiting, slice_us, poll_us, seconds, ways, vms, iommus, devices" },
	{ "pcpus: 1\nvms: &a [*a]\n",
	  ":2: vms[0]: is no mapping: write lines of \"key: value\"" },
	/* what is missing */
	{ "vms:\n  - {name: a, vcpus: 1, guest: idle}\n",
	  ":1: pcpus: missing: give a whole number from 1 to 64" },
	{ "pcpus: 2\n", ":1: vms: missing: give a list of at least one VM" },
	{ "pcpus: 2\nvms:\n  - vcpus: 1\n    guest: idle\n",
	  ":3: vms[0].name: missing: give the VM a name" },
	{ "pcpus: 2\nvms:\n  - name: a\n    guest: idle\n",
	  ":3: vms[0].vcpus: missing: give a whole number from 1 to 64" },
	{ "pcpus: 2\nvms:\n  - name: a\n    vcpus: 1\n",
	  ":3: vms[0].guest: missing: give one of reader, ticker, idle, ipi" },
	{ HEAD "devices:\n  - hz: 5\n",
	  ":5: devices[0].type: missing: give one of block, timer, eventfd" },
	/* numbers */
	{ "pcpus: 0\n", ":1: pcpus: \"0\" is no whole number from 1 to 64" },
	{ "pcpus: 65\n", ":1: pcpus: \"65\" is no whole number from 1 to 64" },
	{ "pcpus: two\n", ":1: pcpus: \"two\" is no whole number from 1 to 64" },
	{ "pcpus: 1.5\n", ":1: pcpus: \"1.5\" is no whole number from 1 to 64" },
	{ "pcpus: -1\n", ":1: pcpus: \"-1\" is no whole number from 1 to 64" },
	{ "pcpus: 99999999999999999999\n",
	  ":1: pcpus: \"99999999999999999999\" is no whole number from 1 to 64" },
	{ "pcpus: \" 2\"\n", ":1: pcpus: \" 2\" is no whole number from 1 to 64" },
	{ "pcpus: 1\nslice_us: 1\n",
	  ":2: slice_us: \"1\" is no whole number from 10 to 1000000" },
	{ HEAD "poll_us: x\n", ":4: poll_us: \"x\" is no whole number from 0 to 1000000" },
	{ HEAD "seconds: 0\n", ":4: seconds: \"0\" is no number above 0 and up to 86400" },
	{ HEAD "seconds: inf\n", ":4: seconds: \"inf\" is no number above 0 and up to 86400" },
	{ HEAD "seconds: 1e9\n", ":4: seconds: \"1e9\" is no number above 0 and up to 86400" },
	{ HEAD "x2apic: yes\n", ":4: x2apic: \"yes\" is neither true nor false" },
	{ HEAD "hlt_exiting: 1\n", ":4: hlt_exiting: \"1\" is neither true nor false" },
	/* ways */
	{ HEAD "ways:\n  - user\n  - post\n",
	  ":6: ways[1]: \"post\" is none of user, irqfd, posted" },
	{ HEAD "ways: [user, user]\n", ":4: ways[1]: \"user\" is there already" },
	{ HEAD "apicv: 0\n", ":4: apicv: \"0\" is neither true nor false" },
	{ HEAD "apicv: false\nways: [user, posted]\n",
	  ":5: ways[1]: without APIC virtualization (apicv) nothing is posted: leave out this way "
	  "or set apicv to true" },
	{ HEAD "ipiv: true\napicv: false\n",
	  ":4: ipiv: IPI virtualization needs APIC virtualization: set ipiv to false or apicv to "
	  "true" },
	{ HEAD "apicv: false\ndevices:\n  - {type: timer, way: posted}\n",
	  ":6: devices[0].way: without APIC virtualization (apicv) nothing is posted: give the "
	  "device another way or set apicv to true" },
	{ HEAD "ways: [user, irqfd, posted, user]\n",
	  ":4: ways: 4 entries, from 1 to 3 are possible" },
	{ "pcpus: 2\nvms:\n  - name: vm0\n    vcpus: 2\n    guest: ticker\ndevices:\n  - type: "
	  "timer\n    way: user\n    hz: 10\n  - type: timer\n    vcpu: 1\n    way: post\n",
	  ":12: devices[1].way: \"post\" is none of user, irqfd, posted" },
	/* VMs */
	{ HEAD "  - {name: vm0, vcpus: 2, guest: idle}\n",
	  ":4: vms[1].name: \"vm0\" is vms[0]'s already" },
	{ "pcpus: 2\nvms:\n  - {name: a, vcpus: 1, guest: linux}\n",
	  ":3: vms[0].guest: \"linux\" is none of reader, ticker, idle, ipi" },
	{ "pcpus: 2\nvms:\n  - {name: a, vcpus: 65, guest: idle}\n",
	  ":3: vms[0].vcpus: \"65\" is no whole number from 1 to 64" },
	{ "pcpus: 2\nvms:\n  - name: a\n    vcpus: 2\n    guest: idle\n    pin:\n      - 0\n     "
	  " - 2\n",
	  ":8: vms[0].pin[1]: \"2\" is none of the pCPUs 0 to 1, nor -1 or any" },
	{ "pcpus: 2\nvms:\n  - {name: a, vcpus: 2, guest: idle, pin: [0]}\n",
	  ":3: vms[0].pin: 1 entries for 2 vCPUs: give one each" },
	{ "pcpus: 2\nvms:\n  - {name: a, vcpus: 2, guest: idle, pin: 0}\n",
	  ":3: vms[0].pin: is no list: write [a, b] or lines that begin with \"- \"" },
	{ "pcpus: 2\nvms:\n  - {name: a, vcpus: 1, guest: ipi}\n",
	  ":3: vms[0].vcpus: the guest ipi needs 2 or more" },
	{ "pcpus: 2\nvms:\n  - {name: a, vcpus: 1, guest: reader}\n",
	  ":3: vms[0].guest: a reader has nothing to read: give its VM a block device" },
	/* iommus */
	{ HEAD "iommus: []\n", ":4: iommus: 0 entries, from 1 to 16 are possible" },
	{ HEAD "iommus:\n  - posting: true\n",
	  ":5: iommus[0].name: missing: give the iommu a name" },
	{ IOMMU "  - {name: a}\n", ":6: iommus[1].name: \"a\" is iommus[0]'s already" },
	{ IOMMU "    post: true\n",
	  ":6: iommus[0].post: no such key; did you mean posting? The keys here are name, posting, "
	  "caching_mode, esirtps, fault_records, cache, cache_ways, cache_policy" },
	{ IOMMU "    posting: 1\n", ":6: iommus[0].posting: \"1\" is neither true nor false" },
	{ IOMMU "    caching_mode: x\n",
	  ":6: iommus[0].caching_mode: \"x\" is neither true nor false" },
	{ IOMMU "    esirtps: on\n", ":6: iommus[0].esirtps: \"on\" is neither true nor false" },
	{ IOMMU "    fault_records: 0\n",
	  ":6: iommus[0].fault_records: \"0\" is no whole number from 1 to 128" },
	{ IOMMU "    cache: 131072\n",
	  ":6: iommus[0].cache: \"131072\" is no whole number from 0 to 65536" },
	{ IOMMU "    cache: 100\n", ":6: iommus[0].cache: \"100\" is no power of two" },
	{ IOMMU "    cache_ways: 3\n", ":6: iommus[0].cache_ways: \"3\" is no power of two" },
	{ IOMMU "    cache: 2\n    cache_ways: 4\n",
	  ":7: iommus[0].cache_ways: \"4\" is no whole number from 1 to 2" },
	{ IOMMU "    cache: 0\n    cache_ways: 1\n",
	  ":7: iommus[0].cache_ways: is for a cache: leave it out, or give cache a number of "
	  "entries" },
	{ IOMMU "    cache_policy: lru\n",
	  ":6: iommus[0].cache_policy: \"lru\" is none of fifo, random" },
	{ IOMMU "devices:\n  - {type: timer, iommu: b}\n",
	  ":7: devices[0].iommu: \"b\" is the name of no iommu" },
	{ IOMMU "    posting: false\ndevices:\n  - type: timer\n    way: posted\n",
	  ":9: devices[0].way: the iommu a, which this device is behind, does not post: give it "
	  "another way or another iommu" },
	{ IOMMU "  - {name: b, posting: false}\ndevices:\n  - type: timer\n    iommu: b\n",
	  ":9: devices[0].iommu: b does not post, but one of the ways is posted: give the device "
	  "a way of its own or another iommu" },
	/* devices */
	{ DEVICE "nvme\n", ":5: devices[0].type: \"nvme\" is none of block, timer, eventfd" },
	{ DEVICE "timer\n    vm: vm1\n", ":6: devices[0].vm: \"vm1\" is the name of no VM" },
	{ DEVICE "timer\n    vcpu: 2\n",
	  ":6: devices[0].vcpu: \"2\" is no whole number from 0 to 1" },
	{ DEVICE "timer\n    hz: 0\n",
	  ":6: devices[0].hz: \"0\" is no whole number from 1 to 1000000" },
	{ DEVICE "timer\n    ioapic_pin: 24\n",
	  ":6: devices[0].ioapic_pin: \"24\" is no whole number from 1 to 23" },
	{ DEVICE "timer\n    ioapic_pin: 5\n  - type: eventfd\n    ioapic_pin: 5\n",
	  ":8: devices[1].ioapic_pin: 5 is that of devices[0] already" },
	{ DEVICE "block\n    ioapic_pin: 5\n",
	  ":6: devices[0].ioapic_pin: a device of type block has no ioapic_pin" },
	{ IOMMU "devices:\n  - {type: timer, iommu: a, ioapic_pin: 5}\n",
	  ":7: devices[0].iommu: a device with a pin has none: the I/O APIC, which sends for it, "
	  "is behind the first one" },
	{ DEVICE "timer\n    queues: 1\n",
	  ":6: devices[0].queues: a device of type timer has no queues" },
	{ DEVICE "block\n    hz: 1\n", ":6: devices[0].hz: a device of type block has no hz" },
	{ DEVICE "block\n    queues: 65\n",
	  ":6: devices[0].queues: \"65\" is no whole number from 1 to 64" },
	{ DEVICE "block\n    depth: 1025\n",
	  ":6: devices[0].depth: \"1025\" is no whole number from 1 to 1024" },
	{ DEVICE "block\n    queues: 64\n    depth: 1024\n",
	  ":7: devices[0].depth: 64 queues of depth 1024: all together can hold 32767 commands" },
	{ DEVICE "block\n    size: 64MB\n",
	  ":6: devices[0].size: \"64MB\" is no size from 1 to 1024G: a whole number of bytes, or "
	  "with K, M or G" },
	{ DEVICE "block\n    size: 1025G\n",
	  ":6: devices[0].size: \"1025G\" is no size from 1 to 1024G: a whole number of bytes, "
	  "or with K, M or G" },
	{ DEVICE "block\n    size: 0\n",
	  ":6: devices[0].size: \"0\" is no size from 1 to 1024G: a whole number of bytes, or "
	  "with K, M or G" },
	{ DEVICE "block\n    size: 1M\n    file: /etc/passwd\n",
	  ":6: devices[0].size: give either a file or the size of one to make, not both" },
	{ DEVICE "block\n    direct: maybe\n",
	  ":6: devices[0].direct: \"maybe\" is neither true nor false" },
	/* vectors: of the vCPUs, and of the pCPUs */
	{ "pcpus: 1\nvms:\n  - {name: a, vcpus: 1, guest: reader}\ndevices:\n" QUEUES QUEUES
	  QUEUES,
	  ":9: devices[2].vcpu: vCPU 0 of a has no vector left, of 175: spread the devices over "
	  "more vCPUs" },
	{ "pcpus: 1\nvms:\n  - {name: a, vcpus: 2, guest: reader}\ndevices:\n" QUEUES QUEUES
	  QUEUES "  - {type: block}\n" QUEUES,
	  ":13: devices[4].queues: with those before it needs 257 interrupt vectors, and 1 pCPUs "
	  "have 203: give the machine more pcpus" },
	{ DEVICE "eventfd\n    fd: 1000\n",
	  ":6: devices[0].fd: 1000 is no open descriptor: open it in the shell, as in 1000<FIFO" },
	{ DEVICE "eventfd\n    fd: -1\n",
	  ":6: devices[0].fd: \"-1\" is no whole number from 0 to 1048576" },
	{ DEVICE "eventfd\n    fd: 0\n    hz: 5\n",
	  ":7: devices[0].hz: is for an eventfd that the run makes: leave out hz or fd" },
};

static char file[] = "/tmp/posted-test-XXXXXX";

static void write_file(const char *text)
{
	FILE *out = fopen(file, "w");

	assert_non_null(out);
	assert_int_not_equal(fputs(text, out), EOF);
	assert_int_equal(fclose(out), 0);
}

static void bad_files(void **state)
{
	char error[MACHINE_FILE_ERROR], wanted[MACHINE_FILE_ERROR];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		write_file(bad[i].text);
		snprintf(wanted, sizeof(wanted), "%s%s", file, bad[i].error);
		assert_null(machine_file_load(file, error));
		assert_string_equal(error, wanted);
	}
}

/* Every byte of a good file after its comment changed: an error or a machine, no crash. */
static void damaged_files(void **state)
{
	char error[MACHINE_FILE_ERROR], *text = strdup(strstr(default_machine, "pcpus"));
	struct machine_file *m;

	assert_non_null(text);
	for (size_t i = strlen(text); i-- > 0;) {
		static const char other[] = "\n[:-*\xff";

		for (const char *c = other; *c; c++) {
			char was = text[i];

			text[i] = *c;
			write_file(text);
			m = machine_file_load(file, error);
			text[i] = was;
			assert_true(m || *error);
			if (m)
				machine_file_free(m);
		}
	}
	free(text);
}

static void default_is_the_example(void **state)
{
	char text[4096] = "";
	FILE *in = fopen(default_yaml, "r");

	assert_non_null(in);
	assert_true(fread(text, 1, sizeof(text) - 1, in) > 0);
	fclose(in);
	assert_string_equal(text, default_machine);
}

static void default_decodes(void **state)
{
	char error[MACHINE_FILE_ERROR];
	struct machine_file *m = machine_file_load(NULL, error);

	assert_non_null(m);
	assert_int_equal(m->config.pcpus, 2);
	assert_true(m->config.x2apic);
	assert_false(m->config.hlt_exiting || m->config.software_apic || m->config.ipiv ||
	             m->config.posted_msi);
	assert_int_equal(m->config.slice_us, 1000);
	assert_int_equal(m->config.poll_us, 200);
	assert_int_equal(m->way_count, 3);
	assert_int_equal(m->ways[2], MACHINE_POSTED);
	assert_int_equal(m->config.vm_count, 1);
	assert_ptr_equal(m->vms[0].guest, &guest_reader);
	assert_int_equal(m->vms[0].pin[1], 1);
	assert_int_equal(m->device_count, 1);
	assert_int_equal(m->devices[0].size, 64 << 20);
	assert_int_equal(m->devices[0].config.queues, 2);
	assert_int_equal(m->devices[0].config.depth, 32);
	assert_false(m->devices[0].way_fixed);
	machine_file_free(m);
}

static void without_apicv_the_ways_are_two(void **state)
{
	char error[MACHINE_FILE_ERROR];
	struct machine_file *m;

	write_file(HEAD "apicv: false\nposted_msi: true\n");
	m = machine_file_load(file, error);
	assert_string_equal(error, "");
	assert_non_null(m);
	assert_true(m->config.software_apic && m->config.posted_msi);
	assert_int_equal(m->way_count, 2);
	assert_int_equal(m->ways[1], MACHINE_IRQFD);
	machine_file_free(m);
}

static void all_keys_decode(void **state)
{
	char error[MACHINE_FILE_ERROR];
	struct machine_file *m;

	write_file("pcpus: 3\nx2apic: false\nipiv: true\napicv: true\nhlt_exiting: false\n"
	           "slice_us: 20\npoll_us: 0\n"
	           "seconds: 0.25\nways: [posted]\nvms:\n"
	           "  - {name: a, vcpus: 3, guest: idle, pin: [2, -1, any]}\n"
	           "  - {name: b, vcpus: 1, guest: reader}\n"
	           "devices:\n"
	           "  - {type: block, vm: b, size: 3K, direct: true, queues: 4, depth: 1}\n"
	           "  - {type: timer, vcpu: 2, way: user, hz: 7}\n"
	           "  - {type: eventfd}\n");
	m = machine_file_load(file, error);
	assert_string_equal(error, "");
	assert_non_null(m);
	assert_false(m->config.x2apic || m->config.hlt_exiting || m->config.software_apic);
	assert_true(m->config.ipiv);
	assert_int_equal(m->config.slice_us, 20);
	assert_int_equal(m->config.poll_us, 0);
	assert_true(m->seconds > 0.249 && m->seconds < 0.251);
	assert_int_equal(m->way_count, 1);
	assert_int_equal(m->vms[0].pin[0], 2);
	assert_int_equal(m->vms[0].pin[1], -1);
	assert_int_equal(m->vms[0].pin[2], -1);
	assert_int_equal(m->devices[0].config.vm, 1);
	assert_int_equal(m->devices[0].size, 3072);
	assert_true(m->devices[0].config.direct);
	assert_int_equal(m->devices[1].config.vcpu, 2);
	assert_true(m->devices[1].way_fixed);
	assert_int_equal(m->devices[1].config.way, MACHINE_USER);
	assert_int_equal(m->devices[1].config.hz, 7);
	assert_int_equal(m->devices[2].config.fd, -1);
	assert_int_equal(m->devices[2].config.hz, 1000);
	assert_string_equal(m->devices[2].name, "devices[2] (eventfd)");
	machine_file_free(m);
}

static void default_iommu_posts_and_has_every_device(void **state)
{
	char error[MACHINE_FILE_ERROR];
	struct machine_file *m = machine_file_load(NULL, error);

	assert_non_null(m);
	assert_int_equal(m->iommu_count, 1);
	assert_int_equal(m->config.unit_count, 1);
	assert_string_equal(m->units[0].name, machine_default_unit.name);
	assert_true(m->units[0].posting);
	assert_int_equal(m->iommus[0].base, 0xfed90000);
	assert_true(m->iommus[0].include_all);
	assert_int_equal(m->iommus[0].sid_count, 1);
	assert_int_equal(m->iommus[0].sids[0], 0x0100);
	machine_file_free(m);
}

static void iommus_decode(void **state)
{
	char error[MACHINE_FILE_ERROR];
	struct machine_file *m;

	write_file(HEAD "ways: [irqfd]\niommus:\n  - {name: a, cache: 2}\n"
	           "  - {name: b, posting: false, caching_mode: true, esirtps: true, "
	           "fault_records: 3, cache: 512, cache_ways: 8, cache_policy: random}\n"
	           "  - {name: c, cache: 0}\n"
	           "devices:\n  - {type: timer, iommu: b}\n  - {type: timer}\n"
	           "  - {type: timer, iommu: b}\n");
	m = machine_file_load(file, error);
	assert_string_equal(error, "");
	assert_non_null(m);
	assert_int_equal(m->config.unit_count, 3);
	assert_ptr_equal(m->config.units, m->units);
	assert_int_equal(m->units[0].cache_entries, 2);
	assert_int_equal(m->units[0].cache_ways, 2);
	assert_false(m->units[1].posting);
	assert_true(m->units[1].caching_mode && m->units[1].esirtps && m->units[1].cache_random);
	assert_int_equal(m->units[1].fault_records, 3);
	assert_int_equal(m->units[1].cache_entries, 512);
	assert_int_equal(m->units[1].cache_ways, 8);
	assert_int_equal(m->units[2].cache_entries, 0);
	assert_int_equal(m->iommus[2].base, 0xfed92000);
	assert_false(m->iommus[1].include_all);
	assert_int_equal(m->iommus[0].sid_count, 1);
	assert_int_equal(m->iommus[0].sids[0], 0x0200);
	assert_int_equal(m->iommus[1].sid_count, 2);
	assert_int_equal(m->iommus[1].sids[1], 0x0300);
	assert_int_equal(m->devices[0].config.unit, 1);
	assert_int_equal(m->devices[1].config.unit, 0);
	machine_file_free(m);
}

/* As many vectors as two pCPUs have. */
static void all_vectors_decode(void **state)
{
	char error[MACHINE_FILE_ERROR];
	struct machine_file *m;

	write_file("pcpus: 2\nvms:\n  - {name: a, vcpus: 3, guest: reader}\ndevices:\n"
	           QUEUES QUEUES QUEUES QUEUES QUEUES QUEUES
	           "  - {type: block, queues: 22}\n");
	m = machine_file_load(file, error);
	assert_string_equal(error, "");
	assert_non_null(m);
	machine_file_free(m);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_files),
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(default_is_the_example),
		cmocka_unit_test(default_decodes),
		cmocka_unit_test(all_keys_decode),
		cmocka_unit_test(without_apicv_the_ways_are_two),
		cmocka_unit_test(default_iommu_posts_and_has_every_device),
		cmocka_unit_test(iommus_decode),
		cmocka_unit_test(all_vectors_decode),
	};
	int fd = mkstemp(file), failed;

	if (argc != 2 || fd < 0) {
		fputs("usage: test_cli DEFAULT.yaml\n", stderr);
		return 2;
	}
	close(fd);
	default_yaml = argv[1];
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	return failed;
}
