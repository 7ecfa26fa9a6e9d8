#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# objects.sh ROOT: a bug in a header is compiled into each source that includes it: no two
# sources below ROOT get the same object.
set -eu
root=$1
. "$(dirname "$0")/build.sh"

# Instead of a compiler: the object after -o is the path of its source, the last argument.
compile() {
	while [ "$1" != -o ]; do shift; done
	echo "$3" >>"$2"
}
cd "$root"
for file in $(find src/hw src/hyp src/check src/exec src/world src/scenarios -name '*.c'); do
	compile_source "$file"
done
twice=$(find "$dir" -name '*.o' -exec sh -c '[ "$(wc -l <"$1")" -eq 1 ] || cat "$1"' - {} \;)
[ -z "$twice" ] || { echo "these get one object:"; echo "$twice"; exit 1; }
[ -n "$(ls "$dir")" ] || { echo "no sources"; exit 1; }
