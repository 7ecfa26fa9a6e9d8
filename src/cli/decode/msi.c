/* SPDX-License-Identifier: BSD-2-Clause */
/* An interrupt message: address and data. */
#include "cli/decode/msi.h"
#include "cli/decode/say.h"

/* Of the extension that hypervisors offer their guests: destination 14:8, in bits 11:5. */
#define EXTENDED_DEST PSTD_BITS(11, 5)

static void say_remappable(struct sink *s, struct pstd_msi_msg m)
{
	if (m.addr_hi)
		sink_say(s, "does", "no interrupt: with an upper address that is not 0 it is a "
		         "plain write to memory");
	else if (m.addr_lo & PSTD_MSI_ADDR_SHV && m.data & PSTD_MSI_DATA_RSVD)
		sink_say(s, "does", "blocked: data bits 31:16 are set beside a subhandle, fault "
		         "0x20");
	else if (pstd_msi_index(m) > 0xffff)
		sink_say(s, "does", "blocked: the index is beyond any table, fault 0x21 (QEMU and "
		         "VirtualBox cut it to 16 bits)");
	else
		sink_say(s, "does", "what entry %u (0x%x) of the unit's remapping table says",
		         pstd_msi_index(m), pstd_msi_index(m));
}

static void remappable(struct sink *s, struct pstd_msi_msg m)
{
	bool shv = m.addr_lo & PSTD_MSI_ADDR_SHV;

	sink_field(s, "handle", "handle", SINK_HEX, pstd_msi_handle(m), "%s", "");
	sink_field(s, "shv", "SHV", SINK_FLAG, shv, "%s",
	           shv ? "data holds a subhandle" : "data is ignored");
	sink_field(s, "subhandle", "subhandle", SINK_HEX,
	           shv ? pstd_field_get(PSTD_MSI_DATA_SUBHANDLE, m.data) : 0, "%s", "");
	sink_field(s, "index", "index", SINK_NUMBER, pstd_msi_index(m), "of the remapping entry");
	say_remappable(s, m);
}

static void destination(struct sink *s, struct pstd_msi_msg m)
{
	uint32_t extended = (uint32_t)pstd_field_get(EXTENDED_DEST, m.addr_lo);

	sink_field(s, "destination", "dest", SINK_HEX, pstd_msi_dest(m), "%s",
	           pstd_msi_logical(m) ? "a logical set" : "an APIC id");
	if (extended)
		sink_field(s, "extended_destination", "ext. dest", SINK_HEX,
		           pstd_msi_dest(m) | extended << 8,
		           "with destination bits 14:8 in address bits 11:5");
}

/* Bits that only extensions use. */
static void extensions(struct sink *s, struct pstd_msi_msg m)
{
	if (m.addr_hi)
		sink_note(s, "destination bits 31:8 are from the upper address, as in KVM's MSI "
		             "interface with 32-bit ids; for a device the upper address must be 0");
	if (pstd_field_get(EXTENDED_DEST, m.addr_lo))
		sink_note(s, "address bits 11:5 mean something only under a hypervisor that offers "
		             "extended destinations (KVM, Xen, Hyper-V); hardware ignores them");
}

static void compatibility(struct sink *s, struct pstd_msi_msg m)
{
	uint8_t vector = pstd_msi_vector(m), mode = pstd_msi_delivery_mode(m);
	bool level = m.data & PSTD_MSI_DATA_TRIGGER, high = m.data & PSTD_MSI_DATA_LEVEL;

	sink_field(s, "vector", "vector", SINK_HEX8, vector, "%s", say_linux_vector(vector));
	sink_field(s, "dlm", "DLM", SINK_NUMBER, mode, "%s", say_delivery(mode));
	sink_field(s, "trigger", "trigger", SINK_FLAG, level, "%s", level ? "level" : "edge");
	sink_field(s, "level", "level", SINK_FLAG, high, "%s", high ? "asserted" : "");
	destination(s, m);
	sink_field(s, "dm", "DM", SINK_FLAG, pstd_msi_logical(m), "%s",
	           pstd_msi_logical(m) ? "logical" : "physical");
	sink_field(s, "rh", "RH", SINK_FLAG, pstd_msi_redirection_hint(m), "%s",
	           pstd_msi_redirection_hint(m) ? "redirection hint" : "");
	sink_say(s, "does", "sends vector 0x%02x, %s, %s, %s, to %s 0x%x%s; where remapping is on, "
	         "blocked with fault 0x25 unless CFI lets it pass (xAPIC mode only)", vector,
	         say_delivery(mode), pstd_msi_logical(m) ? "logical" : "physical",
	         level ? "level" : "edge", pstd_msi_logical(m) ? "logical destination" : "APIC",
	         pstd_msi_dest(m), say_refused(vector, mode));
	if (*say_refused(vector, mode) &&
	    m.addr_lo == pstd_field(PSTD_MSI_ADDR_BASE, PSTD_MSI_ADDR_BASE_VALUE))
		sink_note(s, "either nothing is programmed there yet, or it is from an AMD host, "
		             "whose remapping has no format bit and takes the data for the index "
		             "(%u)", m.data);
	extensions(s, m);
}

void msi_say(struct sink *s, struct pstd_msi_msg m)
{
	bool format = pstd_msi_is_remappable(m);

	sink_thing(s, "msi");
	sink_line(s, "interrupt message, %s format", format ? "remappable" : "compatibility");
	sink_value(s, "format", json_string(format ? "remappable" : "compatibility"));
	sink_field(s, "address", "address", SINK_HEX, m.addr_lo, "%s", "");
	sink_field(s, "upper_address", "upper", SINK_HEX, m.addr_hi, "%s", "");
	sink_field(s, "data", "data", SINK_HEX, m.data, "%s", "");
	if (format)
		remappable(s, m);
	else
		compatibility(s, m);
	sink_close(s);
}
