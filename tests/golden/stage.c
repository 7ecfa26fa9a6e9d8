/* SPDX-License-Identifier: BSD-2-Clause */
#include "stage.h"
#include "exec/host_apic.h"
#include <posted/hw/cpu.h>
#include <posted/hw/vtd.h>
#include <posted/hyp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PCPUS = 2, SID = 0x0100 };

static uint8_t bytes[64 * 1024] __attribute__((aligned(4096)));
static struct pstd_memory memory = { .base = bytes, .size = sizeof(bytes) };
static struct pstd_vtd vtd;
static struct pstd_irte *irte;
static struct pstd_cpu cpus[PCPUS];
static struct pstd_pcpu pcpus[PCPUS];
static struct pstd_vcpu vcpu, *vcpus[] = { &vcpu };
static struct pstd_hyp hyp;
static struct pstd_vm vm = { .hyp = &hyp, .x2apic = true, .vcpus = vcpus, .vcpu_count = 1 };
static struct pstd_cpu *here; /* the pCPU whose code runs */

static char why[256]; /* what goes behind the arrow */

static void because(const char *format, ...)
{
	size_t used = strlen(why);
	va_list args;

	if (used)
		used += (size_t)snprintf(why + used, sizeof(why) - used, ", ");
	va_start(args, format);
	vsnprintf(why + used, sizeof(why) - used, format, args);
	va_end(args);
}

static void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(" -> %s\n", *why ? why : "nothing");
	*why = '\0';
}

static void send(uint32_t dest, uint8_t vector)
{
	because("0x%02x to pCPU %u", vector, dest);
	pstd_lapic_notify(&cpus[dest].lapic, vector);
}

/* The hypervisor's hardware. */
static uint64_t op_vmread(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field)
{
	return pstd_vmcs_read(here->vmcs, field);
}

static void op_vmwrite(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field,
                       uint64_t value)
{
	pstd_vmcs_write(here->vmcs, field, value);
}

static void op_vmptrld(void *ctx, uint64_t vmcs)
{
	pstd_cpu_vmptrld(here, vmcs);
}

static void op_vmclear(void *ctx, uint64_t vmcs)
{
	pstd_cpu_vmclear(here, vmcs);
}

static void op_apic_write(void *ctx, unsigned offset, uint64_t value)
{
	struct pstd_apic_msg ipi;

	if (host_apic_write(&here->lapic, offset, value, &ipi))
		send(ipi.dest, ipi.vector);
}

static uint64_t op_phys(void *ctx, const void *p)
{
	return pstd_memory_phys(&memory, p);
}

static void op_runnable(void *ctx, struct pstd_vcpu *v)
{
	because("the vCPU is runnable");
}

static const struct pstd_ops ops = { .vmread = op_vmread, .vmwrite = op_vmwrite,
	                             .vmptrld = op_vmptrld, .vmclear = op_vmclear,
	                             .apic_write = op_apic_write, .phys = op_phys,
	                             .runnable = op_runnable };

/* One requester, and it waits for what it asks: nothing to drain. */
static void drain(void *ctx)
{
}

static void open_unit(void)
{
	static uint64_t frcd[2];
	const struct pstd_vtd_config c = {
		.memory = &memory,
		.address_width = 46,
		.frcd = frcd,
		.cap = PSTD_VTD_CAP_PI | pstd_field(PSTD_VTD_CAP_FRO, 0x20),
		.ecap = PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM,
		.drain = drain
	};

	if (pstd_vtd_init(&vtd, &c))
		abort();
	pstd_vtd_write(&vtd, PSTD_VTD_IRTA, 8,
	               pstd_memory_phys(&memory, irte) | PSTD_VTD_IRTA_EIME);
	pstd_vtd_write(&vtd, PSTD_VTD_GCMD, 4, PSTD_VTD_GCMD_SIRTP);
	pstd_vtd_write(&vtd, PSTD_VTD_GCMD, 4, PSTD_VTD_GCMD_IRE);
}

/* The part that is not the library's. */
static void fill_vmcs(struct pstd_vmcs *s)
{
	uint8_t *bitmap = pstd_memory_take(&memory, PSTD_VMX_MSR_BITMAP_SIZE, 4096);

	pstd_msr_bitmap(&vm, bitmap);
	s->GUEST_RFLAGS = PSTD_VMX_RFLAGS_IF | PSTD_VMX_RFLAGS_FIXED;
	s->CPU_BASED_VM_EXEC_CONTROL = PSTD_VMX_CPU_MSR_BITMAPS;
	s->MSR_BITMAP = pstd_memory_phys(&memory, bitmap);
}

void stage_open(void)
{
	struct pstd_vmcs *vmcs;

	hyp = (struct pstd_hyp){ .ops = &ops, .vectors = PSTD_LINUX_VECTORS, .x2apic = true,
	                         .hlt_exiting = true };
	irte = pstd_memory_take(&memory, sizeof(*irte), 4096);
	open_unit();
	for (unsigned i = 0; i < PCPUS; i++) {
		cpus[i].memory = &memory;
		host_apic_start(&cpus[i].lapic, i, true, &hyp.vectors);
		pcpus[i] = (struct pstd_pcpu){ .hyp = &hyp, .index = i, .apic_id = i };
		pstd_pcpu_init(&pcpus[i]);
	}
	vcpu.vm = &vm;
	vcpu.pid = pstd_memory_take(&memory, sizeof(*vcpu.pid), 64);
	vcpu.apic = pstd_memory_take(&memory, sizeof(*vcpu.apic), 4096);
	vmcs = pstd_memory_take(&memory, sizeof(*vmcs), 64);
	fill_vmcs(vmcs);
	vcpu.vmcs = pstd_memory_phys(&memory, vmcs);
	pstd_vcpu_init(&vcpu, &pcpus[0]);
}

static uint64_t control(void)
{
	return pstd_load_relaxed(&vcpu.pid->control);
}

/* What an action did to the descriptor's control word. */
static void because_control(uint64_t old)
{
	uint64_t new = control();

	if ((old ^ new) & PSTD_SN)
		because("SN %s", new & PSTD_SN ? "set" : "clear");
	if ((old ^ new) & PSTD_NV)
		because("NV 0x%02x", (unsigned)pstd_field_get(PSTD_NV, new));
	if ((old ^ new) & PSTD_NDST)
		because("NDST %u", pstd_destination(new, true));
	if ((old ^ new) & PSTD_ON)
		because("ON %s", new & PSTD_ON ? "set" : "clear");
}

static void device_posts(uint8_t vector, bool urgent)
{
	struct pstd_irte e = pstd_irte_posted(pstd_memory_phys(&memory, vcpu.pid), vector, SID);
	struct pstd_vtd_request_result r;
	struct pstd_vtd_post_result p;
	uint64_t old = control();

	e.raw.lo |= urgent ? PSTD_IRTE_URG : 0;
	pstd_irte_replace(irte, e);
	r = pstd_vtd_request(&vtd, pstd_msi_remappable(0, false, 0), SID);
	if (r.kind != PSTD_VTD_POST)
		abort();
	p = pstd_vtd_post(r.pid, r.vector, r.urgent, true);
	if (p.merged)
		because("merged with the one before");
	because_control(old);
	if (p.notify)
		send(p.notification.dest, p.notification.vector);
	else
		because(old & PSTD_ON ? "silent, ON was set" : "suppressed, SN set");
	say("device posts 0x%02x%s", vector, urgent ? ", urgent" : "");
}

void stage_device_posts(uint8_t vector)
{
	device_posts(vector, false);
}

void stage_device_posts_urgent(uint8_t vector)
{
	device_posts(vector, true);
}

void stage_software_posts(uint8_t vector)
{
	uint64_t old = control();
	bool guest = pstd_load_relaxed(&vcpu.mode) == PSTD_IN_GUEST_MODE;

	if (!pstd_vcpu_deliver(&vcpu, vector))
		because("merged with the one before");
	because_control(old);
	because(guest ? "the vCPU is in guest mode" : "the vCPU is outside guest mode");
	say("software posts 0x%02x", vector);
}

void stage_load(unsigned pcpu)
{
	uint64_t old = control();
	bool listed = vcpu.wakeup.next != &vcpu.wakeup;

	here = &cpus[pcpu];
	pstd_vcpu_load(&vcpu, &pcpus[pcpu]);
	if (listed && vcpu.wakeup.next == &vcpu.wakeup)
		because("off the wake-up list");
	because_control(old);
	say("vCPU is loaded on pCPU %u", pcpu);
}

void stage_preempt(void)
{
	uint64_t old = control();

	pstd_vcpu_preempt(&vcpu);
	because_control(old);
	say("vCPU is preempted");
}

void stage_halt(void)
{
	uint64_t old = control();

	if (!pstd_cpu_hlt(here))
		abort();
	pstd_vcpu_exit(&vcpu);
	if (pstd_vcpu_block(&vcpu)) {
		because_control(old);
		because("on pCPU %u's wake-up list", vcpu.pcpu->index);
		because("it sleeps");
	} else {
		because_control(old);
		because("an interrupt can be delivered, it goes on");
	}
	say("guest halts, HLT exits");
}

void stage_enter(void)
{
	uint64_t old = control();

	while (pstd_vcpu_enter(&vcpu) != PSTD_ENTER)
		if (pstd_vcpu_block(&vcpu))
			abort();
	because_control(old);
	pstd_cpu_vm_entry(here, vcpu.launched);
	if (old & ~control() & PSTD_ON)
		because("PIR into VIRR, RVI 0x%02x", here->vapic.rvi);
	say("vCPU enters guest mode");
}

/* The guest's handler. */
static void handler(void)
{
	struct pstd_apic_msg none;

	if (pstd_cpu_wrmsr(here, PSTD_APIC_X2APIC_MSR(PSTD_APIC_EOI), 0, &none) != PSTD_CPU_DONE)
		abort();
	pstd_cpu_iret(here);
}

/* One boundary; false if nothing happened there. */
static bool boundary(void)
{
	uint64_t old = control();
	uint64_t eois = here->lapic.eois;
	uint8_t vector;
	enum pstd_cpu_event event = pstd_cpu_boundary(here, &vector);

	if (here->lapic.eois != eois) {
		because_control(old);
		because("no exit");
		say("CPU processes the notification");
	}
	if (event == PSTD_CPU_DELIVER) {
		because("handler runs");
		say("CPU delivers 0x%02x", vector);
		handler();
	}
	return event == PSTD_CPU_DELIVER || here->lapic.eois != eois;
}

void stage_guest_runs(void)
{
	while (here->guest && boundary())
		;
	if (here->guest)
		puts("guest runs on");
}

void stage_tick(void)
{
	uint8_t vector;

	host_apic_arm(&here->lapic, 1);
	pstd_lapic_timer(&here->lapic, 1);
	while (here->guest)
		pstd_cpu_boundary(here, &vector);
	pstd_vcpu_exit(&vcpu);
	because("external-interrupt exit");
	say("the host's tick");
}

void stage_host_interrupts(unsigned pcpu)
{
	struct pstd_cpu *back = here;

	here = &cpus[pcpu];
	while (pstd_lapic_pending(&here->lapic) >= 0) {
		uint8_t vector = pstd_lapic_acknowledge(&here->lapic);
		uint64_t pin = pcpus[pcpu].pin, piw = pcpus[pcpu].piw;

		pstd_host_vector(&pcpus[pcpu], vector);
		if (pcpus[pcpu].pin != pin)
			because("PIN counts it, the next entry will look at ON");
		if (pcpus[pcpu].piw != piw)
			because("PIW counts it");
		say("pCPU %u takes 0x%02x in host mode", pcpu, vector);
	}
	here = back;
}
