#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# no_check.sh POSTED: a build that cannot explore says so; the rest is skipped.
set -u
for verb in 'check' 'check --all' 'replay enter:tso:00000000:0'; do
	said=$("$1" $verb 2>&1)
	status=$?
	[ $status -eq 2 ] || { echo "posted $verb: exit $status, not 2"; exit 1; }
	[ "${said#*this build cannot explore: thread sanitizer}" != "$said" ] ||
		{ echo "posted $verb: $said"; exit 1; }
done
echo "skipped: this build cannot explore"
exit 77
