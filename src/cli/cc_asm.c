/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/cc_asm.h"
#include "explore/module/patterns.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *const does_nothing = "nop nopw nopl pause endbr64 ud2 int3";
/* With registers and constants alone; a letter of a size may follow. */
static const char *const calculates =
	"mov? movz?? movs?? movabs? lea? add? sub? adc? sbb? and? or? xor? not? neg? inc? dec? "
	"shl? shr? sar? sal? rol? ror? cmp? test? bsf? bsr? tzcnt? lzcnt? popcnt? bswap? bt? "
	"imul? mul? mov add sub adc sbb and or xor not neg inc dec shl shr sar sal rol ror cmp "
	"test bsf bsr tzcnt lzcnt popcnt bswap bt imul mul lea movabs cmov* set* xchg xchg?";

static const struct {
	const char *names, *why;
} known[] = {
	{ "lock xchg* cmpxchg* xadd*",
	  "the explorer does not see it: write it with <stdatomic.h> or the compiler's "
	  "__atomic_ functions" },
	{ "mfence lfence sfence",
	  "the explorer does not see it: write atomic_thread_fence(memory_order_seq_cst)" },
	{ "syscall sysenter int",
	  "a system call cannot be explored: for futex(2) there are explore_futex_wait and "
	  "explore_futex_wake" },
	{ "rdtsc* rdpmc rdrand* rdseed* cpuid",
	  "it gives another answer each time, but a schedule has to repeat itself: "
	  "explore_choose explores each answer" },
	{ "cli sti hlt in inb inw inl out outb outw outl wrmsr rdmsr vmcall vmread* vmwrite* "
	  "vmlaunch vmresume vmclear* vmptrld* vmrun inv* swapgs lidt* lgdt* ltr* monitor mwait "
	  "wbinvd iret*",
	  "it faults in user space: give its function a body of yours that does as much to "
	  "memory" },
};

/* One instruction or directive, without labels and comments; false at the line's end. */
static bool take(const char **line, char instruction[CC_ASM])
{
	size_t size, n = 0;

	while (**line == ';' || isspace((unsigned char)**line))
		++*line;
	size = strcspn(*line, ";#");
	while (n < size && n + 1 < CC_ASM) {
		char letter = (*line)[n];

		instruction[n++] = letter == '\t' ? ' ' : letter;
	}
	while (n && instruction[n - 1] == ' ')
		n--;
	instruction[n] = '\0';
	*line += size;
	if (**line == '#')
		*line += strlen(*line);
	return n;
}

/* Behind a label. */
static const char *behind_label(const char *instruction)
{
	size_t size = strcspn(instruction, ": ");

	if (instruction[size] != ':')
		return instruction;
	instruction += size + 1;
	return instruction + strspn(instruction, " ");
}

/* Each operand is a register without an addressing mode, or a constant. */
static bool registers_only(const char *operands)
{
	if (!*operands || strpbrk(operands, "(:*"))
		return false;
	while (*operands) {
		operands += strspn(operands, ", ");
		if (!strncmp(operands, "%cr", 3) || !strncmp(operands, "%dr", 3) ||
		    (*operands != '%' && *operands != '$'))
			return false;
		operands += strcspn(operands, ",");
	}
	return true;
}

/* To a label of this assembler, 1f or 2b, or one of the compiler's. */
static bool jumps_inside(const char *name, const char *operands)
{
	size_t digits = strspn(operands, "0123456789");

	if (*name != 'j')
		return false;
	return !strncmp(operands, ".L", 2) ||
	       (digits && strchr("fb", operands[digits]) && !operands[digits + 1]);
}

/* Null: it is none of the explorer's business. */
static const char *judge(const char *instruction)
{
	size_t size = strcspn(instruction, " ");
	const char *operands = instruction + size + strspn(instruction + size, " ");
	char name[CC_ASM];

	snprintf(name, sizeof(name), "%.*s", (int)size, instruction);
	if (!strncmp(name, "rep", 3) && (!*operands || !strcmp(operands, "nop")))
		return NULL;
	if (patterns_fit(does_nothing, name) || jumps_inside(name, operands))
		return NULL;
	if (patterns_fit(calculates, name) &&
	    (registers_only(operands) || !strncmp(name, "lea", 3)))
		return NULL;
	if (patterns_fit("cltq cqto cltd", name))
		return NULL;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (patterns_fit(known[i].names, name))
			return known[i].why;
	return "the explorer does not see what it does: write it in C";
}

/* Bytes where instructions stand may be one. */
static bool hides(const char *directive)
{
	return !strncmp(directive, ".byte", 5) || !strncmp(directive, ".insn", 5);
}

const char *cc_asm_refused(const char **line, char instruction[CC_ASM])
{
	while (take(line, instruction)) {
		const char *rest = behind_label(instruction), *why = NULL;

		memmove(instruction, rest, strlen(rest) + 1);
		if (hides(instruction))
			why = "what bytes do cannot be seen: write it in C";
		else if (*instruction && *instruction != '.')
			why = judge(instruction);
		if (why)
			return why;
	}
	return NULL;
}
