/* SPDX-License-Identifier: BSD-2-Clause */
/* Of vmx.c: posting by software, and what is taken in from the descriptor. */
#include "linux.h"
#include "trace.h"

struct vcpu_vmx vcpus[VCPUS] __attribute__((aligned(64)));
struct kvm vm;
uint64_t pid_table[VCPUS];
bool enable_apicv = true, enable_ipiv;

/* Whose VMCS is current on this CPU. */
static _Thread_local struct vcpu_vmx *loaded;
/* Of this agent's last post: PIR had it. */
static _Thread_local bool merged;

#define GUEST_INTR_STATUS 0
#define GUEST_INTERRUPTIBILITY_INFO 0
#define GUEST_INTR_STATE_STI 1
#define GUEST_INTR_STATE_MOV_SS 2
#define X86_EFLAGS_IF 0x200
#define vmcs_read16(field) (loaded->processor.status)
#define vmcs_write16(field, value) ((void)(loaded->processor.status = (value)))
#define vmcs_read32(field) 0
#define vmx_get_rflags(vcpu) (to_vmx(vcpu)->processor.masked ? 0 : X86_EFLAGS_IF)
#define nested_exit_on_intr(vcpu) false
#define vmx_vcpu_load_vmcs(vcpu, cpu, buddy) ((void)(loaded = to_vmx(vcpu)))
#define vmx_prepare_switch_to_host(vmx) ((void)(vmx))
#define get_debugctlmsr() 0
#define kvm_pause_in_guest(kvm) true
#define shrink_ple_window(vcpu) ((void)(vcpu))
#define kvm_lapic_hv_timer_in_use(vcpu) false
#define kvm_lapic_switch_to_sw_timer(vcpu) ((void)(vcpu))
#define kvm_lapic_switch_to_hv_timer(vcpu) ((void)(vcpu))

/* Where a post is counted. */
static bool set_pir(int vector, struct pi_desc *d)
{
	merged = pi_test_and_set_pir(vector, d);
	return merged;
}
#define pi_test_and_set_pir set_pir

#include "vmx.inc"
#line 45 "adapter/vmx.c"

static int never(struct kvm_vcpu *vcpu, bool for_injection)
{
	return 0;
}

const struct kvm_x86_ops kvm_x86_ops = {
	.sync_pir_to_irr = vmx_sync_pir_to_irr,
#if ADAPT_VERSION < 5016
	.deliver_posted_interrupt = vmx_deliver_posted_interrupt,
	.pre_block = vmx_pre_block,
	.post_block = vmx_post_block,
#else
	.deliver_interrupt = vmx_deliver_interrupt,
#endif
	.interrupt_allowed = vmx_interrupt_allowed,
	.nmi_allowed = never,
	.smi_allowed = never,
	.vcpu_load = vmx_vcpu_load,
	.vcpu_put = vmx_vcpu_put,
#if ADAPT_VERSION >= 5013
	.pi_start_assignment = vmx_pi_start_assignment,
#endif
};

bool vmx_post(struct processor *to, uint8_t vector)
{
	struct kvm_lapic_irq irq = { .vector = vector,
		                     .delivery_mode = APIC_DM_FIXED,
		                     .level = true };

	merged = false;
	kvm_apic_set_irq(&vcpus[to->number].vcpu, &irq, NULL);
	return merged;
}

static void begin_lapic(struct vcpu_vmx *vmx)
{
	vmx->lapic = (struct kvm_lapic){
		.vcpu = &vmx->vcpu,
		.regs = vmx->page,
		.apicv_active = true,
		.irr_pending = true,
		.isr_count = 1,
		.highest_isr_cache = -1,
	};
	kvm_lapic_set_reg(&vmx->lapic, APIC_LVTT, APIC_LVT_MASKED);
}

static void begin_vcpu(struct vcpu_vmx *vmx, unsigned number)
{
	struct kvm_vcpu *vcpu = &vmx->vcpu;

	vcpu->kvm = &vm;
	vcpu->vcpu_id = (int)number;
	vcpu->cpu = vcpu->pre_pcpu = -1;
	vcpu->wants_to_run = true;
	vcpu->arch.apic = &vmx->lapic;
	vcpu->arch.apicv_active = true;
	INIT_LIST_HEAD(&vcpu->async_pf.done);
}

void vmx_begin(unsigned number, const char *program)
{
	static struct kvm_run run[VCPUS];
	struct vcpu_vmx *vmx = &vcpus[number];

	begin_vcpu(vmx, number);
	vmx->vcpu.run = &run[number];
	begin_lapic(vmx);
	INIT_LIST_HEAD(&vmx->pi_wakeup_list);
	vmx->nested.posted_intr_nv = -1;
	vmx->pi_desc.nv = POSTED_INTR_VECTOR;
	set_bit(POSTED_INTR_SN, (unsigned long *)&vmx->pi_desc.control);
	pid_table[number] = __pa(&vmx->pi_desc) | 1; /* present */
	vmx->processor = (struct processor){
		.descriptor = (struct explore_descriptor *)&vmx->pi_desc,
		.page = vmx->page,
		.vector = POSTED_INTR_VECTOR,
		.number = number,
		.program = program,
	};
}
