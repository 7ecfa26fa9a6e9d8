/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "Virtualizing Memory-Mapped APIC Accesses" and "Virtualizing MSR-Based APIC Accesses" as
 * two tables, read from the manual: what becomes of a read and a write of each register, under
 * the controls that decide. Every cell is asserted, with all that it changes and nothing else.
 * Reads of 0B0H and 300H without ARV are as current editions have them (unsure_edition).
 */
#include "cpu_unit.h"

enum { SERVED = 0x31, TPR_BEFORE = 0x90, WRITTEN = 0x44041 };

/*
 * A cell is a read and a write:
 *
 *   x  APIC-access exit, before anything is done
 *   p  read from the virtual-APIC page: 4 bytes, by RDMSR 8
 *   w  written to the page, then an APIC-write exit
 *   t  TPR virtualization           s  self-IPI virtualization
 *   e  EOI virtualization           z  VICR_HI, whose bytes 2:0 are cleared; no exit
 *   r  to the local APIC itself     g  to the local APIC, which faults: #GP
 */
struct row {
	unsigned first, last;
	const char *name, *cells;
};

/* Columns of the page, all with "virtualize APIC accesses". */
static const struct {
	bool shadow;
	unsigned controls;
} page_columns[] = {
	{ false, 0 }, { true, 0 }, { true, VID }, { true, ARV }, { true, ARV | VID },
	{ true, IPIV }, { true, ARV | VID | IPIV },
};

static const struct row page_rows[] = {
	/*                                none   +VID    +VID    +IPIV
	                                     shadow   +ARV +ARV      all */
	{ 0x000, 0x010, "reserved",        "xx xx xx xx xx xx xx" },
	{ 0x020, 0x020, "ID",              "xx xx xx pw pw xx pw" },
	{ 0x030, 0x030, "version",         "xx xx xx px px xx px" },
	{ 0x040, 0x070, "reserved",        "xx xx xx xx xx xx xx" },
	{ 0x080, 0x080, "TPR",             "xx pt pt pt pt pt pt" },
	{ 0x090, 0x090, "APR",             "xx xx xx xx xx xx xx" },
	{ 0x0a0, 0x0a0, "PPR",             "xx xx xx xx xx xx xx" },
	{ 0x0b0, 0x0b0, "EOI",             "xx xx pe pw pe xx pe" },
	{ 0x0c0, 0x0c0, "remote read",     "xx xx xx xx xx xx xx" },
	{ 0x0d0, 0x0d0, "LDR",             "xx xx xx pw pw xx pw" },
	{ 0x0e0, 0x0e0, "DFR",             "xx xx xx pw pw xx pw" },
	{ 0x0f0, 0x0f0, "SVR",             "xx xx xx pw pw xx pw" },
	{ 0x100, 0x170, "ISR",             "xx xx xx px px xx px" },
	{ 0x180, 0x1f0, "TMR",             "xx xx xx px px xx px" },
	{ 0x200, 0x270, "IRR",             "xx xx xx px px xx px" },
	{ 0x280, 0x280, "ESR",             "xx xx xx pw pw xx pw" },
	{ 0x290, 0x2e0, "reserved",        "xx xx xx xx xx xx xx" },
	{ 0x2f0, 0x2f0, "LVT CMCI",        "xx xx xx xx xx xx xx" },
	{ 0x300, 0x300, "ICR 31:0",        "xx xx ps pw ps xw ps" },
	{ 0x310, 0x310, "ICR 63:32",       "xx xx xx pz pz xx pz" },
	{ 0x320, 0x320, "LVT timer",       "xx xx xx pw pw xx pw" },
	{ 0x330, 0x330, "LVT thermal",     "xx xx xx pw pw xx pw" },
	{ 0x340, 0x340, "LVT perf.",       "xx xx xx pw pw xx pw" },
	{ 0x350, 0x350, "LVT LINT0",       "xx xx xx pw pw xx pw" },
	{ 0x360, 0x360, "LVT LINT1",       "xx xx xx pw pw xx pw" },
	{ 0x370, 0x370, "LVT error",       "xx xx xx pw pw xx pw" },
	{ 0x380, 0x380, "initial count",   "xx xx xx pw pw xx pw" },
	{ 0x390, 0x390, "current count",   "xx xx xx xx xx xx xx" },
	{ 0x3a0, 0x3d0, "reserved",        "xx xx xx xx xx xx xx" },
	{ 0x3e0, 0x3e0, "divide",          "xx xx xx pw pw xx pw" },
	{ 0x3f0, 0x3f0, "reserved",        "xx xx xx xx xx xx xx" },
};

/* Columns of the MSRs, all with "virtualize x2APIC mode" and without IPI virtualization. */
static const unsigned msr_columns[] = { 0, ARV, VID, ARV | VID };

static const struct row msr_rows[] = {
	/*                               none  VID
	                                    ARV   both */
	{ 0x800, 0x801, "none",            "gg pg gg pg" },
	{ 0x802, 0x802, "ID",              "rg pg rg pg" },
	{ 0x803, 0x803, "version",         "rg pg rg pg" },
	{ 0x804, 0x807, "none",            "gg pg gg pg" },
	{ 0x808, 0x808, "TPR",             "pt pt pt pt" },
	{ 0x809, 0x809, "none",            "gg pg gg pg" },
	{ 0x80a, 0x80a, "PPR",             "rg pg rg pg" },
	{ 0x80b, 0x80b, "EOI",             "gr pr ge pe" },
	{ 0x80c, 0x80c, "none",            "gg pg gg pg" },
	{ 0x80d, 0x80d, "LDR",             "rg pg rg pg" },
	{ 0x80e, 0x80e, "none",            "gg pg gg pg" },
	{ 0x80f, 0x80f, "SVR",             "rr pr rr pr" },
	{ 0x810, 0x817, "ISR",             "rg pg rg pg" },
	{ 0x818, 0x81f, "TMR",             "rg pg rg pg" },
	{ 0x820, 0x827, "IRR",             "rg pg rg pg" },
	{ 0x828, 0x828, "ESR",             "rr pr rr pr" },
	{ 0x829, 0x82e, "none",            "gg pg gg pg" },
	{ 0x82f, 0x82f, "LVT CMCI",        "rr pr rr pr" },
	{ 0x830, 0x830, "ICR",             "rr pr rr pr" },
	{ 0x831, 0x831, "none",            "gg pg gg pg" },
	{ 0x832, 0x832, "LVT timer",       "rr pr rr pr" },
	{ 0x833, 0x833, "LVT thermal",     "rr pr rr pr" },
	{ 0x834, 0x834, "LVT perf.",       "rr pr rr pr" },
	{ 0x835, 0x835, "LVT LINT0",       "rr pr rr pr" },
	{ 0x836, 0x836, "LVT LINT1",       "rr pr rr pr" },
	{ 0x837, 0x837, "LVT error",       "rr pr rr pr" },
	{ 0x838, 0x838, "initial count",   "rr pr rr pr" },
	{ 0x839, 0x839, "current count",   "rg pg rg pg" },
	{ 0x83a, 0x83d, "none",            "gg pg gg pg" },
	{ 0x83e, 0x83e, "divide",          "rr pr rr pr" },
	{ 0x83f, 0x83f, "self-IPI",        "gr pr gs ps" },
	{ 0x840, 0x8ff, "none",            "gg pg gg pg" },
};

/* How the CPU must be left: as it was, but for what a cell changes. */
static struct {
	struct pstd_apic_page page;
	uint8_t rvi, svi;
	uint16_t reason;
	uint64_t qualification;
} left;

static unsigned controls;
static struct pstd_apic_msg msg;

static void start(void)
{
	fill_page(SERVED, TPR_BEFORE);
	enter();
	left.page = *page;
	left.rvi = c.vapic.rvi;
	left.svi = c.vapic.svi;
	left.reason = 0;
}

static bool is_left(void)
{
	bool exited = left.reason;

	if (c.guest == exited || memcmp(page, &left.page, sizeof(left.page)) != 0)
		return false;
	if (exited && (vmcs->VM_EXIT_REASON != left.reason ||
	               vmcs->EXIT_QUALIFICATION != left.qualification))
		return false;
	return c.vapic.rvi == left.rvi && c.vapic.svi == left.svi;
}

static enum pstd_cpu_outcome exit_with(uint16_t reason, uint64_t qualification)
{
	left.reason = reason;
	left.qualification = qualification;
	return PSTD_CPU_EXITED;
}

/* VPPR follows VTPR and SVI with virtual-interrupt delivery alone; VTPR's class is above SVI's. */
static void leave_vppr(uint8_t vtpr)
{
	if (controls & VID)
		pstd_apic_write(&left.page, PSTD_APIC_PPR, vtpr);
}

/* What a write that is virtualized leaves. */
static enum pstd_cpu_outcome leave_write(char cell, unsigned at, uint64_t value, unsigned size)
{
	memcpy((uint8_t *)&left.page + at, &value, size);
	switch (cell) {
	case 'w':
		return exit_with(PSTD_VMX_EXIT_APIC_WRITE, at);
	case 'z':
		pstd_apic_write(&left.page, at, value & 0xff000000);
		break;
	case 't':
		pstd_apic_write(&left.page, at, (uint8_t)value);
		leave_vppr((uint8_t)value);
		break;
	case 'e':
		pstd_apic_write(&left.page, at, 0);
		pstd_apic_clear(&left.page, PSTD_APIC_ISR, SERVED);
		left.svi = 0;
		leave_vppr(TPR_BEFORE);
		break;
	case 's':
		pstd_apic_set(&left.page, PSTD_APIC_IRR, (uint8_t)value);
		left.rvi = (uint8_t)value;
		break;
	default:
		fail_msg("no such cell: %c", cell);
	}
	return PSTD_CPU_DONE;
}

/* Whether row, in this column, is what the cell says; nothing is what it is not. */
static void judge(bool good, const struct row *row, unsigned at, unsigned column, char cell)
{
	if (!good || !is_left())
		fail_msg("%s, %03x, column %u: not %c", row->name, at, column, cell);
}

static void start_page(unsigned column)
{
	controls = page_columns[column].controls;
	reset(NULL);
	use_controls(controls);
	if (!page_columns[column].shadow)
		vmcs->CPU_BASED_VM_EXEC_CONTROL &= ~PSTD_VMX_CPU_TPR_SHADOW;
	start();
}

static void judge_page_read(const struct row *row, unsigned at, unsigned column, char cell)
{
	uint64_t value = 0x1234, expected = 0x1234;
	enum pstd_cpu_outcome outcome = PSTD_CPU_DONE, got;

	start_page(column);
	got = pstd_cpu_mmio_read(&c, at, 4, &value);
	if (cell == 'p')
		expected = left.page.reg[at / 4];
	else
		outcome = exit_with(PSTD_VMX_EXIT_APIC_ACCESS, at);
	judge(got == outcome && value == expected, row, at, column, cell);
}

static void judge_page_write(const struct row *row, unsigned at, unsigned column, char cell)
{
	enum pstd_cpu_outcome outcome, got;

	start_page(column);
	got = pstd_cpu_mmio_write(&c, at, 4, WRITTEN, &msg);
	outcome = cell == 'x' ? exit_with(PSTD_VMX_EXIT_APIC_ACCESS, 0x1000 | at)
	                      : leave_write(cell, at, WRITTEN, 4);
	judge(got == outcome, row, at, column, cell);
}

static void every_access_to_the_page_is_as_the_table_says(void **state)
{
	const struct row *row = page_rows;

	for (unsigned at = 0; at < 0x400; at += 16) {
		row += at > row->last;
		assert_in_range(at, row->first, row->last);
		for (unsigned column = 0; column < 7; column++) {
			judge_page_read(row, at, column, row->cells[3 * column]);
			judge_page_write(row, at, column, row->cells[3 * column + 1]);
		}
	}
}

/* The local APIC of the CPU, with all that one can have; in xAPIC mode it has no MSRs. */
static bool has_msrs;

static void start_msr(unsigned column)
{
	const struct pstd_lapic_config config = { .features = PSTD_LAPIC_ALL, .address_width = 40 };
	struct pstd_lapic_out none;

	controls = msr_columns[column];
	reset(NULL);
	use_x2apic();
	use_controls(controls);
	start();
	pstd_lapic_reset(&c.lapic, &config);
	assert_true(pstd_lapic_wrmsr(&c.lapic, PSTD_APIC_MSR_BASE,
	                             c.lapic.base | (has_msrs ? PSTD_APIC_BASE_EXTD : 0), 0,
	                             &none));
}

static void judge_msr_read(const struct row *row, unsigned msr, unsigned column, char cell)
{
	uint64_t value = 0x1234, expected = 0x1234;
	unsigned at = (msr & 0xff) << 4;
	enum pstd_cpu_outcome got;
	bool good;

	start_msr(column);
	got = pstd_cpu_rdmsr(&c, msr, &value);
	if (cell == 'p')
		memcpy(&expected, (uint8_t *)&left.page + at, 8);
	good = got == (cell == 'p' ? PSTD_CPU_DONE : PSTD_CPU_THROUGH) && value == expected;
	if (cell != 'p')
		good &= pstd_lapic_rdmsr(&c.lapic, msr, 0, &value) == (cell == 'r' && has_msrs);
	judge(good, row, msr, column, cell);
}

static void judge_msr_write(const struct row *row, unsigned msr, unsigned column, char cell)
{
	uint64_t value = msr == 0x808 || msr == 0x83f ? 0x41 : 0; /* no reserved bit */
	struct pstd_lapic_out none;
	enum pstd_cpu_outcome got;
	bool good;

	start_msr(column);
	got = pstd_cpu_wrmsr(&c, msr, value, &msg);
	if (cell != 'r' && cell != 'g')
		good = got == leave_write(cell, (msr & 0xff) << 4, value, 8);
	else
		good = got == PSTD_CPU_THROUGH &&
		       pstd_lapic_wrmsr(&c.lapic, msr, value, 0, &none) ==
		               (cell == 'r' && has_msrs);
	judge(good, row, msr, column, cell);
}

/* No register takes all ones, whoever judges it. */
static void judge_msr_fault(const struct row *row, unsigned msr, unsigned column, char cell)
{
	struct pstd_lapic_out none;
	enum pstd_cpu_outcome got;

	start_msr(column);
	got = pstd_cpu_wrmsr(&c, msr, ~0ull, &msg);
	if (cell == 'r' || cell == 'g')
		judge(got == PSTD_CPU_THROUGH && !pstd_lapic_wrmsr(&c.lapic, msr, ~0ull, 0, &none),
		      row, msr, column, cell);
	else
		judge(got == PSTD_CPU_GP, row, msr, column, cell);
}

static void judge_msrs(void)
{
	const struct row *row = msr_rows;

	for (unsigned msr = 0x800; msr <= 0x8ff; msr++) {
		row += msr > row->last;
		assert_in_range(msr, row->first, row->last);
		for (unsigned column = 0; column < 4; column++) {
			char write = row->cells[3 * column + 1];

			judge_msr_read(row, msr, column, row->cells[3 * column]);
			judge_msr_write(row, msr, column, write);
			judge_msr_fault(row, msr, column, write);
		}
	}
}

/* What is virtualized does not ask for the mode of the CPU's own local APIC. */
static void every_access_to_an_msr_is_as_the_table_says(void **state)
{
	has_msrs = true;
	judge_msrs();
	has_msrs = false;
	judge_msrs();
}

/* All of them are set, and mean nothing. */
static void no_secondary_control_counts_without_their_activation(void **state)
{
	uint64_t value;

	vmcs->PIN_BASED_VM_EXEC_CONTROL &= ~PSTD_VMX_PIN_POSTED_INTR;
	vmcs->CPU_BASED_VM_EXEC_CONTROL &= ~(PSTD_VMX_CPU_SECONDARY | PSTD_VMX_CPU_TERTIARY);
	vmcs->SECONDARY_VM_EXEC_CONTROL |= PSTD_VMX_SEC_X2APIC;
	start();
	for (unsigned at = 0; at < 0x400; at += 16) {
		assert_int_equal(pstd_cpu_mmio_read(&c, at, 4, &value), PSTD_CPU_THROUGH);
		assert_int_equal(pstd_cpu_mmio_write(&c, at, 4, WRITTEN, &msg), PSTD_CPU_THROUGH);
		assert_int_equal(pstd_cpu_rdmsr(&c, 0x800 + at / 16, &value), PSTD_CPU_THROUGH);
		assert_int_equal(pstd_cpu_wrmsr(&c, 0x800 + at / 16, 0x41, &msg), PSTD_CPU_THROUGH);
	}
	assert_true(is_left());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_access_to_the_page_is_as_the_table_says),
		TEST(every_access_to_an_msr_is_as_the_table_says),
		TEST(no_secondary_control_counts_without_their_activation),
	};

	return cmocka_run_group_tests_name("cpu tables", tests, NULL, NULL);
}
