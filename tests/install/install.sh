#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# install.sh BUILD COMPILER: installs into a scratch directory, looks for every
# part, and builds a program against libposted as a stranger would, both ways.
set -eu
build=$1 cc=$2
dest=$(mktemp -d)
trap 'rm -rf "$dest"' EXIT

DESTDIR=$dest/root meson install -C "$build" --no-rebuild --quiet

# The one installed file whose path ends like this.
installed() {
	found=$(find "$dest/root" -path "*/$1" ! -type d)
	[ "$(echo "$found" | wc -l)" -eq 1 ] && [ -n "$found" ] && return
	echo "expected one installed $1, found: ${found:-none}"
	exit 1
}

for part in bin/posted man/man1/posted.1 bash-completion/completions/posted \
	libposted.a libposted.so libposted.so.0; do
	installed "$part"
done
for header in include/posted/*.h; do
	installed "$header"
done
unexpected=$(find "$dest/root" -path '*/lib/*' -name '*.a' ! -name libposted.a)
[ -z "$unexpected" ] || { echo "installed, but nobody's: $unexpected"; exit 1; }

installed libposted.so.0
needs=$(nm -D -u "$found")
[ -z "$needs" ] || { echo "libposted.so needs: $needs"; exit 1; }
libdir=$(dirname "$found")
installed bin/posted
"$found" --version >/dev/null

cat >"$dest/user.c" <<-'END'
	#include <posted/hyp.h>

	int main(void)
	{
		static struct hyp_pcpu p;
		static struct pi_desc d;

		hyp_pcpu_init(&p);
		return pi_test_and_set_pir(&d, 0x41) || pi_pir_empty(&d) ||
		       p.wakeup.next != &p.wakeup;
	}
END
installed pkgconfig/posted.pc
export PKG_CONFIG_PATH="${found%/*}" PKG_CONFIG_SYSROOT_DIR="$dest/root"
flags=$(pkg-config --cflags posted)
"$cc" -Wall -Wextra -Werror "$dest/user.c" $flags $(pkg-config --libs posted) -o "$dest/shared"
"$cc" -Wall -Wextra -Werror "$dest/user.c" $flags "$libdir/libposted.a" -o "$dest/static"
LD_LIBRARY_PATH=$libdir "$dest/shared"
"$dest/static"
