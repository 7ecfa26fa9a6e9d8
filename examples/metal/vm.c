/* SPDX-License-Identifier: BSD-2-Clause */
/* A VM: its memory, and its beginning and end. */
#include "guest.h"

/* A page each, for Bochs: see bochs.c. */
static struct {
	struct pstd_desc pid;
} __attribute__((aligned(4096))) descriptors[VCPUS];
static struct pstd_apic_page apic_pages[VCPUS];
static uint8_t vmcss[VCPUS][4096] __attribute__((aligned(4096)));
static struct pstd_vcpu *vcpu_table[VCPUS];
static struct pstd_route routes[VCPUS];

struct vcpu vcpus[VCPUS];
struct pstd_hyp hyp;
struct pstd_vm vm;
uint8_t msr_bitmap[PSTD_VMX_MSR_BITMAP_SIZE] __attribute__((aligned(4096)));

/*
 * A guest's stack is a large page at LAZY_STACKS, whose memory is at LAZY_MEMORY. It is mapped
 * when it is touched: so the delivery of an interrupt or an NMI may be cut short by a page fault.
 */
enum { LAZY_MEMORY = 0x2000000 };
static uint64_t lazy_directory[512] __attribute__((aligned(4096)));

static void map(uint64_t page)
{
	lazy_directory[page] = (LAZY_MEMORY + page * LAZY_STACK) | 0x83;
}

void unmap_stack(unsigned vcpu)
{
	lazy_directory[vcpu] = 0;
}

/* Each VM entry and exit has the CPU forget what it knew of it: there are no VPIDs. */
bool map_stack(uint64_t address)
{
	uint64_t page = (address - LAZY_STACKS) / LAZY_STACK;

	if (page >= VCPUS || lazy_directory[page])
		return false;
	map(page);
	return true;
}

static void map_all_stacks(void)
{
	uint64_t *pdpt = (uint64_t *)(PAGE_TABLES + 0x1000);

	pdpt[LAZY_STACKS >> 30] = (uintptr_t)lazy_directory | 3;
	for (unsigned i = 0; i < VCPUS; i++)
		map(i);
}

static void init_vcpu(unsigned n, void (*program)(void))
{
	struct vcpu *v = &vcpus[n];

	v->h.vm = &vm;
	v->h.apic_id = n;
	v->h.pid = &descriptors[n].pid;
	v->h.apic = &apic_pages[n];
	v->h.vmcs = (uintptr_t)vmcss[n];
	guests[n].self = &guests[n];
	guests[n].index = n;
	guests[n].x2apic = vm.x2apic;
	guests[n].seed = n + 1;
	vmcs_init(v, program);
	if (pstd_vcpu_init(&v->h, &cpus[0].p))
		give_up("there is room for each vCPU");
}

void vm_start(const struct setting *s, unsigned n, void (*program)(void))
{
	while (take_runnable())
		;
	memset(vcpus, 0, sizeof(vcpus));
	memset(guests, 0, sizeof(guests));
	memset(descriptors, 0, sizeof(descriptors));
	memset(apic_pages, 0, sizeof(apic_pages));
	memset(routes, 0, sizeof(routes));
	map_all_stacks();
	fill_idt(guest_idt, guest_stubs);
	hyp.software_apic = s->software_apic;
	hyp.hlt_exiting = s->hlt_exiting;
	vm = (struct pstd_vm){
		.hyp = &hyp,
		.x2apic = s->guest_x2apic,
		.vcpus = vcpu_table,
		.vcpu_count = VCPUS,
		.routes = routes,
		.route_count = VCPUS,
	};
	pstd_msr_bitmap(&vm, msr_bitmap);
	for (unsigned i = 0; i < n; i++)
		init_vcpu(i, program);
}

void vm_end(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		uint64_t flags = irq_save();

		pstd_vcpu_fini(&vcpus[i].h);
		irq_restore(flags);
	}
}

void ask(struct vcpu *v, enum request request)
{
	uint64_t flags = irq_save();

	pstd_store_release(&v->request, request);
	pstd_vcpu_kick(&v->h);
	irq_restore(flags);
}
