/* SPDX-License-Identifier: BSD-2-Clause */
#include "world/show.h"
#include "world/world.h"
#include <inttypes.h>
#include <string.h>

static const struct {
	enum pstd_vmx_field field;
	const char *name;
} fields[] = {
#define ROW(encoding, name) { PSTD_VMX_##name, #name },
	PSTD_VMX_FIELDS(ROW)
#undef ROW
};

/* The vectors of a 256-bit set. */
static void show_set(FILE *out, const uint64_t set[4])
{
	const char *between = "";

	fputc('{', out);
	for (unsigned vector = 0; vector < 256; vector++)
		if (set[vector / 64] & PSTD_BIT(vector % 64)) {
			fprintf(out, "%s%#x", between, vector);
			between = " ";
		}
	fputc('}', out);
}

static void show_pid(FILE *out, unsigned n)
{
	const struct pstd_desc *d = &world.physical.pid[n];

	fprintf(out, "vCPU %u  PIR ", n);
	show_set(out, d->pir);
	fprintf(out, "  ON %d  SN %d  NV %#x  NDST %#x\n", !!(d->control & PSTD_ON),
	        !!(d->control & PSTD_SN), (unsigned)pstd_field_get(PSTD_NV, d->control),
	        (unsigned)pstd_field_get(PSTD_NDST, d->control));
}

/* A row a field, a column a vCPU. */
static void show_vmcs(FILE *out)
{
	fprintf(out, "%-28s", "");
	for (unsigned n = 0; n < WORLD_VCPUS; n++)
		fprintf(out, "%13s%u", "vCPU ", n);
	for (unsigned i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		fprintf(out, "\n%-28s", fields[i].name);
		for (unsigned n = 0; n < WORLD_VCPUS; n++)
			fprintf(out, "%#14" PRIx64,
			        pstd_vmcs_read(&world.physical.vmcs[n], fields[i].field));
	}
	fputc('\n', out);
}

/* A list may be half changed where the replay was stopped: no further than all vCPUs. */
static void show_list(FILE *out, const struct world_pcpu *p)
{
	const struct pstd_list *l = p->hyp.wakeup.next;

	fprintf(out, "pCPU %u  lock %s  wake-up list:", p->hyp.index,
	        p->hyp.wakeup_lock.held ? "held" : "free");
	if (l == &p->hyp.wakeup)
		fputs(" empty", out);
	for (unsigned i = 0; i < WORLD_VCPUS && l != &p->hyp.wakeup; i++, l = l->next)
		for (unsigned n = 0; n < WORLD_VCPUS; n++)
			if (l == &world.vcpu[n].hyp.wakeup)
				fprintf(out, " vCPU %u", n);
	fputc('\n', out);
}

void show_world(FILE *out, const char *what)
{
	for (unsigned n = 0; n < WORLD_VCPUS && !strcmp(what, "pid"); n++)
		show_pid(out, n);
	for (unsigned n = 0; n < WORLD_PCPUS && !strcmp(what, "lists"); n++)
		show_list(out, &world.pcpu[n]);
	if (!strcmp(what, "vmcs"))
		show_vmcs(out);
}
