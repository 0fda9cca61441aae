/* SPDX-License-Identifier: MIT */
/* The register rows as tables, and the look-ups between address, name and decoded value. */
#include <nvt/regs.h>
#include "regs/regs_const.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* clang-format off */
/*
 * Index of the first field of a register: REG advances nothing (its second enumerator takes the step
 * back), FLD takes one. The same for the values of a field.
 */
enum {
#define REG(blk, name, off, access, since) FI_##name, FI_BACK_##name = FI_##name - 1,
#define REGA(blk, name, off, n, step, access, since) REG(blk, name, off, access, since)
#define FLD(reg, fld, range) FI_##reg##_##fld,
#define VAL(reg, fld, val, v)
#include "regs/regs_expand.h"
#undef REG
#undef REGA
#undef FLD
#undef VAL
	FI__END
};
enum {
#define REG(blk, name, off, access, since)
#define REGA(blk, name, off, n, step, access, since)
#define FLD(reg, fld, range) VI_##reg##_##fld, VI_BACK_##reg##_##fld = VI_##reg##_##fld - 1,
#define VAL(reg, fld, val, v) VI_##reg##_##fld##_##val,
#include "regs/regs_expand.h"
#undef REG
#undef REGA
#undef FLD
#undef VAL
	VI__END
};

const struct nvt_reg_desc nvt_regs[] = {
#define REG(blk, name, off, access, since) { "NV_" #name, #blk, off, 1, 0, #access, #since, FI_##name },
#define REGA(blk, name, off, n, step, access, since) { "NV_" #name, #blk, off, n, step, #access, #since, FI_##name },
#define FLD(reg, fld, range)
#define VAL(reg, fld, val, v)
#include "regs/regs_expand.h"
#undef REG
#undef REGA
#undef FLD
#undef VAL
	{ NULL, NULL, 0, 0, 0, NULL, NULL, FI__END },
};
const unsigned nvt_reg_count = NVT_ARRAY_SIZE(nvt_regs) - 1;

const struct nvt_fld_desc nvt_flds[] = {
#define REG(blk, name, off, access, since)
#define REGA(blk, name, off, n, step, access, since)
#define FLD(reg, fld, range) { #fld, (1 ? range), (0 ? range), VI_##reg##_##fld },
#define VAL(reg, fld, val, v)
#include "regs/regs_expand.h"
#undef REG
#undef REGA
#undef FLD
#undef VAL
	{ NULL, 0, 0, VI__END },
};

const struct nvt_val_desc nvt_vals[] = {
#define REG(blk, name, off, access, since)
#define REGA(blk, name, off, n, step, access, since)
#define FLD(reg, fld, range)
#define VAL(reg, fld, val, v) { #val, v },
#include "regs/regs_expand.h"
#undef REG
#undef REGA
#undef FLD
#undef VAL
	{ NULL, 0 },
};

const struct nvt_unit_desc nvt_units[] = {
#define UNIT(unit, blk, base, size) { #unit, #blk, base, size },
#include "regs/units.def"
#undef UNIT
};
const unsigned nvt_unit_count = NVT_ARRAY_SIZE(nvt_units);
/* clang-format on */

/* Blocks without a row in units.def exist once, at base 0. */
static const struct nvt_unit_desc global_unit = { "", "", 0, 0xffffffff };

static bool block_has_units(const char *block)
{
	unsigned i;

	for (i = 0; i < nvt_unit_count; i++)
		if (!strcmp(nvt_units[i].block, block))
			return true;
	return false;
}

static bool reg_covers(const struct nvt_reg_desc *r, uint32_t off, unsigned *ret_index)
{
	uint32_t d = off - r->off;

	*ret_index = 0;
	if (r->count == 1)
		return d == 0;
	if (off < r->off || d % r->stride || d / r->stride >= r->count)
		return false;
	*ret_index = d / r->stride;
	return true;
}

/* A single register wins over an array that spans its address: it is the more specific name. */
static const struct nvt_reg_desc *reg_in_block(const char *block, uint32_t off, unsigned *ret_index)
{
	const struct nvt_reg_desc *found = NULL;
	unsigned i, index;

	for (i = 0; i < nvt_reg_count; i++) {
		const struct nvt_reg_desc *r = &nvt_regs[i];

		if (block ? strcmp(r->block, block) : block_has_units(r->block))
			continue;
		if (!reg_covers(r, off, &index) || (found && r->count != 1))
			continue;
		found = r;
		*ret_index = index;
		if (r->count == 1)
			break;
	}
	return found;
}

bool nvt_reg_at(uint32_t addr, struct nvt_reg_ref *ret)
{
	unsigned i;

	for (i = 0; i < nvt_unit_count; i++) {
		const struct nvt_unit_desc *u = &nvt_units[i];

		if (addr - u->base >= u->size)
			continue;
		ret->reg = reg_in_block(u->block, addr - u->base, &ret->index);
		if (ret->reg) {
			ret->unit = u;
			return true;
		}
	}
	ret->reg = reg_in_block(NULL, addr, &ret->index);
	ret->unit = &global_unit;
	return ret->reg != NULL;
}

bool nvt_reg_find(const char *name, struct nvt_reg_ref *ret, uint32_t *ret_addr)
{
	const char *dot = strchr(name, '.'), *base = dot ? dot + 1 : name, *paren = strchr(base, '(');
	size_t unit_len = dot ? (size_t)(dot - name) : 0, len = paren ? (size_t)(paren - base) : strlen(base);
	unsigned long index = 0;
	char *end;
	unsigned i, u;

	if (name[0] >= '0' && name[0] <= '9') {
		unsigned long v = strtoul(name, &end, 0);

		if (*end || v > UINT32_MAX)
			return false;
		*ret_addr = (uint32_t)v;
		return nvt_reg_at(*ret_addr, ret);
	}
	if (paren) {
		index = strtoul(paren + 1, &end, 0);
		if (end == paren + 1 || strcmp(end, ")"))
			return false;
	}
	for (i = 0; i < nvt_reg_count; i++) {
		const struct nvt_reg_desc *r = &nvt_regs[i];

		if (strlen(r->name) != len || strncasecmp(r->name, base, len) || index >= r->count)
			continue;
		ret->reg = r;
		ret->index = (unsigned)index;
		ret->unit = &global_unit;
		*ret_addr = r->off + (uint32_t)index * r->stride;
		if (!block_has_units(r->block))
			return !dot;
		for (u = 0; u < nvt_unit_count; u++) {
			const struct nvt_unit_desc *d = &nvt_units[u];

			if (strcmp(d->block, r->block) || strlen(d->unit) != unit_len ||
			    strncasecmp(d->unit, name, unit_len))
				continue;
			ret->unit = d;
			*ret_addr += d->base;
			return true;
		}
		return false;
	}
	return false;
}

const char *nvt_reg_format(uint32_t addr, char *buf, size_t size)
{
	struct nvt_reg_ref ref;
	char index[16] = "";

	if (!nvt_reg_at(addr, &ref)) {
		snprintf(buf, size, "0x%08x", addr);
		return buf;
	}
	if (ref.reg->count > 1)
		snprintf(index, sizeof(index), "(%u)", ref.index);
	snprintf(buf, size, "%s%s%s%s", ref.unit->unit, ref.unit->unit[0] ? "." : "", ref.reg->name, index);
	return buf;
}

static const char *val_name(const struct nvt_fld_desc *f, uint32_t v)
{
	unsigned i;

	for (i = 0; i < nvt_fld_val_count(f); i++)
		if (nvt_vals[f->val_first + i].value == v)
			return nvt_vals[f->val_first + i].name;
	return NULL;
}

const char *nvt_reg_decode(uint32_t addr, uint32_t val, char *buf, size_t size)
{
	struct nvt_reg_ref ref;
	size_t n = 0;
	unsigned i;

	buf[0] = '\0';
	if (!nvt_reg_at(addr, &ref))
		return buf;
	for (i = 0; i < nvt_reg_fld_count(ref.reg) && n < size; i++) {
		const struct nvt_fld_desc *f = &nvt_flds[ref.reg->fld_first + i];
		uint32_t v = val >> f->lo & (0xffffffffu >> (31 - f->hi + f->lo));
		const char *name = val_name(f, v);

		if (name)
			n += (size_t)snprintf(buf + n, size - n, "%s%s=%s", n ? " " : "", f->name, name);
		else
			n += (size_t)snprintf(buf + n, size - n, "%s%s=0x%x", n ? " " : "", f->name, v);
	}
	return buf;
}
