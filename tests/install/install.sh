#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# install.sh ROOT BUILD COMPILER: stages what scripts/install installs, looks for
# every part, builds a program against libposted as a stranger would, both ways, and
# uninstalls it.
set -eu
root=$1 build=$2 cc=$3
dest=$(mktemp -d)
trap 'rm -rf "$dest"' EXIT
export DESTDIR="$dest/root"

# Of others, and there before: it stays.
mkdir -p "$DESTDIR/usr/local/bin"
echo other >"$DESTDIR/usr/local/bin/other"
PREFIX='' "$root/scripts/install" "$build" >"$dest/said"
grep -q "^posted: installed in $DESTDIR/" "$dest/said" || { cat "$dest/said"; exit 1; }

# The one installed file whose path ends like this.
installed() {
	found=$(find "$DESTDIR" -path "*/$1" ! -path '*/share/posted/src/*' ! -type d)
	[ "$(echo "$found" | wc -l)" -eq 1 ] && [ -n "$found" ] && return
	echo "expected one installed $1, found: ${found:-none}"
	exit 1
}

for part in bin/posted man/man1/posted.1 bash-completion/completions/posted \
	zsh/site-functions/_posted fish/vendor_completions.d/posted.fish \
	libposted.a libposted.so libposted.so.0 \
	libposted-hw.a libposted-hw.so libposted-hw.so.0 pkgconfig/posted-hw.pc \
	libexplore.a pkgconfig/explore.pc \
	share/doc/posted/embedding.md share/posted/examples/embed.c; do
	installed "$part"
done
for header in "$root"/include/posted/*.h "$root"/include/posted/hw/*.h \
	"$root"/include/posted/hw/*/*.h "$root"/include/explore/*.h; do
	installed "include/${header#"$root/include/"}"
done
unexpected=$(find "$DESTDIR" -path '*/lib/*' -name '*.a' \
	! -name libposted.a ! -name libposted-hw.a ! -name libexplore.a \
	! -path '*/posted/libscenarios.a')
[ -z "$unexpected" ] || { echo "installed, but nobody's: $unexpected"; exit 1; }

installed libposted.so.0
needs=$(nm -D -u "$found")
[ -z "$needs" ] || { echo "libposted.so needs: $needs"; exit 1; }
libdir=$(dirname "$found")
installed libposted-hw.so.0
needs=$(nm -D -u "$found" | grep -vE ' (w .*|U mem(cpy|set|move|cmp)@.*)$' || :)
[ -z "$needs" ] || { echo "libposted-hw.so needs: $needs"; exit 1; }
installed bin/posted
"$found" --version >/dev/null

# A bug is put into the sources that are installed, far from those of the build.
status=0
(cd "$dest" && "$found" check --quiet --bug no-fence) >"$dest/said" 2>&1 || status=$?
[ $status -eq 1 ] && grep -q "^replay: posted replay --bug no-fence 'enter:" "$dest/said" || {
	echo "posted check --bug: exit $status, not 1"
	cat "$dest/said"
	exit 1
}

cat >"$dest/user.c" <<-'END'
	#include <posted/hyp.h>

	int main(void)
	{
		static struct pstd_hyp h = { .vectors = PSTD_LINUX_VECTORS };
		static struct pstd_pcpu p = { .hyp = &h };
		static struct pstd_desc d;

		return pstd_pcpu_init(&p) || p.wakeup.next != &p.wakeup ||
		       pstd_test_and_set_pir(&d, 0x41) || pstd_pir_empty(&d);
	}
END
installed pkgconfig/posted.pc
export PKG_CONFIG_PATH="${found%/*}" PKG_CONFIG_SYSROOT_DIR="$DESTDIR"
flags=$(pkg-config --cflags posted)
"$cc" -Wall -Wextra -Werror "$dest/user.c" $flags $(pkg-config --libs posted) -o "$dest/shared"
"$cc" -Wall -Wextra -Werror "$dest/user.c" $flags "$libdir/libposted.a" -o "$dest/static"
LD_LIBRARY_PATH=$libdir "$dest/shared"
"$dest/static"

# As one who embeds it does.
for compiler in gcc clang; do
	sh "$root/tests/install/lift.sh" "$DESTDIR" $compiler "$root/tests/freestanding/types" ||
		[ $? -eq 77 ]
done

installed share/posted/examples/metal/build.sh
CC=$cc sh "$found" "$dest/metal"
[ -s "$dest/metal/disk.img" ] || { echo "examples/metal: no disk image"; exit 1; }
# What is to be read about it names files that are there.
installed share/posted/examples/metal/README.md
for file in $(grep -oE '`[a-z]+[.](c|h|S|sh|ld)' "$found" | tr -d '`'); do
	[ -e "${found%/*}/$file" ] || { echo "$found: $file is not installed"; exit 1; }
done

# A user's code under the explorer, by the command as it is installed, and by a program.
installed bin/posted
"$found" cc "$root/examples/own/pi.c" -o "$dest/pi.so" >/dev/null
"$found" check --quiet --load "$dest/pi.so" block >/dev/null
cat >"$dest/explores.c" <<-'END'
	#include <explore/access.h>
	#include <explore/search.h>

	static uint64_t word[2], seen[2];
	static struct { uint64_t *mine, *other, *seen; } of[2] = {
		{ &word[0], &word[1], &seen[0] }, { &word[1], &word[0], &seen[1] },
	};

	/* Names that the library has, too, for itself. */
	void run(void *arg)
	{
		int i = *(int *)arg;

		explore_store8(of[i].mine, 1);
		*of[i].seen = explore_load8(of[i].other);
	}
	static int zero = 0, one = 1;
	const struct explore_agent agents[] = { { "a", run, &zero }, { "b", run, &one } };
	static void judge(void)
	{
		if (!seen[0] && !seen[1])
			explore_fail("neither saw the other's store");
	}

	int main(void)
	{
		static const struct explore_scenario s = {
			.name = "buffers", .agents = agents, .agent_count = 2, .state = word,
			.state_size = sizeof(word), .finish = judge,
		};
		const struct explore_options tso = { 0 }, sc = { .sc = true };
		struct explore_totals t;

		return explore_search(&s, &tso, &t) != EXPLORE_VIOLATED ||
		       explore_search(&s, &sc, &t) != EXPLORE_PROVED;
	}
END
installed pkgconfig/explore.pc
"$cc" -Wall "$dest/explores.c" -o "$dest/explores" \
	$(pkg-config --cflags --libs --static explore)
"$dest/explores"
cat >"$dest/loads.c" <<-'END'
	#include <explore/load.h>
	#include <explore/search.h>

	int main(int argc, char **argv)
	{
		const struct explore_options tso = { 0 };
		char error[EXPLORE_LOAD_ERROR];
		struct explore_totals t;
		struct explore_module m;

		if (argc != 2 || !explore_module_load(argv[1], &m, error)) {
			puts(argc == 2 ? error : "which?");
			return 1;
		}
		return m.count != 2 ||
		       explore_search(&m.scenario[0], &tso, &t) != EXPLORE_VIOLATED ||
		       explore_search(&m.scenario[1], &tso, &t) != EXPLORE_PROVED;
	}
END
"$cc" -Wall "$dest/loads.c" -o "$dest/loads" -Wl,--export-dynamic-symbol='explore_*' \
	$(pkg-config --cflags --libs --static explore)
"$dest/loads" "$dest/pi.so"

"$root/scripts/uninstall" "$build" >"$dest/said"
left=$(find "$dest/root" ! -type d)
[ "$left" = "$DESTDIR/usr/local/bin/other" ] || { echo "uninstalled, but there: $left"; exit 1; }
