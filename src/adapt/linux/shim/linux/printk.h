/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel logs is no part of what is explored. */
#ifndef SHIM_LINUX_PRINTK_H
#define SHIM_LINUX_PRINTK_H

#define KERN_INFO ""
#define KERN_ERR ""
#define printk(...) ((void)0)
#define pr_info(...) ((void)0)
#define pr_warn_once(...) ((void)0)
#define pr_warn_ratelimited(...) ((void)0)

#endif
