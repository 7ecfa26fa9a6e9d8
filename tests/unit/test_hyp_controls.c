/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The controls that the library wants: by the manual's bits and names, each taken away
 * from the CPU once; and what a caller who writes whole words must keep.
 */
#include "one_vcpu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

enum { WORDS = 5, PIN = 0, CPU = 1, SECONDARY = 2, TERTIARY = 3, EXIT = 4 };

/* Which VM: each combination of what the controls depend on. */
enum { X2APIC = 1, SOFTWARE = 2, IPIV = 4, HLT = 8, KINDS = 16 };

static void make_vm(unsigned kind)
{
	struct pstd_hyp host = { .x2apic = true, .hlt_exiting = kind & HLT,
		                 .software_apic = kind & SOFTWARE };

	one_vcpu_reset(host, kind & X2APIC, kind & IPIV);
	ram.vmcs.GUEST_RFLAGS |= PSTD_VMX_RFLAGS_IF;
	pstd_pcpu_init(&p);
	pstd_vcpu_init(&v, &p);
}

/* The manual's tables, "Definitions of ... Controls": what must be 1, in VMs of which kind. */
static const struct row {
	const char *name;
	unsigned word, bit;
	unsigned with, without; /* of the kinds that have all of with, and none of without */
	bool at_times;          /* then it is 1 at times only */
	bool free;              /* else the caller may set it */
} rows[] = {
	{ "External-interrupt exiting", PIN, 0, 0, 0, false, false },
	{ "NMI exiting", PIN, 3, 0, 0, false, false },
	{ "Virtual NMIs", PIN, 5, 0, 0, false, false },
	{ "Process posted interrupts", PIN, 7, 0, SOFTWARE, false, false },
	{ "Interrupt-window exiting", CPU, 2, 0, 0, true, false },
	{ "HLT exiting", CPU, 7, HLT, 0, false, false },
	{ "Activate tertiary controls", CPU, 17, IPIV, 0, false, true },
	{ "Use TPR shadow", CPU, 21, 0, 0, false, false },
	{ "NMI-window exiting", CPU, 22, 0, 0, true, false },
	{ "Activate secondary controls", CPU, 31, 0, 0, false, false },
	{ "Virtualize APIC accesses", SECONDARY, 0, 0, X2APIC, false, false },
	{ "Virtualize x2APIC mode", SECONDARY, 4, X2APIC, 0, false, false },
	{ "APIC-register virtualization", SECONDARY, 8, 0, SOFTWARE, false, false },
	{ "Virtual-interrupt delivery", SECONDARY, 9, 0, SOFTWARE, false, false },
	{ "IPI virtualization", TERTIARY, 4, IPIV, 0, false, false },
	{ "Acknowledge interrupt on exit", EXIT, 15, 0, 0, false, false },
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static bool applies(const struct row *r, unsigned kind)
{
	return (kind & r->with) == r->with && !(kind & r->without);
}

/* What becomes of the two halves of a capability MSR if a bit cannot be 1, or not 0. */
static void take_away(uint64_t msr[WORDS], const struct row *r)
{
	msr[r->word] &= ~(1ull << (r->word == TERTIARY ? r->bit : r->bit + 32));
}

static void force(uint64_t msr[WORDS], const struct row *r)
{
	msr[r->word] |= 1ull << r->bit;
}

static const char *missing(const uint64_t msr[WORDS])
{
	const struct pstd_vmx_capabilities caps = { msr[PIN], msr[CPU], msr[SECONDARY],
		                                    msr[TERTIARY], msr[EXIT] };

	return pstd_controls_missing(&vm, &caps);
}

/* A CPU that has all controls, and lets all be 0 but the default-1 ones. */
static void have_all(uint64_t msr[WORDS])
{
	msr[PIN] = 0xffffffff00000016;
	msr[CPU] = 0xffffffff0401e172;
	msr[SECONDARY] = 0xffffffff00000000;
	msr[TERTIARY] = ~0ull;
	msr[EXIT] = 0xffffffff00036dff;
}

static void what_a_cpu_lacks_is_named(void **state)
{
	for (unsigned i = 0; i < KINDS * ROWS; i++) {
		const struct row *r = &rows[i % ROWS];
		uint64_t msr[WORDS];
		const char *name;

		make_vm(i / ROWS);
		have_all(msr);
		assert_null(missing(msr));
		take_away(msr, r);
		name = missing(msr);
		if (!applies(r, i / ROWS))
			assert_null(name);
		else
			assert_string_equal(name, r->name);
	}
}

/* Of the tertiary controls none can be forced, the MSR has no bits for that. */
static void what_a_cpu_forces_is_named(void **state)
{
	for (unsigned i = 0; i < KINDS * ROWS; i++) {
		const struct row *r = &rows[i % ROWS];
		uint64_t msr[WORDS];
		const char *name;

		if (r->word == TERTIARY)
			continue;
		make_vm(i / ROWS);
		have_all(msr);
		force(msr, r);
		name = missing(msr);
		if (r->free || (applies(r, i / ROWS) && !r->at_times))
			assert_null(name);
		else
			assert_string_equal(name, r->name);
	}
}

/* The first in the manual's order: a CPU without secondary controls is not told of theirs. */
static void the_first_that_lacks_is_named(void **state)
{
	const uint64_t old[WORDS] = { 0x0000001600000016, 0x7fffffff0401e172, 0, 0, 0 };
	const uint64_t no_secondary[WORDS] = { 0xffffffff00000016, 0x7fffffff0401e172, 0, 0, 0 };

	make_vm(X2APIC);
	assert_string_equal(missing(old), "External-interrupt exiting");
	assert_string_equal(missing(no_secondary), "Activate secondary controls");
}

static void the_words_are_the_manuals_bits(void **state)
{
	for (unsigned kind = 0; kind < KINDS; kind++) {
		struct pstd_control_bits want[WORDS] = { { 0, 0 } };
		struct pstd_controls got;

		for (unsigned i = 0; i < ROWS; i++) {
			bool required = applies(&rows[i], kind) && !rows[i].at_times;

			if (required)
				want[rows[i].word].required |= 1ull << rows[i].bit;
			else if (!rows[i].free)
				want[rows[i].word].forbidden |= 1ull << rows[i].bit;
		}
		make_vm(kind);
		memset(&got, 0xff, sizeof(got));
		pstd_controls(&vm, &got);
		assert_memory_equal(&got.pin, &want[PIN], sizeof(got.pin));
		assert_memory_equal(&got.cpu, &want[CPU], sizeof(got.cpu));
		assert_memory_equal(&got.secondary, &want[SECONDARY], sizeof(got.secondary));
		assert_memory_equal(&got.tertiary, &want[TERTIARY], sizeof(got.tertiary));
		assert_memory_equal(&got.exit, &want[EXIT], sizeof(got.exit));
	}
}

/* The words of a VMCS. */
static uint64_t *word(unsigned n)
{
	static const size_t at[WORDS] = { offsetof(struct pstd_vmcs, PIN_BASED_VM_EXEC_CONTROL),
		                          offsetof(struct pstd_vmcs, CPU_BASED_VM_EXEC_CONTROL),
		                          offsetof(struct pstd_vmcs, SECONDARY_VM_EXEC_CONTROL),
		                          offsetof(struct pstd_vmcs, TERTIARY_VM_EXEC_CONTROL),
		                          offsetof(struct pstd_vmcs, VM_EXIT_CONTROLS) };

	return (uint64_t *)((char *)&ram.vmcs + at[n]);
}

/* All that is not in the table stays as it was: the default-1 bits above all. */
static void other_bits_stay_the_callers(void **state)
{
	for (unsigned i = 0; i < KINDS * 2; i++) {
		uint64_t own = i % 2 ? ~0ull : PSTD_VMX_CPU_TERTIARY;
		struct pstd_control_bits bits[WORDS];
		struct pstd_controls want;

		make_vm(i / 2);
		for (unsigned n = 0; n < WORDS; n++)
			*word(n) = n == CPU || i % 2 ? own : 0;
		pstd_controls(&vm, &want);
		pstd_vcpu_load(&v, &p);
		memcpy(bits, &want, sizeof(bits));
		for (unsigned n = 0; n < WORDS; n++)
			assert_int_equal(*word(n),
			                 ((n == CPU || i % 2 ? own : 0) & ~bits[n].forbidden) |
			                         bits[n].required);
	}
}

/* A CPU without tertiary controls does not have their field either: nobody may touch it. */
static unsigned tertiary_accesses;

static uint64_t vmread_counted(void *cpu, const struct pstd_vcpu *of, enum pstd_vmx_field field)
{
	tertiary_accesses += field == PSTD_VMX_TERTIARY_VM_EXEC_CONTROL;
	return one_cpu_vmread(cpu, of, field);
}

static void a_field_that_is_not_activated_is_not_touched(void **state)
{
	struct pstd_ops counting = one_cpu_ops;

	counting.vmread = vmread_counted;
	for (unsigned kind = 0; kind < KINDS; kind++) {
		make_vm(kind);
		hyp.ops = &counting;
		tertiary_accesses = 0;
		pstd_vcpu_load(&v, &p);
		assert_int_equal(tertiary_accesses != 0, (kind & IPIV) != 0);
	}
}

/* A caller's full write of every word, with any bits of its own. */
static void write_all(uint64_t own)
{
	struct pstd_control_bits bits[WORDS];
	struct pstd_controls keep;

	pstd_controls(&vm, &keep);
	memcpy(bits, &keep, sizeof(bits));
	for (unsigned n = 0; n < WORDS; n++)
		*word(n) = (own & ~bits[n].forbidden) | bits[n].required |
		           (n == CPU ? v.windows : 0);
}

static void enter(void)
{
	assert_int_equal(pstd_vcpu_enter(&v), PSTD_ENTER);
	assert_true(pstd_cpu_vm_entry(&c, v.launched));
}

static void an_interrupt_arrives(unsigned kind)
{
	uint8_t vector;

	pstd_vcpu_deliver(&v, 0x41);
	if (kind & SOFTWARE) /* its kick; then the next entry injects it */
		assert_int_equal(pstd_cpu_boundary(&c, &vector), PSTD_CPU_EXIT);
	if (kind & SOFTWARE) {
		pstd_vcpu_exit(&v);
		enter();
	}
	assert_int_equal(pstd_cpu_boundary(&c, &vector), PSTD_CPU_DELIVER);
	assert_int_equal(vector, 0x41);
}

static void a_full_write_that_keeps_them_keeps_posting(void **state)
{
	for (unsigned kind = 0; kind < KINDS; kind++) {
		make_vm(kind);
		pstd_vcpu_load(&v, &p);
		write_all(kind & X2APIC ? 0 : PSTD_VMX_CPU_MSR_BITMAPS);
		enter();
		an_interrupt_arrives(kind);
	}
}

/* The NMI waits for the guest's IRET, and the caller rewrites the word meanwhile. */
static void a_full_write_keeps_an_open_window(void **state)
{
	make_vm(X2APIC);
	pstd_vcpu_load(&v, &p);
	ram.vmcs.GUEST_INTERRUPTIBILITY_INFO = PSTD_VMX_BLOCKING_NMI;
	pstd_vcpu_nmi(&v);
	assert_int_equal(pstd_vcpu_enter(&v), PSTD_ENTER);
	assert_int_equal(v.windows, PSTD_VMX_CPU_NMI_WINDOW);
	write_all(0);
	assert_true(ram.vmcs.CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_NMI_WINDOW);
	assert_false(ram.vmcs.CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_INTR_WINDOW);
}

/* Of a VMCS that is as it must be. */
static unsigned control_writes;

static void vmwrite_counted(void *cpu, const struct pstd_vcpu *of, enum pstd_vmx_field field,
                            uint64_t value)
{
	control_writes += field == PSTD_VMX_PIN_BASED_VM_EXEC_CONTROL ||
	                  field == PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL ||
	                  field == PSTD_VMX_SECONDARY_VM_EXEC_CONTROL ||
	                  field == PSTD_VMX_TERTIARY_VM_EXEC_CONTROL ||
	                  field == PSTD_VMX_VM_EXIT_CONTROLS;
	one_cpu_vmwrite(cpu, of, field, value);
}

static void what_does_not_change_is_not_written(void **state)
{
	struct pstd_ops counting = one_cpu_ops;

	counting.vmwrite = vmwrite_counted;
	make_vm(X2APIC | IPIV | HLT);
	hyp.ops = &counting;
	control_writes = 0;
	write_all(0);
	pstd_vcpu_load(&v, &p);
	assert_int_equal(control_writes, 0);
	make_vm(X2APIC | IPIV | HLT);
	hyp.ops = &counting;
	pstd_vcpu_load(&v, &p);
	assert_int_equal(control_writes, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_cpu_lacks_is_named),
		cmocka_unit_test(what_a_cpu_forces_is_named),
		cmocka_unit_test(the_first_that_lacks_is_named),
		cmocka_unit_test(the_words_are_the_manuals_bits),
		cmocka_unit_test(other_bits_stay_the_callers),
		cmocka_unit_test(a_field_that_is_not_activated_is_not_touched),
		cmocka_unit_test(a_full_write_that_keeps_them_keeps_posting),
		cmocka_unit_test(a_full_write_keeps_an_open_window),
		cmocka_unit_test(what_does_not_change_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
