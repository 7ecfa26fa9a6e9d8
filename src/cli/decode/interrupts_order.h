/* SPDX-License-Identifier: BSD-2-Clause */
/* Two copies of /proc/interrupts: whether what lies between them can be told at all. */
#ifndef CLI_DECODE_INTERRUPTS_ORDER_H
#define CLI_DECODE_INTERRUPTS_ORDER_H

#include "cli/decode/interrupts_text.h"

/* The row of the older copy that r goes on counting; null if r is new. */
const struct irq_row *irq_older(const struct irq_copy *older, const struct irq_row *r);

/*
 * False, and refused, where the two are of other CPUs, where the second is the
 * older one, or where the host was booted between them. *time_passed: a count grew.
 */
bool irq_order_check(const struct irq_text *t, struct sink *s, bool *time_passed);

#endif
