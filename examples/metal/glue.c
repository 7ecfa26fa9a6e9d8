/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a hypervisor writes around libposted: the operations that it asks for, a run queue, and
 * the loop that runs a vCPU. All that is not here is bring-up, devices, guests and tests.
 */
#include "metal.h"

unsigned time_slice;

/* The operations. The first four are one instruction each. */

static uint64_t op_vmread(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field)
{
	return vmread(field);
}

static void op_vmwrite(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field,
                       uint64_t value)
{
	vmwrite(field, value);
}

static void op_vmptrld(void *ctx, uint64_t vmcs)
{
	vmptrld(vmcs);
}

static void op_vmclear(void *ctx, uint64_t vmcs)
{
	vmclear(vmcs);
}

/* The ICR is two writes in xAPIC mode: with interrupts off, or a handler's could come between. */
static void write_xapic_icr(uint64_t value)
{
	uint64_t flags = irq_save();

	while (lapic_read(PSTD_APIC_ICR, false) & PSTD_APIC_ICR_STATUS)
		pause();
	lapic_write(PSTD_APIC_ICR_HI, (uint32_t)(value >> 32), false);
	lapic_write(PSTD_APIC_ICR, (uint32_t)value, false);
	irq_restore(flags);
}

/* What the library wrote before is visible: it sends after a locked operation. */
static void op_apic_write(void *ctx, unsigned offset, uint64_t value)
{
	if (hyp.x2apic)
		wrmsr(PSTD_APIC_X2APIC_MSR(offset), value);
	else if (offset == PSTD_APIC_ICR)
		write_xapic_icr(value);
	else
		lapic_write(offset, (uint32_t)value, false);
}

static uint64_t op_phys(void *ctx, const void *p)
{
	return (uintptr_t)p;
}

/* The run queue. Taken inside handlers too, so with interrupts off. */

static struct {
	struct pstd_spinlock lock;
	struct vcpu *first, *last;
} queue;

void make_runnable(struct vcpu *v)
{
	uint64_t flags = irq_save();

	pstd_spin_lock(&queue.lock);
	v->next = 0;
	if (queue.first)
		queue.last->next = v;
	else
		queue.first = v;
	queue.last = v;
	pstd_spin_unlock(&queue.lock);
	irq_restore(flags);
}

struct vcpu *take_runnable(void)
{
	uint64_t flags = irq_save();
	struct vcpu *v;

	pstd_spin_lock(&queue.lock);
	v = queue.first;
	if (v)
		queue.first = v->next;
	pstd_spin_unlock(&queue.lock);
	irq_restore(flags);
	return v;
}

/* Wakes an idle CPU: the one where it slept; one that runs another vCPU ends that one's slice. */
static void op_runnable(void *ctx, struct pstd_vcpu *h)
{
	unsigned cpu = h->pcpu->index; /* read before another CPU may load it */

	make_runnable((struct vcpu *)h);
	send_ipi(cpu, hyp.vectors.reschedule);
}

static void op_invalidate(void *ctx, uint16_t index)
{
	invalidate(index);
}

/*
 * Read-side sections have interrupts off, or are handlers: a CPU that has taken one more
 * interrupt has left those that had begun.
 */
static void op_synchronize(void *ctx)
{
	for (unsigned i = 0; i < CPUS; i++) {
		uint64_t seen = pstd_load_acquire(&cpus[i].calls);

		if (&cpus[i] == this_cpu())
			continue;
		send_ipi(i, CALL_VECTOR);
		must_come_to(&cpus[i].calls, seen + 1, "each CPU takes an interrupt in the end");
	}
}

/* No user space waits here: an eventfd that has no irqfd is of no use. */
static void op_eventfd_write(void *ctx, struct pstd_eventfd *e)
{
	give_up("each device's eventfd has an irqfd");
}

/* CALL_VECTOR: that it came is what matters. */
static void op_host_vector(void *ctx, struct pstd_pcpu *p, uint8_t vector)
{
	if (vector == CALL_VECTOR)
		pstd_tally(&cpus[p->index].calls, 1);
	else
		give_up("no host vector that nobody sends");
}

const struct pstd_ops metal_ops = {
	.vmread = op_vmread,
	.vmwrite = op_vmwrite,
	.vmptrld = op_vmptrld,
	.vmclear = op_vmclear,
	.apic_write = op_apic_write,
	.phys = op_phys,
	.runnable = op_runnable,
	.invalidate = op_invalidate,
	.synchronize = op_synchronize,
	.eventfd_write = op_eventfd_write,
	.host_vector = op_host_vector,
};

/* The run loop. */

static void start_slice(struct cpu *c)
{
	if (time_slice)
		lapic_write(PSTD_APIC_INITIAL_COUNT, time_slice / 4 + draw(&c->seed) % time_slice,
		            hyp.x2apic);
}

/* What was asked of the vCPU by a kick. False: to stop. */
static bool answer(struct vcpu *v)
{
	enum request request = (enum request)pstd_exchange_seq(&v->request, REQUEST_NONE);

	if (request == REQUEST_ANSWER)
		pstd_tally(&v->answered, 1);
	return request != REQUEST_STOP;
}

/*
 * What a hypervisor finds out last, say that something of the guest's has to be fetched
 * first. False: the entry does not take place.
 */
static bool ready(struct vcpu *v)
{
	uint64_t attempt = v->attempts++;

	if (v->swap && attempt % v->swap == 0)
		unmap_stack(v->h.apic_id);
	if (v->rewrite && attempt % v->rewrite == 0)
		vmcs_write_controls(v);
	if (!v->unready || attempt % v->unready)
		return true;
	v->given_up++;
	return false;
}

/* Registers that the library needs are in its vCPU. */
static bool enter_guest(struct vcpu *v)
{
	bool entered;

	v->regs.rax = v->h.rax;
	v->regs.rcx = v->h.rcx;
	v->regs.rdx = v->h.rdx;
	bochs_before_entry(v);
	entered = vm_enter(&v->regs, v->h.launched);
	v->h.rax = v->regs.rax;
	v->h.rcx = v->regs.rcx;
	v->h.rdx = v->regs.rdx;
	return entered;
}

/* After PSTD_ENTER: through the guest, or not, to the next pstd_vcpu_enter. */
static enum slice run_guest(struct vcpu *v)
{
	if (!ready(v)) {
		pstd_vcpu_cancel(&v->h);
		take_interrupts(); /* what it waits for may take a while */
		return SLICE_GOES_ON;
	}
	if (!enter_guest(v)) {
		v->error = vmread(PSTD_VMX_VM_INSTRUCTION_ERROR);
		pstd_vcpu_cancel(&v->h);
		return SLICE_FAILED;
	}
	bochs_after_exit(v);
	pstd_vcpu_exit(&v->h);
	return handle_exit(v);
}

/* Interrupts are off, and have been since the vCPU was chosen. */
enum slice run_slice(struct cpu *c, struct vcpu *v)
{
	enum slice end = SLICE_GOES_ON;

	pstd_vcpu_load(&v->h, &c->p);
	vmcs_set_host(c);
	start_slice(c);
	while (end == SLICE_GOES_ON) {
		if (c->p.resched) {
			end = SLICE_PREEMPTED;
			break;
		}
		switch (pstd_vcpu_enter(&v->h)) {
		case PSTD_KICKED:
			end = answer(v) ? SLICE_GOES_ON : SLICE_DONE;
			break;
		case PSTD_BLOCK:
			if (pstd_vcpu_block(&v->h))
				return SLICE_BLOCKED; /* and perhaps it runs elsewhere by now */
			break;
		case PSTD_ENTER:
			end = run_guest(v);
			break;
		}
	}
	pstd_vcpu_preempt(&v->h);
	return end;
}

static unsigned alive(unsigned vcpu_count)
{
	unsigned n = 0;

	for (unsigned i = 0; i < vcpu_count; i++)
		n += !pstd_load_acquire(&vcpus[i].done);
	return n;
}

static void end_of(struct vcpu *v)
{
	pstd_store_release(&v->done, 1);
	for (unsigned i = 0; i < CPUS; i++)
		send_ipi(i, CALL_VECTOR); /* idle ones look whether another is alive */
}

void run_all(struct cpu *c, unsigned vcpu_count)
{
	cli();
	while (alive(vcpu_count)) {
		struct vcpu *v;
		enum slice end;

		c->p.resched = false;
		v = take_runnable();
		if (!v) {
			wait_for_interrupt();
			continue;
		}
		end = run_slice(c, v);
		if (end == SLICE_PREEMPTED)
			make_runnable(v);
		else if (end != SLICE_BLOCKED)
			end_of(v);
	}
	sti();
}
