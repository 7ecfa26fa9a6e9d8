/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this hypervisor share. */
#ifndef METAL_METAL_H
#define METAL_METAL_H

#include "layout.h"
#include "machine.h"
#include <posted/hyp.h>

enum { CPUS = 3, VCPUS = 2, SENDER = CPUS - 1 };

/* The host's own vector, beside those that the library knows: another CPU is to look. */
enum { CALL_VECTOR = 0xed };

/* A guest's registers, as entry.S has them. */
struct regs {
	uint64_t rax, rcx, rdx, rbx, rbp, rsi, rdi, r[8];
};

/* A vCPU: the library's, and what this hypervisor needs beside it. */
struct vcpu {
	struct pstd_vcpu h; /* first, so that the one is the other */
	struct regs regs;
	struct vcpu *next;  /* on the run queue */
	uint64_t request; /* enum request, before a kick */
	uint64_t answered; /* requests of the kind REQUEST_ANSWER */
	uint64_t done; /* it will not run any more */
	uint64_t error; /* VM-instruction error of an entry that failed */
	unsigned unready; /* of so many attempts to enter one is given up; 0: none */
	unsigned swap; /* of so many one finds its stack unmapped */
	unsigned rewrite; /* of so many one has its controls written whole */
	uint64_t attempts;
	uint64_t cut_short; /* deliveries that met an unmapped stack */
	uint64_t given_up; /* entries */
};

enum request {
	REQUEST_NONE,
	REQUEST_ANSWER,
	REQUEST_STOP,
};

/* What judge.c counts of a CPU. */
struct counts {
	uint64_t vmreads, vmwrites, icrs;
};

struct cpu {
	struct cpu *self; /* at GS:0 */
	struct pstd_pcpu p;
	void (*job)(struct cpu *c);
	uint64_t calls; /* of CALL_VECTOR */
	uint64_t seed; /* for the lengths of its time slices */
	struct counts counts;
	uint64_t gdt[6];
	uint8_t task[104];
};

enum { EXIT_VMCALL = 18 }; /* the one exit of ours that <posted/vmx.h> does not name */

/* How a machine is set up; of each kind there are both. */
struct setting {
	bool host_x2apic, guest_x2apic, software_apic, hlt_exiting;
};

extern struct cpu cpus[CPUS];
extern struct vcpu vcpus[VCPUS];
extern struct pstd_hyp hyp;
extern struct pstd_vm vm;

static inline struct cpu *this_cpu(void)
{
	struct cpu *c;

	__asm__ volatile("movq %%gs:0, %0" : "=r"(c));
	return c;
}

/* entry.S */
bool vm_enter(struct regs *regs, bool launched);
void vm_exit(void);
extern uint8_t host_stubs[], guest_stubs[];
extern uint8_t bss_start[], bss_end[]; /* link.ld */

/* cpu.c: the CPUs, and work for them. */
void start_cpus(void);
void set_host_mode(bool x2apic);
void send_to(uint32_t apic_id, uint8_t vector);
void send_ipi(unsigned cpu, uint8_t vector);
/* Has CPUs 1 and above do a job; returns when all are done with the last. */
void start_job(void (*job)(struct cpu *c));
void join_job(void);
/* Waits until a word is at least so much; false: patience, in ticks, ran out. */
enum { PATIENCE = 3000000 };
bool comes_to(const uint64_t *word, uint64_t value);
/* The same, or it is the end: give_up(what). */
void must_come_to(const uint64_t *word, uint64_t value, const char *what);
void fill_idt(uint64_t idt[512], const uint8_t *stubs);
extern uint64_t host_idt[512];
extern uint64_t stepped; /* instructions, while RFLAGS.TF is set */

/* vmcs.c: the hypervisor's own part of VMX. */
bool vmx_on(struct cpu *c);
const char *vmx_missing(void);
void vmcs_init(struct vcpu *v, void (*program)(void));
void vmcs_set_host(struct cpu *c);
void vmcs_write_controls(const struct vcpu *v);
void skip_instruction(void);

/* glue.c: the operations, the run queue, the run loop. */
extern const struct pstd_ops metal_ops;
extern unsigned time_slice; /* in ticks of the local APIC's timer; 0: without end */
enum slice {
	SLICE_GOES_ON,
	SLICE_PREEMPTED,
	SLICE_BLOCKED,
	SLICE_DONE, /* the guest is at its end, or was told to stop */
	SLICE_FAILED, /* VMfail, or an exit that nobody understands */
};
void make_runnable(struct vcpu *v);
struct vcpu *take_runnable(void);
enum slice run_slice(struct cpu *c, struct vcpu *v);
/* Runs what is runnable until all vCPUs are done. */
void run_all(struct cpu *c, unsigned vcpu_count);

/* exits.c */
enum slice handle_exit(struct vcpu *v);

/* bochs.c */
void bochs_before_entry(struct vcpu *v);
void bochs_after_exit(struct vcpu *v);

/* vm.c: memory of a VM with n vCPUs, made anew; vCPUs are at the start of a program. */
void vm_start(const struct setting *s, unsigned n, void (*program)(void));
void vm_end(unsigned n);
/* Asks something of a vCPU, in whatever state it is. */
void ask(struct vcpu *v, enum request request);
void unmap_stack(unsigned vcpu);
bool map_stack(uint64_t address);
extern uint8_t msr_bitmap[PSTD_VMX_MSR_BITMAP_SIZE];

/* devices.c: one device a vCPU, behind the VT-d unit. */
const char *devices_start(bool x2apic);
void devices_attach(unsigned n, unsigned pcpus);
void devices_detach(unsigned n);
void device_raise(unsigned device);
void device_bypass(unsigned device, bool on);
bool device_is_posted(unsigned device);
void invalidate(uint16_t index);
enum { DEVICE_VECTOR = 0x3c };

/* judge.c: the operations, counted and watched. */
void start_judging(void);
extern uint64_t twice_active; /* VMCSs that were to be active on two CPUs */

/* serial.c: what C demands; printing, %u %x %s of 64 bits. */
void *memset(void *to, int byte, unsigned long n);
void *memcpy(void *to, const void *from, unsigned long n);
void start_serial(void);
void print(const char *text, ...);
bool check(const char *what, bool ok);
_Noreturn void finish(void);
/* The end, with a failure: something did not happen that others wait for. */
_Noreturn void give_up(const char *what);

/* steps.c, sweep.c, chaos.c, price.c: the scenarios. */
void run_steps(const struct setting *s);
void run_sweep(const struct setting *s);
void run_chaos(const struct setting *s, unsigned pcpus);
void print_prices(void);

/* main.c */
void host_setup(void);
void main_cpu(void);

#endif
