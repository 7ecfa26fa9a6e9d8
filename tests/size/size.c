/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * size [MIB]: a machine of 64 vCPUs and 1,024 vectors, each of which delivers an
 * interrupt, with the whole process at its peak below so many MiB; without the
 * limit its size is only printed.
 */
#include "exec/threads/machine.h"
#include "guest/guests.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PCPUS = 8, VCPUS = 64, VECTORS = 1024, PATIENCE_MS = 20000 };

static struct machine_vector *vectors[VECTORS];

static void fail(const char *error)
{
	fprintf(stderr, "size: %s\n", error);
	exit(1);
}

/* The process at its peak, in KiB. */
static long peak(void)
{
	FILE *in = fopen("/proc/self/status", "r");
	char line[256];
	long kib = -1;

	while (in && kib < 0 && fgets(line, sizeof(line), in))
		if (!strncmp(line, "VmHWM:", 6))
			kib = strtol(line + 6, NULL, 10);
	if (in)
		fclose(in);
	return kib;
}

static struct machine *build(void)
{
	const struct machine_vm vm = { .name = "vm", .vcpus = VCPUS, .guest = &guest_ticker };
	const struct machine_config c = { .pcpus = PCPUS, .x2apic = true, .hlt_exiting = true,
		                          .slice_us = 1000, .vms = &vm, .vm_count = 1 };
	char error[MACHINE_ERROR], name[32];
	struct machine *m = machine_create(&c, error);

	if (!m)
		fail(error);
	for (unsigned i = 0; i < VECTORS; i++) {
		struct machine_vector_config v = { .name = name, .sid = (uint16_t)(i / 64 << 8),
			                           .entry = i % 64, .vcpu = i % VCPUS,
			                           .way = MACHINE_POSTED };

		snprintf(name, sizeof(name), "vector[%u]", i);
		vectors[i] = machine_vector_add(m, &v, error);
		if (!vectors[i])
			fail(error);
	}
	if (!machine_start(m, error))
		fail(error);
	return m;
}

/* One interrupt on each vector, all of them handled. */
static void use(struct machine *m)
{
	struct machine_stats s;

	machine_thread_begin();
	for (unsigned i = 0; i < VECTORS; i++)
		machine_raise(vectors[i]);
	machine_thread_end();
	machine_finish(m);
	machine_drain(m, PATIENCE_MS);
	machine_stop(m);
	machine_stats(m, &s);
	printf("%u vectors: sent %" PRIu64 ", handled %" PRIu64 ", faults %" PRIu64 "\n", VECTORS,
	       s.sent, s.handled, s.faults);
	if (s.handled != VECTORS)
		fail("not every interrupt was handled");
}

int main(int argc, char **argv)
{
	long limit = argc > 1 ? strtol(argv[1], NULL, 10) : 0, kib;
	struct machine *m = build();

	use(m);
	kib = peak();
	machine_destroy(m);
	if (kib < 0)
		fail("no VmHWM in /proc/self/status");
	printf("%u vCPUs, %u vectors: %.1f MiB at its peak", VCPUS, VECTORS, (double)kib / 1024);
	if (!limit) {
		puts("; no limit given (sanitizers add their own), so not judged");
		return 0;
	}
	printf(", limit %ld MiB\n", limit);
	return kib >= limit * 1024;
}
