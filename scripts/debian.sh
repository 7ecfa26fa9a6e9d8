# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# For scripts that fetch something of Debian's once and keep it: $tree, the folder $name of
# $cache. apt works in a state of its own, $work, with the mirrors that this machine's apt
# sources name: the machine's lists and packages stay as they are, and nobody needs to be
# root. Whoever sources this has set $name, $cache, $tree, $patience (seconds that each call
# of apt may take), $refresh and $files, what he wants in $tree. The file debian-version there
# says what it is: the package and its version; then the files that were wanted.

give_up() {
	echo "${0##*/}: no $name: $1" >&2
	exit 77
}

# Whether the tree is there, with all the files that are wanted today.
have() { [ "$(sed -n 2p "$tree/debian-version" 2>/dev/null)" = "$files" ]; }
# has PACKAGE-AND-VERSION: whether it is of these.
has() { have && [ "$(head -n 1 "$tree/debian-version")" = "$1" ]; }

# Ends with the tree that is there, if one is and nobody asked for a newer one.
use_cached() {
	if have && [ -z "$refresh" ]; then
		echo "$tree"
		exit
	fi
}

# private ARGUMENT...: apt-get in the private state, with what it says in $work/log.
private() {
	timeout --foreground -k 5 "$patience" apt-get -q -c "$work/apt.conf" "$@" \
		>>"$work/log" 2>&1 9>&-
}

# What apt complained of first.
complaint() {
	grep '^[EW]: ' "$work/log" | head -n 1 | cut -c 4-300 | grep . || echo 'it is not there'
}

# The private state. What the machine does after an update is for its own.
configure() {
	mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
	cat >"$work/apt.conf" <<-END
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		Dir::Etc::sourcelist "$work/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "-";
		Dir::Etc::preferencesparts "/dev/null";
		Dir::State::lists "$work/lists";
		Dir::Cache "$work/cache";
		Acquire::Languages "none";
		Acquire::Check-Valid-Until "false";
		Acquire::Retries "1";
		Acquire::http::Timeout "20";
		Acquire::https::Timeout "20";
	END
	# The cache may be where root alone comes.
	[ "$(id -u)" -ne 0 ] || echo 'APT::Sandbox::User "root";' >>"$work/apt.conf"
}

# mirror PATTERN: the first of the machine's apt sources with such a suite; one that is
# called debian, if there is.
mirror() {
	sed -nE "s,^'(.*)/dists/($1)/InRelease'.*,\\1,p" "$work/named" >"$work/found"
	grep -E '/debian(-security)?$' "$work/found" | head -n 1 | grep . || head -n 1 "$work/found"
}

# The machine's mirrors, $main and $security (which may be empty), and how Debian's sources
# are signed, $signed, an option in a list of sources: whatever form the machine's own have.
find_mirrors() {
	apt-get update --print-uris >"$work/named" 2>>"$work/log" ||
		give_up "apt cannot read this machine's sources: $(complaint)"
	codes='bullseye|bookworm|trixie|forky|(old)*stable|testing|unstable|sid'
	main=$(mirror "$codes")
	security=$(mirror "($codes)(-security|/updates)")
	[ -n "$main" ] || give_up "this machine's apt sources name no mirror of Debian"
	key=/usr/share/keyrings/debian-archive-keyring.gpg signed=
	[ ! -r $key ] || signed="signed-by=$key"
}

update() {
	private update || [ $? -ne 124 ] ||
		give_up "no answer from its mirrors in $patience seconds"
}

# wants TOOL...: gives up where one is missing.
wants() {
	for tool in apt-get apt-cache dpkg-deb flock timeout "$@"; do
		command -v "$tool" >/dev/null ||
			give_up "it is fetched from Debian, and there is no $tool"
	done
}

# One at a time; who waited finds what the other has fetched. What is made is made in $work,
# beside the tree, and goes with it whatever happens.
begin() {
	mkdir -p "$cache" 2>/dev/null || give_up "cannot write into $cache"
	cache=$(cd "$cache" && pwd) tree=$cache/$name
	[ -w "$cache" ] || give_up "cannot write into $cache"
	exec 9>"$cache/.$name.lock"
	flock 9
	use_cached
	rm -rf "$cache/.$name".new.* # of one that was killed: nobody else has the lock
	work=$(mktemp -d "$cache/.$name.new.XXXXXX") || give_up "cannot write into $cache"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	configure
	find_mirrors
}

# made PACKAGE-AND-VERSION: $work/tree is whole.
made() {
	printf '%s\n' "$1" "$files" >"$work/tree/debian-version" ||
		give_up "cannot write into $cache, see above"
}

# Puts $work/tree, if there is one, where the tree is, and prints where that is.
finish() {
	if [ -d "$work/tree" ]; then
		[ ! -d "$tree" ] || mv "$tree" "$work/old"
		mv -T "$work/tree" "$tree"
	fi
	echo "$tree"
}
