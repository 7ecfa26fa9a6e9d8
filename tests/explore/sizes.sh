#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# sizes.sh ROOT: through no seam can a word of another size be accessed: each statement
# that tries is an error, whatever warnings are asked for; those that are right are none.
set -eu
root=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# A statement a line, of pointers to words of each size.
file() { # HEADER <STATEMENTS
	printf '%s\n' '#include <posted/atomic.h>' "#include <$1>" \
		'void f(uint8_t *b, uint16_t *h, uint32_t *w, uint64_t *d, struct pstd_pair *p,' \
		'void **v, int *i, short *s);' \
		'void f(uint8_t *b, uint16_t *h, uint32_t *w, uint64_t *d, struct pstd_pair *p,' \
		'void **v, int *i, short *s)' '{'
	sed 's/$/;/'
	echo '}'
}

compiles() { # COMPILER FLAGS
	# shellcheck disable=SC2086 # several words, or none
	"$1" -std=gnu17 -mcx16 -Wno-incompatible-pointer-types $2 -I"$root/include" -fsyntax-only \
		"$dir/it.c" 2>"$dir/said"
}

# Each of the statements is an error.
all_wrong() { # COMPILER FLAGS HEADER <STATEMENTS
	cat >"$dir/bad"
	file "$3" <"$dir/bad" >"$dir/it.c"
	compiles "$1" "$2" && { echo "$1 $2 takes everything"; return 1; }
	line=7 wrong=0
	while read -r statement; do
		line=$((line + 1))
		grep -q "it.c:$line:.*\(error: .*incompat\|words of eight\|macro .pstd_.*_ptr\)" \
			"$dir/said" || {
			echo "$1 $2 takes $statement"
			wrong=1
		}
	done <"$dir/bad"
	return $wrong
}

all_right() { # COMPILER FLAGS HEADER <STATEMENTS
	file "$3" >"$dir/it.c"
	compiles "$1" "$2" || {
		cat "$dir/said"
		return 1
	}
}

try_seam() { # COMPILER FLAGS
	printf '%s\n' 'pstd_load_relaxed(w)' 'pstd_load_acquire(h)' 'pstd_store_release(w, 1)' \
		'pstd_store_relaxed(i, 1)' 'pstd_exchange_seq(w, 1)' 'pstd_fetch_or_seq(w, 1)' \
		'pstd_fetch_and_seq(i, 1)' 'pstd_test_and_set_seq(w, 1)' \
		'pstd_cmpxchg_seq(w, d, 1)' '(void)pstd_cmpxchg_seq(d, w, 1)' \
		'pstd_load8_relaxed(w)' 'pstd_store8_release(d, 1)' \
		'pstd_exchange8_seq(h, 1)' '(void)pstd_load_ptr_acquire(w)' \
		'pstd_store_ptr_release(s, 0)' '(void)pstd_load_ptr_acquire(p)' \
		'pstd_load16_acquire(d)' 'pstd_cmpxchg16_seq(d, *p, *p)' |
		all_wrong "$1" "$2" stdint.h || failed=1
	printf '%s\n' 'pstd_load_relaxed(d)' 'pstd_store_release(d, 1)' 'pstd_load8_relaxed(b)' \
		'(void)pstd_load_ptr_acquire(v)' 'pstd_store_ptr_release(v, b)' \
		'pstd_load16_acquire(p)' 'pstd_cmpxchg_seq(d, d, 1)' |
		all_right "$1" "$2" stdint.h || failed=1
}

try_access() { # COMPILER FLAGS
	printf '%s\n' 'explore_load1(w)' 'explore_load2(b)' 'explore_load4(d)' 'explore_load8(w)' \
		'explore_store4(d, 1)' 'explore_store8(i, 1)' 'explore_rmw8(EXPLORE_ADD, w, 1)' \
		'explore_rmw4(EXPLORE_ADD, d, 1)' 'explore_cmpxchg2(h, w, 1)' \
		'explore_load16(d)' 'explore_lock(w)' |
		all_wrong "$1" "$2" explore/access.h || failed=1
	printf '%s\n' 'explore_load1(b)' 'explore_store2(h, 1)' \
		'explore_rmw4(EXPLORE_ADD, w, 1)' 'explore_cmpxchg8(d, d, 1)' |
		all_right "$1" "$2" explore/access.h || failed=1
}

for compiler in gcc clang; do
	command -v "$compiler" >/dev/null || continue
	try_seam "$compiler" ""
	try_seam "$compiler" "-I$root/src/world/include"
	try_access "$compiler" "-I$root/src/world/include"
done
exit $failed
