/* SPDX-License-Identifier: BSD-2-Clause */
/* Builds a machine from its configuration, starts it, stops it, takes it apart. */
#include "exec/threads/internal.h"
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

const char *const machine_way_names[MACHINE_WAYS] = { "user", "irqfd", "posted" };

/* The first guest vector for devices; those below are Linux's for legacy interrupts. */
enum { FIRST_GUEST_VECTOR = 0x31, LAST_GUEST_VECTOR = 0xdf, ENTRIES = 65536 };

static void *fail(char error[MACHINE_ERROR], const char *what)
{
	snprintf(error, MACHINE_ERROR, "%s: %s", what, strerror(errno));
	return NULL;
}

/* All that hardware addresses: table, descriptors, and for each vCPU a page and a VMCS. */
static size_t memory_needed(const struct machine *m)
{
	size_t per_vcpu =
		sizeof(struct pi_desc) + sizeof(struct apic_page) + sizeof(struct vmcs);

	return ENTRIES * sizeof(struct irte) + m->vcpu_count * per_vcpu + 4 * 4096;
}

static bool take_memory(struct machine *m, char error[MACHINE_ERROR])
{
	m->memory.size = (memory_needed(m) + 4095) & ~(size_t)4095;
	m->memory.base = mmap(NULL, m->memory.size, PROT_READ | PROT_WRITE,
	                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (m->memory.base == MAP_FAILED) {
		m->memory.base = NULL;
		return fail(error, "no memory for the machine");
	}
	m->irtes = memory_take(&m->memory, ENTRIES * sizeof(struct irte), 4096);
	m->pages = memory_take(&m->memory, m->vcpu_count * sizeof(struct apic_page), 4096);
	m->pids = memory_take(&m->memory, m->vcpu_count * sizeof(struct pi_desc), 64);
	m->vmcss = memory_take(&m->memory, m->vcpu_count * sizeof(struct vmcs), 64);
	m->vtd = (struct vtd){
		.memory = &m->memory,
		.table = memory_phys(&m->memory, m->irtes),
		.entries = ENTRIES,
		.address_width = 46,
		.x2apic = m->config.x2apic,
		.posting = true,
		.enabled = true,
	};
	return true;
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
	v->hyp.vmcs = memory_phys(&m->memory, &m->vmcss[pid]);
	apic_write(v->hyp.apic, APIC_ID, m->config.x2apic ? n : n << 24);
	vm->hyp.vcpus[n] = &v->hyp;
	hyp_vcpu_init(&v->hyp, &m->pcpus[home].hyp);
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
		p->cpu.lapic.id = i;
		p->hyp = (struct hyp_pcpu){ .hyp = &m->hyp, .index = i, .apic_id = i };
		hyp_pcpu_init(&p->hyp);
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
	m->hyp = (struct hyp){ .ops = &machine_hyp_ops, .ctx = m, .x2apic = c->x2apic,
		               .hlt_exiting = c->hlt_exiting };
	pthread_mutex_init(&m->control, NULL);
	for (unsigned i = 0; i < c->vm_count; i++)
		m->vcpu_count += c->vms[i].vcpus;
	raise_descriptor_limit();
	if (!sleep_available())
		return fail(error, "the kernel has no membarrier for idle pCPUs");
	if (!take_memory(m, error))
		return false;
	if (!make_pcpus(m) || !make_vms(m, c))
		return fail(error, "the machine cannot be built");
	return true;
}

struct machine *machine_create(const struct machine_config *c, char error[MACHINE_ERROR])
{
	struct machine *m = calloc(1, sizeof(*m));

	if (!m)
		return fail(error, "the machine cannot be built");
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

static void destroy_vector(struct machine_vector *v)
{
	if (v->eventfd.producer)
		hyp_bypass_unregister(&v->irq);
	if (v->eventfd.irqfd)
		hyp_irqfd_deassign(&v->irqfd);
	if (v->irq.pcpu)
		hyp_irq_free(&v->irq);
	if (v->fd >= 0)
		close(v->fd);
	free(v->irq.counts);
	free(v->name);
	free(v);
}

void machine_destroy(struct machine *m)
{
	if (!m)
		return;
	for (unsigned i = 0; i < m->vector_count; i++)
		destroy_vector(m->vectors[i]);
	for (unsigned i = 0; m->vms && i < m->config.vm_count; i++)
		destroy_vm(&m->vms[i]);
	for (unsigned i = 0; m->pcpus && i < m->config.pcpus; i++)
		pthread_mutex_destroy(&m->pcpus[i].lock);
	if (m->memory.base)
		munmap(m->memory.base, m->memory.size);
	pthread_mutex_destroy(&m->control);
	free(m->vectors);
	free(m->by_pid);
	free(m->vms);
	free(m->pcpus);
	free(m);
}

/* Room for one more GSI of the VM, and for one more vector of the machine. */
static bool grow(struct machine *m, struct vm *vm)
{
	unsigned gsis = vm->hyp.route_count;
	struct hyp_route *routes = realloc(vm->hyp.routes, (gsis + 1) * sizeof(*routes));
	struct machine_vector **vectors;

	if (!routes)
		return false;
	routes[gsis] = (struct hyp_route){ 0 };
	vm->hyp.routes = routes;
	vm->hyp.route_count = gsis + 1;
	vectors = realloc(m->vectors, (m->vector_count + 1) * sizeof(*vectors));
	if (!vectors)
		return false;
	m->vectors = vectors;
	return true;
}

/* The guest's driver programs the vector; the VMM routes it and joins it to the host's IRQ. */
static bool connect(struct machine_vector *v, char error[MACHINE_ERROR])
{
	struct machine *m = v->machine;
	struct vm *vm = v->vcpu->vm;
	struct msi_msg guest_msi = msi_compat(v->vcpu->hyp.apic_id, v->guest_vector);
	struct hyp_pcpu *p = &m->pcpus[v->irq.index % m->config.pcpus].hyp;

	v->irqfd = (struct hyp_irqfd){ .vm = &vm->hyp, .gsi = vm->hyp.route_count - 1,
		                       .eventfd = &v->eventfd };
	if (v->way == MACHINE_USER && !userspace_watch(v))
		return fail(error, "no eventfd for an interrupt");
	if (hyp_irq_request(&v->irq, p)) {
		snprintf(error, MACHINE_ERROR, "pCPU %u has no host vector left for %s: give the "
		         "machine more pcpus", p->index, v->name);
		return false;
	}
	hyp_route_set(&vm->hyp, v->irqfd.gsi, &guest_msi);
	if (v->way != MACHINE_USER)
		hyp_irqfd_assign(&v->irqfd);
	if (v->way == MACHINE_POSTED)
		hyp_bypass_register(&v->irq);
	return true;
}

static struct machine_vector *new_vector(struct machine *m, const struct machine_vector_config *c)
{
	struct machine_vector *v = aligned_alloc(_Alignof(struct machine_vector), sizeof(*v));

	if (!v)
		return NULL;
	memset(v, 0, sizeof(*v));
	v->machine = m;
	v->vcpu = &m->vms[c->vm].vcpus[c->vcpu];
	v->name = strdup(c->name);
	v->sid = c->sid;
	v->entry = c->entry;
	v->way = c->way;
	v->fd = -1;
	v->guest_vector = (uint8_t)(FIRST_GUEST_VECTOR + v->vcpu->vectors);
	v->irq = (struct hyp_irq){ .irte = &m->irtes[m->vector_count],
		                   .index = (uint16_t)m->vector_count, .sid = c->sid,
		                   .trigger = &v->eventfd,
		                   .counts = calloc(m->config.pcpus, sizeof(uint64_t)) };
	v->msi = msi_remappable(v->irq.index, false, 0);
	return v;
}

struct machine_vector *machine_vector_add(struct machine *m, const struct machine_vector_config *c,
                                          char error[MACHINE_ERROR])
{
	struct vcpu *vcpu = &m->vms[c->vm].vcpus[c->vcpu];
	struct machine_vector *v;

	if (FIRST_GUEST_VECTOR + vcpu->vectors > LAST_GUEST_VECTOR || m->vector_count == ENTRIES) {
		snprintf(error, MACHINE_ERROR, "vCPU %u has no vector left for %s: spread the "
		         "device over more vCPUs", c->vcpu, c->name);
		return NULL;
	}
	v = new_vector(m, c);
	if (!v || !v->name || !v->irq.counts || !grow(m, vcpu->vm)) {
		if (v)
			destroy_vector(v);
		return fail(error, "no memory for an interrupt");
	}
	if (!connect(v, error)) {
		destroy_vector(v);
		return NULL;
	}
	vcpu->by_vector[v->guest_vector] = v;
	vcpu->vectors++;
	m->vectors[m->vector_count++] = v;
	return v;
}

uint8_t machine_vector_guest(const struct machine_vector *v)
{
	return v->guest_vector;
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

static bool init_guests(struct machine *m, char error[MACHINE_ERROR])
{
	for (unsigned i = 0; i < m->vcpu_count; i++) {
		struct guest *g = &m->by_pid[i]->guest;

		g->ready = !g->ops->init || g->ops->init(g, error, MACHINE_ERROR);
		if (!g->ready)
			return false;
	}
	return true;
}

/*
 * Each pCPU gets a CPU of its own if there are enough: the host's scheduler
 * would put those that wake each other on one. Failing is no error.
 */
static void bind_pcpus(struct machine *m)
{
	cpu_set_t allowed, one;
	int cpu = -1;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) ||
	    (unsigned)CPU_COUNT(&allowed) < m->config.pcpus)
		return;
	for (unsigned i = 0; i < m->config.pcpus; i++) {
		do
			cpu++;
		while (!CPU_ISSET(cpu, &allowed));
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		pthread_setaffinity_np(m->pcpus[i].thread, sizeof(one), &one);
	}
}

void machine_finish(struct machine *m)
{
	atomic_store(&m->finishing, true);
}

static bool wait_until(const struct machine *m, bool (*good)(const struct machine *),
                       unsigned milliseconds)
{
	for (unsigned i = 0; !good(m); i++) {
		if (i >= milliseconds)
			return false;
		usleep(1000);
	}
	return true;
}

static bool all_done(const struct machine *m)
{
	for (unsigned i = 0; i < m->vcpu_count; i++) {
		const struct vcpu *v = m->by_pid[i];

		if (v->guest.ops->finishes && !atomic_load_explicit(&v->done, memory_order_acquire))
			return false;
	}
	return true;
}

bool machine_wait(struct machine *m, unsigned milliseconds)
{
	return wait_until(m, all_done, milliseconds);
}

static bool all_handled(const struct machine *m)
{
	struct machine_stats s;

	machine_stats(m, &s);
	return s.handled + s.coalesced >= s.sent;
}

bool machine_drain(struct machine *m, unsigned milliseconds)
{
	return wait_until(m, all_handled, milliseconds);
}

void machine_stop(struct machine *m)
{
	/* User space first: what it still injects is then taken in by pCPUs that run. */
	for (unsigned i = 0; i < m->config.vm_count; i++)
		userspace_stop(&m->vms[i]);
	atomic_store(&m->stopping, true);
	for (unsigned i = 0; i < m->config.pcpus; i++)
		bus_notify(m, &(struct apic_msg){ .dest = i, .vector = HYP_RESCHEDULE_VECTOR });
	for (unsigned i = 0; i < m->config.pcpus; i++)
		if (m->pcpus[i].started)
			pthread_join(m->pcpus[i].thread, NULL);
	for (unsigned i = 0; i < m->config.pcpus; i++)
		m->pcpus[i].started = false;
	for (unsigned i = 0; i < m->vector_count; i++)
		userspace_collect(m->vectors[i]);
}

static bool start_threads(struct machine *m, char error[MACHINE_ERROR])
{
	for (unsigned i = 0; i < m->config.vm_count; i++)
		if (!userspace_start(&m->vms[i]))
			return fail(error, "no thread for user space");
	for (unsigned i = 0; i < m->config.pcpus; i++) {
		struct pcpu *p = &m->pcpus[i];

		p->started = !pthread_create(&p->thread, NULL, pcpu_main, p);
		if (!p->started)
			return fail(error, "no thread for a pCPU");
	}
	return true;
}

bool machine_start(struct machine *m, char error[MACHINE_ERROR])
{
	if (!init_guests(m, error))
		return false;
	for (unsigned i = 0; i < m->vcpu_count; i++)
		sched_place(m->by_pid[i]);
	if (!start_threads(m, error)) {
		machine_stop(m);
		return false;
	}
	bind_pcpus(m);
	return true;
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
