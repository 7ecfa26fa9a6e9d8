#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# modules.sh POSTED ROOT: files that are no modules are refused before anything of them
# runs: exit 2, and a sentence; never a crash, nor a verdict.
set -u
posted=$(realpath "$1") root=$2
. "$root/tests/cli/lib.sh"
cd "$dir" || exit

# no FILE PATTERN: it is refused with these words.
no() {
	expect 2 "$posted" check --quiet --load "$1"
	has "$err" "^posted check: --load: $1.*$2"
	! grep -q verdict "$out" || wrong "$1: a verdict"
}
expect 0 "$posted" cc "$root/examples/own/pi.c" -o good.so

no none.so 'No such file'
no . 'no regular file'
mkfifo pipe
no pipe 'no regular file'
: >empty.so
no empty.so 'is empty'
echo 'int x;' >text.so
no text.so 'is no ELF file'
ln -s "$(command -v cat)" program
no program 'is a program'
printf 'int f(int x) { return x + 1; }\n' >plain.c
cc -shared -fPIC plain.c -o plain.so
no plain.so 'was not built by posted cc'
cc -c plain.c -o plain.o
no plain.o 'is an object that is not linked'
cc -shared -fPIC -fsanitize=thread -g "$root/examples/own/pi.c" -I"$root/include" -o tsan.so
no tsan.so 'was not built by posted cc'

# byte FILE OFFSET OCTAL: a copy of the module with that byte.
byte() {
	cp good.so "$1"
	printf "\\$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
byte arm.so 18 267
no arm.so 'another architecture'
byte small.so 4 1
no small.so 'another architecture'
# The note: name, then the version.
note=$(readelf -SW good.so | sed -n 's/.* \.note\.explore *NOTE *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')
byte old.so $((0x$note + 20)) 7
no old.so 'built for another version'
byte other.so $((0x$note + 24)) 7
no other.so 'built for another version'

size=$(wc -c <good.so)
for part in 1 63 64 200 1000 $((size / 2)) $((size * 3 / 4)) $((size - 1)); do
	head -c $part good.so >cut.so
	no cut.so ''
done
has "$err" 'is truncated'

# made CODE: of this code a module, that check then refuses.
made() {
	{
		echo '#include <explore/module.h>'
		cat
	} >made.c
	expect 0 "$posted" cc -w made.c -o made.so
}
agents='static void run(void *arg) {}
static const struct explore_agent agents[] = { { "one", run } };'
made <<-END
	$agents
	char big[300000];
	EXPLORE_SCENARIO(here, "x", EXPLORE_AGENTS_OF(agents));
END
no made.so 'bytes of static data, and the explorer has room for 262144'
made <<-END
	$agents
	EXPLORE_SCENARIO(here, "x", .agent_count = 1);
END
no made.so 'scenario here has 1 agents'
made <<-END
	$agents
	EXPLORE_SCENARIO(here, "x", .agents = agents, .agent_count = 9);
END
no made.so 'scenario here has 9 agents: it takes 1 to 8'
made <<-END
	static const struct explore_agent agents[] = { { "one", 0 } };
	EXPLORE_SCENARIO(here, "x", EXPLORE_AGENTS_OF(agents));
END
no made.so 'agent 1 of scenario here has no function'
made <<-END
	$agents
	EXPLORE_SCENARIO(here, "x", EXPLORE_AGENTS_OF(agents), .name = "a:b");
END
no made.so '"a:b" is no name'
made <<-END
	$agents
	EXPLORE_SCENARIO(here, "x", EXPLORE_AGENTS_OF(agents));
	EXPLORE_SCENARIO(there, "x", EXPLORE_AGENTS_OF(agents), .name = "here");
END
no made.so 'two scenarios of the name here'
made <<-END
	$agents
	static int mine;
	EXPLORE_SCENARIO(here, "x", EXPLORE_AGENTS_OF(agents), .state = &mine, .state_size = 4);
END
no made.so 'names a state'

made <<-END
	$agents
	static int *nowhere;
	__attribute__((constructor)) static void begin(void) { *nowhere = 1; }
	EXPLORE_SCENARIO(here, "x", EXPLORE_AGENTS_OF(agents));
END
no made.so 'a constructor crashes: Segmentation fault'
made <<-END
	$agents
	__attribute__((constructor)) static void begin(void) { for (;;); }
	EXPLORE_SCENARIO(here, "x", EXPLORE_AGENTS_OF(agents));
END
no made.so 'a constructor loops'

# What is for agents alone, and what setup says is wrong, is no verdict.
early() { # early WORDS CODE
	made <<-END
		$agents
		static bool never(const void *arg) { return false; }
		static void setup(void) { $2; }
		EXPLORE_SCENARIO(first, "x", EXPLORE_AGENTS_OF(agents));
		EXPLORE_SCENARIO(here, "x", EXPLORE_AGENTS_OF(agents), .setup = setup);
	END
	expect 2 "$posted" check --quiet --jobs 1 --load made.so
	has "$out" "^first .* proved$"
	has "$out" "^here: no verdict: in setup: $1"
}
early 'no room' 'explore_fail("no room")'
early 'explore_choose is for agents' 'explore_choose(2)'
early 'never ready' 'if (!explore_rest(never, 0)) explore_fail("never ready")'

# What posted cc sees of it, it says at once.
echo 'int x;' >none.c
expect 2 "$posted" cc none.c -o made.so
has "$err" 'made.so has no scenario: add one with EXPLORE_SCENARIO'
cat >fixed.c <<-END
	#include <explore/module.h>
	__thread int fixed __attribute__((tls_model("initial-exec")));
	static void run(void *arg) { fixed = 1; }
	static const struct explore_agent agents[] = { { "one", run } };
	EXPLORE_SCENARIO(here, "x", EXPLORE_AGENTS_OF(agents));
END
expect 2 "$posted" cc -w fixed.c -o made.so
has "$err" 'thread-local data of the model initial-exec'

# It loads; other flags are as they ever are.
expect 3 "$posted" check --quiet --load good.so --max-schedules 1 block
expect 2 "$posted" check --merge --load good.so
expect 2 "$posted" replay --load good.so --show pid 'block:tso:00000000:'
expect 2 "$posted" replay --load none.so 'block:tso:00000000:'
exit $failed
