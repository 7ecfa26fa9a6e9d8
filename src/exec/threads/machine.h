/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The threaded executor: hw/ and hyp/ joined on real threads.
 *
 * A pCPU is a thread; a device is a thread of its own that raises vectors.
 * Order of calls: create, add vectors and map devices, start, then finish (the
 * guests are told and waited for), drain (nothing is in flight any more; stop
 * the devices first), stop, read the figures, destroy (before the devices: guests
 * let go of their registers then).
 */
#ifndef EXEC_MACHINE_H
#define EXEC_MACHINE_H

#include "exec/histogram.h"
#include "exec/threads/guest.h"
#include <posted/vmx.h>
#include <stdint.h>

struct machine;
struct machine_vector;

/* How a device's interrupts reach its guest. */
enum machine_way {
	MACHINE_USER,   /* host IRQ -> eventfd -> user-space thread -> injection */
	MACHINE_IRQFD,  /* host IRQ -> eventfd -> irqfd in the hypervisor */
	MACHINE_POSTED, /* bypass: the VT-d unit posts */
	MACHINE_WAYS,
};

extern const char *const machine_way_names[MACHINE_WAYS]; /* "user", "irqfd", "posted" */

struct machine_vm {
	const char *name;
	unsigned vcpus;
	const int *pin; /* by vCPU: its only pCPU, or -1; null: any */
	const struct guest_ops *guest;
};

/* A VT-d unit. */
struct machine_unit {
	const char *name;
	bool posting;
	bool caching_mode;       /* it may cache entries that fault, too */
	bool esirtps;            /* it empties its cache by itself when it gets a table */
	unsigned fault_records;  /* 1 to MACHINE_FAULT_RECORDS */
	/* the cache of remapping entries; 0 entries: none */
	unsigned cache_entries;  /* a power of two, up to 65,536 */
	unsigned cache_ways;     /* a power of two, up to 8 and up to cache_entries */
	bool cache_random;       /* the way to replace: at random, or the oldest */
};

enum { MACHINE_FAULT_RECORDS = 128 };

/* What a machine has that names no units: one that posts, with a small cache. */
extern const struct machine_unit machine_default_unit;

struct machine_config {
	unsigned pcpus;
	bool x2apic;
	bool hlt_exiting;  /* HLT exits, and the pCPU may run another vCPU */
	bool software_apic; /* no APIC virtualization: then no way MACHINE_POSTED, no ipiv */
	bool ipiv;          /* IPI virtualization */
	bool posted_msi;    /* the host's own interrupts are posted, where their unit can */
	unsigned slice_us; /* time slice where vCPUs share a pCPU */
	unsigned poll_us;  /* an idle pCPU polls at most so long before it sleeps */
	const struct machine_vm *vms;
	unsigned vm_count;
	const struct machine_unit *units; /* null: machine_default_unit */
	unsigned unit_count;
};

/* All messages for errors are whole sentences without a full stop. */
enum { MACHINE_ERROR = 256 };

/* Null on failure, and error says why. The configuration is copied, guests excepted. */
struct machine *machine_create(const struct machine_config *c, char error[MACHINE_ERROR]);
void machine_destroy(struct machine *m);

/* The I/O APIC of every machine, behind its first VT-d unit: pins, ACPI's id, source id. */
enum { MACHINE_PINS = 24, MACHINE_IOAPIC_ID = 2, MACHINE_IOAPIC_SID = 0xf0f8 };

/* One interrupt of a device, passed through to one vCPU: an MSI-X vector, or a pin's edge. */
struct machine_vector_config {
	const char *name; /* the action in the interrupts table: "vfio-msix[0](0000:01:00.0)" */
	uint16_t sid;     /* source id: bus 15:8, device 7:3, function 2:0 */
	unsigned entry;   /* number in the device's MSI-X table */
	unsigned unit;    /* the VT-d unit that it is behind */
	unsigned pin;     /* of the I/O APIC, which then stands for unit and sid; 0: none */
	unsigned vm, vcpu;
	enum machine_way way;
};

/* Before start. Takes a guest vector, an IRTE, a host vector; pCPUs are taken in turn. */
struct machine_vector *machine_vector_add(struct machine *m, const struct machine_vector_config *c,
                                          char error[MACHINE_ERROR]);

/* The guest's vector that this one arrives as. */
uint8_t machine_vector_guest(const struct machine_vector *v);

/* Lets a VM's guests find a device's registers (guest_device). Before start. */
void machine_map(struct machine *m, unsigned vm, const char *kind, void *registers);

/*
 * The device writes its MSI, or pulses its pin. One thread at a time for each
 * vector, which must have called machine_thread_begin. No allocation; a system call
 * only to wake a pCPU that sleeps. A lock for a pin only.
 */
void machine_raise(struct machine_vector *v);

/* Brackets a thread that raises vectors. */
void machine_thread_begin(void);
void machine_thread_end(void);

/* Starts the pCPUs; false on failure, as for create. */
bool machine_start(struct machine *m, char error[MACHINE_ERROR]);

/* Tells the guests that time is up: none starts anything new once this returns. */
void machine_finish(struct machine *m);

/* Waits until each guest that finishes is done, at most so long; true if they are. */
bool machine_wait(struct machine *m, unsigned milliseconds);

/* Waits until every interrupt sent has been handled, at most so long; true if so. */
bool machine_drain(struct machine *m, unsigned milliseconds);

/* Stops and joins the pCPUs. */
void machine_stop(struct machine *m);

/* Figures. While it runs they are a little stale; after stop they are exact. */
struct machine_stats {
	uint64_t sent;      /* by devices and by IPIs */
	uint64_t handled;   /* runs of a guest's handler, */
	uint64_t nmis;      /* and of these, for an NMI */
	uint64_t coalesced; /* merged with one still waiting, wherever that was */
	uint64_t pending;   /* still posted or requested */
	uint64_t exits[PSTD_VMX_EXIT_REASONS];
	uint64_t exits_total;
	uint64_t interrupts; /* host vectors of any kind */
	uint64_t wakeups;    /* sleeping vCPUs woken */
	uint64_t preemptions, moves;
	uint64_t faults;     /* requests that the VT-d units blocked */
	uint64_t misses;     /* requests that the units' caches had no entry for */
	uint64_t invalidations; /* of these caches, by software */
};

void machine_stats(const struct machine *m, struct machine_stats *s);

/* Interrupts from raising to handler, in nanoseconds. After stop. */
void machine_latency(const struct machine *m, struct histogram *h);

/* Faults that the host's driver took from a unit's records. After stop. */
enum { MACHINE_FAULT = 160 };

struct machine_unit_faults {
	const char *unit;
	uint64_t count;
	const char *last; /* "[INTR-REMAP] Request device [01:00.0] fault index ..." */
};
unsigned machine_units(const struct machine *m);
struct machine_unit_faults machine_unit_faults(const struct machine *m, unsigned unit);

/*
 * Interrupts that are unaccounted for: calls back with the VM's name, vCPU,
 * guest vector and the figures of each pair where sent != handled + coalesced +
 * pending. After stop. Returns how many there were.
 */
struct machine_loss {
	const char *vm;
	unsigned vcpu;
	uint8_t vector;
	uint64_t sent, handled, coalesced, pending;
};
unsigned machine_losses(const struct machine *m, void (*each)(const struct machine_loss *, void *),
                        void *arg);

/* For the interrupts table: counts by pCPU. */
unsigned machine_pcpus(const struct machine *m);
unsigned machine_vectors(const struct machine *m);
const char *machine_vector_name(const struct machine *m, unsigned n);
uint16_t machine_vector_sid(const struct machine *m, unsigned n);
unsigned machine_vector_entry(const struct machine *m, unsigned n);
unsigned machine_vector_pin(const struct machine *m, unsigned n); /* 0: it has none */
uint64_t machine_vector_count(const struct machine *m, unsigned n, unsigned pcpu);
enum machine_row { MACHINE_PIN, MACHINE_NPI, MACHINE_PIW, MACHINE_PMN };
uint64_t machine_row(const struct machine *m, enum machine_row row, unsigned pcpu);

/* After stop: a guest's own state, for its report. */
struct guest *machine_guest(const struct machine *m, unsigned vm, unsigned vcpu);

/*
 * Has every VM entry checked, by the pCPU that makes it: the check returns null,
 * or what is wrong in words that last. The first of these is kept. Before start.
 */
struct pstd_vcpu;
struct pstd_cpu;
typedef const char *machine_check(const struct pstd_vcpu *v, const struct pstd_cpu *c);
void machine_observe(struct machine *m, machine_check *entry);
const char *machine_violation(const struct machine *m);

/*
 * For tests: disturbs a running machine. Any thread, also beside devices;
 * control operations are serialized inside.
 */
void machine_chaos_preempt(struct machine *m, unsigned pcpu);
void machine_chaos_move(struct machine *m, unsigned vm, unsigned vcpu, unsigned pcpu);
/* Sends an NMI, which guests take and ignore. A thread that has called machine_thread_begin. */
void machine_chaos_nmi(struct machine *m, unsigned vm, unsigned vcpu);
/* Kicks a vCPU, whose pCPU then gives up a VM entry. A thread as above. */
void machine_chaos_kick(struct machine *m, unsigned vm, unsigned vcpu);
/* Turns posting off and on again for a vector of the way MACHINE_POSTED. */
void machine_chaos_bypass(struct machine *m, unsigned vector, bool posted);
/* Takes a vector's irqfd away (its interrupts go to user space) and gives it back. */
void machine_chaos_irqfd(struct machine *m, unsigned vector, bool assigned);

#endif
