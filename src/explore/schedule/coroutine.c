/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stacks that switch without a system call: x86-64, System V. What a call
 * preserves is pushed, the stack pointer changes hands, and the return is the
 * other side's.
 */
#include "explore/schedule/parts.h"
#include <string.h>

/* What a coroutine that never returned has left on its stack is no concern of the next one. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define forget(p, size) __asan_unpoison_memory_region((p), (size))
#else
#define forget(p, size) ((void)0)
#endif

__asm__(".text\n"
        ".globl coroutine_switch\n"
        ".type coroutine_switch, @function\n"
        "coroutine_switch:\n"
        "	push %rbp\n"
        "	push %rbx\n"
        "	push %r12\n"
        "	push %r13\n"
        "	push %r14\n"
        "	push %r15\n"
        "	mov %rsp, (%rdi)\n"
        "	mov %rsi, %rsp\n"
        "go_on:\n"
        "	pop %r15\n"
        "	pop %r14\n"
        "	pop %r13\n"
        "	pop %r12\n"
        "	pop %rbx\n"
        "	pop %rbp\n"
        "	ret\n"
        ".size coroutine_switch, . - coroutine_switch\n");

/* The same, but the stack is kept, and a job called on it. */
__asm__(".globl coroutine_guard\n"
        ".type coroutine_guard, @function\n"
        "coroutine_guard:\n"
        "	push %rbp\n"
        "	push %rbx\n"
        "	push %r12\n"
        "	push %r13\n"
        "	push %r14\n"
        "	push %r15\n"
        "	mov %rsp, (%rdi)\n"
        "	sub $8, %rsp\n"
        "	mov %rdx, %rdi\n"
        "	call *%rsi\n"
        "	add $8, %rsp\n"
        "	mov $1, %eax\n"
        "	jmp go_on\n"
        ".size coroutine_guard, . - coroutine_guard\n"
        ".globl coroutine_land\n"
        ".type coroutine_land, @function\n"
        "coroutine_land:\n"
        "	xor %eax, %eax\n"
        "	jmp go_on\n"
        ".size coroutine_land, . - coroutine_land\n");

void *coroutine_new(void *stack, size_t size, size_t cleared, void (*entry)(void))
{
	uint64_t *top = (uint64_t *)((char *)stack + size);

	forget(stack, size);
	memset((char *)stack + size - cleared, 0, cleared);
	/* As coroutine_switch leaves it: six registers, then entry to return to, and no caller. */
	top[-1] = 0;
	top[-2] = (uint64_t)(uintptr_t)entry;
	for (int i = 3; i <= 8; i++)
		top[-i] = 0;
	return top - 8;
}
