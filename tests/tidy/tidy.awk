# SPDX-License-Identifier: BSD-2-Clause
#
# The rules of the house that one file shows by itself: each breach is printed
# as file:line, what is wrong, what to do. Exit 1 if there was any. Paths are
# relative to the project's root. For any POSIX awk, LC_ALL=C.

function refuse(line, text)
{
	print FILENAME ":" line ": " text
	bad = 1
}

# The columns a line takes: tabs go to the next multiple of 8, UTF-8's later bytes take none.
function columns(s,   at, n)
{
	gsub(/[\200-\277]/, "", s)
	n = 0
	while ((at = index(s, "\t")) > 0) {
		n += at - 1
		n += 8 - n % 8
		s = substr(s, at + 1)
	}
	return n + length(s)
}

# The line without its comments, strings emptied; remembers an open comment for the next line.
function code_of(s,   out, at)
{
	out = ""
	while (s != "") {
		if (in_comment) {
			if (!(at = index(s, "*/")))
				return out
			s = substr(s, at + 2)
			in_comment = 0
		} else if (match(s, /^"([^"\\]|\\.)*"/)) {
			out = out "\"\""
			s = substr(s, RLENGTH + 1)
		} else if (match(s, /^'([^'\\]|\\.)+'/)) {
			out = out "0"
			s = substr(s, RLENGTH + 1)
		} else if (substr(s, 1, 2) == "/*") {
			in_comment = 1
			s = substr(s, 3)
		} else if (substr(s, 1, 2) == "//") {
			return out
		} else {
			out = out substr(s, 1, 1)
			s = substr(s, 2)
		}
	}
	return out
}

# Which room of the house a file is in.
function room_of(path,   part)
{
	# An adapter is compiled as users' files are, with a tree's headers.
	if (path ~ /^src\/adapt\/[^\/]*\//)
		return ""
	if (path ~ /^include\/posted\/hw\//)
		return "posted/hw"
	if (path ~ /^include\/posted\//)
		return "posted"
	if (path ~ /^include\/explore\//)
		return "libexplore"
	if (split(path, part, "/") > 3 && part[1] == "src" && part[2] ~ /^(explore|hw)$/)
		return part[2] "/" part[3]
	if (part[1] == "src" && part[3] != "")
		return part[2]
	return ""
}

function check_spdx()
{
	if (FNR == 1 && /^#!/)
		spdx_line = 2
	if (FNR == spdx_line && !/SPDX-License-Identifier: BSD-2-Clause/)
		refuse(FNR, "no licence; begin the file with an SPDX-License-Identifier comment, " \
		       "BSD-2-Clause")
}

function check_text()
{
	if (columns($0) > 100)
		refuse(FNR, "line of " columns($0) " columns; break it at 100")
	if (/[ \t]$/)
		refuse(FNR, "white space at the end of the line; remove it")
}

function check_include(   path, dir)
{
	path = $0
	sub(/^[ \t]*#[ \t]*include[ \t]*/, "", path)
	dir = path
	sub(/^[<"]/, "", dir)
	if (dir ~ /^posted\/hw\//)
		dir = "posted/hw"
	else if (dir ~ /^(explore|hw)\/[a-z]*\//)
		sub(/\/[^\/]*$/, "", dir)
	else
		sub(/\/.*/, "", dir)
	if (path ~ /^"[^\/]*$/)
		refuse(FNR, "include without its folder; write it relative to src/")
	else if (room == "guest" && path ~ /^"dev\/[a-z_]*_regs\.h"/)
		return
	else if ((path ~ /^"/ || dir == "posted/hw") && !((room " " dir) in may))
		refuse(FNR, room " may not include " dir "/; keep to the layers of ARCHITECTURE.md")
	else if (path ~ /^</ && room in free && path !~ /^<posted\// &&
	         FILENAME != "include/posted/types.h")
		refuse(FNR, room " is freestanding; include only posted/, types.h for types")
	else if (path ~ /^</ && room == "libexplore" && path !~ /^<(explore\/|std[a-z]*\.h>)/)
		refuse(FNR, "libexplore's face is for anybody; include only explore/ and std*.h")
}

# Executors are chosen by include path and link.
function check_condition(code)
{
	if (code !~ /^[ \t]*#[ \t]*(if|elif)/ || code ~ /^#ifndef [A-Z0-9_]+_H$/)
		return
	if (code ~ /EXPLOR|EXECUTOR|THREADS/)
		refuse(FNR, "condition on the executor; choose it by include path instead")
	else if (room in free &&
	         code !~ /(__cplusplus|__SSE2__|!defined\(__SANITIZE_THREAD__\))$/)
		refuse(FNR, "conditional code in " room "; one source for every executor")
}

function check_seam(code)
{
	if (room in free && room != "posted" &&
	    code ~ /__atomic|__sync|_Atomic|stdatomic|__asm__|volatile/)
		refuse(FNR, "shared memory past the seam; use or extend posted/atomic.h")
}

# The headers of libposted and libposted-hw.
function check_face(code)
{
	if (room !~ /^posted/)
		return
	if (code ~ /^[ \t]+[a-z][a-z_0-9 ]*[ \t][a-z_0-9]*[ \t]*:[ \t]*[0-9A-Z]/ &&
	    code !~ /^[ \t]+(case|return) /)
		refuse(FNR, "C bit-field; use a word and a mask of PSTD_BITS")
	if (code ~ /^[a-z][^=]*\(/ && code !~ /^(static|typedef|extern "")/ && !comment_above)
		refuse(FNR, "prototype without a comment; say what it does and who may call it")
}

function check_function(code)
{
	if (code ~ /^[a-z].*\)[ \t]*\{/)
		refuse(FNR, "function's brace on the line of its name; put it on a line of its own")
	if (code ~ /^\{/)
		body = FNR
	if (code ~ /^\}/ && body) {
		if (FNR - body - 1 > 60)
			refuse(body, "function of " FNR - body - 1 " lines; split it at 60")
		body = 0
	}
}

# A folder that could not be made has an empty name, and all that follows happens elsewhere.
function check_shell()
{
	if (/^set -[a-z]*e/)
		stops = 1
	if (/^[ \t]*[a-z]+=\$\(mktemp/ && !/\|\|/ && !stops)
		refuse(FNR, "a folder of its own that may not be there; end it with || exit")
}

BEGIN {
	free["posted"] = free["posted/hw"] = free["hyp"] = free["hw"] = 1
	free["hw/acpi"] = free["hw/apic"] = free["hw/cpu"] = free["hw/vtd"] = 1
	n = split("posted:posted posted/hw:posted/hw hyp:hyp hw:hw hw/acpi:hw/acpi " \
	          "hw/apic:hw/apic hw/cpu:hw/cpu hw/vtd:hw/vtd exec:hyp,hw,exec " \
	          "check:hyp,hw,exec,check " \
	          "explore: explore/memory:explore/memory " \
	          "explore/schedule:explore/memory,explore/schedule " \
	          "explore/seam:explore/memory,explore/schedule,explore/seam " \
	          "explore/search:explore/memory,explore/schedule,explore/search " \
	          "explore/report:explore/memory,explore/schedule,explore/search,explore/report " \
	          "explore/module:explore/module cc:cc libexplore: " \
	          "world:hyp,hw,exec,check,world " \
	          "scenarios:hyp,hw,exec,check,world,scenarios " \
	          "dev:exec,dev guest:exec,guest " \
	          "adapt:adapt " \
	          "cli:hyp,hw,exec,check,world,scenarios,dev,guest,cli,adapt,explore/module",
	          rooms, " ")
	for (i = 1; i <= n; i++) {
		split(rooms[i], pair, ":")
		known[pair[1]] = 1
		m = split(pair[2], list, ",")
		for (j = 1; j <= m; j++) {
			may[pair[1] " " list[j]] = 1
			if (list[j] ~ /^hw/)
				may[pair[1] " posted/hw"] = 1
		}
	}
}

FNR == 1 {
	spdx_line = 1
	in_comment = body = comment_above = stops = 0
	room = room_of(FILENAME)
	is_c = FILENAME ~ /\.(c|h|cc)$/
	if (room != "" && !(room in known))
		refuse(1, "src/" room " is no layer; give it a place in tests/tidy/tidy.awk")
}

{
	check_spdx()
	check_text()
}

!is_c {
	check_shell()
}

is_c {
	was_in_comment = in_comment
	code = code_of($0)
	sub(/[ \t]+$/, "", code)
	if (code ~ /^[ \t]*#[ \t]*include/ && room != "")
		check_include()
	check_condition(code)
	check_seam(code)
	check_face(code)
	check_function(code)
	# The last line of a comment, or a further line of the declaration it stands above. In
	# posted/hw it may stand above several declarations.
	ends = room == "posted/hw" ? "([,(]|\\);)$" : "[,(]$"
	comment_above = !in_comment && code == "" && /\*\/$/ || code ~ ends && comment_above
}

END { exit bad }
