/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest/guests.h"

const struct guest_ops *const guest_kinds[] = {
	&guest_reader, &guest_ticker, &guest_idle, &guest_ipi_pairs, NULL,
};
