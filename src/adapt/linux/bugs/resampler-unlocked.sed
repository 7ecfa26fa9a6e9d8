# SPDX-License-Identifier: BSD-2-Clause
/^irqfd_resampler_shutdown\(/,/^}/s/mutex_(un)?lock\(.*\);//
