# SPDX-License-Identifier: BSD-2-Clause
#
# bug_table.awk BUGS.tsv: its rows in C.

# A dash is nothing.
function literal(text) {
	if (text == "-")
		return "NULL"
	gsub(/[\\"]/, "\\\\&", text)
	return "\"" text "\""
}

BEGIN {
	FS = "\t"
	print "#include \"cli/bug.h\"\n#include <stddef.h>\n\nconst struct bug bug_table[] = {"
}
FNR > 1 {
	printf "\t{ "
	for (i = 1; i <= 6; i++)
		printf "%s%s", literal($i), i < 6 ? ", " : " },\n"
}
END { print "\t{ .name = NULL },\n};" }
