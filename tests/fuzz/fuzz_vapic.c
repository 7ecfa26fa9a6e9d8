/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any sequence of VM entries with any VMCS, guest instructions that reach for the
 * APIC, messages and posts, on one CPU. The input is a list of struct op, after
 * one byte that chooses secondary and tertiary controls.
 */
#include "exec/host_apic.h"
#include "fuzz.h"
#include <posted/hw/cpu.h>
#include <string.h>

enum { PAGES = 4, POINTERS = 8 };

enum op_kind {
	OP_FIELD,    /* VMWRITE of field number arg */
	OP_STORE,    /* value to memory, at quadword at */
	OP_READ,     /* arg bytes at offset at */
	OP_WRITE,
	OP_RDMSR,    /* of 800H + at */
	OP_WRMSR,
	OP_CR8,      /* value, or a store if arg is odd */
	OP_POST,     /* vector arg to its own descriptor, with the notification */
	OP_RECEIVE,  /* vector arg, delivery mode at */
	OP_BOUNDARY,
	OP_DELIVERY, /* a boundary whose delivery meets offset at */
	OP_INSTRUCTION,
	OP_IRQ,      /* line at of the 8259 pair, high if arg is odd */
	OP_PORT,     /* value to its port number at */
	OP_KINDS,
};

struct op {
	uint8_t kind, arg;
	uint16_t at;
	uint8_t value[8];
};

static const struct pstd_vectors host_vectors = PSTD_LINUX_VECTORS;
static uint8_t ram[PAGES * 4096] __attribute__((aligned(4096)));
static struct pstd_memory memory = { .base = ram, .size = sizeof(ram) };
static struct pstd_vmcs vmcs; /* where no address leads */
static struct pstd_pic_pair pics;
static struct pstd_cpu c;

static const enum pstd_vmx_field fields[] = {
#define PSTD_VMX_ROW(encoding, name) PSTD_VMX_##name,
	PSTD_VMX_FIELDS(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
};
enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* Page 0 is the virtual APIC's, 1 the MSR bitmap; 2 has the table, then descriptors. */
static void reset(uint8_t controls)
{
	uint64_t *table = (uint64_t *)(void *)(ram + 2 * 4096);

	memset(ram, 0, sizeof(ram));
	memset(&c, 0, sizeof(c));
	for (uint64_t i = 0; i < POINTERS; i++)
		table[i] = (PSTD_MEMORY_PHYS_BASE + 2 * 4096 + 64 * (i + 1)) |
		           PSTD_VMX_PID_POINTER_VALID;
	vmcs = (struct pstd_vmcs){
		.PIN_BASED_VM_EXEC_CONTROL = PSTD_VMX_PIN_EXT_INTR | PSTD_VMX_PIN_POSTED_INTR,
		.CPU_BASED_VM_EXEC_CONTROL = PSTD_VMX_CPU_TPR_SHADOW | PSTD_VMX_CPU_MSR_BITMAPS |
		                             PSTD_VMX_CPU_SECONDARY | PSTD_VMX_CPU_TERTIARY,
		.SECONDARY_VM_EXEC_CONTROL = PSTD_VMX_SEC_VIRTUAL_INTR |
		                             (controls & 1 ? PSTD_VMX_SEC_X2APIC :
		                                             PSTD_VMX_SEC_VIRTUALIZE_APIC) |
		                             (controls & 2 ? PSTD_VMX_SEC_APIC_REGISTER : 0),
		.TERTIARY_VM_EXEC_CONTROL = controls & 4 ? PSTD_VMX_TER_IPI_VIRT : 0,
		.VM_EXIT_CONTROLS = PSTD_VMX_EXIT_ACK_INTR,
		.VIRTUAL_APIC_PAGE_ADDR = PSTD_MEMORY_PHYS_BASE,
		.MSR_BITMAP = PSTD_MEMORY_PHYS_BASE + 4096,
		.PID_POINTER_TABLE = PSTD_MEMORY_PHYS_BASE + 2 * 4096,
		.LAST_PID_POINTER_INDEX = POINTERS - 1,
		.POSTED_INTR_DESC_ADDR = PSTD_MEMORY_PHYS_BASE + 2 * 4096 + 64,
		.POSTED_INTR_NV = 0xf2,
		.GUEST_RFLAGS = PSTD_VMX_RFLAGS_IF,
	};
	pstd_pic_init(&pics);
	c.pic = &pics;
	c.memory = &memory;
	c.vmcs = &vmcs;
	host_apic_start(&c.lapic, 0, controls & 8, &host_vectors);
}

/* The guest runs, or VM entry says why it does not. */
static bool in_guest(void)
{
	if (c.guest)
		return true;
	if (pstd_cpu_vm_entry(&c, vmcs.launched)) {
		MUST(c.guest && !c.broken);
		return true;
	}
	MUST(!c.guest && c.broken);
	return false;
}

/* After an exit the VMCS says what it was, and injects nothing any more. */
static void judge_exit(void)
{
	MUST(!c.guest);
	MUST(vmcs.VM_EXIT_REASON < PSTD_VMX_EXIT_REASONS);
	MUST(!(vmcs.VM_ENTRY_INTR_INFO & PSTD_VMX_INTR_VALID));
	MUST(vmcs.GUEST_ACTIVITY_STATE <= PSTD_VMX_WAIT_SIPI);
}

static void judge_outcome(enum pstd_cpu_outcome outcome, const struct pstd_apic_msg *msg)
{
	MUST(c.guest == (outcome != PSTD_CPU_EXITED));
	if (outcome == PSTD_CPU_EXITED)
		judge_exit();
	if (outcome == PSTD_CPU_SEND)
		MUST(vmcs.TERTIARY_VM_EXEC_CONTROL & PSTD_VMX_TER_IPI_VIRT &&
		     msg->dlm == PSTD_APIC_DM_FIXED);
}

static void judge_guest(void)
{
	const struct pstd_vapic *v = &c.vapic;

	MUST(c.activity <= PSTD_VMX_MWAIT);
	if (!v->vid)
		MUST(!v->recognized);
	else
		MUST(!v->recognized || (!v->intr_window && v->rvi >= 16));
}

static void boundary(bool met, unsigned offset)
{
	uint8_t vector = 0;
	enum pstd_cpu_event event = pstd_cpu_boundary(&c, &vector);

	MUST(c.guest == (event != PSTD_CPU_EXIT));
	if (event == PSTD_CPU_EXIT) {
		judge_exit();
		MUST(!(vmcs.IDT_VECTORING_INFO & PSTD_VMX_INTR_VALID));
	} else if (event != PSTD_CPU_NONE) {
		MUST(c.activity == PSTD_VMX_ACTIVE && (c.delivery.info & PSTD_VMX_INTR_VALID));
		MUST((uint8_t)c.delivery.info == vector);
		if (met) {
			pstd_cpu_delivery_exit(&c, offset);
			judge_exit();
			MUST((uint8_t)vmcs.IDT_VECTORING_INFO == vector);
		}
	}
}

static void instruction(unsigned which)
{
	bool exited = false;

	switch (which % 7) {
	case 0:
		exited = pstd_cpu_hlt(&c);
		break;
	case 1:
		exited = pstd_cpu_mwait(&c, which & 0x80);
		break;
	case 2:
		pstd_cpu_sti(&c);
		break;
	case 3:
		pstd_cpu_cli(&c);
		break;
	case 4:
		pstd_cpu_mov_ss(&c);
		break;
	case 5:
		pstd_cpu_iret(&c);
		break;
	case 6:
		pstd_cpu_retire(&c);
		break;
	}
	if (exited)
		judge_exit();
}

static void post(uint8_t vector)
{
	struct pstd_desc *d =
		pstd_memory_at(&memory, vmcs.POSTED_INTR_DESC_ADDR & ~63ull, sizeof(*d));

	if (!d)
		return;
	pstd_test_and_set_pir(d, vector);
	if (!pstd_test_and_set_on(d))
		pstd_lapic_notify(&c.lapic, (uint8_t)vmcs.POSTED_INTR_NV);
}

/* A port of the pair or one of its lines; LINT0 follows. */
static void old_ways(const struct op *op)
{
	static const unsigned ports[] = { PSTD_PIC_MASTER_COMMAND, PSTD_PIC_MASTER_DATA,
		                          PSTD_PIC_SLAVE_COMMAND,  PSTD_PIC_SLAVE_DATA,
		                          PSTD_PIC_ELCR_MASTER,    PSTD_PIC_ELCR_SLAVE };

	if (op->kind % OP_KINDS == OP_IRQ)
		pstd_pic_set_irq(&pics, op->at % 16, op->arg & 1);
	else
		pstd_pic_write(&pics, ports[op->at % 6], op->value[0]);
	pstd_lapic_pin(&c.lapic, 0, pstd_pic_intr(&pics));
}

/* What software, devices and other CPUs do. */
static void outside(const struct op *op, uint64_t value)
{
	struct pstd_apic_msg m = { .dlm = op->at & 7, .vector = op->arg };

	switch (op->kind % OP_KINDS) {
	case OP_FIELD:
		if (!c.guest)
			pstd_vmcs_write(&vmcs, fields[op->arg % FIELDS], value);
		break;
	case OP_STORE:
		pstd_store_relaxed((uint64_t *)(void *)ram + op->at % (sizeof(ram) / 8), value);
		break;
	case OP_POST:
		post(op->arg);
		break;
	case OP_RECEIVE:
		pstd_lapic_receive(&c.lapic, &m);
		break;
	case OP_IRQ:
	case OP_PORT:
		old_ways(op);
		break;
	}
}

static void guest(const struct op *op, uint64_t value)
{
	struct pstd_apic_msg msg = { .dlm = PSTD_APIC_DM_EXTINT };

	switch (op->kind % OP_KINDS) {
	case OP_READ:
		judge_outcome(pstd_cpu_mmio_read(&c, op->at & 0xfff, op->arg & 15, &value), &msg);
		break;
	case OP_WRITE:
		judge_outcome(pstd_cpu_mmio_write(&c, op->at & 0xfff, op->arg & 15, value, &msg),
		              &msg);
		break;
	case OP_RDMSR:
		judge_outcome(pstd_cpu_rdmsr(&c, 0x800u + op->at, &value), &msg);
		break;
	case OP_WRMSR:
		judge_outcome(pstd_cpu_wrmsr(&c, 0x800u + op->at, value, &msg), &msg);
		break;
	case OP_CR8:
		judge_outcome(op->arg & 1 ? pstd_cpu_mov_from_cr8(&c, &value) :
		                            pstd_cpu_mov_to_cr8(&c, value), &msg);
		break;
	case OP_BOUNDARY:
	case OP_DELIVERY:
		boundary(op->kind % OP_KINDS == OP_DELIVERY, op->at & 0xfff);
		break;
	case OP_INSTRUCTION:
		instruction(op->arg);
		break;
	default:
		return;
	}
	if (c.guest)
		judge_guest();
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
		outside(&op, value);
		if (in_guest())
			guest(&op, value);
	}
	return 0;
}
