/* SPDX-License-Identifier: BSD-2-Clause */
/* Exit statuses, as posted(1) tells of them. */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

enum {
	STATUS_GOOD = 0,     /* all that was asked is so: every scenario is proved */
	STATUS_FAILED = 1,   /* something is violated, or went wrong on the way */
	STATUS_USAGE = 2,    /* what was given makes no sense */
	STATUS_UNPROVED = 3, /* nothing is violated, but that is no proof */
};

#endif
