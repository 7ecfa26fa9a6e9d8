# SPDX-License-Identifier: BSD-2-Clause
/thread_prepare_to_sleep\(\);/d
s/^(\s*)thread_sleep\(\);/\1thread_prepare_to_sleep();\n&/
