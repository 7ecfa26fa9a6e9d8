# SPDX-License-Identifier: BSD-2-Clause
#
# What of a run's output is the same in every run: the words above the table, and the
# labels of its rows, but for rows that are there only if something happened. What
# follows the table depends on its figures.
/^        +[^ ]/ && !table { # the columns' names
	print top
	table = 1
	next
}
!table && /[^ ]/ {
	gsub(/[0-9][0-9.,]*/, "#")
	gsub(/^ +| +$/, "")
	top = top " " $0
}
!table { next }
/^$/ { exit }
/^ +[A-Z_]+ / { next } # an exit reason
/^  (preemptions|moves|wake-ups|of the file)/ { next }
/^(steal|run delay|entry cache)/ { next }
{
	sub(/^  /, "> ")
	sub(/  .*/, "") # the cells
	print
}
