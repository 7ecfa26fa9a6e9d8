/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_LINUX_PERCPU_H
#define SHIM_LINUX_PERCPU_H

#include <linux/smp.h>

#define DEFINE_PER_CPU(type, name) __typeof__(type) name[CPU_NUMBERS]
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name[CPU_NUMBERS]
#define per_cpu(name, cpu) ((name)[cpu])
#define per_cpu_ptr(p, cpu) (&(*(p))[cpu])
#define this_cpu_ptr(p) per_cpu_ptr(p, smp_processor_id())
#define this_cpu_read(name) per_cpu(name, smp_processor_id())
#define this_cpu_write(name, v) ((void)(this_cpu_read(name) = (v)))
#define __this_cpu_read this_cpu_read
#define __this_cpu_write this_cpu_write

#endif
