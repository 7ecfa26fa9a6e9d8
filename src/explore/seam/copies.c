/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Of a copy (*a = *b) gcc tells first that a is stored, then that b is loaded, and copies
 * after both calls; but it tells the same of a store that is followed by a load. What
 * parts the two is whether anything is stored between the calls. There are a few
 * instructions, that find b's address: each of them must write a register.
 *
 * Nor does gcc tell that a store to a bit-field, if it is volatile, loads first: that shows
 * in the code behind the call.
 */
#include "explore/seam/seam.h"

enum { FAR = 96 }; /* bytes of code that two calls of one copy are never apart */

struct code {
	const uint8_t *at, *end;
	bool wide; /* REX.W */
};

/* Its mod and reg fields; false: there is no more code. */
static bool modrm(struct code *c, unsigned *mod, unsigned *reg)
{
	unsigned rm, sib = 0, size = 1;

	if (c->at >= c->end)
		return false;
	*mod = *c->at >> 6;
	*reg = *c->at >> 3 & 7;
	rm = *c->at & 7;
	if (*mod != 3 && rm == 4 && c->at + 1 < c->end) {
		sib = c->at[1];
		size++;
	}
	if (*mod == 1)
		size += 1;
	else if (*mod == 2 || (*mod == 0 && (rm == 5 || (rm == 4 && sib % 8 == 5))))
		size += 4;
	c->at += size;
	return c->at <= c->end;
}

/* An operation on r/m: with a register there, or, if only looked at, anything. */
static bool on_rm(struct code *c, unsigned immediate, bool looks)
{
	unsigned mod, reg;

	if (!modrm(c, &mod, &reg))
		return false;
	c->at += immediate;
	return mod == 3 || looks;
}

/* The same of the group whose last operation compares. */
static bool group1(struct code *c, unsigned immediate)
{
	unsigned mod, reg;

	if (!modrm(c, &mod, &reg))
		return false;
	c->at += immediate;
	return mod == 3 || reg == 7;
}

static bool two_byte(struct code *c)
{
	switch (c->at < c->end ? *c->at++ : 0) {
	case 0xaf: /* imul */
	case 0xb6: case 0xb7: case 0xbe: case 0xbf: /* movzx, movsx */
	case 0x1f: /* nop */
		return on_rm(c, 0, true);
	default:
		return false;
	}
}

/* One instruction that writes nothing but registers. */
static bool keeps_memory(struct code *c)
{
	uint8_t op = *c->at++;

	c->wide = false;
	if (op >> 4 == 4 && c->at < c->end) {
		c->wide = op & 8;
		op = *c->at++;
	}
	if (op >= 0xb8 && op <= 0xbf) {
		c->at += c->wide ? 8 : 4;
		return true;
	}
	switch (op) {
	case 0x90:
		return true;
	case 0x0f:
		return two_byte(c);
	case 0x8b: case 0x8d: case 0x63: /* mov, lea, movsxd */
	case 0x03: case 0x0b: case 0x23: case 0x2b: case 0x33: case 0x3b:
	case 0x39: case 0x85: /* cmp, test */
		return on_rm(c, 0, true);
	case 0x01: case 0x09: case 0x21: case 0x29: case 0x31: case 0x89: case 0xd1:
		return on_rm(c, 0, false);
	case 0x69:
		return on_rm(c, 4, true);
	case 0x6b:
		return on_rm(c, 1, true);
	case 0xc1:
		return on_rm(c, 1, false);
	case 0xc7:
		return on_rm(c, 4, false);
	case 0x81:
		return group1(c, 4);
	case 0x83:
		return group1(c, 1);
	default:
		return false;
	}
}

/* The call itself: near, with the linker's padding, or through the global offset table. */
static bool is_call(const struct code *c)
{
	size_t left = (size_t)(c->end - c->at);

	return (left == 5 && c->at[0] == 0xe8) ||
	       (left == 6 && ((c->at[0] == 0xff && c->at[1] == 0x15) ||
	                      (c->at[0] == 0x67 && c->at[1] == 0xe8)));
}

bool copies_between(const void *from, const void *to)
{
	struct code c = { from, to, false };

	if ((uintptr_t)to - (uintptr_t)from > FAR)
		return false;
	while (c.at < c.end && !is_call(&c))
		if (!keeps_memory(&c))
			return false;
	return c.at < c.end;
}

/* The operand is on the stack: of rbp, or of rsp. */
static bool on_stack(const uint8_t *modrm, bool extended)
{
	unsigned mod = *modrm >> 6, rm = *modrm & 7;

	return !extended && ((rm == 5 && mod != 0) || (rm == 4 && modrm[1] % 8 == 4));
}

/* One instruction before a store: it neither loads, but from the stack, nor stores. */
static bool prepares(struct code *c, uint8_t op, bool extended)
{
	const uint8_t *operand = c->at;

	switch (op) {
	case 0x0f:
		if (c->at >= c->end || (*c->at & 0xf6) != 0xb6)
			return false; /* no movzx or movsx */
		operand = ++c->at;
		return on_rm(c, 0, on_stack(operand, extended));
	case 0x8b: case 0x63:
		return on_rm(c, 0, on_stack(operand, extended));
	case 0x8d:
		return on_rm(c, 0, true);
	case 0x01: case 0x03: case 0x09: case 0x0b: case 0x21: case 0x23: case 0x29: case 0x2b:
	case 0x31: case 0x33: case 0x88: case 0x89: case 0xd1:
		return on_rm(c, 0, false);
	case 0x83: case 0xc1:
		return on_rm(c, 1, false);
	case 0x81:
		return on_rm(c, 4, false);
	default:
		return op == 0x90 || (op >= 0x58 && op <= 0x5f);
	}
}

/* mov, to memory that is no stack: of a register, or of what the instruction has in it. */
static bool is_store(const struct code *c, uint8_t op, bool extended)
{
	return (op == 0x88 || op == 0x89 || op == 0xc6 || op == 0xc7) && c->at < c->end &&
	       *c->at >> 6 != 3 && !on_stack(c->at, extended);
}

bool stores_only(const void *site)
{
	struct code c = { site, (const uint8_t *)site + FAR, false };

	while (c.at < c.end) {
		uint8_t op = *c.at++, rex = 0;

		if (op == 0x66)
			op = *c.at++;
		if (op >> 4 == 4) {
			rex = op;
			op = *c.at++;
		}
		if (is_store(&c, op, rex & 1))
			return true;
		if (op >= 0xb8 && op <= 0xbf)
			c.at += rex & 8 ? 8 : 4;
		else if (!prepares(&c, op, rex & 1))
			return false;
	}
	return false;
}
