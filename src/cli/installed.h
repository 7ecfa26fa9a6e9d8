/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the command needs beside itself, found by where its own file is: below the
 * same PREFIX if it is installed, in the sources if it runs where it was built.
 */
#ifndef CLI_INSTALLED_H
#define CLI_INSTALLED_H

#include <stdbool.h>
#include <limits.h>

enum installed_kind {
	INSTALLED_HEADERS, /* PREFIX/include, or include/ of the sources: has explore/, posted/ */
	INSTALLED_DATA,    /* PREFIX/share/posted, or the sources' root: the same paths below it */
	INSTALLED_OBJECTS, /* LIBDIR/posted, or where the build has the scenarios' library */
};

/*
 * The path of a file or folder below there ("": the folder itself), which exists.
 * False: it does not, and path is where it should be; errno says why.
 */
bool installed_path(enum installed_kind kind, const char *file, char path[PATH_MAX]);

#endif
