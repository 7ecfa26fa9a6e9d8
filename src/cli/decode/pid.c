/* SPDX-License-Identifier: BSD-2-Clause */
/* A posted-interrupt descriptor: its fields, and which state they mean. */
#include "cli/decode/pid.h"
#include "cli/decode/say.h"
#include <posted/host.h>
#include <string.h>

enum { PENDING_TEXT = 256 * 5 + 1 };

static bool is_pending(const struct pstd_desc *d, unsigned vector)
{
	return d->pir[vector / 64] & PSTD_BIT(vector % 64);
}

static void say_pending(struct sink *s, const struct pstd_desc *d)
{
	char text[PENDING_TEXT] = "none";
	size_t size = 0;
	json_t *list = json_array();

	for (unsigned v = 0; v < 256; v++) {
		if (!is_pending(d, v))
			continue;
		size += (size_t)sprintf(text + size, "%s0x%02x", size ? " " : "", v);
		json_array_append_new(list, json_integer(v));
	}
	sink_value(s, "pir", list);
	sink_line(s, "  %-10s %s", "PIR", text);
}

/* By Linux's policy, whose three states show in NV and SN. */
static const char *state(const struct pstd_desc *d)
{
	bool on = d->control & PSTD_ON, sn = d->control & PSTD_SN;

	switch (pstd_field_get(PSTD_NV, d->control)) {
	case PSTD_LINUX_NOTIFICATION:
		return sn ? "preempted" : "running";
	case PSTD_LINUX_WAKEUP:
		return sn ? "inconsistent" : on ? "waking" : "halted";
	case PSTD_LINUX_MSI_NOTIFICATION:
		return "posted_msi";
	case PSTD_LINUX_NESTED:
		return "nested";
	default:
		return "unknown";
	}
}

static const struct {
	const char *state, *means;
} states[] = {
	{ "preempted", "its vCPU is runnable but not running (SN): posts only set PIR, and the "
	               "next load or entry finds them; only an urgent post notifies" },
	{ "running", "its vCPU runs, or may enter at once, on the APIC that NDST names; but "
	             "of a VM without a passed-through device, and without IPI virtualization, "
	             "Linux leaves it so while the vCPU waits or sleeps" },
	{ "halted", "its vCPU is blocked, on the wake-up list of the CPU that NDST names: the next "
	            "post sends the wake-up vector there" },
	{ "waking", "its vCPU was blocked and ON is set: the wake-up was sent to the CPU that NDST "
	            "names" },
	{ "inconsistent", "NV is the wake-up vector and SN is set: Linux never leaves it so; posts "
	                  "would not wake the vCPU" },
	{ "posted_msi", "the host's own, one a CPU: device interrupts of the host are coalesced "
	                "here (intremap=posted_msi)" },
	{ "nested", "NV is Linux's vector for a guest hypervisor's posts; it belongs in vmcs02, "
	            "hardly in a descriptor that a device posts to" },
	{ "unknown", "NV is none of Linux's: a guest hypervisor's descriptor, another system's, or "
	             "not in use yet" },
};

static const char *meaning(const char *name)
{
	unsigned i = 0;

	while (strcmp(states[i].state, name))
		i++;
	return states[i].means;
}

static void notes(struct sink *s, const struct pstd_desc *d)
{
	bool any = d->pir[0] | d->pir[1] | d->pir[2] | d->pir[3];
	bool on = d->control & PSTD_ON, sn = d->control & PSTD_SN;

	if (any && !on && !sn)
		sink_note(s, "PIR without ON and SN: a post is between its two steps, or ON was "
		             "just cleared and PIR is next; if it stays so, an interrupt is lost");
	if (!any && on)
		sink_note(s, "ON without PIR: a notification is under way, or what it was for was "
		             "taken already; harmless");
	if (d->pir[0] & 0xffff)
		sink_note(s, "vectors below 0x10 are not valid interrupts for a guest's APIC");
	if (any && sn && !on)
		sink_note(s, "interrupts wait behind SN, silently");
}

static void reserved(struct sink *s, const struct pstd_desc *d)
{
	bool tail = d->rsvd[0] | d->rsvd[1] | d->rsvd[2];

	if (sink_is_json(s) || tail || d->control & PSTD_CONTROL_RSVD) {
		sink_field(s, "reserved", "reserved", SINK_HEX64, d->control & PSTD_CONTROL_RSVD,
		           "bits set beside ON, SN, NV, NDST");
		sink_field(s, "reserved_tail", "", SINK_FLAG, tail, "%s",
		           tail ? "bits 511:320 are not zero" : "bits 511:320 are zero");
	} else {
		sink_line(s, "  %-10s no bits are set", "reserved");
	}
	if (tail || d->control & PSTD_CONTROL_RSVD)
		sink_note(s, "reserved bits are set: VT-d refuses to post, fault 0x28 (the CPU "
		             "does not look at them); or this is no descriptor");
}

/* How the groups of a dump were read, where that had to be found out. */
static void say_groups(struct sink *s, enum pid_groups groups, bool sure)
{
	bool numbers = groups == PID_GROUPS_ARE_NUMBERS;

	if (groups == PID_GROUPS_NONE)
		return;
	sink_say(s, "groups", "%s", numbers ? "little-endian numbers" : "bytes in their order");
	sink_value(s, "sure", json_boolean(sure));
	if (!sure)
		sink_note(s, "as likely: its groups of digits are %s; 0x before each makes them "
		             "numbers, a blank after each two digits bytes",
		          numbers ? "bytes in their order" : "little-endian numbers");
}

static bool is_linux_vector(uint64_t nv)
{
	return nv == PSTD_LINUX_NOTIFICATION || nv == PSTD_LINUX_WAKEUP ||
	       nv == PSTD_LINUX_NESTED || nv == PSTD_LINUX_MSI_NOTIFICATION;
}

bool pid_is_good(const uint8_t bytes[64])
{
	struct pstd_desc d;

	memcpy(&d, bytes, sizeof(d));
	return !(d.control & PSTD_CONTROL_RSVD) && !(d.rsvd[0] | d.rsvd[1] | d.rsvd[2]);
}

unsigned pid_rank(const uint8_t bytes[64])
{
	struct pstd_desc d;

	memcpy(&d, bytes, sizeof(d));
	return (pid_is_good(bytes) ? 2 : 0) + is_linux_vector(pstd_field_get(PSTD_NV, d.control));
}

void pid_say(struct sink *s, const uint8_t bytes[64], enum pid_groups groups, bool sure)
{
	char target[SAY_TARGET];
	struct pstd_desc d;
	uint64_t control;
	uint8_t nv;

	memcpy(&d, bytes, sizeof(d));
	control = d.control;
	nv = (uint8_t)pstd_field_get(PSTD_NV, control);
	sink_thing(s, "pid");
	sink_line(s, "posted-interrupt descriptor");
	say_pending(s, &d);
	sink_field(s, "on", "ON", SINK_FLAG, control & PSTD_ON ? 1 : 0, "%s",
	           control & PSTD_ON ? "a notification is outstanding" : "no notification is");
	sink_field(s, "sn", "SN", SINK_FLAG, control & PSTD_SN ? 1 : 0, "%s",
	           control & PSTD_SN ? "notifications are suppressed" : "posts notify");
	sink_field(s, "nv", "NV", SINK_HEX8, nv, "%s", say_linux_vector(nv));
	sink_field(s, "ndst", "NDST", SINK_HEX, pstd_field_get(PSTD_NDST, control), "%s",
	           say_target((uint32_t)pstd_field_get(PSTD_NDST, control), false, target));
	reserved(s, &d);
	sink_say(s, "state", "%s", state(&d));
	sink_say(s, "means", "%s", meaning(state(&d)));
	notes(s, &d);
	say_groups(s, groups, sure);
	sink_close(s);
}
