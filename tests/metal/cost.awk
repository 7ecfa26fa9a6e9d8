# SPDX-License-Identifier: BSD-2-Clause
#
# cost.awk CEILING DOCUMENT: the table below "What it costs" has the figures of the ceiling, a
# row each: | `NAME` | text | instructions | VMREADs | VMWRITEs |
function wrong(text)
{
	print FILENAME ": " text
	bad = 1
}
NR == FNR {
	if (!/^#/)
		most[$1] = $2 " " $3 " " $4
	next
}
/^## / {
	here = $0 == "## What it costs"
}
here && /^\| `/ {
	split($0, column, / *\| */)
	name = column[2]
	gsub("`", "", name)
	figures = column[4] " " column[5] " " column[6]
	if (!(name in most))
		wrong(name ": not in tests/metal/ceiling")
	else if (figures != most[name])
		wrong(name ": " figures ", but " most[name] " in tests/metal/ceiling")
	seen[name] = 1
}
END {
	for (name in most)
		if (!(name in seen))
			wrong(name ": of tests/metal/ceiling, is not in the table")
	exit bad
}
