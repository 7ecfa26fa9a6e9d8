# SPDX-License-Identifier: BSD-2-Clause
#
# judge.awk EXCUSED LINES: LINES is what gcov prints of each object file. Prints the lines
# of src/hyp that are neither executed nor excused, and excuses that do not apply (any more).
# There must be enough lines, or gcov has shown something else.

function trim(text)
{
	gsub(/^[ \t]+|[ \t]+$/, "", text)
	return text
}

function complain(text)
{
	print text
	bad = 1
}

# The function that a line of C at the margin begins, as the house lays them out.
function named(text)
{
	if (text !~ /^[a-z].*\(/ || text ~ /;$/)
		return ""
	sub(/\(.*/, "", text)
	sub(/.*[ *]/, "", text)
	return text
}

# Excuses.
FILENAME == ARGV[1] && (/^#/ || /^$/) { next }
FILENAME == ARGV[1] && /^\t/ {
	for (; reasonless; reasonless--)
		reason[excuses - reasonless + 1] = 1
	next
}
FILENAME == ARGV[1] {
	text = $0
	sub(/^[^ ]+ [^ ]+ /, "", text)
	at[++excuses] = FILENAME ":" FNR
	excuse[$1, $2, text] = excuses
	reasonless++
	next
}

# gcov: count, number, text; by "Source:" the file that follows.
/^ *-: *0:Source:/ {
	path = $0
	sub(/.*:Source:/, "", path)
	file = path
	counts = sub(/.*\/src\/hyp\//, "", file)
	function_ = ""
	next
}
!counts || !/^[^:]+:[^:]+:/ { next }
{
	split($0, part, ":")
	count = trim(part[1])
	number = part[2] + 0
	text = substr($0, length(part[1] part[2]) + 3)
	if (named(text))
		function_ = named(text)
	if (count == "-")
		next
	key = file ":" number
	if (!(key in shown)) {
		line[++lines] = key
		shown[key] = trim(text)
		of[key] = function_
		name[key] = file
	}
	executed[key] += count + 0
}

END {
	for (i = 1; i <= lines; i++) {
		key = line[i]
		whole = excuse[name[key], of[key], "*"]
		single = excuse[name[key], of[key], shown[key]]
		if (executed[key]) {
			done++
			if (whole)
				over[whole] = "is executed: " key ": " shown[key]
			continue
		}
		if (whole || single)
			applies[whole ? whole : single] = 1
		else
			complain("src/hyp/" key ": never executed: " shown[key])
		excused += whole || single ? 1 : 0
	}
	for (i = 1; i <= excuses; i++) {
		if (over[i])
			complain(at[i] ": no excuse any more, for it " over[i])
		else if (!applies[i])
			complain(at[i] ": no excuse: there is no such line, or it is executed")
		if (!reason[i])
			complain(at[i] ": no reason is given")
	}
	printf "%d of %d lines of src/hyp are executed, %d are excused\n", done, lines, excused
	if (lines < enough)
		complain("gcov showed hardly any line of src/hyp")
	exit bad
}
