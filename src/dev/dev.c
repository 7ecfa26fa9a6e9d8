/* SPDX-License-Identifier: BSD-2-Clause */
#include "dev/dev.h"
#include <stddef.h>

const struct device_ops *const device_kinds[] = {
	&device_block, &device_timer, &device_eventfd, NULL,
};
