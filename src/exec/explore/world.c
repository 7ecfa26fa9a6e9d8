/* SPDX-License-Identifier: BSD-2-Clause */
#include "exec/explore/world.h"

enum { SID = 0x0100 };

struct world world;

static const struct memory memory = {
	.base = (uint8_t *)&world.physical,
	.size = sizeof(world.physical),
};

static struct vtd vtd = {
	.memory = &memory,
	.entries = WORLD_DEVICES,
	.address_width = 46,
	.x2apic = true,
	.posting = true,
	.enabled = true,
};

/* How words are shown. */

static void show_pir(FILE *out, uint64_t pir)
{
	const char *between = "";

	fputc('{', out);
	for (unsigned bit = 0; bit < 64; bit++)
		if (pir & PI_BIT(bit)) {
			fprintf(out, "%s%#x", between, 64 + bit);
			between = " ";
		}
	fputc('}', out);
}

static void show_control(FILE *out, uint64_t control)
{
	fprintf(out, "%s%sNV=%#x", control & PI_ON ? "ON " : "", control & PI_SN ? "SN " : "",
	        (unsigned)pi_field_get(PI_NV, control));
}

static void show_mode(FILE *out, uint64_t mode)
{
	fputs(mode == HYP_IN_GUEST_MODE ? "in guest" : "outside", out);
}

static void show_task(FILE *out, uint64_t task)
{
	static const char *const names[] = { "runnable", "running", "blocking", "sleeping" };

	fputs(names[task], out);
}

const struct explore_word world_words[] = {
	{ &world.physical.pid.pir[WORLD_VECTOR / 64], "pir", show_pir },
	{ &world.physical.pid.control, "control", show_control },
	{ &world.vcpu.mode, "mode", show_mode },
	{ &world.vcpu.task, "task", show_task },
	{ &world.cpu.lapic.doorbell, "doorbell", NULL },
	{ &world.cpu.lapic.inbox.byte[POSTED_INTR_VECTOR], "inbox[0xf2]", NULL },
	{ &world.cpu.lapic.inbox.word[POSTED_INTR_VECTOR / 8], "inbox", NULL },
	{ NULL, NULL, NULL },
};

/* All vectors lie in one word of PIR, and 0xf2 is the only one the pCPU is sent. */
const struct explore_constant world_constants[] = {
	{ world.physical.pid.rsvd, sizeof(world.physical.pid.rsvd) },
	{ world.physical.pid.pir, WORLD_VECTOR / 64 * 8 },
	{ &world.physical.pid.pir[WORLD_VECTOR / 64 + 1], (3 - WORLD_VECTOR / 64) * 8 },
	{ world.cpu.lapic.inbox.byte, POSTED_INTR_VECTOR },
	{ &world.cpu.lapic.inbox.byte[POSTED_INTR_VECTOR + 1], 255 - POSTED_INTR_VECTOR },
	{ world.physical.irte, sizeof(world.physical.irte) },
	{ NULL, 0 },
};

/* The machine as hyp/ asks for it. Nothing here sleeps, is unmapped or signals user space. */

static uint64_t op_vmread(void *ctx, enum vmx_field field)
{
	return vmcs_read(world.cpu.vmcs, field);
}

static void op_vmwrite(void *ctx, enum vmx_field field, uint64_t value)
{
	vmcs_write(world.cpu.vmcs, field, value);
}

static void op_vmptrld(void *ctx, uint64_t vmcs)
{
	cpu_vmptrld(&world.cpu, vmcs);
}

static void send(uint32_t dest, uint8_t vector)
{
	if (dest != world.pcpu.apic_id)
		explore_fail("misdirected: %#x to local APIC %u", vector, dest);
	else if (world.sent == WORLD_MESSAGES)
		explore_fail("too many: %#x is notification %u", vector, world.sent + 1);
	else
		world.message[world.sent++] = vector;
}

static void op_apic_write(void *ctx, unsigned offset, uint64_t value)
{
	if (offset == APIC_EOI)
		lapic_eoi(&world.cpu.lapic);
	else
		send(apic_icr_dest(value, vtd.x2apic),
		     (uint8_t)pi_field_get(APIC_ICR_VECTOR, value));
}

static uint64_t op_phys(void *ctx, const void *p)
{
	return memory_phys(&memory, p);
}

static void op_runnable(void *ctx, struct hyp_vcpu *v)
{
	explore_fail("woken: a vCPU that does not sleep");
}

static const struct hyp_ops ops = {
	.vmread = op_vmread,
	.vmwrite = op_vmwrite,
	.vmptrld = op_vmptrld,
	.apic_write = op_apic_write,
	.phys = op_phys,
	.runnable = op_runnable,
};

void world_setup(void)
{
	struct world *w = &world;

	vtd.table = memory_phys(&memory, w->physical.irte);
	for (unsigned n = 0; n < WORLD_DEVICES; n++)
		w->physical.irte[n] = irte_posted(memory_phys(&memory, &w->physical.pid),
		                                  (uint8_t)(WORLD_VECTOR + n), SID);
	w->cpu.memory = &memory;
	w->hyp = (struct hyp){ .ops = &ops, .x2apic = vtd.x2apic };
	w->pcpu.hyp = &w->hyp;
	hyp_pcpu_init(&w->pcpu);
	w->vcpus[0] = &w->vcpu;
	w->vm = (struct hyp_vm){ .hyp = &w->hyp, .x2apic = true, .vcpus = w->vcpus,
	                         .vcpu_count = 1 };
	w->vcpu.vm = &w->vm;
	w->vcpu.pid = &w->physical.pid;
	w->vcpu.apic = &w->physical.apic;
	w->physical.vmcs.GUEST_RFLAGS = VMX_RFLAGS_IF | VMX_RFLAGS_FIXED;
	w->vcpu.vmcs = memory_phys(&memory, &w->physical.vmcs);
	hyp_vcpu_init(&w->vcpu, &w->pcpu);
	hyp_vcpu_load(&w->vcpu, &w->pcpu);
}

void world_send_device(unsigned n)
{
	struct vtd_request_result request =
		vtd_request(&vtd, msi_remappable((uint16_t)n, false, 0), SID);
	struct vtd_post_result post;

	world.requested[WORLD_VECTOR + n]++;
	if (request.kind != VTD_POST) {
		explore_fail("lost: vector %#x: fault %#x", WORLD_VECTOR + n, request.fault);
		return;
	}
	explore_note("the device sends %#x", request.vector);
	post = vtd_post(request.pid, request.vector, request.urgent, vtd.x2apic);
	if (post.notify)
		send(post.notification.dest, post.notification.vector);
	explore_note("posted %#x -> %s", request.vector,
	             post.notify                          ? "notification sent"
	             : world.physical.pid.control & PI_ON ? "silent, ON set"
	                                                  : "silent, SN set");
}

void world_send_software(unsigned n)
{
	unsigned sent = world.sent;

	world.requested[WORLD_VECTOR + n]++;
	explore_note("software sends %#x", WORLD_VECTOR + n);
	hyp_vcpu_deliver(&world.vcpu, (uint8_t)(WORLD_VECTOR + n));
	explore_note("posted %#x -> %s", WORLD_VECTOR + n,
	             world.sent > sent ? "notification sent"
	                               : "silent, ON set or not in guest mode");
}

static bool on_their_way(const void *unused)
{
	return world.carried < world.sent;
}

void world_bus(void *unused)
{
	while (explore_rest(on_their_way, NULL)) {
		lapic_notify(&world.cpu.lapic, world.message[world.carried]);
		explore_note("%#x arrives", world.message[world.carried]);
		world.carried++;
	}
}

void world_host_interrupts(void)
{
	while (lapic_pending(&world.cpu.lapic) >= 0) {
		uint8_t vector = lapic_acknowledge(&world.cpu.lapic);

		explore_note("takes %#x in host mode", vector);
		hyp_host_vector(&world.pcpu, vector);
	}
}

static void handle(uint8_t vector)
{
	explore_note("the guest's handler of %#x runs", vector);
	world.handled[vector]++;
	cpu_write_eoi(&world.cpu);
	cpu_iret(&world.cpu);
}

/* At VM entry: SN is clear, and RVI is the highest VIRR. */
static void judge_entry(void)
{
	uint64_t status = vmcs_read(world.cpu.vmcs, VMX_GUEST_INTR_STATUS);
	unsigned rvi = (unsigned)pi_field_get(VMX_RVI, status);
	unsigned highest = apic_highest_or_0(&world.physical.apic, APIC_IRR);

	if (world.physical.pid.control & PI_SN)
		explore_fail("suppressed: SN is set at VM entry");
	if (rvi != highest)
		explore_fail("stale: RVI is %#x at VM entry, the highest VIRR is %#x", rvi,
		             highest);
}

static bool knocked(const void *unused)
{
	return world.cpu.lapic.doorbell;
}

void world_run_guest(void)
{
	uint8_t vector;

	hyp_vcpu_enter(&world.vcpu);
	judge_entry();
	cpu_vm_entry(&world.cpu);
	explore_note("is in guest mode");
	for (;;)
		switch (cpu_boundary(&world.cpu, &vector)) {
		case CPU_DELIVER:
			handle(vector);
			break;
		case CPU_EXIT:
			explore_fail("exit: a notification in guest mode caused a VM exit");
			return;
		case CPU_NONE:
			if (!explore_rest(knocked, NULL))
				return;
		}
}

void world_judge(void)
{
	const struct pi_desc *d = &world.physical.pid;

	for (unsigned v = WORLD_VECTOR; v < WORLD_VECTOR + WORLD_DEVICES; v++) {
		if (world.handled[v] > world.requested[v])
			explore_fail("doubled: vector %#x was handled twice", v);
		if (world.handled[v] >= world.requested[v])
			continue;
		explore_fail("lost: vector %#x: %s, and no notification is on its way", v,
		             !(d->pir[v / 64] & PI_BIT(v % 64)) ? "it is not in PIR either"
		             : d->control & PI_ON               ? "it stays in PIR with ON set"
		                                                : "it stays in PIR with ON clear");
	}
}
