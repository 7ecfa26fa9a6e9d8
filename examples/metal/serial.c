/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said, on the serial port; and what C demands of its environment. */
#include "metal.h"
#include <stdarg.h>
#include <stddef.h>

enum { COM1 = 0x3f8, LINE_CONTROL = COM1 + 3, LINE_STATUS = COM1 + 5, SHUTDOWN = 0x8900 };

static struct pstd_spinlock printing;
static unsigned checks, failures;

void *memset(void *to, int byte, size_t n)
{
	void *start = to;

	__asm__ volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(byte) : "memory");
	return start;
}

void *memcpy(void *to, const void *from, size_t n)
{
	void *start = to;

	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n)::"memory");
	return start;
}

void start_serial(void)
{
	outb(LINE_CONTROL, 3); /* 8 bits */
}

static void put(char c)
{
	while (!(inb(LINE_STATUS) & 0x20))
		;
	outb(COM1, (uint8_t)c);
}

static void put_text(const char *text)
{
	while (*text)
		put(*text++);
}

static void put_number(uint64_t n, unsigned base)
{
	if (n >= base)
		put_number(n / base, base);
	put("0123456789abcdef"[n % base]);
}

void print(const char *text, ...)
{
	uint64_t flags = irq_save();
	va_list args;

	va_start(args, text);
	pstd_spin_lock(&printing);
	for (; *text; text++) {
		if (*text != '%')
			put(*text);
		else if (*++text == 's')
			put_text(va_arg(args, const char *));
		else
			put_number(va_arg(args, uint64_t), *text == 'x' ? 16 : 10);
	}
	pstd_spin_unlock(&printing);
	va_end(args);
	irq_restore(flags);
}

bool check(const char *what, bool ok)
{
	checks++;
	failures += !ok;
	print("%s %s\n", ok ? "ok  " : "FAIL", what);
	return ok;
}

void finish(void)
{
	cli();
	/* The lock is kept: no other CPU says anything after this. */
	pstd_spin_lock(&printing);
	put_text("SUMMARY checks=");
	put_number(checks, 10);
	put_text(" failures=");
	put_number(failures, 10);
	put('\n');
	spin(20000); /* until the port has sent it */
	for (const char *c = "Shutdown"; *c; c++)
		outb(SHUTDOWN, (uint8_t)*c);
	for (;;)
		__asm__ volatile("cli; hlt");
}

void give_up(const char *what)
{
	check(what, false);
	finish();
}
