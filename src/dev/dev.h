/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt sources at the edge. Each device is one thread, real inside
 * (io_uring, timerfd, eventfd), that raises vectors of a machine.
 */
#ifndef DEV_DEV_H
#define DEV_DEV_H

#include "exec/threads/machine.h"
#include <stdint.h>

/* What a device is made from; each kind uses its own part. */
struct device_config {
	const char *name;  /* for messages: "devices[1] (block)" */
	uint16_t sid;      /* source id; also gives the PCI address in the interrupts table */
	unsigned unit;     /* the VT-d unit that it is behind */
	unsigned pin;      /* timer, eventfd: of the I/O APIC, from 1; 0: it has MSI-X */
	/* where its vectors go; queue n of a block goes to vCPU (vcpu + n) % vcpus */
	unsigned vm, vcpu;
	unsigned vm_vcpus;
	enum machine_way way;
	/* block */
	const char *file;  /* read only */
	unsigned queues, depth;
	bool direct;       /* O_DIRECT */
	/* timer, eventfd */
	unsigned hz;       /* ticks a second; eventfd: writes a second by the run itself, 0: none */
	int fd;            /* eventfd: any readable descriptor, or -1: one made here */
};

struct device;

struct device_ops {
	const char *name;    /* the machine file's word */
	const char *summary;
	/* Null on failure, and error says why. Adds its vectors and maps its registers. */
	struct device *(*create)(struct machine *m, const struct device_config *c,
	                         char error[MACHINE_ERROR]);
	bool (*start)(struct device *d, char error[MACHINE_ERROR]);
	/* Stops raising, lets what is under way complete, joins. */
	void (*stop)(struct device *d);
	void (*destroy)(struct device *d);
	/*
	 * What went wrong in mid-run, without the device's name, or null. After stop, or any
	 * time (published once).
	 */
	const char *(*failure)(const struct device *d);
};

extern const struct device_ops device_block, device_timer, device_eventfd;
extern const struct device_ops *const device_kinds[]; /* ends with a null */

#endif
