#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# with.sh POSTED JSON ROOT: posted check --with, with an adapter and a tree of the test's own: the
# command stands in a prefix that the test has made. What is cut is explored and shown by
# its lines in the tree; a bug is put back; what cannot be is refused, and nothing is left behind.
set -u
build=$(realpath "$1") json=$(realpath "$2") root=$(realpath "$3")
. "$root/tests/cli/lib.sh"
export TMPDIR="$dir/tmp"
data=$dir/prefix/share/posted/src
adapter=$data/adapt/linux
tree=$dir/tree
mkdir -p "$dir/prefix/bin" "$data" "$adapter/shim" "$adapter/bugs" "$tree/virt" "$TMPDIR"
cp "$build" "$dir/prefix/bin/posted"
cp -r "$root/src/cc" "$data"
ln -s "$root/include" "$dir/prefix/include"
posted=$dir/prefix/bin/posted
cd "$dir" || exit

cat >"$tree/Makefile" <<'END'
# A kernel of the test's own.
VERSION = 6
PATCHLEVEL = 1
SUBLEVEL = 7
EXTRAVERSION =
END
cat >"$tree/virt/post.c" <<'END'
#include <linux/nothing.h>

struct box {
	unsigned pir;
	unsigned on; /* } not the end */
};

static int post(struct box *b, unsigned vector);

static int post(struct box *b, unsigned vector)
{
	__atomic_fetch_or(&b->pir, 1u << vector, __ATOMIC_SEQ_CST);
	return !__atomic_exchange_n(&b->on, 1, __ATOMIC_SEQ_CST);
}

static unsigned
take(struct box *b)
{
	b->on = 0;
	barrier();
	return __atomic_exchange_n(&b->pir, 0, __ATOMIC_SEQ_CST);
}
END
cat >"$adapter/list" <<'END'
project Linux Makefile VERSION PATCHLEVEL SUBLEVEL
tried 5.10 6.1
options -std=gnu11 -Wall
cut virt/none.c|virt/post.c post.inc struct:box post take ?gone
[6.2-] cut virt/later.c later.c later
END
echo '#define barrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)' >"$adapter/shim/barrier.h"
cat >"$adapter/side.c" <<'END'
#include <explore/module.h>
#include <barrier.h>
#include "post.inc"
#if ADAPT_VERSION < 5010
#error the version
#endif

static struct box box;
static unsigned taken, notified;

static void sends(void *arg)
{
	notified = post(&box, 3);
}

static void takes(void *arg)
{
	taken = take(&box);
}

static void judge(void)
{
	if (!taken && box.pir && !notified)
		explore_fail("lost");
}

static void setup(void)
{
	box.on = 1;
}

static const struct explore_agent agents[] = { { "vCPU", takes }, { "sender", sends } };
EXPLORE_SCENARIO(taken, "what is posted is taken, or told of", EXPLORE_AGENTS_OF(agents),
                 .setup = setup, .finish = judge);
EXPLORE_SCENARIO(other, "the same once more", EXPLORE_AGENTS_OF(agents), .setup = setup,
                 .finish = judge);
END
bugs=$adapter/bugs/bugs.tsv
printf 'name\tversions\tscenario\tfile\twhat\tid\n' >"$bugs"
printf 'late\t6.1\ttaken\tvirt/post.c\tON is cleared behind the look\tB1\n' >>"$bugs"
printf 'gone\t5.10\ttaken\tvirt/post.c\tnothing that is here\tB2\n' >>"$bugs"
echo '# no such line' >"$adapter/bugs/gone.sed"
cat >"$adapter/bugs/late.sed" <<'END'
s/^	b->on = 0;$/	unsigned pir = __atomic_exchange_n(\&b->pir, 0, __ATOMIC_SEQ_CST);/
s/^	barrier\(\);$/	b->on = 0;/
s/^	return __atomic_exchange_n\(&b->pir.*/	return pir;/
END

nothing_left() { [ -z "$(ls "$TMPDIR")" ] || wrong "left behind: $(ls "$TMPDIR")"; }
# no PATTERN ARGUMENT...: posted check refuses these arguments in these words.
no() {
	pattern=$1
	shift
	expect 2 "$posted" check --quiet "$@"
	has "$err" "$pattern"
	! grep -q proved "$out" || wrong "a verdict"
	nothing_left
}

expect 0 "$posted" check --with linux=tree
has "$out" '^taken .*proved'
has "$out" '^other .*proved'
has "$err" '^posted check: --with linux: cutting from Linux 6.1.7, and compiling$'
nothing_left
expect 0 "$posted" check --quiet --with linux=tree --json other
is linux with.kind
is 6.1.7 with.version
is true with.tried
is other scenarios.0.scenario
[ ! -s "$err" ] || wrong "it is not quiet"

# A bug: the scenario that shows it, in the tree's lines, and a line that replays it anywhere.
expect 1 "$posted" check --quiet --with linux=tree --bug late
has "$out" ' virt/post.c:19 take'
! grep -q '^other' "$out" || wrong "another scenario"
replay=$(sed -n 's/^replay: posted //p' "$out")
case $replay in
"replay --with linux=tree --bug late 'taken:"*) ;;
*) wrong "no such replay: $replay" ;;
esac
mkdir -p elsewhere/tree
cp -r tree/. elsewhere/tree
cd elsewhere || exit
eval "expect 1 \"\$posted\" $replay"
has "$out" '^lost$'
has "$err" 'posted replay: --with linux: cutting'
cd .. || exit
expect 0 "$posted" replay --quiet --with linux=tree taken
has "$out" 'virt/post.c'
has "$out" 'posted replay --with linux=tree --random'
nothing_left
no 'no bug "lat" of Linux; did you mean "late"' --with linux=tree --bug lat
no "gone's fix is not in this tree, Linux 6.1.7 (it is in 5.10)" --with linux=tree --bug gone
expect 0 "$posted" bugs --with linux
has "$out" '^  late .*taken .*B1'
expect 0 "$posted" bugs --with linux=tree --json 'l*'
is late bugs.0.bug
is B1 bugs.0.id
expect 2 "$posted" bugs --with linux lat
has "$err" 'did you mean "late"'

# What is no tree.
no 'posted check: --with: "minix" is no KIND of KIND=TREE; the kinds are: linux; or' \
	--with minix=tree
no 'posted check: which tree? --with linux=FOLDER' --with linux
no 'posted check: --with: none: No such file or directory' --with linux=none
no 'Not a directory' --with linux=tree/Makefile
no 'tree/virt is no tree of Linux, whose Makefile' --with linux=tree/virt
no '"xen" is no KIND of KIND=TREE; the kinds are: linux; or give the folder' --with xen=tree
no './none is no adapter: it has no file "list"' --with ./none=tree
no 'leave out --load' --with linux=tree --load x.so
no 'the module has no scenario "takn"; did you mean "taken"' --with linux=tree takn

# An adapter of one's own, for trees that say their version in other words.
cp -r "$adapter" mine
mkdir fork
cp -r tree/virt fork
printf 'MAJOR_VERSION=3\nMINOR_VERSION=1\n' >fork/VERSION
sed -i 's/^project.*/project Fork VERSION MAJOR_VERSION MINOR_VERSION/' mine/list
sed -i 's/^tried.*/tried 3.1/' mine/list
sed -i 's/^#if.*/#if ADAPT_VERSION != 3001/' mine/side.c
expect 0 "$posted" check --with ./mine/=fork taken
has "$err" 'cutting from Fork 3.1, and compiling'
no 'fork/Makefile.*none is no tree\|none: No such file' --with ./mine=none
no "gone's fix is not in this tree, Fork 3.1" --with ./mine=fork --bug gone
expect 0 "$posted" bugs --with ./mine

# Another version is taken as it is, as far as it goes.
sed -i 's/^PATCHLEVEL = 1/PATCHLEVEL = 0/' tree/Makefile
expect 0 "$posted" check --quiet --with linux=tree taken
has "$err" '^posted check: --with linux: Linux 6.0.7 was not tried, but 5.10, 6.1: it is taken as'
sed -i 's/^PATCHLEVEL = 0/PATCHLEVEL = 2/' tree/Makefile
known='this is Linux 6.2.7, and the adapter was tried with 5.10, 6.1$'
no "posted check: --with linux: tree has no virt/later.c: .*list:5); $known" --with linux=tree
echo 'int later;' >tree/virt/later.c
no "tree/virt/later.c has no function later (.*list:5); $known" --with linux=tree
echo 'int later(void) { return none; }' >tree/virt/later.c
no "does not compile with the adapter; $known" --with linux=tree
has "$err" '^virt/later.c:1.*none'
echo 'int later(void) { asm volatile("lock incl later"); return 0; }' >tree/virt/later.c
no 'posted check: --with linux: .*virt/later.c:1: later: inline assembler "lock *incl later"' \
	--with linux=tree
CC=nocompiler
export CC
no 'posted check: --with linux: nocompiler cannot be run' --with linux=tree
unset CC

# The adapter's own mistakes.
project="project Linux Makefile VERSION PATCHLEVEL SUBLEVEL"
list() { # list LINE PATTERN
	printf '%s\n%s\n' "$project" "$1" >"$adapter/list"
	no "list${3-:2}: $2" --with linux=tree
}
list 'cut virt/post.c' 'cut FROM INTO WHAT'
list 'cut a b' 'cut FROM INTO WHAT...: what'
list 'whole a b c' 'behind whole FROM INTO there is nothing: c'
list 'take a b' 'a line begins with project, tried, options, whole or cut: take'
list 'tried 6' 'this is no version such as 6.1: 6'
list '[6.1-x] tried 6.1' 'these are no versions'
list 'whole ../x y' 'a path is one in the tree'
list 'whole x /y' 'a path is one in the tree'
project=
list 'tried 6.1' 'no line says whose trees it is for' ''
list 'project Linux Makefile' 'project NAME FILE MAJOR MINOR'
list 'project Linux /etc/passwd A B' 'a path is one in the tree'
exit $failed
