# SPDX-License-Identifier: BSD-2-Clause
#
# ceiling.awk CEILING SERIAL: what a run on the metal says of prices, against the most that each
# may be. Fails, with a line for each that is above it, not in the table, or only there.
function wrong(text)
{
	print "price " text
	bad = 1
}
function judge(name, what, price, most)
{
	sub(/.*=/, "", price)
	if (price !~ /^[0-9]+$/)
		wrong(name ": no count of " what)
	else if (price + 0 > most + 0)
		wrong(name ": " price " " what ", more than the " most " of tests/metal/ceiling")
}
NR == FNR && !/^#/ {
	instructions[$1] = $2
	reads[$1] = $3
	writes[$1] = $4
}
NR != FNR && $1 == "price" {
	if (!($2 in reads)) {
		wrong($2 ": not in tests/metal/ceiling")
		next
	}
	seen[$2] = 1
	judge($2, "instructions", $3, instructions[$2])
	judge($2, "VMREADs", $4, reads[$2])
	judge($2, "VMWRITEs", $5, writes[$2])
}
END {
	for (name in reads)
		if (!(name in seen))
			wrong(name ": of tests/metal/ceiling, but the run does not tell")
	exit bad
}
