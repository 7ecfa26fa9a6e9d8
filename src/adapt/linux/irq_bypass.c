/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager of bypasses, virt/lib/irqbypass.c. */
#include "irq_kvm.h"

static LIST_HEAD(producers);
static LIST_HEAD(consumers);
static DEFINE_MUTEX(lock);

#include "irq_bypass.inc"
