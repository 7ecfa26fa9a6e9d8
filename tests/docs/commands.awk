# SPDX-License-Identifier: BSD-2-Clause
#
# The commands of a document, each a line `FILE:LINE<tab>command`, and after it the
# lines of output that the document shows for it, each behind a tab.
#
# Markdown: in a block, a line behind `$ ` with what follows as its output; in a block
# of sh, or one that is indented, every line; in prose, what is between backquotes and
# begins with posted. If a paragraph ends with such a command and a colon, the block
# after it is its output. Manuals: .Dl lines behind `$ `, and .It Li lines. Machine
# files: comments that are indented and have a command of ours.
function command(text) {
	sub(/ +# .*/, "", text)
	printf "%s:%d\t%s\n", name, FNR, text
}
function spans(text,   part, n, i) {
	n = split(text, part, "`")
	pending = 0
	for (i = 2; i <= n; i += 2)
		if (part[i] ~ /^posted [a-z]/ || part[i] ~ /^make /) {
			pending = (i == n - 1 && part[n] ~ /:$/)
			# A verb that is only named is no command.
			command(part[i] (!pending && part[i] ~ /^posted [a-z]*$/ ? " ..." : ""))
		}
}
function end_of_paragraph() {
	if (paragraph != "")
		spans(paragraph)
	paragraph = ""
}
# Lines that a backslash joins.
function joined(text) {
	text = kept text
	kept = ""
	if (text !~ /\\$/)
		return text
	kept = substr(text, 1, length(text) - 1)
	return ""
}
BEGIN { name = FILENAME }
FNR == 1 {
	name = FILENAME
	if (index(name, root "/") == 1)
		name = substr(name, length(root) + 2)
	kind = name ~ /\.md$/ ? "md" : name ~ /\.yaml$/ ? "yaml" : "man"
}
kind == "man" && /^\.Dl \$ / { command(substr($0, 7)) }
kind == "man" && /^\.It Li .*posted / { command(substr($0, 8)) }
kind == "yaml" && /^#   .*posted / { command(substr($0, 5)) }
kind != "md" { next }
/^```/ && !fence {
	end_of_paragraph()
	fence = 1
	sh = /^```sh/
	shown = pending
	pending = 0
	next
}
/^```/ { fence = 0; next }
fence && /^\$ / { command(substr($0, 3)); shown = 1; next }
fence && shown { print "\t" $0; next }
fence && sh { if (line = joined($0)) command(line); next }
fence { next }
/^    / && paragraph == "" {
	line = joined(substr($0, 5))
	if (line !~ /^#|^$/)
		command(line)
	next
}
/^$/ { end_of_paragraph(); next }
{ paragraph = paragraph (paragraph == "" ? "" : " ") $0 }
END { end_of_paragraph() }
