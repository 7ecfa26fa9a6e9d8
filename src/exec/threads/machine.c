/* SPDX-License-Identifier: BSD-2-Clause */
/* Builds a machine from its configuration, and takes it apart. */
#include "exec/threads/internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

const char *const machine_way_names[MACHINE_WAYS] = { "user", "irqfd", "posted" };

void *machine_fail(char error[MACHINE_ERROR], const char *what)
{
	snprintf(error, MACHINE_ERROR, "%s: %s", what, strerror(errno));
	return NULL;
}

void machine_violated(struct machine *m, const char *found)
{
	const char *none = NULL;

	atomic_compare_exchange_strong(&m->violation, &none, found);
}

/* All that hardware addresses: the units' tables, and for each vCPU descriptor, page and VMCS. */
static size_t memory_needed(const struct machine *m, const struct machine_config *c)
{
	size_t per_vcpu = sizeof(struct pstd_desc) + sizeof(struct pstd_apic_page) +
	                  sizeof(struct pstd_vmcs) + sizeof(uint64_t);

	return units_memory(c) + m->vcpu_count * per_vcpu + c->pcpus * sizeof(struct pstd_desc) +
	       8 * 4096;
}

static bool take_memory(struct machine *m, const struct machine_config *c,
                        char error[MACHINE_ERROR])
{
	m->memory.size = (memory_needed(m, c) + 4095) & ~(size_t)4095;
	m->memory.base = mmap(NULL, m->memory.size, PROT_READ | PROT_WRITE,
	                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (m->memory.base == MAP_FAILED) {
		m->memory.base = NULL;
		return machine_fail(error, "no memory for the machine");
	}
	m->pages =
		pstd_memory_take(&m->memory, m->vcpu_count * sizeof(struct pstd_apic_page), 4096);
	m->pids = pstd_memory_take(&m->memory, m->vcpu_count * sizeof(struct pstd_desc), 64);
	m->vmcss = pstd_memory_take(&m->memory, m->vcpu_count * sizeof(struct pstd_vmcs), 64);
	if (c->posted_msi)
		m->msi = pstd_memory_take(&m->memory, c->pcpus * sizeof(struct pstd_desc), 64);
	if (c->ipiv)
		m->pid_pointers = pstd_memory_take(&m->memory, m->vcpu_count * sizeof(uint64_t), 8);
	m->msr_bitmap = pstd_memory_take(&m->memory, PSTD_VMX_MSR_BITMAP_SIZE, 4096);
	m->apic_access = pstd_memory_take(&m->memory, 4096, 4096);
	return true;
}

/* The part of a VMCS that is not the library's. */
static void make_vmcs(struct machine *m, struct pstd_vmcs *s)
{
	s->GUEST_RFLAGS = PSTD_VMX_RFLAGS_IF | PSTD_VMX_RFLAGS_FIXED;
	s->CPU_BASED_VM_EXEC_CONTROL = PSTD_VMX_CPU_MSR_BITMAPS;
	s->MSR_BITMAP = pstd_memory_phys(&m->memory, m->msr_bitmap);
	s->APIC_ACCESS_ADDR = pstd_memory_phys(&m->memory, m->apic_access);
}

static void make_vcpu(struct machine *m, struct vm *vm, unsigned n, const struct machine_vm *c,
                      unsigned pid)
{
	struct vcpu *v = &vm->vcpus[n];
	unsigned home = pid % m->config.pcpus;

	v->vm = vm;
	v->pin = c->pin ? c->pin[n] : -1;
	if (v->pin >= 0)
		home = (unsigned)v->pin;
	atomic_init(&v->prefer, -1);
	atomic_init(&v->runs_on, -1);
	v->hyp.vm = &vm->hyp;
	v->hyp.apic_id = n;
	v->hyp.pid = &m->pids[pid];
	m->by_pid[pid] = v;
	v->hyp.apic = &m->pages[pid];
	v->hyp.vmcs = pstd_memory_phys(&m->memory, &m->vmcss[pid]);
	make_vmcs(m, &m->vmcss[pid]);
	if (pstd_vcpu_init(&v->hyp, &m->pcpus[home].hyp))
		abort(); /* an impossible configuration */
	v->guest = (struct guest){ .ops = c->guest, .vm_state = vm->state, .vcpu = v };
}

static bool make_vm(struct machine *m, struct vm *vm, const struct machine_vm *c, unsigned pid)
{
	vm->machine = m;
	vm->ops = c->guest;
	vm->vcpu_count = c->vcpus;
	vm->epoll = epoll_create1(EPOLL_CLOEXEC);
	vm->user_stop = eventfd(0, EFD_CLOEXEC);
	vm->name = strdup(c->name);
	vm->state = calloc(1, c->guest->vm_size + 1);
	vm->vcpus = calloc(c->vcpus, sizeof(*vm->vcpus));
	vm->hyp.hyp = &m->hyp;
	vm->hyp.x2apic = m->config.x2apic;
	vm->hyp.pid_pointers = m->pid_pointers ? m->pid_pointers + pid : NULL;
	pstd_msr_bitmap(&vm->hyp, m->msr_bitmap);
	vm->hyp.vcpu_count = c->vcpus;
	vm->hyp.vcpus = calloc(c->vcpus, sizeof(*vm->hyp.vcpus));
	if (vm->epoll < 0 || vm->user_stop < 0 || !vm->name || !vm->state || !vm->vcpus ||
	    !vm->hyp.vcpus)
		return false;
	for (unsigned i = 0; i < c->vcpus; i++) {
		make_vcpu(m, vm, i, c, pid + i);
		vm->vcpus[i].guest.state = calloc(1, c->guest->vcpu_size + 1);
		if (!vm->vcpus[i].guest.state)
			return false;
	}
	return true;
}

static bool make_pcpus(struct machine *m)
{
	m->pcpus = aligned_alloc(_Alignof(struct pcpu), m->config.pcpus * sizeof(*m->pcpus));
	if (!m->pcpus)
		return false;
	memset(m->pcpus, 0, m->config.pcpus * sizeof(*m->pcpus));
	for (unsigned i = 0; i < m->config.pcpus; i++) {
		struct pcpu *p = &m->pcpus[i];

		p->machine = m;
		p->cpu.memory = &m->memory;
		host_apic_start(&p->cpu.lapic, i, m->config.x2apic, &m->hyp.vectors);
		p->hyp = (struct pstd_pcpu){ .hyp = &m->hyp, .index = i, .apic_id = i,
			                     .msi = m->msi ? &m->msi[i] : NULL };
		if (pstd_pcpu_init(&p->hyp))
			abort(); /* an impossible configuration */
		pthread_mutex_init(&p->lock, NULL);
		p->tail = &p->head;
		p->poll.max = m->config.poll_us * 1000ull;
	}
	return true;
}

static bool make_vms(struct machine *m, const struct machine_config *c)
{
	unsigned pid = 0;

	m->vms = calloc(c->vm_count, sizeof(*m->vms));
	m->by_pid = calloc(m->vcpu_count, sizeof(*m->by_pid));
	if (!m->vms || !m->by_pid)
		return false;
	for (unsigned i = 0; i < c->vm_count; i++)
		m->vms[i].epoll = m->vms[i].user_stop = -1;
	for (unsigned i = 0; i < c->vm_count; pid += c->vms[i++].vcpus)
		if (!make_vm(m, &m->vms[i], &c->vms[i], pid))
			return false;
	return true;
}

/* A descriptor for each eventfd: as many as the system allows. */
static void raise_descriptor_limit(void)
{
	struct rlimit r;

	if (!getrlimit(RLIMIT_NOFILE, &r)) {
		r.rlim_cur = r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
}

static bool build(struct machine *m, const struct machine_config *c, char error[MACHINE_ERROR])
{
	m->config = *c;
	m->config.vms = NULL;
	m->config.units = NULL;
	m->hyp = (struct pstd_hyp){ .ops = &machine_hyp_ops, .ctx = m,
		                    .vectors = PSTD_LINUX_VECTORS, .x2apic = c->x2apic,
		                    .hlt_exiting = c->hlt_exiting,
		                    .software_apic = c->software_apic };
	pthread_mutex_init(&m->control, NULL);
	pins_create(m);
	for (unsigned i = 0; i < c->vm_count; i++)
		m->vcpu_count += c->vms[i].vcpus;
	raise_descriptor_limit();
	if (!sleep_available())
		return machine_fail(error, "the kernel has no membarrier for idle pCPUs");
	if (!take_memory(m, c, error))
		return false;
	if (!make_pcpus(m) || !make_vms(m, c))
		return machine_fail(error, "the machine cannot be built");
	return units_create(m, c, error);
}

struct machine *machine_create(const struct machine_config *c, char error[MACHINE_ERROR])
{
	struct machine *m = calloc(1, sizeof(*m));

	if (!m)
		return machine_fail(error, "the machine cannot be built");
	if (build(m, c, error))
		return m;
	machine_destroy(m);
	return NULL;
}

static void destroy_guest(struct guest *g)
{
	if (g->ready && g->ops->fini)
		g->ops->fini(g);
	free(g->state);
}

static void destroy_vm(struct vm *vm)
{
	for (unsigned i = 0; vm->vcpus && i < vm->vcpu_count; i++)
		destroy_guest(&vm->vcpus[i].guest);
	for (struct mapping *i = vm->mappings, *next; i; i = next) {
		next = i->next;
		free(i);
	}
	if (vm->epoll >= 0)
		close(vm->epoll);
	if (vm->user_stop >= 0)
		close(vm->user_stop);
	free(vm->hyp.routes);
	free(vm->hyp.vcpus);
	free(vm->vcpus);
	free(vm->state);
	free(vm->name);
}

void machine_destroy(struct machine *m)
{
	if (!m)
		return;
	control_lock(m);
	for (unsigned i = 0; i < m->vector_count; i++)
		vector_destroy(m->vectors[i]);
	control_unlock(m);
	for (unsigned i = 0; m->vms && i < m->config.vm_count; i++)
		destroy_vm(&m->vms[i]);
	for (unsigned i = 0; m->pcpus && i < m->config.pcpus; i++)
		pthread_mutex_destroy(&m->pcpus[i].lock);
	units_destroy(m);
	if (m->memory.base)
		munmap(m->memory.base, m->memory.size);
	pins_destroy(m);
	pthread_mutex_destroy(&m->control);
	free(m->vectors);
	free(m->by_pid);
	free(m->vms);
	free(m->pcpus);
	free(m);
}

void machine_map(struct machine *m, unsigned vm, const char *kind, void *registers)
{
	struct mapping *new = malloc(sizeof(*new)), **end = &m->vms[vm].mappings;

	if (!new)
		abort();
	*new = (struct mapping){ .kind = kind, .registers = registers };
	while (*end)
		end = &(*end)->next;
	*end = new;
}

void machine_observe(struct machine *m, machine_check *entry)
{
	m->on_entry = entry;
}

const char *machine_violation(const struct machine *m)
{
	return atomic_load(&m->violation);
}

struct guest *machine_guest(const struct machine *m, unsigned vm, unsigned vcpu)
{
	return &m->vms[vm].vcpus[vcpu].guest;
}
