/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's local APIC as software does it: to whom its IPIs go, judged by
 * pstd_apic_matches for each vCPU; its registers, by "Local APIC Register
 * Address Map" and "x2APIC Register Address Space"; and what exits to get
 * there.
 */
#include "hyp_unit.h"
#include <posted/apic_map.h>

/* An exit of an RDMSR or WRMSR of vCPU 0: true if it is carried out, false if it raises #GP(0). */
static bool accesses_msr(enum pstd_vmx_exit_reason reason, uint32_t msr)
{
	bool done;

	h.vcpu[0].rcx = msr;
	h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO] = 0;
	h.vmcs[PSTD_VMX_VM_ENTRY_EXCEPTION_ERROR_CODE] = 6; /* of an event before */
	leave(reason);
	done = h.vcpu[0].carried_out;
	assert_int_equal(h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO], done ? 0 : 0x80000b0d);
	assert_int_equal(h.vmcs[PSTD_VMX_VM_ENTRY_EXCEPTION_ERROR_CODE], done ? 6 : 0);
	return done;
}

static bool wrmsr(uint32_t msr, uint64_t value)
{
	h.vcpu[0].rax = (uint32_t)value;
	h.vcpu[0].rdx = value >> 32;
	return accesses_msr(PSTD_VMX_EXIT_MSR_WRITE, msr);
}

static bool rdmsr(uint32_t msr, uint64_t *value)
{
	bool done = accesses_msr(PSTD_VMX_EXIT_MSR_READ, msr);

	*value = h.vcpu[0].rdx << 32 | h.vcpu[0].rax;
	return done;
}

static void mmio_write_of(unsigned vcpu, unsigned offset, uint32_t value)
{
	h.vmcs[PSTD_VMX_EXIT_QUALIFICATION] =
		pstd_field(PSTD_VMX_QUAL_APIC_TYPE, PSTD_VMX_ACCESS_WRITE) | offset;
	h.vmcs[PSTD_VMX_VM_EXIT_REASON] = PSTD_VMX_EXIT_APIC_ACCESS;
	h.vcpu[vcpu].rax = value;
	pstd_vcpu_exit(&h.vcpu[vcpu]);
}

static void mmio_write(unsigned offset, uint32_t value)
{
	mmio_write_of(0, offset, value);
}

static uint32_t mmio_read(unsigned offset)
{
	h.vmcs[PSTD_VMX_EXIT_QUALIFICATION] =
		pstd_field(PSTD_VMX_QUAL_APIC_TYPE, PSTD_VMX_ACCESS_READ) | offset;
	leave(PSTD_VMX_EXIT_APIC_ACCESS);
	return (uint32_t)h.vcpu[0].rax;
}

/* So many vCPUs, and vCPU 0 loaded. */
static void vcpus(unsigned count, bool x2apic)
{
	make_vcpus(count, x2apic);
	pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
}

/* Who got the vector, a bit a vCPU; then they have it no more. */
static uint32_t got(uint8_t vector)
{
	uint32_t who = 0;

	for (unsigned i = 0; i < VCPUS; i++) {
		who |= (uint32_t)(h.pid[i].pir[vector / 64] >> vector % 64 & 1) << i;
		memset(h.pid[i].pir, 0, sizeof(h.pid[i].pir));
	}
	return who;
}

static uint32_t got_nmi(void)
{
	uint32_t who = 0;

	for (unsigned i = 0; i < VCPUS; i++) {
		who |= (uint32_t)h.vcpu[i].nmi << i;
		h.vcpu[i].nmi = 0;
	}
	return who;
}

/* Modes by their bits: 8 lowest, 10 SMI, 100 NMI, 101 INIT, 110 SIPI; 11 logical. */
static void an_ipi_in_x2apic_mode_goes_where_the_icr_says(void **state)
{
	static const struct {
		uint64_t icr;
		uint32_t to, nmi;
	} rows[] = {
		{ 0x0000000100000041, 0x00002, 0 },
		{ 0x0000000100004041, 0x00002, 0 },
		{ 0x0000001400000041, 0, 0 },        /* nobody there */
		{ 0x000000ff00000041, 0, 0 },        /* nor there: no broadcast here */
		{ 0xffffffff00000041, 0xfffff, 0 },
		{ 0xffffffff00000841, 0xfffff, 0 },
		{ 0x0000000500000841, 0x00005, 0 },  /* cluster 0, bits 0 and 2 */
		{ 0x0000800100000841, 0x08001, 0 },  /* its first and its last */
		{ 0x0001000a00000841, 0xa0000, 0 },  /* cluster 1, bits 1 and 3 */
		{ 0x0001fff000000841, 0, 0 },
		{ 0xffff000f00000841, 0, 0 },
		{ 0x0000000000040041, 0x00001, 0 },  /* self */
		{ 0x0000000000080041, 0xfffff, 0 },  /* all */
		{ 0x00000000000c0041, 0xffffe, 0 },  /* others */
		{ 0x0000000500000941, 0x00004, 0 },  /* lowest priority: 41H mod 2 */
		{ 0x0000000700000941, 0x00004, 0 },  /* mod 3 */
		{ 0x00000000000c0141, 0x00200, 0 },  /* 65 mod 19 of 1 to 19 */
		{ 0x0000000100000141, 0x00002, 0 },
		{ 0x0000001400000141, 0, 0 },
		{ 0x0000000100000441, 0, 0x00002 },
		{ 0x0000000100000400, 0, 0x00002 },  /* its vector does not matter */
		{ 0x00000000000c0400, 0, 0xffffe },
		{ 0x0000000100000241, 0, 0 },        /* SMI */
		{ 0x0000000100000541, 0, 0 },        /* INIT */
		{ 0x0000000100000641, 0, 0 },        /* SIPI */
		{ 0x0000000100000341, 0, 0 },        /* reserved */
		{ 0x0000000100000741, 0, 0 },
	};

	vcpus(VCPUS, true);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(wrmsr(0x830, rows[i].icr));
		assert_int_equal(got(0x41), rows[i].to);
		assert_int_equal(got_nmi(), rows[i].nmi);
	}
}

static void a_vector_below_16_is_not_sent_but_an_error(void **state)
{
	uint64_t esr;

	vcpus(2, true);
	assert_true(wrmsr(0x837, 0x33)); /* LVT error: not masked */
	assert_true(wrmsr(0x830, 0x10000000f));
	assert_int_equal(got(0x0f), 0);
	assert_true(rdmsr(0x828, &esr));
	assert_int_equal(esr, 0);
	assert_true(wrmsr(0x828, 0));
	assert_true(rdmsr(0x828, &esr));
	assert_int_equal(esr, PSTD_APIC_ESR_SEND_VECTOR);
	assert_true(wrmsr(0x83f, 0x0f));
	assert_int_equal(got(0x33), 1);
	assert_true(wrmsr(0x828, 0));
	assert_true(wrmsr(0x828, 0));
	assert_true(rdmsr(0x828, &esr));
	assert_int_equal(esr, 0);
}

/* Sixteen ids each, as many as the VM has. */
static void an_x2apic_cluster_is_sixteen_ids(void **state)
{
	struct pstd_vcpu *many[48] = { &h.vcpu[0] };

	vcpus(VCPUS, true);
	h.vm.vcpus = many;
	h.vm.vcpu_count = 48;
	for (unsigned i = 1; i < 3; i++) {
		h.vcpu[i].apic_id = 16 + 15 * i;
		h.apic[i] = (struct pstd_apic_page){ { 0 } };
		pstd_vcpu_init(&h.vcpu[i], &h.pcpus[0]);
		many[h.vcpu[i].apic_id] = &h.vcpu[i];
	}
	assert_true(wrmsr(0x830, 0x0001800000000841));
	assert_int_equal(got(0x41), 1 << 1);
	assert_true(wrmsr(0x830, 0x0002400000000841));
	assert_int_equal(got(0x41), 1 << 2);
}

/* The LDR and DFR of each; everybody by pstd_apic_matches. */
static void logical_destinations_follow_ldr_and_dfr(void **state)
{
	for (unsigned flat = 0; flat < 2; flat++) {
		vcpus(VCPUS, false);
		h.hyp.software_apic = true;
		for (unsigned i = 0; i < VCPUS; i++) {
			uint32_t id = flat ? 1u << i % 8 : i / 4 << 4 | 1u << i % 4;

			mmio_write_of(i, PSTD_APIC_DFR, flat ? ~0u : 0);
			mmio_write_of(i, PSTD_APIC_LDR, id << 24);
		}
		for (uint32_t dest = 0; dest < 256; dest++) {
			uint32_t want = 0;

			for (unsigned i = 0; i < VCPUS; i++) {
				struct pstd_apic_identity a =
					pstd_apic_identity(&h.apic[i], PSTD_APIC_XAPIC);

				want |= (uint32_t)pstd_apic_matches(&a, dest, true) << i;
			}
			mmio_write(PSTD_APIC_ICR_HI, dest << 24);
			mmio_write(PSTD_APIC_ICR, 0x841);
			assert_int_equal(got(0x41), want);
		}
	}
}

static void xapic_mode_has_its_own_broadcast_and_lowest_priority(void **state)
{
	h.hyp.software_apic = true;
	vcpus(VCPUS, false);
	mmio_write(PSTD_APIC_ICR_HI, 0xff000000);
	mmio_write(PSTD_APIC_ICR, 0x41);
	assert_int_equal(got(0x41), 0xfffff);
	mmio_write(PSTD_APIC_ICR, 0x841);
	assert_int_equal(got(0x41), 0xfffff);
	mmio_write(PSTD_APIC_ICR, 0x141); /* 65 mod 20 */
	assert_int_equal(got(0x41), 1 << 5);
	mmio_write(PSTD_APIC_ICR_HI, 0x03000000);
	mmio_write(PSTD_APIC_ICR, 0x41);
	assert_int_equal(got(0x41), 1 << 3);
	mmio_write(PSTD_APIC_ICR, 0x400);
	assert_int_equal(got_nmi(), 1 << 3);
}

/* With APIC virtualization the CPU writes the page, and the exit comes after. */
static void what_the_cpu_wrote_is_put_right(void **state)
{
	static const struct {
		unsigned offset;
		uint32_t wrote, want;
	} rows[] = {
		{ PSTD_APIC_ID, ~0u, 0 },
		{ PSTD_APIC_LDR, ~0u, 0xff000000 },
		{ PSTD_APIC_DFR, 0, 0x0fffffff },
		{ PSTD_APIC_LVT_LINT0, ~0u, 0x0001a7ff },
		{ PSTD_APIC_LVT_TIMER, ~0u, 0x000700ff },
		{ PSTD_APIC_ESR, ~0u, 0 },
		{ PSTD_APIC_DIVIDE, ~0u, 0xb },
		{ PSTD_APIC_ICR, 0x00001841, 0x00000841 },
		{ PSTD_APIC_SVR, 0x133, 0x133 },
	};

	vcpus(2, false);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pstd_apic_write(&h.apic[0], rows[i].offset, rows[i].wrote);
		/* The offset of the access, which may be one of a part. */
		h.vmcs[PSTD_VMX_EXIT_QUALIFICATION] = rows[i].offset + i % 4;
		leave(PSTD_VMX_EXIT_APIC_WRITE);
		assert_int_equal(pstd_apic_read(&h.apic[0], rows[i].offset), rows[i].want);
		assert_false(h.vcpu[0].carried_out); /* RIP is past it already */
	}
	/* In xAPIC mode the ICR is two registers, in x2APIC mode one of 64 bits. */
	pstd_apic_write(&h.apic[0], PSTD_APIC_ICR_HI, 1u << 24);
	pstd_apic_write(&h.apic[0], PSTD_APIC_ICR, 0x52);
	h.vmcs[PSTD_VMX_EXIT_QUALIFICATION] = PSTD_APIC_ICR;
	leave(PSTD_VMX_EXIT_APIC_WRITE);
	assert_int_equal(got(0x52), 2);
	h.vm.x2apic = true;
	pstd_apic_write(&h.apic[0], PSTD_APIC_ICR_HI, 0);
	pstd_apic_write(&h.apic[0], PSTD_APIC_ICR + 4, 1);
	leave(PSTD_VMX_EXIT_APIC_WRITE);
	assert_int_equal(got(0x52), 2);
	assert_int_equal(h.vcpu[0].exits[PSTD_VMX_EXIT_APIC_WRITE],
	                 sizeof(rows) / sizeof(rows[0]) + 2);
}

static void x2apic_registers_are_those_of_the_manual(void **state)
{
	/* what may be read, and which bits may be written (0 with w: only 0) */
	static const struct {
		uint32_t first, last;
		bool r, w;
		uint64_t bits;
	} rows[] = {
		{ 0x802, 0x803, true, false, 0 },       /* ID, version */
		{ 0x808, 0x808, true, true, 0xff },     /* TPR */
		{ 0x80a, 0x80a, true, false, 0 },       /* PPR */
		{ 0x80b, 0x80b, false, true, 0 },       /* EOI */
		{ 0x80d, 0x80d, true, false, 0 },       /* LDR */
		{ 0x80f, 0x80f, true, true, 0x3ff },    /* SVR */
		{ 0x810, 0x827, true, false, 0 },       /* ISR, TMR, IRR */
		{ 0x828, 0x828, true, true, 0 },        /* ESR */
		{ 0x830, 0x830, true, true, 0xffffffff000cdfff },
		{ 0x832, 0x832, true, true, 0x710ff },  /* LVT: timer */
		{ 0x833, 0x834, true, true, 0x117ff },
		{ 0x835, 0x836, true, true, 0x1f7ff },  /* LINT0, LINT1 */
		{ 0x837, 0x837, true, true, 0x110ff },  /* error */
		{ 0x838, 0x838, true, true, 0xffffffff },
		{ 0x839, 0x839, true, false, 0 },       /* the current count */
		{ 0x83e, 0x83e, true, true, 0xb },
		{ 0x83f, 0x83f, false, true, 0xff },    /* self-IPI */
	};
	uint64_t value;

	for (unsigned software = 0; software < 2; software++) {
		reset(NULL);
		h.hyp.software_apic = software;
		vcpus(1, true);
		for (uint32_t msr = 0x800, row = 0; msr < 0x900; msr++) {
			bool is;

			while (row < sizeof(rows) / sizeof(rows[0]) - 1 && msr > rows[row].last)
				row++;
			is = msr >= rows[row].first && msr <= rows[row].last;
			assert_int_equal(rdmsr(msr, &value), is && rows[row].r);
			assert_int_equal(wrmsr(msr, 0), is && rows[row].w);
			for (unsigned bit = 0; bit < 64; bit++)
				assert_int_equal(wrmsr(msr, PSTD_BIT(bit)),
				                 is && rows[row].w && rows[row].bits >> bit & 1);
		}
	}
	/* In xAPIC mode there is none of them. */
	vcpus(1, false);
	assert_false(rdmsr(0x802, &value));
	assert_false(wrmsr(0x80b, 0));
}

static void a_local_apic_begins_as_firmware_leaves_it(void **state)
{
	uint64_t value;

	vcpus(VCPUS, true);
	assert_int_equal(pstd_apic_read(&h.apic[18], PSTD_APIC_ID), 18);
	assert_int_equal(pstd_apic_read(&h.apic[18], PSTD_APIC_LDR), 0x10004);
	assert_true(rdmsr(0x803, &value));
	assert_int_equal(value, 0x50014);
	assert_true(rdmsr(0x80f, &value));
	assert_int_equal(value, 0x1ff);
	assert_true(rdmsr(0x835, &value));
	assert_int_equal(value, 0x10000);
	h.hyp.software_apic = true;
	vcpus(VCPUS, false);
	assert_int_equal(pstd_apic_read(&h.apic[18], PSTD_APIC_ID), 18 << 24);
	assert_int_equal(mmio_read(PSTD_APIC_DFR), ~0u);
	assert_int_equal(mmio_read(PSTD_APIC_LDR), 0);
	/* One that is restored stays as it is. */
	pstd_apic_write(&h.apic[0], PSTD_APIC_SVR, 0x42);
	pstd_vcpu_init(&h.vcpu[0], &h.pcpus[0]);
	assert_int_equal(mmio_read(PSTD_APIC_SVR), 0x42);
}

/* What waits stays; what comes is not accepted; the LVT is masked, and stays so. */
static void disabled_by_software_it_accepts_no_vectors(void **state)
{
	h.hyp.software_apic = true;
	vcpus(2, true);
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = PSTD_VMX_RFLAGS_FIXED;
	assert_true(wrmsr(0x835, 0x51));
	pstd_vcpu_deliver(&h.vcpu[0], 0x41);
	assert_true(wrmsr(0x80f, 0xff));
	assert_int_equal(pstd_apic_read(&h.apic[0], PSTD_APIC_LVT_LINT0), 0x10051);
	assert_true(wrmsr(0x835, 0x52));
	assert_int_equal(pstd_apic_read(&h.apic[0], PSTD_APIC_LVT_LINT0), 0x10052);
	pstd_vcpu_deliver(&h.vcpu[0], 0x42);
	enter();
	assert_true(pstd_apic_test(&h.apic[0], PSTD_APIC_IRR, 0x41));
	assert_false(pstd_apic_test(&h.apic[0], PSTD_APIC_IRR, 0x42));
	/* IPIs do not find it, but NMIs do. */
	assert_true(wrmsr(0x830, 0x80061));
	assert_int_equal(got(0x61), 2);
	assert_true(wrmsr(0x830, 0x80400));
	assert_int_equal(got_nmi(), 3);
	assert_true(wrmsr(0x80f, 0x1ff));
	assert_true(wrmsr(0x830, 0x80061));
	assert_int_equal(got(0x61), 3);
}

static void the_page_without_apic_virtualization(void **state)
{
	h.hyp.software_apic = true;
	vcpus(1, false);
	mmio_write(PSTD_APIC_LVT_TIMER, ~0u);
	assert_int_equal(mmio_read(PSTD_APIC_LVT_TIMER), 0x700ff);
	mmio_write(PSTD_APIC_INITIAL_COUNT, 1000);
	assert_int_equal(mmio_read(PSTD_APIC_INITIAL_COUNT), 1000);
	assert_int_equal(mmio_read(PSTD_APIC_CURRENT_COUNT), 0);
	mmio_write(PSTD_APIC_VERSION, 0); /* read only: ignored */
	assert_int_equal(mmio_read(PSTD_APIC_VERSION), 0x50014);
	mmio_write(PSTD_APIC_ESR, 0);
	assert_int_equal(mmio_read(PSTD_APIC_ESR), 0);
	/* Where there is no register, and at one that only MSRs reach. */
	assert_int_equal(mmio_read(0x040), 0);
	mmio_write(PSTD_APIC_ESR, 0);
	assert_int_equal(mmio_read(PSTD_APIC_ESR), PSTD_APIC_ESR_REGISTER);
	mmio_write(PSTD_APIC_SELF_IPI, 0x41);
	mmio_write(PSTD_APIC_SVR + 4, 0);
	assert_int_equal(got(0x41), 0);
	mmio_write(PSTD_APIC_ESR, 0);
	assert_int_equal(mmio_read(PSTD_APIC_ESR), PSTD_APIC_ESR_REGISTER);
	/* PPR follows TPR. */
	pstd_apic_write(&h.apic[0], PSTD_APIC_TPR, 0x35);
	assert_int_equal(mmio_read(PSTD_APIC_PPR), 0x35);
	assert_int_equal(mmio_read(PSTD_APIC_APR), 0x35);
}

/* Without an MSR bitmap every access exits, EOI too: VM entry goes by SVI. */
static void an_eoi_that_exits_moves_svi(void **state)
{
	vcpus(1, true);
	pstd_apic_set(&h.apic[0], PSTD_APIC_ISR, 0x52);
	pstd_apic_set(&h.apic[0], PSTD_APIC_ISR, 0x41);
	h.vmcs[PSTD_VMX_GUEST_INTR_STATUS] = 0x5261;
	assert_true(wrmsr(0x80b, 0));
	assert_int_equal(h.vmcs[PSTD_VMX_GUEST_INTR_STATUS], 0x4161);
	assert_true(wrmsr(0x80b, 0));
	assert_int_equal(h.vmcs[PSTD_VMX_GUEST_INTR_STATUS], 0x0061);
}

/* By the tables of "Virtualizing MSR-Based APIC Accesses" and of x2APIC registers. */
static void the_msr_bitmap_says_what_exits(void **state)
{
	static uint8_t b[PSTD_VMX_MSR_BITMAP_SIZE];
	const uint8_t *reads = b + 0x800 / 8, *writes = reads + PSTD_VMX_MSR_BITMAP_WRITE;

	pstd_msr_bitmap(&h.vm, b);
	assert_int_equal(reads[0], 0xf3);  /* 802H, 803H */
	assert_int_equal(reads[1], 0x5a);  /* 808H, 80AH, 80DH, 80FH; not EOI, nor 80EH */
	assert_int_equal(reads[2] | reads[3] | reads[4], 0);
	assert_int_equal(reads[5], 0xfe);  /* 828H */
	assert_int_equal(reads[6], 0x02);  /* 830H to 837H but for 831H */
	assert_int_equal(reads[7], 0xbe);  /* 838H, 83EH; not the current count, nor self-IPI */
	assert_int_equal(reads[8], 0xff);
	assert_int_equal(writes[1], 0xf6); /* 808H, 80BH */
	assert_int_equal(writes[6], 0xff); /* 830H: the ICR */
	assert_int_equal(writes[7], 0x7f); /* 83FH: the self-IPI */
	h.vm.pid_pointers = h.pid_pointers;
	pstd_msr_bitmap(&h.vm, b);
	assert_int_equal(writes[6], 0xfe);
	h.vm.pid_pointers = NULL;
	h.hyp.software_apic = true;
	pstd_msr_bitmap(&h.vm, b);
	assert_int_equal(reads[0], 0xff);
	assert_int_equal(reads[1], 0xfe);  /* 808H alone */
	assert_int_equal(writes[1], 0xfe);
	assert_int_equal(writes[7], 0xff);
	/* What is not virtualized would reach the host's own. */
	h.vm.x2apic = false;
	pstd_msr_bitmap(&h.vm, b);
	assert_int_equal(reads[1] & writes[1], 0xff);
}

static uint32_t page(unsigned offset)
{
	return pstd_apic_read(h.vcpu[0].apic, offset);
}

/* INIT, SIPI and the timer: the library leaves them to be found there. */
static void what_the_caller_carries_out_is_on_the_page(void **state)
{
	vcpus(2, true);
	assert_true(wrmsr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR), 0x100004500));
	assert_int_equal(page(PSTD_APIC_ICR), 0x4500);
	assert_int_equal(page(PSTD_APIC_ICR + 4), 1);
	assert_true(wrmsr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_INITIAL_COUNT), 1000));
	assert_int_equal(page(PSTD_APIC_INITIAL_COUNT), 1000);
	vcpus(2, false);
	mmio_write(PSTD_APIC_ICR_HI, 0x01000000);
	mmio_write(PSTD_APIC_ICR, 0x4609);
	assert_int_equal(page(PSTD_APIC_ICR), 0x4609);
	assert_int_equal(page(PSTD_APIC_ICR_HI), 0x01000000);
	mmio_write(PSTD_APIC_LVT_TIMER, 0x20031);
	assert_int_equal(page(PSTD_APIC_LVT_TIMER), 0x20031);
	assert_int_equal(got(0x09), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_ipi_in_x2apic_mode_goes_where_the_icr_says),
		TEST(a_vector_below_16_is_not_sent_but_an_error),
		TEST(an_x2apic_cluster_is_sixteen_ids),
		TEST(logical_destinations_follow_ldr_and_dfr),
		TEST(xapic_mode_has_its_own_broadcast_and_lowest_priority),
		TEST(what_the_cpu_wrote_is_put_right),
		TEST(x2apic_registers_are_those_of_the_manual),
		TEST(a_local_apic_begins_as_firmware_leaves_it),
		TEST(disabled_by_software_it_accepts_no_vectors),
		TEST(the_page_without_apic_virtualization),
		TEST(an_eoi_that_exits_moves_svi),
		TEST(the_msr_bitmap_says_what_exits),
		TEST(what_the_caller_carries_out_is_on_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
