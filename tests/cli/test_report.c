/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run reports: figures, the table, the sentences, the interrupts table, the data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "cli/figure.h"
#include "cli/interrupts.h"
#include "cli/plan.h"
#include "cli/report.h"
#include "cli/sheet.h"
#include "cli/terminal.h"
#include "guest/crc32c.h"
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct figure figure_of(unsigned count, const double *values)
{
	struct figure f = { .count = 0 };

	for (unsigned n = 0; n < count; n++)
		figure_add(&f, values[n]);
	return f;
}

#define FIGURE(...) \
	figure_of(sizeof((double[]){ __VA_ARGS__ }) / sizeof(double), (double[]){ __VA_ARGS__ })

static void medians(void **state)
{
	struct figure f = FIGURE(3, 1, NAN, 2);

	assert_int_equal(f.count, 3);
	assert_true(f.median == 2 && f.lowest == 1 && f.highest == 3);
	assert_true(f.value[0] == 3 && f.value[2] == 2);
	figure_add(&f, 10);
	assert_true(f.median == 2.5 && f.highest == 10);
	f = FIGURE(NAN);
	assert_int_equal(f.count, 0);
}

static void numbers(void **state)
{
	static const struct {
		double value;
		const char *text;
	} rows[] = {
		{ 0, "0" }, { 0.004, "<0.01" }, { 0.005, "0.01" }, { 0.123, "0.12" },
		{ 9.994, "9.99" }, { 9.996, "10.0" }, { 99.94, "99.9" }, { 99.96, "100" },
		{ 1234, "1234" }, { 9999.4, "9999" }, { 9999.6, "10k" }, { 999.4e3, "999k" },
		{ 999.6e3, "1.0M" }, { 12.3e6, "12M" }, { 1e9, "1.0G" }, { 1.5e13, "15000G" },
	};
	char text[FIGURE_NUMBER];

	for (unsigned n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
		figure_number(rows[n].value, text);
		assert_string_equal(text, rows[n].text);
	}
}

static void ranges(void **state)
{
	struct figure one = FIGURE(5), same = FIGURE(5, 5.001), none = { .count = 0 };
	struct figure low = FIGURE(1, 3, 2), high = FIGURE(4, 6, 5), over = FIGURE(3, 4, 5);
	char text[FIGURE_TEXT];

	figure_text(&one, text);
	assert_string_equal(text, "5.00");
	figure_text(&same, text);
	assert_string_equal(text, "5.00");
	figure_text(&none, text);
	assert_string_equal(text, "-");
	figure_text(&low, text);
	assert_string_equal(text, "2.00 (1.00-3.00)");
	assert_int_equal(figure_compare(&low, &high), FIGURE_MORE);
	assert_int_equal(figure_compare(&high, &low), FIGURE_LESS);
	/* Even where they only touch. */
	assert_int_equal(figure_compare(&low, &over), FIGURE_NONE_SEEN);
	assert_int_equal(figure_compare(&low, &low), FIGURE_NONE_SEEN);
	/* Nor where nobody could see it. */
	low = FIGURE(0.0201, 0.0202);
	over = FIGURE(0.0203, 0.0204);
	assert_int_equal(figure_compare(&low, &over), FIGURE_NONE_SEEN);
	assert_int_equal(figure_compare(&one, &high), FIGURE_UNKNOWN);
	assert_int_equal(figure_compare(&high, &one), FIGURE_UNKNOWN);
}

static void differences(void **state)
{
	static const struct {
		double was, is;
		const char *text;
	} rows[] = {
		{ 100, 88, "12% fewer" }, { 100, 91.2, "8.8% fewer" }, { 100, 0, "100% fewer" },
		{ 100, 0.01, "more than 99.9% fewer" }, { 100, 0.5, "99.5% fewer" },
		{ 10000, 9999, "less than 0.1% fewer" }, { 100, 150, "50% more" },
		{ 100, 340, "3.4 times as many" }, { 100, 2500, "25 times as many" },
	};
	char text[FIGURE_TEXT];

	for (unsigned n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
		struct figure was = FIGURE(rows[n].was), is = FIGURE(rows[n].is);

		figure_difference(&was, &is, "fewer", "more", "as many", text);
		assert_string_equal(text, rows[n].text);
	}
}

/* Three columns of which two fit: the third stands below, with the labels again. */
static void sheet_folds(void **state)
{
	const char *const names[] = { "user", "posted, ipiv on", "x" };
	struct sheet *s = sheet_new(names, 3);
	struct sheet_cell c[3] = {
		{ .kind = SHEET_FIGURE, .figure = FIGURE(1, 2, 3) },
		{ .kind = SHEET_TAIL, .figure = FIGURE(5), .yes = true },
		{ .kind = SHEET_NONE },
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(s);
	assert_non_null(out);
	sheet_row(s, NULL, "both", NULL);
	sheet_row(s, "a.b", "  row", c);
	sheet_row(s, "hidden", NULL, c);
	assert_true(sheet_marked(s) && sheet_good(s));
	sheet_print(s, out, 34);
	fclose(out);
	assert_string_equal(text,
		"                   user   posted\n"
		"                         ipiv on\n"
		"both\n"
		"  row  2.00 (1.00-3.00)    5.00*\n"
		"\n"
		"       x\n"
		"both\n"
		"  row  -\n");
	free(text);
	sheet_free(s);
}

static void words_fold(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	terminal_fold(out, "one two three verylongword four", 1, 9);
	fclose(out);
	assert_string_equal(text, "one two\n three\n verylongword\n four\n");
	free(text);
}

/* Lines of a Linux 6.12 host of two CPUs, but for the device's name and counts. */
static void interrupts_layout(void **state)
{
	struct interrupts *t = interrupts_new(2, 5);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(t);
	assert_non_null(out);
	interrupts_pin(t, 0, 8, "rtc0");
	interrupts_device(t, 1, 28, 0x0008, 0, "virtio0-config");
	interrupts_device(t, 2, 130, 0x8100, 12, "vfio-msix[12](0000:81:00.0)");
	interrupts_own(t, 3, "PIN", "Posted-interrupt notification event");
	interrupts_own(t, 4, "PIW", "Posted-interrupt wakeup event");
	t->row[2].count[0] = 1234567890;
	t->row[2].count[1] = 1;
	t->row[4].count[1] = 5000000000;
	interrupts_print(t, out, 200);
	fclose(out);
	assert_string_equal(text,
		"           CPU0       CPU1       \n"
		"  8:          0          0  IR-IO-APIC   8-edge      rtc0\n"
		" 28:          0          0  IR-PCI-MSIX-0000:00:01.0   0-edge      "
		"virtio0-config\n"
		"130: 1234567890          1  IR-PCI-MSIX-0000:81:00.0  12-edge      "
		"vfio-msix[12](0000:81:00.0)\n"
		"PIN:          0          0   Posted-interrupt notification event\n"
		"PIW:          0  705032704   Posted-interrupt wakeup event\n");
	free(text);
	interrupts_free(t);
}


/* What does not fit loses text first, then goes on below. */
static void interrupts_fold(void **state)
{
	struct interrupts *t = interrupts_new(4, 2);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(t);
	assert_non_null(out);
	interrupts_device(t, 0, 24, 0x0100, 0, "vfio-msix[0](0000:01:00.0)");
	interrupts_own(t, 1, "PIN", "Posted");
	for (unsigned cpu = 0; cpu < 4; cpu++)
		t->row[0].count[cpu] = cpu;
	interrupts_print(t, out, 78);
	fclose(out);
	assert_string_equal(text,
		"           CPU0       CPU1       CPU2       \n"
		" 24:          0          1          2  IR-PCI-MSIX vfio-msix[0](0000:01:00.0)\n"
		"PIN:          0          0          0  Posted\n"
		"           CPU3       \n"
		" 24:          3  IR-PCI-MSIX vfio-msix[0](0000:01:00.0)\n"
		"PIN:          0  Posted\n");
	free(text);
	interrupts_free(t);
}

/* 64 CPUs, 128 devices of 64 vectors each: sums, and those with most first. */
static void interrupts_by_device(void **state)
{
	struct interrupts *t = interrupts_new(64, 128 * 64 + 1);
	char *text = NULL, name[40], *second;
	unsigned lines = 0;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(t);
	assert_non_null(out);
	for (unsigned n = 0; n < 128 * 64; n++) {
		snprintf(name, sizeof(name), "vfio-msix[%u](0000:%02x:00.0)", n % 64, n / 64 + 1);
		interrupts_device(t, n, 24 + n, (uint16_t)((n / 64 + 1) << 8), n % 64, name);
		t->row[n].count[n % 64] = n / 64;
	}
	interrupts_own(t, 128 * 64, "PIN", "Posted-interrupt notification event");
	t->row[5 * 64 + 7].count[9] = 1000000;
	t->row[128 * 64].count[3] = 17;
	interrupts_print(t, out, 80);
	fclose(out);
	second = strchr(text, '\n') + 1;
	assert_true(!strncmp(second, "     1000320       64  vfio-msix[7](0000:06:00.0), most "
	                             "1000000 on CPU9\n", 71));
	assert_non_null(strstr(text, "        8128       64  vfio-msix[0](0000:80:00.0), most 127 "
	                             "on CPU0\n"));
	assert_non_null(strstr(text, "     7552  118 more devices\n"));
	assert_non_null(strstr(text, "          17      PIN  Posted-interrupt notification event, "
	                             "most 17 on CPU3\n"));
	for (char *line = text; *line; line = strchr(line, '\n') + 1, lines++)
		assert_true(strcspn(line, "\n") <= 80);
	assert_int_equal(lines, 1 + 10 + 1 + 1);
	free(text);
	interrupts_free(t);
}

/* A run of timers, with columns of so many rounds each. */
static struct run *run_of(unsigned columns, unsigned rounds)
{
	struct run *run = calloc(1, sizeof(*run));

	assert_non_null(run);
	run->machine = calloc(1, sizeof(*run->machine));
	assert_non_null(run->machine);
	run->columns = columns;
	run->rounds = rounds;
	for (unsigned n = 0; n < columns; n++) {
		run->column[n].rounds = calloc(rounds, sizeof(struct round));
		assert_non_null(run->column[n].rounds);
	}
	return run;
}

static void free_run(struct run *run)
{
	for (unsigned n = 0; n < run->columns; n++)
		free(run->column[n].rounds);
	free(run->machine);
	free(run);
}

static void name_column(struct run *run, unsigned n, enum machine_way way, const char *compared,
                        bool on)
{
	struct column *c = &run->column[n];

	c->way = way;
	c->compared = compared;
	c->on = on;
	snprintf(c->name, sizeof(c->name), "%s", machine_way_names[way]);
}

static void add_round(struct run *run, unsigned n, uint64_t sent, uint64_t exits, uint64_t ns)
{
	struct round *r = &run->column[n].rounds[run->column[n].count++];

	r->seconds = 2;
	r->cpu_seconds = 1;
	r->stats.sent = r->stats.interrupts = sent;
	r->stats.exits_total = exits;
	if (ns)
		histogram_record(&r->latency, ns);
}

/* The work divides, not the handler's runs. Where ranges overlap there is no percentage. */
static void sentence_follows_figures(void **state)
{
	struct run *run = run_of(3, 2);
	char text[REPORT_SENTENCE];

	name_column(run, 0, MACHINE_USER, NULL, false);
	name_column(run, 1, MACHINE_IRQFD, NULL, false);
	name_column(run, 2, MACHINE_POSTED, NULL, false);
	add_round(run, 0, 2000, 2000, 40);
	add_round(run, 0, 2000, 2400, 42);
	add_round(run, 1, 2000, 0, 0);
	add_round(run, 1, 0, 0, 0);
	add_round(run, 2, 1000, 1010, 20);
	add_round(run, 2, 1000, 1, 22);
	report_sentence(run, 0, text);
	assert_string_equal(text, "user, for each 1,000 sends: 1100 VM exits, 1000 host "
	                          "interrupts, 500 ms of CPU time, 0.04 us to the handler at p50 "
	                          "and 1000 sends a second.");
	report_sentence(run, 2, text);
	assert_string_equal(
		text, "posted, against user, for each 1,000 sends: 506 VM exits (no difference "
		      "seen), 1000 host interrupts (no difference seen), 1000 ms of CPU time (2.0 "
		      "times as much), 0.02 us to the handler at p50 (49% less) and 500 sends a "
		      "second (50% fewer).");
	report_sentence(run, 1, text);
	assert_non_null(strstr(text, "irqfd, against user, for each 1,000 sends: 0 VM exits,"));
	run->column[1].rounds[0].stats.sent = 0;
	report_sentence(run, 1, text);
	assert_string_equal(text, "irqfd: no sends.");
	free_run(run);
}

/* A single run claims nothing. */
static void sentence_of_one_run(void **state)
{
	struct run *run = run_of(2, 1);
	char text[REPORT_SENTENCE];

	name_column(run, 0, MACHINE_USER, NULL, false);
	name_column(run, 1, MACHINE_POSTED, NULL, false);
	add_round(run, 0, 1000, 5000, 40000);
	add_round(run, 1, 1000, 0, 10);
	report_sentence(run, 1, text);
	assert_string_equal(text, "posted, for each 1,000 sends: 0 VM exits, 1000 host interrupts, "
	                          "1000 ms of CPU time, 0.01 us to the handler at p50 and 500 "
	                          "sends a second.");
	free_run(run);
}

/* Pairs are held against each other; what has no partner stands alone. Of near 0, no percentage. */
static void sentence_compares_switches(void **state)
{
	struct run *run = run_of(3, 2);
	char text[REPORT_SENTENCE];

	name_column(run, 0, MACHINE_USER, "apicv", false);
	name_column(run, 1, MACHINE_USER, "apicv", true);
	name_column(run, 2, MACHINE_POSTED, "apicv", true);
	for (unsigned n = 0; n < 2; n++) {
		add_round(run, 0, 100000, 30 + n, 0);
		add_round(run, 1, 100000, 500000 + n, 0);
		add_round(run, 2, 100000, 70, 0);
	}
	report_sentence(run, 1, text);
	assert_non_null(strstr(text, "user with apicv on, against user with apicv off, for each "));
	assert_non_null(strstr(text, " 5000 VM exits (user with apicv off: 0.30), "));
	report_sentence(run, 2, text);
	assert_non_null(strstr(text, "posted with apicv on, for each 1,000 sends: 0.70 VM exits"));
	free_run(run);
}

/* As long as there can be: it ends with a full stop. */
static void longest_sentence_fits(void **state)
{
	struct run *run = run_of(2, 2);
	char text[REPORT_SENTENCE];

	name_column(run, 0, MACHINE_POSTED, "posted_msi", false);
	name_column(run, 1, MACHINE_POSTED, "posted_msi", true);
	for (unsigned n = 0; n < 4; n++)
		add_round(run, n % 2, 9999999 + n, 99999999, UINT64_C(9999999999) * (n % 2 + 1));
	report_sentence(run, 1, text);
	assert_true(strlen(text) < REPORT_SENTENCE / 2);
	assert_int_equal(text[strlen(text) - 1], '.');
	free_run(run);
}

/* Of what nobody read, nothing is said to be equal. */
static void nothing_read_is_not_equal(void **state)
{
	struct run *run = run_of(2, 1);
	const char *names[] = { "user", "posted" };
	struct sheet *sheet = sheet_new(names, 2);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_true(sheet && out);
	run->machine->device_count = 1;
	run->machine->devices[0].kind = &device_block;
	run->data[0].size = 4096;
	for (unsigned n = 0; n < 2; n++) {
		add_round(run, n, n, 0, 0);
		run->column[n].rounds[0].block[0].ran = true;
		run->column[n].rounds[0].block[0].equal = true;
		run->column[n].rounds[0].block[0].checked = 1024 * n;
	}
	report_blocks(run, sheet, 2);
	sheet_print(sheet, out, 80);
	fclose(out);
	assert_non_null(strstr(text, "\n  equal              -     yes\n"));
	free(text);
	sheet_free(sheet);
	free_run(run);
}

/* Tails that fit into the time that threads waited, and one that does not. */
static void host_may_explain_tails(void **state)
{
	struct run *run = run_of(1, 1);
	struct column *c = &run->column[0];

	name_column(run, 0, MACHINE_USER, NULL, false);
	add_round(run, 0, 100, 0, 4000000);
	for (unsigned n = 0; n < 99; n++)
		histogram_record(&c->rounds[0].latency, 1000000);
	c->rounds[0].load.run_delay = 0.005;
	assert_false(report_host_may_explain(c, false, 4000));
	c->rounds[0].load.known = true;
	assert_true(report_host_may_explain(c, false, 4000));
	assert_false(report_host_may_explain(c, false, 1000));
	c->rounds[0].load.steal = 0.110;
	assert_true(report_host_may_explain(c, false, 1000));
	assert_false(report_host_may_explain(c, true, 1));
	free_run(run);
}

/* All switches in all ways: as many columns as there may be, but for one that cannot be. */
static void plan_has_every_column(void **state)
{
	char error[MACHINE_FILE_ERROR];
	struct run *run = calloc(1, sizeof(*run));
	const struct column *c = run->column;

	assert_non_null(run);
	run->machine = machine_file_load(NULL, error);
	assert_non_null(run->machine);
	assert_true(plan_columns(run, NULL, "posted_msi,ipiv,apicv,x2apic,ipiv"));
	assert_int_equal(run->columns, COLUMNS - 1);
	assert_string_equal(c[0].name, "user, apicv off");
	assert_true(c[0].config.software_apic);
	assert_string_equal(c[4].name, "posted, apicv on");
	assert_string_equal(c[5].name, "user, x2apic off");
	assert_false(c[5].config.x2apic || c[5].config.software_apic);
	assert_string_equal(c[12].name, "user, ipiv on");
	assert_true(c[12].config.ipiv && c[12].config.x2apic && !c[12].config.posted_msi);
	assert_string_equal(c[COLUMNS - 2].name, "posted, posted_msi on");
	assert_true(c[COLUMNS - 2].config.posted_msi);
	assert_int_equal(c[COLUMNS - 2].way, MACHINE_POSTED);
	assert_ptr_equal(report_base(run, 1), &c[0]);
	assert_null(report_base(run, 4));
	assert_ptr_equal(report_base(run, COLUMNS - 2), &c[COLUMNS - 3]);
	machine_file_free(run->machine);
	free(run);
}

/* What is known of a file that was made is what is in it: stamps, holes, a short end. */
static void made_files_have_their_pattern(void **state)
{
	static const uint64_t sizes[] = { 1, 5000, 3 << 20, (UINT64_C(200) << 20) + 12345 };

	for (unsigned n = 0; n < sizeof(sizes) / sizeof(sizes[0]); n++) {
		uint64_t size = sizes[n], from = size > 9000 ? size - 9000 : 0;
		struct data_file d;
		uint32_t known, read;
		char why[256];

		assert_true(data_file_open(&d, NULL, size, why, sizeof(why)));
		assert_int_equal(lseek(d.fd, 0, SEEK_END), size);
		for (unsigned twice = 0; twice < 2; twice++) {
			assert_true(data_file_crc(&d, 0, size, &known));
			assert_true(crc32c_file(d.fd, 0, size, &read));
			assert_int_equal(known, read);
		}
		assert_true(data_file_crc(&d, from + 1, size - from - 1, &known));
		assert_true(crc32c_file(d.fd, from + 1, size - from - 1, &read));
		assert_int_equal(known, read);
		data_file_close(&d);
	}
}

/* No block is like another, and none that is written reads as a hole does. */
static void stamps_differ(void **state)
{
	uint32_t crc[64];
	struct data_file d;
	char why[256];

	assert_true(data_file_open(&d, NULL, sizeof(crc) / sizeof(crc[0]) * DATA_FILE_BLOCK, why,
	                           sizeof(why)));
	for (unsigned n = 0; n < 64; n++) {
		assert_true(data_file_crc(&d, n * DATA_FILE_BLOCK, DATA_FILE_BLOCK, &crc[n]));
		assert_int_not_equal(crc[n], crc32c_zeros(DATA_FILE_BLOCK));
		for (unsigned i = 0; i < n; i++)
			assert_int_not_equal(crc[n], crc[i]);
	}
	data_file_close(&d);
}

/* A file that was given is read, each MiB once; what is missing is told. */
static void given_files_are_read(void **state)
{
	char path[] = "/tmp/posted-test-XXXXXX", why[256];
	int fd = mkstemp(path);
	struct data_file d;
	uint32_t crc, again;

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (3 << 20) + 100), 0);
	assert_true(data_file_open(&d, path, 0, why, sizeof(why)));
	assert_int_equal(d.size, (3 << 20) + 100);
	assert_true(data_file_crc(&d, 0, d.size, &crc));
	assert_int_equal(crc, crc32c_zeros(d.size));
	assert_false(data_file_changed(&d));
	assert_int_equal(futimens(fd, (struct timespec[]){ { 1, 0 }, { 1, 0 } }), 0);
	assert_true(data_file_changed(&d));
	assert_int_equal(pwrite(fd, "x", 1, 5), 1);
	assert_true(data_file_crc(&d, 0, d.size, &again));
	assert_int_equal(again, crc);
	assert_true(data_file_crc(&d, 0, 100, &again));
	assert_int_not_equal(again, crc32c_zeros(100));
	assert_int_equal(ftruncate(fd, 3 << 20), 0);
	assert_false(data_file_crc(&d, 0, d.size, &crc));
	data_file_close(&d);
	unlink(path);
	close(fd);
	assert_false(data_file_open(&d, path, 0, why, sizeof(why)));
	assert_non_null(strstr(why, "No such file"));
}

static void loss_has_figures(void **state)
{
	struct machine_loss l = { .vm = "vm0", .vcpu = 3, .vector = 0x31, .sent = 100,
		                  .handled = 90, .coalesced = 5, .pending = 1 };
	char text[ROUND_LOSS];

	round_loss(&l, text);
	assert_string_equal(text, "vm0: vCPU 3: vector 0x31: sent 100, handled 90, coalesced 5, "
	                          "pending 1: 4 unaccounted for");
	l.handled = 96;
	round_loss(&l, text);
	assert_string_equal(text, "vm0: vCPU 3: vector 0x31: sent 100, handled 96, coalesced 5, "
	                          "pending 1: 2 too many");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(medians),
		cmocka_unit_test(numbers),
		cmocka_unit_test(ranges),
		cmocka_unit_test(differences),
		cmocka_unit_test(sheet_folds),
		cmocka_unit_test(words_fold),
		cmocka_unit_test(interrupts_layout),
		cmocka_unit_test(interrupts_fold),
		cmocka_unit_test(interrupts_by_device),
		cmocka_unit_test(sentence_follows_figures),
		cmocka_unit_test(sentence_of_one_run),
		cmocka_unit_test(sentence_compares_switches),
		cmocka_unit_test(longest_sentence_fits),
		cmocka_unit_test(nothing_read_is_not_equal),
		cmocka_unit_test(host_may_explain_tails),
		cmocka_unit_test(plan_has_every_column),
		cmocka_unit_test(made_files_have_their_pattern),
		cmocka_unit_test(stamps_differ),
		cmocka_unit_test(given_files_are_read),
		cmocka_unit_test(loss_has_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
