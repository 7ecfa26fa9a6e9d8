#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# fetch.sh ROOT: scripts/bochs, with an apt of this test's own: what it keeps, how often it
# fetches, and what it leaves behind.
set -u
bochs=$1/scripts/bochs
. "$(dirname "$0")/fake.sh"
tree=$cache/$name

# refused REASON: there is none, which one line says.
refused() {
	expect 77 "$bochs"
	has "$err" "^bochs: no bochs-3.0: .*$1"
	[ "$(wc -l <"$err")" -eq 1 ] || wrong "more than a line"
	[ ! -e "$tree" ] || wrong "a tree"
	clean
}

# Nothing to be had.
publish 3.0-1 </dev/null
: >"$mirror/off"
refused 'Failed to fetch anything'
rm "$mirror/off"
echo 2.7-1 >"$mirror/listed"
refused '2.7-1 .* no posted interrupts'
echo 3.0-1 >"$mirror/listed"
mv "$mirror/bochs.deb" "$mirror/hidden"
refused '404 bochs'
mv "$mirror/hidden" "$mirror/bochs.deb"
cp "$mirror/bochs.deb" "$mirror/whole"
head -c 300 "$mirror/whole" >"$mirror/bochs.deb"
refused 'cannot unpack bochs.deb into '
mv "$mirror/whole" "$mirror/bochs.deb"
printf '#!/bin/sh\necho arm64\n' >"$dir/bin/dpkg"
chmod +x "$dir/bin/dpkg"
refused 'not amd64'
rm "$dir/bin/dpkg"

once "$bochs"
has "$tree/debian-version" '^bochs 3.0-1$'
has "$tree/usr/bin/bochs-bin" '^3.0-1$'
[ -d "$tree/usr/share/bochs" ] || wrong "a folder that is wanted is missing"
[ ! -e "$tree/usr/share/icons" ] || wrong "a folder that nobody wants"

# What is there needs no network; looked anew, it is fetched if it is another.
: >"$mirror/off"
expect 0 "$bochs"
rm "$mirror/off"
expect 0 "$bochs" --refresh
downloads 1
publish 3.0-2 </dev/null
expect 0 "$bochs" --refresh
has "$out" "^$tree\$"
has "$tree/usr/bin/bochs-bin" '^3.0-2$'
downloads 2
clean

# What does not come in time leaves what is there.
: >"$mirror/slow"
publish 3.0-3 </dev/null
export POSTED_BOCHS_SECONDS=1
expect 77 "$bochs" --refresh
has "$err" 'did not come in 1 seconds'
has "$tree/usr/bin/bochs-bin" '^3.0-2$'
clean

expect 2 "$bochs" 2.7
exit $failed
