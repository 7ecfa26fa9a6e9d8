/* SPDX-License-Identifier: BSD-2-Clause */
/* Inline assembler that the explorer does not see. */
#ifndef CLI_CC_ASM_H
#define CLI_CC_ASM_H

#include <stddef.h>

enum { CC_ASM = 128 };

/*
 * The next instruction of a line of assembler, from *line on, that the explorer would
 * have to see and does not; why, with what to do, or null after the last. It does
 * not have to see what touches registers alone.
 */
const char *cc_asm_refused(const char **line, char instruction[CC_ASM]);

#endif
