/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypervisor's side: any sequence of VM exits, with any qualification, registers
 * and events cut short, any content of the APIC page, posts, NMIs, kicks, events of the
 * caller's, entries that it gives up, and what a scheduler does, for one of several
 * vCPUs. No VM entry is refused for what the library did. The input is a list of struct
 * op, after one byte of switches.
 */
#include "../unit/one_cpu.h"
#include "fuzz.h"
#include <string.h>

enum { VCPUS = 18, GONE = 3 };

#define NMI 0x80000202u
#define GP 0x80000b0du

enum op_kind {
	OP_EXIT,      /* for reason arg, with guest state at and qualification value */
	OP_REGISTER,  /* value to RAX, RCX or RDX */
	OP_CUT_SHORT, /* the next exit interrupts a delivery: information, error code; length arg */
	OP_PAGE,      /* value to quadword at of the APIC page */
	OP_DELIVER,   /* vector arg by software, or if at is odd as a device does it */
	OP_NMI,
	OP_CALLER,    /* an event of the caller's: information, error code; length arg */
	OP_PREEMPT,   /* and load; vector arg comes in between */
	OP_BLOCK,     /* and load */
	OP_ENTER,
	OP_CANCEL, /* at an entry; then, if at is odd, it halts, and a kick ends its sleep */
	OP_KINDS,
};

struct op {
	uint8_t kind, arg;
	uint16_t at;
	uint8_t value[8];
};

/* Guest state of an exit, in op.at. */
enum {
	AT_IF = 1, AT_STI = 2, AT_MOV_SS = 4, AT_NMI = 8, /* RFLAGS, blocking */
	AT_ACTIVITY = 0x30,
	AT_ANYTHING = 0x8000, /* whether there can be such an exit or not */
};

/* What others use comes first, so that vCPU 0's page ends where memory does. */
static struct {
	struct pstd_vmcs vmcs;
	struct pstd_desc pid[VCPUS];
	uint64_t pid_pointers[VCPUS];
	uint8_t bitmap[PSTD_VMX_MSR_BITMAP_SIZE] __attribute__((aligned(4096)));
	uint8_t access_page[4096];
	struct pstd_apic_page others[VCPUS - 1], apic;
} ram __attribute__((aligned(4096)));

static struct pstd_memory memory = { .base = (uint8_t *)&ram, .size = sizeof(ram) };
static struct pstd_cpu c;
static struct pstd_hyp hyp;
static struct pstd_pcpu p;
static struct pstd_vm vm;
static struct pstd_vcpu vcpu[VCPUS], *vcpus[VCPUS], *const v = &vcpu[0];

/* The delivery that the next exit cuts short. */
static struct {
	uint32_t info, error_code, length;
} cut;
static uint64_t excused; /* rules that the next VM entry may break: not by the library's doing */

static void reset_vcpus(void)
{
	memset(vcpu, 0, sizeof(vcpu));
	for (unsigned i = 0; i < VCPUS; i++) {
		vcpu[i] = (struct pstd_vcpu){ .vm = &vm, .apic_id = i, .pid = &ram.pid[i],
			                      .apic = i ? &ram.others[i - 1] : &ram.apic,
			                      .vmcs = pstd_memory_phys(&memory, &ram.vmcs) };
		pstd_vcpu_init(&vcpu[i], &p);
	}
	pstd_vcpu_fini(&vcpu[GONE]);
	pstd_vcpu_load(v, &p);
}

static void reset(uint8_t switches)
{
	memset(&ram, 0, sizeof(ram));
	memset(&c, 0, sizeof(c));
	memset(&p, 0, sizeof(p));
	memset(&cut, 0, sizeof(cut));
	excused = 0;
	hyp = (struct pstd_hyp){ .ops = &one_cpu_ops, .ctx = &c, .vectors = own_vectors,
		                 .x2apic = switches & 1, .hlt_exiting = switches & 2,
		                 .software_apic = switches & 4 };
	vm = (struct pstd_vm){ .hyp = &hyp, .x2apic = switches & 8, .vcpus = vcpus,
		               .vcpu_count = VCPUS,
		               .pid_pointers = switches & 16 ? ram.pid_pointers : NULL };
	p.hyp = &hyp;
	c.memory = &memory;
	ram.vmcs.GUEST_RFLAGS = PSTD_VMX_RFLAGS_FIXED;
	ram.vmcs.CPU_BASED_VM_EXEC_CONTROL = switches & 32 ? PSTD_VMX_CPU_MSR_BITMAPS : 0;
	ram.vmcs.MSR_BITMAP = pstd_memory_phys(&memory, ram.bitmap);
	ram.vmcs.APIC_ACCESS_ADDR = pstd_memory_phys(&memory, ram.access_page);
	pstd_msr_bitmap(&vm, ram.bitmap);
	host_apic_start(&c.lapic, 0, hyp.x2apic, &hyp.vectors);
	pstd_pcpu_init(&p);
	reset_vcpus();
}

static uint64_t broken(void)
{
	return pstd_vmcs_broken(&ram.vmcs, (uint8_t)pstd_apic_read(&ram.apic, PSTD_APIC_TPR),
	                        PSTD_CPU_ADDRESS_WIDTH);
}

static void ready(void)
{
	while (pstd_vcpu_enter(v) != PSTD_ENTER)
		v->halted = false; /* so let it be */
}

/*
 * What it was to inject is to be injected by the next entry. Not if it breaks a rule, by the
 * caller's doing: it would be kept, for entries that may break none.
 */
static void cancel(const struct op *op)
{
	uint64_t info;
	bool nmi;

	if (c.guest || excused)
		return;
	ready();
	info = ram.vmcs.VM_ENTRY_INTR_INFO;
	pstd_vcpu_cancel(v);
	MUST(v->mode == PSTD_OUTSIDE_GUEST_MODE);
	nmi = (info & (PSTD_VMX_INTR_VALID | PSTD_VMX_INTR_TYPE)) == (NMI & ~0xffu);
	MUST(!nmi || v->nmi);
	if ((info & PSTD_VMX_INTR_VALID) && !(ram.vmcs.VM_ENTRY_INTR_INFO & PSTD_VMX_INTR_VALID))
		MUST(nmi || v->interrupted == (uint32_t)info);
	if (!(op->at & 1))
		return;
	v->halted = true;
	pstd_vcpu_kick(v);
	MUST(!pstd_vcpu_block(v));
	MUST(pstd_vcpu_enter(v) == PSTD_KICKED);
}

static void enter(void)
{
	uint64_t windows;

	if (c.guest)
		return;
	while (pstd_lapic_pending(&c.lapic) >= 0)
		pstd_host_vector(&p, pstd_cpu_acknowledge(&c));
	ready();
	windows = ram.vmcs.CPU_BASED_VM_EXEC_CONTROL;
	MUST(!(windows & PSTD_VMX_CPU_NMI_WINDOW) || v->nmi);
	MUST(!(windows & PSTD_VMX_CPU_INTR_WINDOW) || v->nmi || v->interrupted ||
	     hyp.software_apic);
	MUST(v->launched == ram.vmcs.launched);
	if (!pstd_cpu_vm_entry(&c, v->launched))
		MUST(!(c.broken & ~excused));
	excused = 0;
	c.guest = ram.vmcs.launched = true; /* so let it be */
}

/* Of what the CPU reports there is nothing that a VM entry could not inject. */
static bool can_be_delivered(uint64_t info)
{
	static struct pstd_vmcs s;

	s = ram.vmcs;
	s.VM_ENTRY_INTR_INFO = info & ~PSTD_VMX_INTR_RSVD;
	s.VM_ENTRY_EXCEPTION_ERROR_CODE = cut.error_code;
	s.VM_ENTRY_INSTRUCTION_LEN = cut.length;
	return !pstd_vmcs_broken(&s, 0, PSTD_CPU_ADDRESS_WIDTH);
}

static void save_guest_state(const struct op *op, uint64_t value)
{
	struct pstd_vmcs *s = &ram.vmcs;

	s->GUEST_RFLAGS = PSTD_VMX_RFLAGS_FIXED | (op->at & AT_IF ? PSTD_VMX_RFLAGS_IF : 0);
	s->GUEST_ACTIVITY_STATE = (op->at & AT_ACTIVITY) / 0x10;
	s->GUEST_INTERRUPTIBILITY_INFO = (op->at & AT_STI ? PSTD_VMX_BLOCKING_STI : 0) |
	                                 (op->at & AT_MOV_SS ? PSTD_VMX_BLOCKING_MOV_SS : 0) |
	                                 (op->at & AT_NMI ? PSTD_VMX_BLOCKING_NMI : 0);
	if (op->at & AT_ANYTHING)
		s->GUEST_INTERRUPTIBILITY_INFO = value >> 32;
}

/*
 * There is such an exit: the guest was in order; only one that executes exits for an
 * instruction, or while an event is delivered; and that event could be injected.
 */
static bool can_be(void)
{
	const struct pstd_vmcs *s = &ram.vmcs;
	bool delivers = cut.info & PSTD_VMX_INTR_VALID;

	if (broken() || (delivers && !can_be_delivered(cut.info)))
		return false;
	return s->GUEST_ACTIVITY_STATE == PSTD_VMX_ACTIVE ||
	       (!delivers && (s->VM_EXIT_REASON == PSTD_VMX_EXIT_NMI_WINDOW ||
	                      s->VM_EXIT_REASON == PSTD_VMX_EXIT_EXTERNAL_INTERRUPT));
}

/* The CPU's part of an exit. */
static void cpu_leaves(const struct op *op, uint64_t value)
{
	struct pstd_vmcs *s = &ram.vmcs;

	s->VM_EXIT_REASON = op->arg % PSTD_VMX_EXIT_REASONS;
	s->EXIT_QUALIFICATION = value;
	s->VM_EXIT_INTR_INFO = (uint32_t)(value >> 8);
	s->VM_ENTRY_INTR_INFO &= ~PSTD_VMX_INTR_VALID;
	s->IDT_VECTORING_INFO = cut.info;
	s->IDT_VECTORING_ERROR_CODE = cut.error_code;
	s->VM_EXIT_INSTRUCTION_LEN = cut.length;
	save_guest_state(op, value);
	excused = can_be() ? 0 : ~0ull;
	/* The delivery of an NMI begins with its blocking. */
	if (cut.info == NMI)
		s->GUEST_INTERRUPTIBILITY_INFO |= PSTD_VMX_BLOCKING_NMI;
	c.guest = false;
}

/* What hyp says of the exit is so. */
static void judge_exit(const struct pstd_vcpu *before)
{
	uint64_t reason = ram.vmcs.VM_EXIT_REASON, info = ram.vmcs.VM_ENTRY_INTR_INFO;
	bool msr = reason == PSTD_VMX_EXIT_MSR_READ || reason == PSTD_VMX_EXIT_MSR_WRITE;
	uint32_t ecx = (uint32_t)before->rcx;

	MUST(v->mode == PSTD_OUTSIDE_GUEST_MODE);
	MUST(!v->carried_out || msr || reason == PSTD_VMX_EXIT_HLT ||
	     reason == PSTD_VMX_EXIT_APIC_ACCESS);
	if (msr && ecx >= PSTD_APIC_X2APIC_MSR_FIRST && ecx <= PSTD_APIC_X2APIC_MSR_LAST)
		MUST(v->carried_out != (info == GP));
	else
		MUST(!msr || !v->carried_out);
	if (!v->carried_out || reason != PSTD_VMX_EXIT_MSR_READ)
		MUST(v->rdx == before->rdx);
	MUST(v->rcx == before->rcx);
	if (msr && info == GP)
		MUST(!ram.vmcs.VM_ENTRY_EXCEPTION_ERROR_CODE);
	if (cut.info == NMI)
		MUST(v->nmi && !(ram.vmcs.GUEST_INTERRUPTIBILITY_INFO & PSTD_VMX_BLOCKING_NMI));
	MUST(!v->halted || before->halted || reason == PSTD_VMX_EXIT_HLT);
	MUST(!(v->identity & ~(PSTD_APIC_LOGICAL_ID | PSTD_APIC_SVR_ENABLE | ~0ull << 32)));
}

static void leave(const struct op *op, uint64_t value)
{
	static struct pstd_vcpu before;

	enter();
	cpu_leaves(op, value);
	before = *v;
	pstd_vcpu_exit(v);
	judge_exit(&before);
	memset(&cut, 0, sizeof(cut));
}

static void deliver(const struct op *op)
{
	if (!(op->at & 1)) {
		pstd_vcpu_deliver(v, op->arg);
		return;
	}
	pstd_test_and_set_pir(&ram.pid[0], op->arg);
	if (!pstd_test_and_set_on(&ram.pid[0]))
		pstd_lapic_notify(&c.lapic, hyp.vectors.notification);
}

static void register_gets(unsigned which, uint64_t value)
{
	switch (which % 3) {
	case 0:
		v->rax = value;
		break;
	case 1:
		v->rcx = value;
		break;
	case 2:
		v->rdx = value;
		break;
	}
}

/* Outside guest mode; what is wrong with the caller's event is the caller's. */
static void caller(const struct op *op, uint64_t value)
{
	if (c.guest)
		return;
	ram.vmcs.VM_ENTRY_INTR_INFO = (uint32_t)value;
	ram.vmcs.VM_ENTRY_EXCEPTION_ERROR_CODE = value >> 32;
	ram.vmcs.VM_ENTRY_INSTRUCTION_LEN = op->arg;
	excused |= broken();
}

static void schedule(const struct op *op)
{
	if (c.guest)
		return;
	if (op->kind % OP_KINDS == OP_PREEMPT) {
		pstd_vcpu_preempt(v);
		pstd_vcpu_deliver(v, op->arg);
	} else {
		v->halted = true;
		if (!pstd_vcpu_block(v)) {
			MUST(!v->halted);
			return;
		}
	}
	pstd_vcpu_load(v, &p);
}

static void carry_out(const struct op *op, uint64_t value)
{
	switch (op->kind % OP_KINDS) {
	case OP_EXIT:
		leave(op, value);
		break;
	case OP_REGISTER:
		register_gets(op->arg, value);
		break;
	case OP_CUT_SHORT:
		cut.info = (uint32_t)value;
		/* An interrupt has none, and hyp keeps it for later. */
		if (pstd_field_get(PSTD_VMX_INTR_TYPE, value) == PSTD_VMX_TYPE_EXTERNAL)
			cut.info &= ~(uint32_t)PSTD_VMX_INTR_ERROR_CODE;
		cut.error_code = value >> 32;
		cut.length = op->arg;
		break;
	case OP_PAGE:
		memcpy((uint8_t *)&ram.apic + 8 * (op->at % 512), &value, sizeof(value));
		break;
	case OP_DELIVER:
		deliver(op);
		break;
	case OP_NMI:
		pstd_vcpu_nmi(v);
		break;
	case OP_CALLER:
		caller(op, value);
		break;
	case OP_PREEMPT:
	case OP_BLOCK:
		schedule(op);
		break;
	case OP_ENTER:
		enter();
		break;
	case OP_CANCEL:
		cancel(op);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t value;
	struct op op;

	if (!size)
		return 0;
	reset(*data);
	for (data++, size--; size >= sizeof(op); data += sizeof(op), size -= sizeof(op)) {
		memcpy(&op, data, sizeof(op));
		memcpy(&value, op.value, sizeof(value));
		carry_out(&op, value);
	}
	enter();
	return 0;
}
