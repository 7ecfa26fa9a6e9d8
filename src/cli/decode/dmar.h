/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes an ACPI DMAR table: a row of the decoders. */
#ifndef CLI_DECODE_DMAR_H
#define CLI_DECODE_DMAR_H

#include "cli/decode/decode.h"

/* True if in begins as a DMAR table does. */
bool decode_dmar_recognize(const struct decode_input *in);

/* A table that cannot be walked is refused; one that breaks a rule is shown, and the rule said. */
bool decode_dmar(const struct decode_input *in, struct sink *s);

#endif
