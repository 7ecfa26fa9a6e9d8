#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# completion.sh SHELL FILE POSTED: what the completion in FILE offers in that shell,
# which runs as for a user: on a terminal, where keys are typed.
set -u
shell=$1 file=$2 posted=$(realpath "$3")
command -v "$shell" >/dev/null || { echo "skipped: no $shell"; exit 77; }
command -v script >/dev/null || { echo "skipped: no script(1), which makes terminals"; exit 77; }
. "$(dirname "$0")/lib.sh"
mkdir "$dir/bin" "$dir/work" "$dir/home"
cp "$file" "$dir/_posted"
cd "$dir/work" || exit
touch machine.yaml other.txt 'zero file.json'

# The command says what it was given, but its scenarios and bugs are its own.
cat >"$dir/bin/posted" <<-END
	#!/bin/sh
	case \$* in check | bugs) exec "$posted" "\$@" ;; esac
	{ echo given; printf '%s\n' "\$@"; } >>"$dir/given"
END
chmod +x "$dir/bin/posted"

# A line that is typed up to there, and the words that are offered for its last one.
cat >"$dir/cases" <<-'END'
	posted r|replay run
	posted help che|check
	posted run --hi|--histogram
	posted check --max-s|--max-schedules --max-seconds --max-steps
	posted run --way po|posted
	posted run --way=po|posted
	posted run --way=|irqfd posted user
	posted run --way=user,i|irqfd
	posted run --compare apicv,x2|x2apic
	posted run --compare=apicv,ipiv,|posted_msi x2apic
	posted run --seconds |
	posted run ma|machine.yaml
	posted run oth|
	posted dmar mach|machine.yaml
	posted run --histogram ot|other.txt
	posted dmar --output=ot|other.txt
	posted check irqf|irqfd
	posted check --merge zer|zero file.json
	posted bugs no-f|no-fence
	posted check --bug no-fe|no-fence
	posted replay --bug=no-fe|no-fence
	posted replay --show=pid,vm|vmcs
	posted replay irqf|irqfd
	posted replay --ran|--random
	posted decode oth|other.txt
	posted version --js|--json
END
[ "$("$posted" check 2>/dev/null | grep -c '^  irqf')" != 0 ] || sed -i /irqf/d "$dir/cases"

# Key sequences that put all that is offered into the line.
keys() {
	while IFS='|' read -r line _; do
		printf '%s%b\n' "$line" "$1"
	done <"$dir/cases"
	echo exit
}
# on_terminal COMMAND: with these keys; a shell that hangs is stopped.
on_terminal() {
	timeout 30 env -i PATH="$dir/bin:$PATH" HOME="$dir/home" TERM=dumb LC_ALL=C.UTF-8 \
		script -qec "$1" /dev/null >"$out" 2>&1
}
: >"$dir/given"
case $shell in
bash)
	echo ". '$dir/_posted'" >"$dir/rc"
	keys '\033*' | on_terminal "bash --noprofile --rcfile '$dir/rc' -i"
	;;
zsh)
	cat >"$dir/home/.zshrc" <<-END
		fpath=('$dir' \$fpath)
		autoload -Uz compinit
		compinit -u -D
		zle -C all-matches complete-word _generic
		bindkey '^Xa' all-matches
		zstyle ':completion:all-matches:*' completer _all_matches _complete
		zstyle ':completion:all-matches:*' insert true
	END
	keys '\030a' | on_terminal 'zsh -i'
	;;
fish)
	while IFS='|' read -r line _; do
		echo "echo given; complete -C '$line'"
	done <"$dir/cases" >"$dir/ask.fish"
	env PATH="$dir/bin:$PATH" HOME="$dir/home" LC_ALL=C.UTF-8 \
		fish --no-config -c "source '$dir/_posted'; source '$dir/ask.fish'" >"$dir/given"
	;;
esac

# Of the words that came, those that were offered, as plain words in order.
sort_offers() {
	sed -e 's/\t.*//' -e 's/^--[a-z-]*=//' -e 's/.*,//' -e 's/\\//g' |
		sort | tr '\n' ' ' | sed 's/ $//'
}
number=0
while IFS='|' read -r line wanted; do
	number=$((number + 1))
	awk -v n=$number '/^given$/ { at++; next } at == n' "$dir/given" >"$dir/words"
	before=$(echo "$line" | awk '{ print NF - 2 + / $/ }')
	[ "$shell" != fish ] || before=0
	got=$(tail -n +$((before + 1)) "$dir/words" | sort_offers)
	# A word that stays as it was typed.
	[ "$got" != "${line##* }" ] || got=
	[ "$got" = "$wanted" ] || { echo "$line: offers \"$got\", not \"$wanted\""; failed=1; }
done <"$dir/cases"
exit $failed
