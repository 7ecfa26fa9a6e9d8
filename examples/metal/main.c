/* SPDX-License-Identifier: BSD-2-Clause */
/* Every way to set up the machine, and in each all scenarios. */
#include "metal.h"

enum { PIC1_MASK = 0x21, PIC2_MASK = 0xa1 };

/* Before any CPU takes an interrupt. */
void host_setup(void)
{
	outb(PIC1_MASK, 0xff);
	outb(PIC2_MASK, 0xff);
	start_serial();
	hyp.vectors = (struct pstd_vectors)PSTD_LINUX_VECTORS;
	hyp.ops = &metal_ops;
}

static const char *which(bool yes, const char *if_yes, const char *if_not)
{
	return yes ? if_yes : if_not;
}

static void check_capabilities(const struct setting *s)
{
	const char *missing;

	vm_start(s, 0, 0);
	missing = vmx_missing();
	if (missing)
		give_up(missing);
}

static void run_setting(const struct setting *s)
{
	print("== host %s, guest %s, %s, %s\n", which(s->host_x2apic, "x2APIC", "xAPIC"),
	      which(s->guest_x2apic, "x2APIC", "xAPIC"),
	      which(s->software_apic, "software APIC", "APIC virtualization"),
	      which(s->hlt_exiting, "HLT exits", "HLT does not exit"));
	check_capabilities(s);
	run_steps(s);
	run_sweep(s);
	run_chaos(s, 1);
	run_chaos(s, 2);
}

void main_cpu(void)
{
	print("\nlibposted in VMX root\n");
	start_cpus();
	print_prices();
	start_judging();
	for (unsigned i = 0; i < 16; i++) {
		const struct setting s = { i & 8, i & 4, i & 2, !(i & 1) };
		const char *wrong;

		set_host_mode(s.host_x2apic);
		wrong = devices_start(s.host_x2apic);
		if (wrong)
			give_up(wrong);
		run_setting(&s);
	}
	check("no VMCS was to be active on two CPUs", !twice_active);
}
