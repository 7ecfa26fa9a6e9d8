/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes what a list says from a tree, into a folder. */
#ifndef ADAPT_TAKE_H
#define ADAPT_TAKE_H

#include "adapt/list.h"

/*
 * Into a folder that is there, and empty; folders in it are made as the list has them. False: the
 * error says which file or definition is not there, or what cannot be written.
 */
bool take_all(const struct list *l, const char *list_path, const char *tree, const char *folder,
              char error[ADAPT_ERROR]);

#endif
