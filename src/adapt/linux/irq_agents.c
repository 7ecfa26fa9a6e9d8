/* SPDX-License-Identifier: BSD-2-Clause */
/* Who does what on the way of a device's interrupt, and what has to hold in the end. */
#include "irq_scenes.h"

enum { GSI = 1, FD = 0, RESAMPLE_FD = 1, SECOND_FD = 2 };

static const struct irq_scene *scene;
static struct kvm *kvm;
static struct irq_bypass_producer producer;
static struct {
	u64 settled; /* user space's call has returned: the new route is in force */
	u64 pending; /* on the host's CPU */
	u64 raised, delivered, merged;
} tally;

/* What the agent does now began when user space's call had returned. */
static _Thread_local bool late;

static void count(u64 *what)
{
	explore_touch(what, true);
	__atomic_fetch_add(what, 1, __ATOMIC_SEQ_CST);
}

static bool posts_guest(const struct iommu_result *r)
{
	return r->kind == IOMMU_POSTED && r->descriptor != (uintptr_t)&irq_host_descriptor;
}

static void judge_gone(void)
{
	struct iommu_result table = iommu_decode(irq_iommu.table[0]);
	struct iommu_result cache = iommu_decode(irq_iommu.cache[0]);

	if (irq_is_freed(kvm) && (posts_guest(&table) || posts_guest(&cache)))
		explore_fail("the device's IRTE posts to a descriptor of a VM that is gone");
}

/* Delivery. */

static bool goes_to(const struct irq_route *r, const struct kvm_vcpu *vcpu, unsigned vector)
{
	switch (r->to) {
	case IRQ_VCPU:
		return vcpu && vcpu->vcpu_id == r->vcpu && vector == r->vector;
	case IRQ_BROADCAST:
		return vcpu && vector == r->vector;
	case IRQ_PIN:
	case IRQ_PINS:
		return !vcpu;
	default:
		return false;
	}
}

static void judge_target(const struct kvm_vcpu *vcpu, unsigned vector)
{
	bool is_new = goes_to(&scene->then, vcpu, vector);
	bool settled = __atomic_load_n(&tally.settled, __ATOMIC_SEQ_CST);

	if (!is_new && !goes_to(&scene->first, vcpu, vector))
		explore_fail("misdirected: no route leads to vector %#x of vCPU %u", vector,
		             vcpu ? vcpu->vcpu_id : 0);
	else if (scene->silent && settled)
		explore_fail("misdirected: the guest is given an interrupt when its irqfd is "
		             "gone");
	/* what a closed one's work looks up it gives to the guest when SRCU does not wait for it */
	else if (!is_new && (scene->closed ? late : settled) && scene->then.to != IRQ_NOWHERE)
		explore_fail("misdirected: the interrupt takes the old route, though the new one "
		             "is in force");
}

void irq_delivered(struct kvm *k, struct kvm_vcpu *vcpu, unsigned vector)
{
	irq_alive(k);
	if (vcpu)
		explore_note("vCPU %u is given %#x by software", vcpu->vcpu_id, vector);
	else
		explore_note("the interrupt controller's pin is raised");
	judge_target(vcpu, vector);
	count(&tally.delivered);
}

/* User space. */

static void set_route(const struct irq_route *r)
{
	struct kvm_irq_routing_entry e[2] = { { .gsi = GSI }, { .gsi = GSI } };
	unsigned dest = r->to == IRQ_BROADCAST ? 0xff : r->vcpu, count = r->to != IRQ_NOWHERE;

	if (r->to == IRQ_PIN || r->to == IRQ_PINS) {
		count = r->to == IRQ_PINS ? 2 : 1;
		e[0].type = e[1].type = KVM_IRQ_ROUTING_IRQCHIP;
		e[0].u.irqchip.irqchip = KVM_IRQCHIP_IOAPIC;
		e[1].u.irqchip.irqchip = KVM_IRQCHIP_PIC_MASTER;
		e[0].u.irqchip.pin = e[1].u.irqchip.pin = 1;
	} else {
		e[0].type = KVM_IRQ_ROUTING_MSI;
		e[0].u.msi.address_lo = 0xfee00000 | dest << 12;
		e[0].u.msi.data = r->vector;
	}
	if (kvm_set_irq_routing(kvm, e, count, 0))
		explore_fail("the route is refused");
}

static int call_irqfd(unsigned fd, unsigned flags)
{
	struct kvm_irqfd args = { .fd = fd, .gsi = GSI, .flags = flags };

	if (scene->resamples && !flags) {
		args.flags = KVM_IRQFD_FLAG_RESAMPLE;
		args.resamplefd = RESAMPLE_FD;
	}
	return kvm_irqfd(kvm, &args);
}

static void assign(unsigned fd)
{
	if (call_irqfd(fd, 0))
		explore_fail("the irqfd is refused");
	explore_note("the irqfd is assigned");
}

void irq_assigns(void *unused)
{
	assign(FD);
}

/* Its eventfd may be closed already. */
void irq_tries_to_assign(void *unused)
{
	int error = call_irqfd(FD, 0);

	if (error && error != -EBADF)
		explore_fail("the irqfd is refused");
}

void irq_assigns_second(void *unused)
{
	assign(SECOND_FD);
}

void irq_deassigns(void *unused)
{
	call_irqfd(FD, KVM_IRQFD_FLAG_DEASSIGN);
	__atomic_store_n(&tally.settled, 1, __ATOMIC_SEQ_CST);
	explore_note("the irqfd is deassigned");
}

void irq_reroutes(void *unused)
{
	set_route(&scene->then);
	__atomic_store_n(&tally.settled, 1, __ATOMIC_SEQ_CST);
	explore_note("the new route is in force");
}

/* The first route is in force again: which one an interrupt takes is not judged. */
void irq_reroutes_and_back(void *unused)
{
	set_route(&scene->then);
	set_route(&scene->first);
}

void irq_goes(void *unused)
{
	irq_kvm_destroy(kvm);
	judge_gone();
}

void irq_reroutes_and_goes(void *unused)
{
	irq_reroutes(unused);
	irq_goes(unused);
}

/* Its file is closed, but a vCPU's is still open. */
void irq_releases(void *unused)
{
	kvm_irqfd_release(kvm);
}

/* An EOI of the line's interrupt. */
void irq_acknowledges(void *unused)
{
	kvm_notify_acked_irq(kvm, KVM_IRQCHIP_IOAPIC, 1);
	explore_note("the line's interrupt is acknowledged");
}

void irq_closes(void *unused)
{
	irq_close(FD);
}

/* The driver of the device, and the host. */

void irq_registers(void *unused)
{
	if (irq_bypass_register_producer(&producer))
		explore_fail("the producer is refused");
	explore_note("the producer is registered");
}

void irq_unregisters(void *unused)
{
	irq_bypass_unregister_producer(&producer);
	explore_note("the producer is unregistered");
}

/* It gives up, and its producer is freed. */
void irq_is_refused(void *unused)
{
	if (!irq_bypass_register_producer(&producer))
		explore_fail("a producer is taken whose interrupt cannot be posted");
	WRITE_ONCE(producer.irq, IRQ_FREED);
	explore_note("the producer was refused, and is freed");
}

static void signal_eventfd(void)
{
	late = __atomic_load_n(&tally.settled, __ATOMIC_SEQ_CST);
	explore_note("the device's eventfd is signalled");
	irq_eventfd_signal(irq_file[FD].ctx);
}

static void signal_once(void)
{
	count(&tally.raised);
	signal_eventfd();
}

void irq_signals(void *unused)
{
	for (unsigned i = 0; i < scene->raises; i++)
		signal_once();
}

static bool is_pending(const void *unused)
{
	return tally.pending;
}

/* Its handler is the driver's. */
void irq_host(void *unused)
{
	while (explore_rest(is_pending, NULL)) {
		__atomic_store_n(&tally.pending, 0, __ATOMIC_SEQ_CST);
		signal_eventfd();
	}
}

void irq_moves(void *unused)
{
	irq_set_affinity(1);
	explore_note("the interrupt is moved to CPU 1");
}

/* The device. */

static void interrupt_host(const struct iommu_result *r)
{
	bool posted = r->kind == IOMMU_POSTED;

	explore_note("the host gets %#x%s", r->vector, posted ? ", posted" : "");
	if (r->vector != IRQ_HOST_VECTOR || (!posted && r->destination > 1))
		explore_fail("misdirected: the host is interrupted by %#x", r->vector);
	if (scene->interrupts)
		explore_interrupt(0, r->vector);
	else if (__atomic_exchange_n(&tally.pending, 1, __ATOMIC_SEQ_CST))
		count(&tally.merged);
}

static void post(const struct iommu_result *r)
{
	struct explore_descriptor *d = (struct explore_descriptor *)(uintptr_t)r->descriptor;
	struct vcpu_vmx *v = container_of(d, struct vcpu_vmx, pi_desc);

	if (d != &kvm->vcpu[0].pi_desc && d != &kvm->vcpu[1].pi_desc) {
		explore_fail("the IRTE is torn: there is no descriptor at %#llx",
		             (unsigned long long)r->descriptor);
		return;
	}
	explore_step_begin();
	if (irq_is_freed(kvm))
		explore_fail("%#x is posted to a descriptor of a VM that is gone", r->vector);
	explore_post(d, r->vector, false);
	explore_step_end();
	explore_note("posted %#x to vCPU %u", r->vector, v->vcpu.vcpu_id);
	judge_target(&v->vcpu, r->vector);
	count(&tally.delivered);
}

static void raise(void)
{
	struct iommu_result r;

	late = __atomic_load_n(&tally.settled, __ATOMIC_SEQ_CST);
	count(&tally.raised);
	r = iommu_request(&irq_iommu, 0);
	if (posts_guest(&r))
		post(&r);
	else if (r.kind != IOMMU_BLOCKED)
		interrupt_host(&r);
	else
		explore_fail("the device's interrupt is blocked: it is lost");
	iommu_ended(&irq_iommu);
}

void irq_device(void *unused)
{
	for (unsigned i = 0; i < scene->raises; i++)
		raise();
}

/* On the CPU that user space's thread is on, with interrupts off: the driver's handler. */
static void handle(unsigned cpu, unsigned vector)
{
	signal_eventfd();
}

/* Beginning and end. */

static struct explore_machine machine;
static const struct explore_task vmm = { .name = "VMM", .run = irq_reroutes, .ends = true };
static const struct explore_sched rules = {
	.cpus = 1,
	.tasks = &vmm,
	.task_count = 1,
	.interrupts_anywhere = true,
	.handler = handle,
};

static void start_driver(void)
{
	irq_files_init();
	producer.token = irq_file[FD].ctx;
	producer.irq = scene->refuses ? IRQ_NONE : IRQ_HOST_IRQ;
	eventfd_ctx_fileget(&irq_file[FD]);
}

void irq_begin(const struct irq_scene *s)
{
	scene = s;
	if (s->interrupts)
		explore_machine_setup(&machine, &rules);
	kvm = irq_alloc(sizeof(*kvm));
	start_driver();
	irq_remapping_init(s->posts_host);
	irq_kvm_init(kvm);
	set_route(&s->first);
	/* the VM has another device, so that it posts at all */
	kvm->arch.assigned_device_count.counter = s->refuses;
	if (s->producer)
		irq_registers(NULL);
	if (s->assigned)
		irq_assigns(NULL);
	if (s->pair)
		irq_assigns_second(NULL);
	if (s->cached)
		raise();
	if (s->signalled)
		signal_once();
	if (s->closed)
		irq_close(FD);
}

static void judge_entry(void)
{
	struct iommu_result r = iommu_decode(irq_table_entry());
	const struct irq_route *last = scene->comes_back ? &scene->first : &scene->then;

	if (scene->ends == IOMMU_BLOCKED)
		return;
	if (posts_guest(&r) != (scene->ends == IOMMU_POSTED))
		explore_fail("the device's IRTE posts to %s in the end",
		             posts_guest(&r) ? "a vCPU" : "no vCPU");
	else if (!posts_guest(&r) && (r.kind == IOMMU_POSTED) != scene->posts_host)
		explore_fail("the device's IRTE is not what the host had made it");
	else if (posts_guest(&r) && (r.vector != last->vector ||
	                             r.descriptor != (uintptr_t)&kvm->vcpu[last->vcpu].pi_desc))
		explore_fail("the device's IRTE posts where the old route leads");
}

static void judge_tally(void)
{
	u64 unheard = irq_file[FD].ctx->unheard, merged = tally.merged + irq_system_wq.merged;
	u64 known = tally.delivered + unheard + merged + irq_system_wq.count + tally.pending;

	if (known < tally.raised && !scene->may_drop)
		explore_fail("lost: the device raised its interrupt %llu times, and %llu came",
		             (unsigned long long)tally.raised, (unsigned long long)known);
	if (known > tally.raised && !scene->may_repeat)
		explore_fail("doubled: the device raised its interrupt %llu times, and %llu came",
		             (unsigned long long)tally.raised, (unsigned long long)known);
}

void irq_judge(void)
{
	judge_gone();
	judge_entry();
	judge_tally();
}
