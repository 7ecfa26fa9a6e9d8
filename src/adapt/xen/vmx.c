/* SPDX-License-Identifier: BSD-2-Clause */
/* What is Xen's own, with what it calls and is not taken; at the end, its names for the others. */
#include "xen.h"

/* Of the domains and CPUs that there are here. */
#define is_hvm_domain(d) ((void)(d), true)
#define is_hvm_vcpu(v) ((void)(v), true)
#define is_idle_vcpu(v) ((v) == &idle_vcpu)
#define for_each_vcpu(d, v) for ((v) = (d)->vcpu; (v) < (d)->vcpu + (d)->vcpu_count; (v)++)
#define x2apic_enabled true
#define cpu_physical_id(cpu) ((unsigned)(cpu))
#define PI_xAPIC_NDST_MASK 0xff00
#define MASK_INSR(v, m) (((v) << 8) & (m))
#define APIC_INVALID_DEST 0xffffffff
#define cpumask_any(map) 0u
#define cpumask_of(cpu) (cpu)
#define send_IPI_mask(cpu, vector) explore_interrupt((cpu), (vector))
#define ack_APIC_irq() ((void)0)
#define softirq_pending(cpu) __atomic_load_n(&pending_softirqs[cpu], __ATOMIC_RELAXED)

/* A nested guest, Viridian, the PIC, timers and tracing are not there. */
#define nestedhvm_enabled(d) ((void)(d), false)
#define nestedhvm_vcpu_in_guestmode(v) ((void)(v), false)
#define nhvm_interrupt_blocked(v) hvm_intblk_none
#define nvmx_intr_intercept(v, intack) ((void)(intack), 0)
#define has_viridian_synic(d) ((void)(d), false)
#define has_viridian_apic_assist(d) ((void)(d), false)
#define viridian_synic_poll(v) ((void)(v))
#define viridian_synic_is_auto_eoi_sint(v, vector) ((void)(v), false)
#define viridian_apic_assist_completed(v) ((void)(v), false)
#define viridian_apic_assist_clear(v) ((void)(v))
#define viridian_apic_assist_set(v) ((void)(v))
#define vlapic_EOI_set(vlapic) ((void)(vlapic))
#define vlapic_enabled(vlapic) ((void)(vlapic), true)
#define vlapic_accept_pic_intr(v) ((void)(v), false)
#define vpic_ack_pending_irq(v) ((void)(v), -1)
#define vcpu_info(v, field) ((v)->guest.upcall)
#define pt_update_irq(v) ((void)(v), -1)
#define pt_intr_post(v, intack) ((void)(v))
#define vmx_set_eoi_exit_bitmap(v, vector) ((void)(v))
#define vmx_sync_exit_bitmap(v) ((void)(v))
#define tb_init_done false
#define HVMTRACE_2D(...) ((void)0)
#define TRACE_2D(...) ((void)0)
#define rcu_read_lock(l) ((void)0)
#define rcu_read_unlock(l) ((void)0)

#define vcpu_vlapic(v) (&(v)->arch.hvm.vlapic)
#define vlapic_vcpu(v) container_of((v), struct vcpu, arch.hvm.vlapic)
#define vlapic_get_reg(vlapic, reg) (*(uint32_t *)((vlapic)->regs->data + (reg)))
#define alternative_call(fn, ...) fn(__VA_ARGS__)
#define alternative_vcall(fn, ...) fn(__VA_ARGS__)
#define guest_cpu_user_regs() \
	(&(struct cpu_user_regs){ current->virtual.masked ? 0 : X86_EFLAGS_IF })
#define X86_EFLAGS_IF 0x200
#define HVM_INTR_SHADOW_STI 1
#define HVM_INTR_SHADOW_MOV_SS 2
#define HVM_INTR_SHADOW_NMI 8
#define CPU_BASED_MONITOR_TRAP_FLAG 0x8000000
#define VMX_GUEST_INTR_STATUS_SUBFIELD_BITMASK 0xff
#define cpu_has_vmx_virtual_intr_delivery true
#define cpu_has_vmx_tpr_shadow true
#define TRAP_machine_check 18
#define X86_EVENT_NO_EC (-1)
#define hvm_inject_hw_exception(trap, code) ((void)0)
#define vmx_inject_extint(vector, source) \
	((void)(current->guest.entry_info = INTR_INFO_VALID_MASK | (vector)))
#define vmx_update_cpu_exec_control(v) ((void)(v))

/* Fields of the VMCS that is current. */
#define GUEST_INTR_STATUS virtual.status
#define VM_ENTRY_INTR_INFO guest.entry_info
#define TPR_THRESHOLD virtual.status
#define __vmread(field, value) ((void)(*(value) = current->field))
#define __vmwrite(field, value) ((void)(current->field = (value)))

/* The lock of a vCPU's run queue; here each vCPU has its own. */
#define unit_schedule_lock_irqsave(unit, flags) \
	({                                      \
		*(flags) = explore_irq_save();  \
		spin_lock(&(unit)->lock);       \
		&(unit)->lock;                  \
	})
#define unit_schedule_unlock_irqrestore(l, flags, unit) \
	((void)(unit), spin_unlock(l), explore_irq_restore(flags))
#define unit_scheduler(unit) (unit)
#define sched_wake(scheduler, unit) \
	((void)(scheduler), (sched_wake)(container_of((unit), struct vcpu, unit)))
#define vcpu_runstate_change(v, to, now) ((void)((v)->runstate.state = (to)))
#define arch_vcpu_block(v)                                          \
	do {                                                        \
		if ((v)->domain->arch.hvm.pi_ops.vcpu_block)        \
			(v)->domain->arch.hvm.pi_ops.vcpu_block(v); \
	} while (0)

struct cpu_user_regs {
	unsigned long eflags;
};

bool iommu_intpost;
uint8_t posted_intr_vector = PI_VECTOR, pi_wakeup_vector = PI_WAKEUP_VECTOR;

static unsigned long no_shadow(struct vcpu *v)
{
	return 0;
}

static void vmx_inject_nmi(void)
{
	current->guest.entry_info = INTR_INFO_VALID_MASK | INTR_TYPE_NMI | 2;
}

/* An exit as soon as the guest could take what waits. */
static void vmx_enable_intr_window(struct vcpu *v, struct hvm_intack intack)
{
	v->virtual.window = true;
}

int hvm_local_events_need_delivery(struct vcpu *v);

/* What is merged is counted: the same accesses, and what they found. */
static _Thread_local bool found_posted;

static inline bool note_posted(bool was_set)
{
	found_posted = was_set;
	return was_set;
}

static inline void note_requested(unsigned vector, bool was_set)
{
	current->virtual.merged[vector] += was_set;
}

#include "descriptor.inc"
#define pi_test_and_set_pir(vector, desc) note_posted(pi_test_and_set_pir(vector, desc))
#undef vlapic_set_vector
#define vlapic_set_vector(vector, bitmap) \
	note_requested(vector, vlapic_test_and_set_vector(vector, bitmap))
#include "posting.inc"

static const struct {
	void (*sync_pir_to_irr)(struct vcpu *v);
	unsigned long (*get_interrupt_shadow)(struct vcpu *v);
	bool virtual_intr_delivery_enabled;
} hvm_funcs = { vmx_sync_pir_to_irr, no_shadow, true };

#include "blocking.inc"
#include "pending.inc"
#include "waking.inc"

#define curr current
#include "resume.inc"
#undef curr

void xen_init(void)
{
	struct vcpu *v;

	for (unsigned i = 0; i < NR_CPUS; i++)
		vmx_pi_per_cpu_init(i);
	for_each_vcpu(&domain, v)
	{
		v->arch.hvm.vmx.pi_desc.nv = posted_intr_vector;
		v->arch.hvm.vmx.pi_desc.ndst = APIC_INVALID_DEST;
	}
}

void xen_assign(void)
{
	vmx_pi_hooks_assign(&domain);
}

void xen_deassign(void)
{
	vmx_pi_hooks_deassign(&domain);
}

bool xen_deliver(struct processor *to, uint8_t vector)
{
	vmx_deliver_posted_intr(vcpu_of(to), vector);
	return found_posted;
}

void xen_switch_from(struct vcpu *v)
{
	vmx_ctxt_switch_from_part(v);
}

void xen_switch_to(struct vcpu *v)
{
	vmx_ctxt_switch_to_part(v);
}

void xen_wakeup_interrupt(void)
{
	pi_wakeup_interrupt(NULL);
}

void xen_notification_interrupt(void)
{
	pi_notification_interrupt(NULL);
}

void xen_intr_assist(void)
{
	vmx_intr_assist();
}

void xen_resume(void)
{
	vmx_vmenter_helper_part(NULL);
}

/* HLT, intercepted, of a guest that has interrupts enabled. */
void xen_halt(void)
{
	vcpu_block();
}

/* Is it on the list of those whom a wake-up there finds. For setup and finish. */
bool xen_listed(const struct vcpu *v, unsigned cpu)
{
	const struct list_head *head = &per_cpu(vmx_pi_blocking, cpu).list, *l;

	for (l = head->next; l != head; l = l->next)
		if (l == &v->arch.hvm.vmx.pi_blocking.list)
			return true;
	return false;
}
