/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_DECODE_TABLE_H
#define CLI_DECODE_TABLE_H

#include "cli/decode/decode.h"

/* Linux's debugfs file ir_translation_struct: remapping tables, their entries by descriptor. */
bool decode_table_recognize(const struct decode_input *in);
bool decode_table(const struct decode_input *in, struct sink *s);

#endif
