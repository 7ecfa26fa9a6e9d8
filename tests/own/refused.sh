#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# refused.sh POSTED ROOT COMPILER: what posted cc refuses of a file, and says of it;
# what it takes on trust; and its command line.
set -u
posted=$(realpath "$1") root=$2
export CC="$3"
. "$root/tests/cli/lib.sh"
cd "$dir" || exit

# module FILE: a scenario behind the lines on standard input, whose agent calls one().
module() {
	{
		cat
		cat <<-'END'
			static void agent(void *arg) { one(); }
			#include <explore/module.h>
			static const struct explore_agent agents[] = {
				{ .name = "one", .run = agent },
			};
			EXPLORE_SCENARIO(here, "something", EXPLORE_AGENTS_OF(agents));
		END
	} >"$1"
}
# Each line in a function of its own, f1, f2, ..., of f.c.
lines() {
	cat <<'END'
usleep(1);|uses usleep|explore_rest
x = (unsigned long)malloc(8);|uses malloc|static objects
x = (unsigned long)time(NULL);|uses time|explore_choose
pthread_mutex_lock(&m);|uses pthread_mutex_lock|lock of atomics
printf("%lu\n", x);|uses printf|explore_note
x = (unsigned long)syscall(39);|uses syscall|explore_futex_wait
elsewhere();|uses elsewhere|nobody defines it
x = (unsigned long)getenv("A");|uses getenv|repeat itself
x = (unsigned long)sysconf(1);|uses sysconf|--allow
__asm__ volatile("lock; incq %0" : "+m"(x));|inline assembler "lock|stdatomic.h
__asm__ volatile("xchgq %%rax,%0" : "+m"(x) : : "rax");|inline assembler "xchgq %rax|stdatomic.h
__asm__ volatile("mfence" : : : "memory");|inline assembler "mfence"|atomic_thread_fence
__asm__ volatile("rdtsc" : "=a"(x) : : "rdx");|inline assembler "rdtsc"|explore_choose
__asm__ volatile("cli");|inline assembler "cli"|user space
__asm__ volatile("movq $1,%0" : "=m"(x));|inline assembler "movq $1, *x(%rip)"|write it in C
__asm__ volatile("movq %%gs:8,%0" : "=r"(x));|inline assembler "movq %gs:8|write it in C
__asm__ volatile("nop; 1: syscall" : : : "rcx", "rax");|inline assembler "syscall"|system call
__asm__ volatile(".byte 0xf3");|inline assembler ".byte [0-9xf]*"|write it in C
exit(1);|uses exit|explore_fail
END
}
{
	printf '#include <%s.h>\n' unistd stdlib stdio pthread time
	echo '#define SEEN __attribute__((noinline))'
	echo 'static unsigned long x; static pthread_mutex_t m; extern void elsewhere(void);'
	lines | awk -F '|' '{ print "SEEN static void f" NR "(void) { " $1 " }" }'
	echo 'static void one(void) {'
	lines | awk '{ print "f" NR "();" }'
	echo '}'
} | module f.c
expect 2 "$posted" cc f.c -o f.so
lines >lines
n=0
while IFS='|' read -r _ what why; do
	n=$((n + 1))
	has "$err" "^posted cc: f.c:$((n + 7)): f$n: $what.*: .*$why"
done <lines
[ $n -gt 15 ] || wrong "only $n lines"
[ "$(grep -c '^posted cc: f.c:' "$err")" -eq $n ] || wrong "not one sentence for each of $n lines"
has "$err" '^posted cc: f.so is not made: '
[ ! -e f.so ] || wrong "f.so is made"
[ ! -e f.so.new ] || wrong "f.so.new is left"

# Outside of functions, and where a pointer is.
module f.c <<'END'
#include <stdlib.h>
__asm__(".text\nhidden: lock; incl (%rdi)\nret");
static void *(*give)(size_t) = malloc;
static void one(void) { give(3); }
END
expect 2 "$posted" cc f.c -o f.so
has "$err" '^posted cc: .*: inline assembler "lock'
has "$err" '^posted cc: .*: uses malloc: '

# What nobody has cannot be trusted.
module f.c <<'END'
extern void elsewhere(void);
static void one(void) { elsewhere(); }
END
expect 2 "$posted" cc --allow elsewhere f.c -o f.so
has "$err" 'uses elsewhere: nobody defines it'

# What calculates is nobody's business; the rest on trust, which is told.
module f.c <<'END'
#include <assert.h>
#include <unistd.h>
#include <string.h>
static int page;
static char text[16], other[16];
static unsigned long stamp(void)
{
	unsigned long low;
	__asm__ volatile("rdtsc" : "=a"(low) : : "rdx");
	return low;
}
static void one(void)
{
	unsigned long bit;
	__asm__ volatile("" : : : "memory");
	__asm__ volatile("pause; rep; nop\n1: nop");
	__asm__("bsrq %1,%0" : "=r"(bit) : "r"(16ul));
	assert(bit == 4 && stamp());
	strcpy(text, "posted");
	memcpy(other, text, sizeof(other));
	assert(!memcmp(text, other, sizeof(text)) && strlen(other) == 6 && !strcmp(text, other));
	assert(strchr(text, 's') == text + 2 && memchr(text, 't', 9) == text + 3);
	assert(strnlen(text, 3) == 3 && !strncmp(text, "pox", 2));
	strncpy(other, "ab", sizeof(other));
	assert(!other[2] && !other[15]);
	page = getpagesize();
}
END
expect 2 "$posted" cc f.c -o f.so
has "$err" 'f.c:9: .*inline assembler "rdtsc"'
expect 0 "$posted" cc --allow getpagesize,f.c:9 f.c -o f.so
has "$out" '^f.so: 1 scenario$'
expect 0 "$posted" check --quiet --load f.so
has "$out" '^on trust: getpagesize, '
has "$out" '^on trust: f.c:9, '
has "$out" '^here .* proved$'

# Its own command line, and the compiler's.
echo 'int x = ;' >wrong.c
expect 2 "$posted" cc wrong.c -o wrong.so
has "$err" '^wrong.c:1:.*error: '
expect 2 "$posted" cc none.c -o none.so
expect 2 "$posted" cc f.c
has "$err" 'what is the module to be called'
expect 2 "$posted" cc -o f.so
expect 2 "$posted" cc f.c -o
expect 2 "$posted" cc f.o -o f.so
has "$err" 'f.o is no FILE.c'
echo 'int x;' >mine.c
expect 2 "$posted" cc mine.c -o mine.c
has "$err" '-o mine.c would overwrite a source'
grep -q '^int x;$' mine.c || wrong "the source is overwritten"
expect 2 "$posted" cc -E mine.c -o mine.so
has "$err" '-E makes no code'
expect 2 "$posted" cc --compiler no-compiler f.c -o f.so
has "$err" 'no-compiler cannot be run'
expect 2 "$posted" cc --allow 'a b"' f.c -o f.so
expect 2 "$posted" cc f.c -o none/f.so
module f.c <<'END'
#include <named.h>
#if FIRST + SECOND + THIRD != 6
#error not all options came
#endif
static int y;
static void one(void) { y = NAMED; }
END
mkdir include
echo '#define NAMED 1' >include/named.h
expect 0 "$posted" cc -Iinclude -D FIRST=1 -DSECOND=2 f.c -of.so -std=gnu11 -O2 -- -DTHIRD=3
expect 0 "$posted" cc --json -I include -DFIRST=1 -DSECOND=2 -DTHIRD=3 f.c --output f.so
has "$out" '"scenarios": 1'
exit $failed
