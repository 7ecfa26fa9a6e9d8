#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Tests tidy.sh itself: a small clean project passes, and one bad file of each
# kind is refused, at the right line, for the right reason.
set -u
tidy=$(cd "$(dirname "$0")" && pwd)/tidy.sh
top=$(mktemp -d) || exit 1
trap 'rm -rf "$top"' EXIT
failed=0
spdx='/* SPDX-License-Identifier: BSD-2-Clause */'

# write FILE: standard input, after the licence, becomes that file of the project.
write() {
	mkdir -p "$top/$(dirname "$1")"
	{ echo "$spdx"; cat; } >"$top/$1"
}

clean() {
	rm -rf "${top:?}"/*
	mkdir -p "$top/src"
	printf '# SPDX-License-Identifier: BSD-2-Clause\nx = files(%s)\n' \
		"'a.c', 'b.c', 'c.c', 'd.c', 'e.c'" >"$top/src/meson.build"
	write include/posted/a.h <<-'END'
		#ifndef POSTED_A_H
		#define POSTED_A_H
		#include <posted/types.h>

		struct a {
			uint64_t word; /* a ? b : c */
		};

		/* Adds two numbers, whoever calls it: a comment. */
		int a_add(int x,
		          int y);

		static inline int a_one(void)
		{
			return 1 ? 2
			         : 3;
		}
		#endif
	END
	printf '#include <stdint.h>\n' | write include/posted/types.h
	write src/hyp/a.c <<-'END'
		#include "hyp/a.h"
		#include <posted/a.h>
		#include <posted/types.h>

		/* A comment may say volatile or __atomic. */
		int a_add(int x, int y)
		{
			return x + y;
		}
	END
	write src/hyp/a.h </dev/null
	write src/dev/b_regs.h </dev/null
	write src/guest/b.c <<-'END'
		#include "dev/b_regs.h"
		#include "guest/c.h"
		#include <stdio.h>
		static const char *const template = "/tmp/posted.XXXXXX";
	END
	printf '#ifndef EXEC_THREADS_H\n#endif\n' | write src/guest/c.h
}

# accept: the project as it stands is clean.
accept() {
	if ! out=$(sh "$tidy" "$top"); then
		echo "refused although it is clean: $1"
		echo "$out"
		failed=1
	fi
}

# refused FILE:LINE TEXT: exactly this is found, and then the project is clean again.
refused() {
	if out=$(sh "$tidy" "$top"); then
		echo "accepted, but should have been refused at $1: $2"
		failed=1
	elif [ "$(echo "$out" | wc -l)" -ne 1 ] || ! echo "$out" | grep -qF "$1: $2"; then
		echo "expected only \"$1: $2...\", got:"
		echo "$out"
		failed=1
	fi
	clean
}

# bad FILE TEXT LINE...: a file with these lines is refused at the last of them.
bad() {
	file=$1 text=$2
	shift 2
	printf '%s\n' "$@" | write "$file"
	refused "$file:$(($# + 1))" "$text"
}

clean
accept "the clean sample"
mkdir -p "$top/any/src"
echo 'no licence, TODO' >"$top/any/src/c.c"
touch "$top/any/build.ninja"
accept "a build, whatever its name"
clean
bad any/c.c "unfinished" '/* TODO */'

# Layers.
bad src/hw/c.c "hw may not include hyp/" '#include "hyp/a.h"'
bad src/hyp/c.c "hyp may not include hw/" 'int x;' '#include "hw/a.h"'
bad src/hyp/c.c "hyp is freestanding" '#include <stdio.h>'
bad src/hw/c.c "hw is freestanding" '#include <stdint.h>'
bad src/hw/vtd/c.c "hw/vtd may not include hw/cpu/" '#include "hw/cpu/a.h"'
bad src/hw/vtd/c.c "hw/vtd may not include hyp/" '#include "hyp/a.h"'
bad src/hw/vtd/c.c "hw/vtd is freestanding" '#include <stdio.h>'
bad src/hw/vtd/c.c "shared memory past the seam" 'int x = __atomic_load_n(&y, 0);'
bad src/hw/attic/c.c "src/hw/attic is no layer"
bad src/exec/c.c "exec may not include hw/vtd/" '#include "hw/vtd/a.h"'
bad src/hyp/c.c "hyp may not include posted/hw/" '#include <posted/hw/vtd/a.h>'
write src/hw/vtd/c.c <<-'END'
	#include "hw/vtd/c.h"
	#include <posted/hw/vtd/b.h>
END
write src/hw/vtd/c.h </dev/null
write include/posted/hw/vtd/b.h </dev/null
accept "a folder of hw/ with its own headers"
clean
bad src/hyp/c.c "include without its folder" '#include "a.h"'
bad src/exec/c.c "exec may not include dev/" '#include "dev/b_regs.h"'
bad src/check/c.c "check may not include guest/" '#include "guest/c.h"'
bad src/dev/c.c "dev may not include hyp/" '#include "hyp/a.h"'
bad src/guest/c.c "guest may not include dev/" '#include "dev/b.h"'
bad src/exec/c.c "exec may not include cli/" '#include "cli/b.h"'
bad src/hyp/c.c "hyp may not include ../" '#include "../hw/a.h"'
bad src/attic/c.c "src/attic is no layer"
bad src/explore/attic/c.c "src/explore/attic is no layer"
bad src/explore/search/c.c "explore/search may not include explore/report/" \
	'#include "explore/report/a.h"'
bad src/explore/memory/c.c "explore/memory may not include hyp/" '#include "hyp/a.h"'
printf '#include <explore/b.h>\n' | write src/exec/c.c
printf '#include <posted/a.h>\n' | write include/explore/b.h
refused include/explore/b.h:2 "libexplore's face is for anybody"
printf '#include <posted/b.h>\n' | write src/hw/c.c
printf '#include "hyp/a.h"\n' | write include/posted/b.h
refused include/posted/b.h:2 "posted may not include hyp/"
printf '#include <posted/b.h>\n' | write src/hw/c.c
printf '#include <stdio.h>\n' | write include/posted/b.h
refused include/posted/b.h:2 "posted is freestanding"

bad src/hyp/c.c "hyp may not include posted/hw/" '#include <posted/hw/a.h>'
bad src/hw/c.c "hw is freestanding" '#include <string.h>'
printf '#include <posted/b.h>\n' | write src/hw/c.c
printf '#include <posted/hw/a.h>\n' | write include/posted/b.h
refused include/posted/b.h:2 "posted may not include posted/hw/"
printf '#include <posted/hw/b.h>\n' | write src/hw/c.c
printf '#include "hw/a.h"\n' | write include/posted/hw/b.h
refused include/posted/hw/b.h:2 "posted/hw may not include hw/"

# The seam, and executors.
bad src/hw/c.c "shared memory past the seam" 'int x = __atomic_load_n(&y, 0);'
bad src/hyp/c.c "shared memory past the seam" 'volatile int x;'
bad src/hyp/c.c "conditional code in hyp" '#if FAST'
bad src/hw/c.c "condition on the executor" '#ifdef EXPLORER'
bad src/dev/c.c "condition on the executor" '#ifndef EXEC_THREADS'

# libposted's face.
bad include/posted/a.h "C bit-field" '/* x */' 'struct b {' '	unsigned on : 1;'
bad include/posted/a.h "C bit-field" '/* x */' 'struct b {' '	uint64_t sn:1;'
bad include/posted/a.h "prototype without a comment" '/* One. */' 'int f(void);' 'int g(void);'
printf '#include <posted/hw/b.h>\n' | write src/hw/c.c
printf '%s\n' '/* Two. */' 'int f(int x,' '      int y);' 'int g(void);' '' 'int h(void);' |
	write include/posted/hw/b.h
refused include/posted/hw/b.h:7 "prototype without a comment"

# Doubts: each tag is named by name, among the choices, in whatever file of vectors it is.
mkdir -p "$top/tests/vectors"
printf '#id\ttags\na\tedge,unsure_one,bit\nb\tunsure_one_2\n' >"$top/tests/vectors/x.tsv"
printf '# Limits `unsure_one_2`\n## Choices\n* 1 (`unsure_one`).\n' >"$top/CAVEATS.md"
refused CAVEATS.md:1 '`unsure_one_2` of tests/vectors is not named'
mkdir -p "$top/tests/vectors"
printf 'a\tunsure_one\n' >"$top/tests/vectors/x.tsv"
printf '## Choices\n* 1 (`unsure_one`).\n' >"$top/CAVEATS.md"
accept "a tag that is named"
clean

# Shape.
bad src/hw/c.c "line of 101 columns" "	/* $(printf '%087d' 0) */"
bad src/hw/c.c "white space at the end" 'int x; '
bad src/hw/c.c "function's brace on the line of its name" 'int f(void) {'
{ echo 'int f(void)'; echo '{'; yes '	f();' | head -n 61; echo '}'; } | write src/hw/c.c
refused src/hw/c.c:3 "function of 61 lines"
{ echo 'int f(void)'; echo '{'; yes '	f();' | head -n 60; echo '}'; } | write src/hw/c.c
accept "a function of 60 lines"
clean
mkdir -p "$top/src/hw"
echo 'int x;' >"$top/src/hw/c.c"
refused src/hw/c.c:1 "no licence"
mkdir -p "$top/scripts"
printf '#!/bin/sh\necho\n' >"$top/scripts/x"
refused scripts/x:2 "no licence"

mkdir -p "$top/scripts"
printf '%s\n' '#!/bin/sh' '# SPDX-License-Identifier: BSD-2-Clause' 'set -u' 'd=$(mktemp -d)' \
	>"$top/scripts/x"
refused scripts/x:4 "a folder of its own that may not be there"
mkdir -p "$top/scripts"
printf '%s\n' '#!/bin/sh' '# SPDX-License-Identifier: BSD-2-Clause' 'd=$(mktemp -d) || exit' \
	'set -eu' 'd=$(mktemp -d)' >"$top/scripts/x"
accept "folders that are there"
clean

# The map.
echo 'Here is `a.c`.' >"$top/ARCHITECTURE.md"
echo 'int x;' | write src/explore/memory/c.c
refused src/explore/memory/c.c:1 "ARCHITECTURE.md does not name it"
echo 'Here is `a.c`.' >"$top/ARCHITECTURE.md"
echo 'int x;' | write src/hw/vtd/c.c
refused src/hw/vtd/c.c:1 "ARCHITECTURE.md does not name it"
echo 'Here is `c.c`.' >"$top/ARCHITECTURE.md"
echo '#include "explore/memory/c.h"' | write src/explore/memory/c.c
write src/explore/memory/c.h </dev/null
accept "a file that is named, and its header"
clean

# Words.
bad src/hw/c.c "unfinished" '/* TODO: later */'
bad src/hw/c.c "unfinished" '/* FIXME */'
bad src/hw/c.c "unfinished" '/* XXX */'
bad src/hw/c.c "unfinished" '/* a HACK, sorry */'
bad src/hw/c.c "unfinished" 'const char *f = "not implemented";'
bad src/hw/c.c "unfinished" 'const char *f = "/home/me/disk";'
echo 'See /root/notes.' >"$top/README.md"
refused README.md:1 "unfinished, or a path of one machine"

# Dead files.
echo 'int x;' | write src/hw/dead.c
refused src/hw/dead.c:1 "no meson.build lists it"
write src/hw/dead.h </dev/null
refused src/hw/dead.h:1 "no source includes it"
rm -rf "$top/src" "$top/include"
if sh "$tidy" "$top" >/dev/null; then
	echo "accepted an empty project"
	failed=1
fi

exit $failed
