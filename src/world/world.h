/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small machine to explore: two pCPUs, two vCPUs of one VM, two devices, the
 * VT-d unit, messages on their way, eventfds. hw/ and hyp/ are the real ones;
 * what is here joins them, as exec/threads does on threads. A scenario uses as
 * much of it as it names agents for.
 *
 * What agents share here beside hw/ and hyp/ is announced with explore_touch
 * where it is touched, in these files, so that scenarios need not.
 */
#ifndef EXPLORE_WORLD_H
#define EXPLORE_WORLD_H

#include <explore/search.h>
#include <posted/hw/cpu.h>
#include <posted/hw/vtd.h>
#include <posted/hyp.h>

/*
 * Guest vectors are numbered from WORLD_VECTOR on: device n sends n; a guest's IPI is
 * WORLD_IPI. They are of one priority class, or of a class each (world_classes).
 */
enum {
	WORLD_PCPUS = 2,
	WORLD_VCPUS = 2,
	WORLD_DEVICES = 2,
	WORLD_VECTOR = 0x41,
	WORLD_IPI = 2,
	WORLD_VECTORS = 3,
	WORLD_MESSAGES = 8,
	WORLD_ANYBODY = WORLD_VCPUS, /* of a vector: no vCPU is the only one that may take it */
};

/* A host vector of the caller's own. */
enum { WORLD_CALLERS = 0xee };

/* Events of the caller's own: an ExtINT, an exception with an error code. */
enum { WORLD_EXTINT = 0x30, WORLD_EXCEPTION = 14, WORLD_ERROR_CODE = 0x15 };

enum world_kind { WORLD_WRITE, WORLD_READ };

/*
 * A guest's access to a register of its local APIC: what it writes, or must read. A
 * vector (2: NMI, 13: #GP) is asked for by it, of each of the targets, bits by vCPU.
 */
struct world_access {
	enum world_kind kind;
	unsigned offset;
	uint64_t value;
	uint8_t vector, targets;
};

struct world_event {
	uint64_t info;
	uint32_t error_code, length;
};

struct world_message {
	uint8_t vector;
	int device; /* whose interrupt it is, remapped; -1: a notification */
};

struct world_pcpu {
	struct pstd_cpu cpu;
	struct pstd_pcpu hyp;
	uint64_t now; /* its time-stamp counter, which stands while no tick is waited for */
	struct world_message message[WORLD_MESSAGES]; /* on their way here */
	unsigned messages;
	struct world_vcpu *queue[WORLD_VCPUS];
	unsigned queued;
	bool masks;       /* its host masks what comes, at any time: once */
	unsigned callers; /* vectors of the caller's own, that it was handed */
};

struct world_vcpu {
	struct pstd_vcpu hyp;
	/*
	 * What its guest does, a letter an instruction, when no interrupt is to be
	 * taken; and finally it waits:
	 *   h  halts                     c  halts with interrupts disabled
	 *   s  halts right behind STI, which holds back what waits until then
	 *   x  clears its ESR, and exits i  sends an IPI to its home's vCPU
	 *   t  is preempted by the tick  m  and moved to the other pCPU
	 *   d  disables interrupts       e  enables them
	 *   p  raises its task priority, by CR8, to the class of vector 0, which waits
	 *   l  lowers it to 0
	 *   a  accesses a register of its local APIC: the next of its accesses, or any of
	 *      its alternatives
	 */
	const char *program;
	const struct world_access *access;
	unsigned alternatives;            /* 0: one after the other */
	const struct world_access *reads; /* the one whose exit is under way; null: none */
	bool wide;           /* writes to its APIC page are too wide to be virtualized */
	/* at any time: events of the caller's, deliveries cut short, failing entries, and
	 * such as the caller gives up */
	const struct world_event *event;  /* one of these comes */
	unsigned events, cuts, fails;     /* how many there are; how many are still to come */
	unsigned gives_up;
	bool halts; /* then it may be to halt, as a vCPU that is restored may */
	/* what each of two agents asks of its owner, and what that has seen of it */
	uint64_t asked[2], seen[2];
	unsigned raised, caught;          /* exceptions, and what the caller injected */
	unsigned expects, took;           /* interrupts: asked for by accesses, and handled */
	uint8_t priority; /* what it wrote to CR8 last */
	bool masked;    /* halted by 'c': nothing but an NMI may wake it */
	bool awake;     /* from the end of a halt to what ended it */
	uint64_t back;  /* in an NMI's handler: RFLAGS to return to; else 0 */
	unsigned nmis, nmis_handled;
	bool preempted; /* from pstd_vcpu_preempt to the next load */
	bool refuses;   /* of this scenario: its local APIC may lose what is sent to it */
	bool ends;      /* it goes, so that nobody runs it any more */
	bool freed;
};

struct world_device {
	struct pstd_irq irq;
	struct pstd_irqfd irqfd;
	struct pstd_eventfd eventfd;
	uint64_t unread; /* the eventfd's counter */
	/* its entry, as the last control operation left it; and how many have */
	struct pstd_irte settled;
	unsigned settles;
	bool begins;     /* it is requested in this scenario: what it sends too early is refused */
	bool ends;       /* it is freed: what it sends too late is refused */
	uint64_t counts[WORLD_PCPUS];
};

struct world {
	/* what hardware finds by physical address */
	struct {
		struct pstd_irte irte[WORLD_DEVICES] __attribute__((aligned(4096)));
		struct pstd_vmcs vmcs[WORLD_VCPUS];
		struct pstd_apic_page apic[WORLD_VCPUS];
		uint8_t msr_bitmap[PSTD_VMX_MSR_BITMAP_SIZE] __attribute__((aligned(4096)));
		struct pstd_desc msi[WORLD_PCPUS];
		uint64_t pid_pointers[WORLD_VCPUS];
		struct pstd_desc pid[WORLD_VCPUS]; /* last: a fault may leave it out */
	} physical;
	struct world_pcpu pcpu[WORLD_PCPUS];
	struct world_vcpu vcpu[WORLD_VCPUS];
	struct world_device device[WORLD_DEVICES];
	struct pstd_hyp hyp;
	struct pstd_vm vm;
	struct pstd_vcpu *vcpus[WORLD_VCPUS];
	struct pstd_route routes[WORLD_DEVICES];
	/* where freed objects lead: who uses one leaves a mark here */
	struct {
		struct pstd_vm vm;
		struct pstd_vcpu vcpu, *vcpus[WORLD_VCPUS];
		struct pstd_desc pid;
		struct pstd_eventfd eventfd;
	} grave;
	/* read-side sections by agent: entered and left, so odd inside */
	uint64_t section[EXPLORE_AGENTS];
	/* interrupts by n: sent, run by a guest, merged with another, freed with their vCPU */
	unsigned requested[WORLD_VECTORS], handled[WORLD_VECTORS], merged[WORLD_VECTORS];
	unsigned dropped[WORLD_VECTORS];
	/* set by scenarios */
	unsigned home[WORLD_VECTORS];   /* the vCPU that n belongs to, or WORLD_ANYBODY */
	bool rerouted;                  /* n may arrive as another */
	bool posts_in_one;              /* VT-d's posts are one step each, as silicon's */
	unsigned apart;                 /* from a vector to the next */
	bool unscheduled;               /* no pCPU runs vCPUs: they may keep what is posted */
	struct world_pcpu *wake_to;     /* where woken vCPUs go; null: where they slept */
	unsigned busy;                  /* control agents that have not finished */
	bool contended;                 /* there are several: one waits for the other */
	/* the lock of control operations, and the agent that holds it */
	struct pstd_spinlock control;
	const struct explore_agent *controls;
};

extern struct world world;

/* The vector of interrupt n; and the number of a vector, WORLD_VECTORS if it is none. */
static inline uint8_t world_vector(unsigned n)
{
	return (uint8_t)(WORLD_VECTOR + n * world.apart);
}

static inline unsigned world_number(uint8_t vector)
{
	unsigned n = 0;

	while (n < WORLD_VECTORS && world_vector(n) != vector)
		n++;
	return n;
}

extern const struct explore_word world_words[];
extern const struct explore_region world_regions[];

/* Constants of a scenario whose remapping entries stay posted; of one where they change. */
extern const struct explore_constant world_posted[];
extern const struct explore_constant world_remapped[];
/* Of one with posted MSI whose entries stay; and of one where they change. */
extern const struct explore_constant world_msi_posted[];
extern const struct explore_constant world_remapped_msi[];
/* Of one without APIC virtualization; where NMIs or kicks are sent; where vCPUs come and go. */
extern const struct explore_constant world_injected[];
extern const struct explore_constant world_emulated[]; /* and its guests write SVR, LDR, DFR */
extern const struct explore_constant world_nmis[];
extern const struct explore_constant world_kicks[]; /* by an IPI too, as NMIs are */
extern const struct explore_constant world_vcpus_change[];

/* What every scenario has alike. */
#define WORLD_SCENARIO(constants_)                                                        \
	.words = world_words, .regions = world_regions, .constants = (constants_),        \
	.state = &world,                                                                  \
	.state_size = sizeof(world), .finish = world_judge, .each = world_judge_step

/* For explore_scenario.setup. */

/* Everything exists; the vCPUs wait on no queue, the entries post to vCPU 0. */
void world_setup(void);

/* Vectors are of a priority class each, the higher the greater n: right after world_setup. */
void world_classes(void);

/* vCPU v is queued on pCPU p, to do what its program says. */
void world_queue(unsigned v, unsigned p, const char *program);

/* vCPU v sleeps on pCPU 0, on its wake-up list. */
void world_sleep(unsigned v);

/* The interrupt of device n belongs to vCPU v, which its entry posts to. */
void world_post_to(unsigned n, unsigned v);

/* Device n has a host vector on pCPU 0 and its eventfd; its GSI n leads to vCPU v, vector n. */
void world_device(unsigned n, unsigned v);

/* No vCPU runs: device 0 and its host interrupt, on pCPU 0, and one control agent. */
void world_setup_host(void);

/* The same, and its eventfd has an irqfd. */
void world_setup_irqfd(void);

/* The same, and what it sends may come to vCPU 1, as vector 1: a control agent sees to that. */
void world_setup_rerouted(void);

/* As world_device, and it is posted to pCPU 0's descriptor while it is the host's own. */
void world_msi_device(unsigned n, unsigned v);

/* Guests' local APICs are in xAPIC mode. Before vCPUs are loaded. */
void world_xapic(void);

/* Guests' IPIs are virtualized, in this mode. Before vCPUs are loaded. */
void world_virtualize_ipis(bool x2apic);

/* There is no APIC virtualization. Before vCPUs are loaded. */
void world_emulate_apics(void);

/* A pCPU's rows in a scenario's agents. */
#define WORLD_P0                                                \
	{ "P0", world_pcpu, &world.pcpu[0], false },            \
	{ "bus", world_bus, &world.pcpu[0], true }
#define WORLD_P1                                                \
	{ "P1", world_pcpu, &world.pcpu[1], false },            \
	{ "bus'", world_bus, &world.pcpu[1], true }

/* Those of a scenario that begins with world_setup_host; control is the agent's function. */
#define WORLD_HOST(control)                                     \
	{ "D", world_hardware, (void *)0, true },               \
	{ "bus", world_bus, &world.pcpu[0], true },             \
	{ "P0", world_pcpu, &world.pcpu[0], false },            \
	{ "U", control, NULL, false }

/* Agents; arg is what they are of. */

void world_pcpu(void *pcpu);   /* a pCPU: schedules, enters, runs guests, takes interrupts */
void world_bus(void *pcpu);    /* carries messages to a pCPU, each whenever it likes */
void world_sender(void *n);    /* sends interrupt n once, by device or by software */
void world_hardware(void *n);  /* by device */
void world_twice(void *n);     /* by device, twice in a row */
void world_faulty(void *n);    /* by device, after a request that a fault blocks */
void world_software(void *n);  /* by software, as an irqfd or another vCPU does */
void world_software_twice(void *n); /* twice in a row, the second time interrupt 0 or 1 */
void world_nmi(void *v);       /* sends vCPU v an NMI, by software */
void world_two_nmis(void *v);  /* two of them in a row */
void world_kicker(void *n);    /* asks something of vCPU 0's owner, and kicks it; n: 0 or 1 */
void world_reader(void *n);    /* user space: reads device n's eventfd and injects */

/* For agents of scenarios. */

struct pstd_msi_msg world_msi(unsigned v, unsigned n);

/* A control operation on device n has returned: its entry is final now. */
void world_settle(unsigned n);

/* Gives back memory; whoever uses it afterwards is found out. */
void world_free_irq(struct pstd_irq *irq);
void world_free_irqfd(struct pstd_irqfd *irqfd);
void world_free_vcpu(struct world_vcpu *v);

/* For explore_scenario.finish: each interrupt was handled once, and all is at rest. */
void world_judge(void);

/* So too; and vCPU 0, in guest mode on pCPU 0, was sent one notification, which nobody took. */
void world_judge_once(void);

/* For explore_scenario.each: what the wake-up lists say of those on them. */
void world_judge_step(void);

/* What the files of the world share. */

extern struct pstd_vtd world_vtd; /* no agent changes it */
extern const struct pstd_ops world_ops;
extern const struct pstd_memory world_memory;

static inline struct world_vcpu *world_vcpu_of(struct pstd_vcpu *v)
{
	return (struct world_vcpu *)((char *)v - offsetof(struct world_vcpu, hyp));
}

/* Read-side sections; each begins with the access that follows. */
void world_read_lock(void);
void world_read_unlock(void);

/* hyp/'s control operations are made between the two. */
void world_control_begin(void);
void world_control_end(void);

/* guest.c: the next instruction of v's program. True: it exited. */
bool world_step(struct world_pcpu *p, struct world_vcpu *v);

/* Of a read that exited: after the exit the guest has what it read. */
void world_end_read(struct world_vcpu *v);

/* A write to a register of the guest's local APIC, by the instruction of its mode. */
enum pstd_cpu_outcome world_write_register(struct world_pcpu *p, struct world_vcpu *v,
                                           unsigned offset, uint64_t value,
                                           struct pstd_apic_msg *msg);

/* Returns when each request of a device that was under way has ended: pstd_vtd_config.drain. */
void world_drain(void *unused);

/* Sends to a local APIC, on behalf of device or, if it is -1, nobody. */
void world_send(uint32_t dest, uint8_t vector, int device);

/* The run queues: places v on p's; takes the first, null if there is none. */
void world_place(struct world_pcpu *p, struct world_vcpu *v);
struct world_vcpu *world_pick(struct world_pcpu *p);

/* Reports what a check (check/) found, if it is not null; and in what, in words. */
void world_violated(const char *found, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
