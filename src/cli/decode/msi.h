/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_MSI_H
#define CLI_DECODE_MSI_H

#include "cli/decode/sink.h"
#include <posted/msi.h>

/* A thing: the message, in the format that its address says. */
void msi_say(struct sink *s, struct pstd_msi_msg m);

#endif
