/* SPDX-License-Identifier: BSD-2-Clause */
/* What mkdoc puts in the place of a template's lines, on standard output. */
#ifndef CLI_MKDOC_H
#define CLI_MKDOC_H

/* Of the man page, in mdoc. */
void man_synopsis(void);
void man_verbs(void);

/* The names of all verbs, on one line. */
void verb_names(void);

/* Of the completions: for each verb its flags and what they take, in the shell's own way. */
void bash_verbs(void);
void zsh_names(void);
void zsh_verbs(void);
void fish_verbs(void);

#endif
