/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver of our own, written from the manual's software sequences and from
 * nothing else: it brings a unit up from reset, reprograms live entries, takes
 * faults and shuts the unit down again. Each test runs with 128- and with
 * 256-bit invalidation descriptors.
 *
 * VT-d, "Queued Invalidation Interface", "Interrupt Remapping", "Fault Logging",
 * and the descriptions of the registers. Offsets and bits are written out here
 * as the manual has them: posted/vtd.h could be wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <posted/hw/vtd.h>
#include <posted/hyp.h>
#include <string.h>

/* Registers. */
enum {
	CAP = 0x08, ECAP = 0x10, GCMD = 0x18, GSTS = 0x1c,
	FSTS = 0x34, FECTL = 0x38, FEDATA = 0x3c, FEADDR = 0x40, FEUADDR = 0x44,
	IQH = 0x80, IQT = 0x88, IQA = 0x90, ICS = 0x9c,
	IECTL = 0xa0, IEDATA = 0xa4, IEADDR = 0xa8, IEUADDR = 0xac, IQER = 0xb0, IRTA = 0xb8,
};

/* GCMD and GSTS. */
#define QIE (1u << 26)
#define IRE (1u << 25)
#define SIRTP (1u << 24)
#define CFI (1u << 23)
/* FSTS. */
#define PFO (1u << 0)
#define PPF (1u << 1)
#define IQE (1u << 4)
/* FECTL, IECTL. */
#define IM (1u << 31)
#define IP (1u << 30)

enum { ENTRIES = 256, CACHE = 64, WAYS = 2, RECORDS = 3, RECORDS_AT = 0x200, SID = 0x0208 };
enum { FAULT_VECTOR = 0x51, WAIT_VECTOR = 0x52, HOST = 5 };

static struct {
	uint8_t ram[16 * 4096] __attribute__((aligned(4096)));
	struct pstd_memory memory;
	struct pstd_vtd unit;
	struct pstd_vtd_cache_slot cache[CACHE] __attribute__((aligned(64)));
	uint64_t records[RECORDS * 2];
	struct pstd_irte *table, *other_table;
	struct pstd_desc *pid;
	/* the driver's */
	uint64_t *queue;
	uint64_t *status;
	unsigned tail;
	uint32_t token;
	/* events that the unit sent, by vector */
	unsigned events[256];
	unsigned drains;
} host;

static bool wide; /* 256-bit descriptors */

/* The bus. */

static void drain(void *unused)
{
	host.drains++;
}

static void arrive(const struct pstd_vtd_event *e)
{
	if (!e->send)
		return;
	assert_int_equal(e->msg.addr_lo, 0xfee00000 | HOST << 12);
	host.events[e->msg.data & 0xff]++;
}

static struct pstd_vtd_request_result raise(uint16_t index, uint16_t sid)
{
	struct pstd_vtd_request_result r;
	struct pstd_vtd_event e;

	r = pstd_vtd_request(&host.unit, pstd_msi_remappable(index, false, 0), sid);
	if (r.kind == PSTD_VTD_BLOCKED) {
		e = pstd_vtd_fault(&host.unit, r.fault, r.qualified, r.index, sid);
		arrive(&e);
	}
	return r;
}

/* The vector that an interrupt of this index comes as, or minus its fault. */
static int vector_of(uint16_t index)
{
	struct pstd_vtd_request_result r = raise(index, SID);

	if (r.kind == PSTD_VTD_BLOCKED)
		return -(int)r.fault;
	return r.kind == PSTD_VTD_POST ? r.vector : r.msg.vector;
}

/* Register access. What is written, the unit acts upon. */

static uint32_t get(unsigned offset)
{
	return (uint32_t)pstd_vtd_read(&host.unit, offset, 4);
}

static uint64_t get64(unsigned offset)
{
	return pstd_vtd_read(&host.unit, offset, 8);
}

static void put_size(unsigned offset, unsigned size, uint64_t value)
{
	struct pstd_vtd_event e = pstd_vtd_write(&host.unit, offset, size, value);

	arrive(&e);
	for (bool more = true; more;) {
		e.send = false;
		more = pstd_vtd_work(&host.unit, &e);
		arrive(&e);
	}
}

static void put(unsigned offset, uint32_t value)
{
	put_size(offset, 4, value);
}

static void put64(unsigned offset, uint64_t value)
{
	put_size(offset, 8, value);
}

/* "Global Command Register": all but the one-shot bits as GSTS has them, and one change. */
static void command(uint32_t bit, bool on)
{
	uint32_t kept = get(GSTS) & 0x96ffffff;

	put(GCMD, on ? kept | bit : kept & ~bit);
	assert_int_equal(!!(get(GSTS) & bit), on);
}

/* The invalidation queue. */

static uint64_t phys(const void *p)
{
	return pstd_memory_phys(&host.memory, p);
}

/* In bytes; a page of them. */
static unsigned descriptor_size(void)
{
	return wide ? 32 : 16;
}

static void queue_on(void)
{
	host.tail = 0;
	put64(IQT, 0);
	put64(IQA, phys(host.queue) | (wide ? 1u << 11 : 0));
	command(QIE, true);
	assert_int_equal(get64(IQH), 0);
}

/* A descriptor's upper half is reserved in the wide form. */
static void enqueue(uint64_t lo, uint64_t hi)
{
	uint64_t *d = &host.queue[host.tail / 8];

	d[0] = lo;
	d[1] = hi;
	if (wide)
		d[2] = d[3] = 0;
	host.tail = (host.tail + descriptor_size()) % 4096;
}

static void ring(void)
{
	put64(IQT, host.tail);
}

/* "Invalidation Wait Descriptor" with a status write. */
static void enqueue_wait(void)
{
	enqueue(5 | 1 << 5 | (uint64_t)++host.token << 32, phys(host.status));
}

static bool completed(void)
{
	return (uint32_t)*host.status == host.token;
}

/* What is queued, and a wait for it. */
static void wait_for_it(void)
{
	unsigned drains = host.drains;

	enqueue_wait();
	assert_false(completed());
	ring();
	assert_true(completed());
	assert_int_equal(get64(IQH), host.tail);
	assert_true(host.drains > drains);
}

static void invalidate_all(void)
{
	enqueue(4, 0);
	wait_for_it();
}

/* 2^mask entries. */
static void invalidate(uint16_t index, unsigned mask)
{
	enqueue(4 | 1 << 4 | (uint64_t)mask << 27 | (uint64_t)index << 32, 0);
	wait_for_it();
}

/* Bringing up, and down. */

static void set_table(const struct pstd_irte *table)
{
	put64(IRTA, phys(table) | 1 << 11 | 7); /* EIME, 2^8 entries */
	command(SIRTP, true);
	if (!(get64(CAP) >> 62 & 1))
		invalidate_all();
}

static void unmask_faults(void)
{
	put(FEDATA, FAULT_VECTOR);
	put(FEADDR, 0xfee00000 | HOST << 12);
	put(FEUADDR, 0);
	put(FECTL, 0);
}

static void bring_up(void)
{
	queue_on();
	set_table(host.table);
	command(IRE, true);
}

/* The queue may be disabled when it is empty and the last descriptor was a wait. */
static void bring_down(void)
{
	command(IRE, false);
	invalidate_all();
	command(QIE, false);
}

static void reset_with(uint64_t cap, unsigned cache)
{
	const struct pstd_vtd_config c = {
		.memory = &host.memory,
		.address_width = 46,
		/* PI, MGAW 46, FRO, NFR; SMTS allows wide descriptors */
		.cap = cap | 1ull << 59 | 45 << 16 | RECORDS_AT / 16ull << 24 |
		       (RECORDS - 1ull) << 40,
		.ecap = 1 << 1 | 1 << 3 | 1 << 4 | 15 << 20 | 1ull << 43,
		.cache_entries = cache,
		.cache_ways = cache ? WAYS : 0,
		.cache = host.cache,
		.frcd = host.records,
		.drain = drain,
	};

	memset(&host, 0, sizeof(host));
	host.memory = (struct pstd_memory){ .base = host.ram, .size = sizeof(host.ram) };
	host.table = pstd_memory_take(&host.memory, ENTRIES * sizeof(*host.table), 4096);
	host.other_table = pstd_memory_take(&host.memory, ENTRIES * sizeof(*host.table), 4096);
	host.queue = pstd_memory_take(&host.memory, 4096, 4096);
	host.pid = pstd_memory_take(&host.memory, sizeof(*host.pid), 64);
	host.status = pstd_memory_take(&host.memory, sizeof(*host.status), 8);
	host.pid->control = pstd_control(PSTD_LINUX_NOTIFICATION, HOST);
	assert_null(pstd_vtd_init(&host.unit, &c));
}

static void program(struct pstd_irte *table, uint16_t index, uint8_t vector)
{
	pstd_irte_replace(&table[index],
	                  pstd_irte_remapped(pstd_irte_dst(HOST, true), vector, SID));
}

/* Bring-up. */

static void reset_state_is_off_and_masked(void **state)
{
	reset_with(0, CACHE);
	assert_int_equal(get(GSTS), 0);
	assert_int_equal(get(FSTS), 0);
	assert_int_equal(get(FECTL), IM);
	assert_int_equal(get(IECTL), IM);
	assert_int_equal(get64(IQH), 0);
	/* All passes while remapping is off. */
	assert_int_equal(raise(3, SID).kind, PSTD_VTD_PASS);
}

static void brought_up_from_reset_it_remaps_and_posts(void **state)
{
	struct pstd_vtd_request_result r;

	reset_with(0, CACHE);
	unmask_faults();
	program(host.table, 3, 0x41);
	pstd_irte_replace(&host.table[4], pstd_irte_posted(phys(host.pid), 0x42, SID));
	queue_on();
	set_table(host.table);
	assert_int_equal(raise(3, SID).kind, PSTD_VTD_PASS);
	command(IRE, true);
	assert_int_equal(get(GSTS), QIE | IRE | SIRTP);
	r = raise(3, SID);
	assert_int_equal(r.kind, PSTD_VTD_REMAPPED);
	assert_int_equal(r.msg.dest, HOST);
	assert_int_equal(r.msg.vector, 0x41);
	r = raise(4, SID);
	assert_int_equal(r.kind, PSTD_VTD_POST);
	assert_ptr_equal(r.pid, host.pid);
	assert_true(pstd_vtd_post(r.pid, r.vector, r.urgent, r.x2apic).notify);
	assert_int_equal(host.pid->pir[1], 1u << 2);
	assert_int_equal(get(FSTS), 0);
}

/* CFI counts in xAPIC mode only: EIME is latched by SIRTP. */
static void compatibility_format_is_blocked_but_for_cfi(void **state)
{
	struct pstd_msi_msg m = pstd_msi_compat(HOST, 0x41);

	reset_with(0, CACHE);
	bring_up();
	assert_int_equal(pstd_vtd_request(&host.unit, m, SID).fault, 0x25);
	command(CFI, true);
	assert_int_equal(pstd_vtd_request(&host.unit, m, SID).fault, 0x25);
	put64(IRTA, phys(host.table) | 7);
	assert_int_equal(pstd_vtd_request(&host.unit, m, SID).fault, 0x25);
	command(IRE, false);
	command(SIRTP, true);
	invalidate_all();
	command(IRE, true);
	assert_int_equal(pstd_vtd_request(&host.unit, m, SID).kind, PSTD_VTD_PASS);
	command(CFI, false);
	assert_int_equal(pstd_vtd_request(&host.unit, m, SID).fault, 0x25);
}

static void brought_down_it_passes_all_and_comes_up_again(void **state)
{
	reset_with(0, CACHE);
	program(host.table, 3, 0x41);
	bring_up();
	assert_int_equal(vector_of(3), 0x41);
	bring_down();
	assert_int_equal(get(GSTS) & (QIE | IRE), 0);
	assert_int_equal(get64(IQH), 0);
	assert_int_equal(raise(3, SID).kind, PSTD_VTD_PASS);
	/* With the queue off nothing is fetched. */
	host.tail = 0;
	enqueue_wait();
	put64(IQT, host.tail);
	assert_false(completed());
	program(host.other_table, 3, 0x43);
	queue_on();
	set_table(host.other_table);
	command(IRE, true);
	assert_int_equal(vector_of(3), 0x43);
}

/* Live entries. */

static void cached_entry_is_stale_until_invalidated(void **state)
{
	reset_with(0, CACHE);
	program(host.table, 3, 0x41);
	bring_up();
	assert_int_equal(vector_of(3), 0x41);
	program(host.table, 3, 0x42);
	assert_int_equal(vector_of(3), 0x41);
	invalidate(3, 0);
	assert_int_equal(vector_of(3), 0x42);
	pstd_irte_replace(&host.table[3], (struct pstd_irte){ { 0, 0 } });
	assert_int_equal(vector_of(3), 0x42);
	invalidate(3, 0);
	assert_int_equal(vector_of(3), -0x22);
}

static void without_a_cache_a_new_entry_holds_at_once(void **state)
{
	reset_with(0, 0);
	program(host.table, 3, 0x41);
	bring_up();
	assert_int_equal(vector_of(3), 0x41);
	program(host.table, 3, 0x42);
	assert_int_equal(vector_of(3), 0x42);
	invalidate(3, 0);
	assert_int_equal(vector_of(3), 0x42);
}

static void entry_that_faults_is_cached_only_in_caching_mode(void **state)
{
	for (int cm = 0; cm < 2; cm++) {
		reset_with(cm ? 1 << 7 : 0, CACHE);
		bring_up();
		assert_int_equal(vector_of(3), -0x22);
		program(host.table, 3, 0x41);
		assert_int_equal(vector_of(3), cm ? -0x22 : 0x41);
		invalidate(3, 0);
		assert_int_equal(vector_of(3), 0x41);
	}
}

/* The source is checked for cached entries too. */
static void cached_entry_is_for_its_source_only(void **state)
{
	reset_with(0, CACHE);
	program(host.table, 3, 0x41);
	bring_up();
	assert_int_equal(vector_of(3), 0x41);
	assert_int_equal(raise(3, SID + 1).fault, 0x26);
}

/* Entries 8 to 15, all cached, and new in memory. */
static void fill_block(void)
{
	for (uint16_t i = 0; i < 24; i++)
		program(host.table, i, 0x41);
	bring_up();
	for (uint16_t i = 0; i < 24; i++)
		assert_int_equal(vector_of(i), 0x41);
	for (uint16_t i = 0; i < 24; i++)
		program(host.table, i, 0x42);
}

static void mask_invalidates_an_aligned_block(void **state)
{
	reset_with(0, CACHE);
	fill_block();
	invalidate(13, 3); /* its low three bits are ignored */
	for (uint16_t i = 0; i < 24; i++)
		assert_int_equal(vector_of(i), i / 8 == 1 ? 0x42 : 0x41);
}

static void global_invalidation_is_for_all(void **state)
{
	reset_with(0, CACHE);
	fill_block();
	invalidate_all();
	for (uint16_t i = 0; i < 24; i++)
		assert_int_equal(vector_of(i), 0x42);
}

static void new_table_counts_from_sirtp_and_esirtps_empties_the_cache(void **state)
{
	for (int esirtps = 0; esirtps < 2; esirtps++) {
		reset_with(esirtps ? 1ull << 62 : 0, CACHE);
		program(host.table, 3, 0x41);
		program(host.other_table, 3, 0x42);
		program(host.other_table, 4, 0x43);
		bring_up();
		assert_int_equal(vector_of(3), 0x41);
		put64(IRTA, phys(host.other_table) | 1 << 11 | 7);
		assert_int_equal(vector_of(4), -0x22);
		command(SIRTP, true);
		assert_int_equal(vector_of(4), 0x43);
		assert_int_equal(vector_of(3), esirtps ? 0x42 : 0x41);
		invalidate_all();
		assert_int_equal(vector_of(3), 0x42);
	}
}

/* The queue goes round: more descriptors than it has room for, one after the other. */
static void queue_wraps(void **state)
{
	reset_with(0, CACHE);
	program(host.table, 3, 0x41);
	bring_up();
	for (unsigned i = 0; i < 300; i++) {
		uint8_t vector = (uint8_t)(0x40 + i % 64);

		program(host.table, 3, vector);
		invalidate(3, 0);
		assert_int_equal(vector_of(3), vector);
	}
}

/* The queue: completion event and errors. */

static void wait_raises_its_event_once_until_cleared(void **state)
{
	reset_with(0, CACHE);
	put(IEDATA, WAIT_VECTOR);
	put(IEADDR, 0xfee00000 | HOST << 12);
	put(IEUADDR, 0);
	bring_up();
	enqueue(5 | 1 << 4, 0);
	ring();
	assert_int_equal(get(ICS), 1);
	assert_int_equal(get(IECTL), IM | IP);
	assert_int_equal(host.events[WAIT_VECTOR], 0);
	put(IECTL, 0);
	assert_int_equal(get(IECTL), 0);
	assert_int_equal(host.events[WAIT_VECTOR], 1);
	enqueue(5 | 1 << 4, 0);
	ring();
	assert_int_equal(host.events[WAIT_VECTOR], 1);
	put(ICS, 1);
	assert_int_equal(get(ICS), 0);
	enqueue(5 | 1 << 4, 0);
	ring();
	assert_int_equal(host.events[WAIT_VECTOR], 2);
}

static void bad_descriptor_stops_the_queue_until_it_is_mended(void **state)
{
	unsigned bad;

	reset_with(0, CACHE);
	unmask_faults();
	bring_up();
	bad = host.tail;
	enqueue(15, 0);
	enqueue_wait();
	ring();
	assert_false(completed());
	assert_int_equal(get64(IQH), bad);
	assert_int_equal(get(FSTS), IQE);
	assert_int_equal(get64(IQER) & 15, 3);
	assert_int_equal(host.events[FAULT_VECTOR], 1);
	/* The tail alone does not make it go on. */
	enqueue_wait();
	ring();
	assert_int_equal(get64(IQH), bad);
	host.queue[bad / 8] = 4;
	put(FSTS, IQE);
	assert_int_equal(get(FSTS), 0);
	assert_int_equal(get64(IQH), host.tail);
	assert_true(completed());
	/* A reserved bit. */
	enqueue(4 | 1 << 5, 0);
	ring();
	assert_int_equal(get64(IQER) & 15, 4);
	assert_int_equal(host.events[FAULT_VECTOR], 2);
}

/* Bit 4 of the tail is reserved with wide descriptors. */
static void wide_tail_must_be_aligned(void **state)
{
	reset_with(0, CACHE);
	bring_up();
	enqueue_wait();
	enqueue_wait();
	put64(IQT, (host.tail - 16) % 4096);
	assert_int_equal(!!(get(FSTS) & IQE), wide);
	if (wide)
		assert_int_equal(get64(IQER) & 15, 6);
}

/* Faults. */

struct record {
	uint16_t sid, index;
	uint8_t reason;
};

/* Takes record n, as "Software Steps for Fault Handling" has it; false if F is clear. */
static bool take(unsigned n, struct record *r)
{
	unsigned at = RECORDS_AT + n * 16;
	uint32_t top = get(at + 12);

	if (!(top >> 31))
		return false;
	r->reason = top & 0xff;
	r->sid = get(at + 8) & 0xffff;
	r->index = (uint16_t)(get(at + 4) >> 16);
	assert_int_equal(get64(at) & 0xffffffffffff, 0);
	put(at + 12, 1u << 31);
	assert_int_equal(get(at + 12) >> 31, 0);
	return true;
}

static void expect_record(unsigned n, uint16_t sid, uint16_t index, uint8_t reason)
{
	struct record r = { 0 };

	assert_true(take(n, &r));
	assert_int_equal(r.sid, sid);
	assert_int_equal(r.index, index);
	assert_int_equal(r.reason, reason);
}

static void masked_fault_event_is_held_until_unmasked(void **state)
{
	reset_with(0, CACHE);
	bring_up();
	raise(9, SID);
	assert_int_equal(get(FSTS), PPF);
	assert_int_equal(get(FECTL), IM | IP);
	put(FEDATA, FAULT_VECTOR);
	put(FEADDR, 0xfee00000 | HOST << 12);
	assert_int_equal(host.events[FAULT_VECTOR], 0);
	put(FECTL, 0);
	assert_int_equal(host.events[FAULT_VECTOR], 1);
	assert_int_equal(get(FECTL), 0);
	/* Masked again: serviced before it is unmasked, it is never sent. */
	expect_record(0, SID, 9, 0x22);
	put(FECTL, IM);
	raise(9, SID);
	assert_int_equal(get(FECTL), IM | IP);
	expect_record(1, SID, 9, 0x22);
	assert_int_equal(get(FECTL), IM);
	put(FECTL, 0);
	assert_int_equal(host.events[FAULT_VECTOR], 1);
}

static void fault_is_recorded_unless_the_entry_disables_it(void **state)
{
	struct pstd_irte e;

	reset_with(0, CACHE);
	program(host.table, 8, 0x41);
	program(host.table, 9, 0x41);
	host.table[9].raw.lo |= 1 << 12;
	program(host.table, 10, 0x41);
	host.table[10].raw.lo |= 1 << 1;
	unmask_faults();
	bring_up();
	raise(8, SID + 8);
	assert_int_equal(get(FSTS), PPF);
	expect_record(0, SID + 8, 8, 0x26);
	assert_int_equal(get(FSTS) & 0xff, 0);
	raise(9, SID);
	expect_record(1, SID, 9, 0x24);
	assert_int_equal(raise(10, SID + 8).fault, 0x26);
	assert_int_equal(get(FSTS) & 0xff, 0);
	/* It keeps a fault at the descriptor from the record, too, not from blocking. */
	e = pstd_irte_posted(phys(host.pid), 0x42, SID);
	e.raw.lo |= 1 << 1;
	pstd_irte_replace(&host.table[11], e);
	host.pid->rsvd[2] = 1;
	assert_int_equal(pstd_vtd_post(host.pid, 0x42, false, true).fault, 0x28);
	assert_true(raise(11, SID).qualified);
	assert_int_equal(host.pid->pir[1], 0);
	assert_int_equal(host.events[FAULT_VECTOR], 2);
}

static void overflow_drops_until_software_recovers(void **state)
{
	reset_with(0, CACHE);
	unmask_faults();
	bring_up();
	raise(20, SID);
	expect_record(0, SID, 20, 0x22);
	/* From record 1 on: three of them, the third in record 0, and two too many. */
	for (uint16_t i = 21; i < 21 + RECORDS; i++)
		raise(i, SID);
	assert_int_equal(get(FSTS), PPF | 1 << 8);
	assert_int_equal(host.events[FAULT_VECTOR], 2);
	raise(30, SID);
	assert_int_equal(get(FSTS), PFO | PPF | 1 << 8);
	raise(31, SID);
	expect_record(1, SID, 21, 0x22);
	raise(32, SID); /* there is room, but PFO */
	expect_record(2, SID, 22, 0x22);
	expect_record(0, SID, 23, 0x22);
	assert_int_equal(get(FSTS) & 0xff, PFO);
	assert_int_equal(host.events[FAULT_VECTOR], 2);
	put(FSTS, PFO);
	assert_int_equal(get(FSTS) & 0xff, 0);
	/* It goes on where it was, not at record 0. */
	raise(33, SID);
	assert_int_equal(get(FSTS), PPF | 1 << 8);
	expect_record(1, SID, 33, 0x22);
	assert_int_equal(host.events[FAULT_VECTOR], 3);
}

#define BOTH(test)                                                                          \
	{ #test ", 128 bits", test, narrow_descriptors, NULL, NULL },                       \
	{ #test ", 256 bits", test, wide_descriptors, NULL, NULL }

static int narrow_descriptors(void **state)
{
	wide = false;
	return 0;
}

static int wide_descriptors(void **state)
{
	wide = true;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(reset_state_is_off_and_masked),
		BOTH(brought_up_from_reset_it_remaps_and_posts),
		BOTH(compatibility_format_is_blocked_but_for_cfi),
		BOTH(brought_down_it_passes_all_and_comes_up_again),
		BOTH(cached_entry_is_stale_until_invalidated),
		BOTH(without_a_cache_a_new_entry_holds_at_once),
		BOTH(entry_that_faults_is_cached_only_in_caching_mode),
		BOTH(cached_entry_is_for_its_source_only),
		BOTH(mask_invalidates_an_aligned_block),
		BOTH(global_invalidation_is_for_all),
		BOTH(new_table_counts_from_sirtp_and_esirtps_empties_the_cache),
		BOTH(queue_wraps),
		BOTH(wait_raises_its_event_once_until_cleared),
		BOTH(bad_descriptor_stops_the_queue_until_it_is_mended),
		BOTH(wide_tail_must_be_aligned),
		BOTH(masked_fault_event_is_held_until_unmasked),
		BOTH(fault_is_recorded_unless_the_entry_disables_it),
		BOTH(overflow_drops_until_software_recovers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
