/* SPDX-License-Identifier: MIT */
/* Loads and stores by field constant. */
#include "base/bytes.h"
#include "rpc/abi.h"

#include <string.h>

void abi_store(uint8_t *p, uint32_t width, uint64_t v)
{
	switch (width) {
	case 1:
		*p = (uint8_t)v;
		break;
	case 2:
		nvt_put_le16(p, (uint16_t)v);
		break;
	case 4:
		nvt_put_le32(p, (uint32_t)v);
		break;
	default:
		nvt_put_le64(p, v);
	}
}

static inline const struct abi_select *select_of(struct nvt_rel rel, uint32_t nvf)
{
	uint32_t h = (nvf >> 16) - 1;

	if (!rel.abi || h >= abi_n_handle(rel.abi) || (nvf & 0xffff) >= abi_handle(rel.abi)[h].n)
		return NULL;
	return &abi_select(rel.abi)[h * abi_n_rel(rel.abi) + rel.index];
}

/* NULL if the release lacks the field. */
static inline const struct abi_cell *cell_of(struct nvt_rel rel, uint32_t nvf)
{
	const struct abi_select *sel = select_of(rel, nvf);
	const struct abi_cell *c;

	if (!sel || sel->cells == ABI_NONE)
		return NULL;
	c = &abi_cell(rel.abi)[sel->cells + (nvf & 0xffff)];
	return c->off == ABI_NONE ? NULL : c;
}

static inline int cell_get(const struct nvt_view *v, const struct abi_cell *c, uint64_t off, uint64_t *ret)
{
	uint64_t x;

	if (!c->width || !nvt_in_range(off, c->width, v->n))
		return -NVT_E_DATA;
	x = abi_load(v->p + off, c->width);
	if (c->bit_n)
		x = x >> c->bit_lo & abi_mask(c->bit_n);
	if (c->flags & ABI_C_SIGNED)
		x = abi_sign_extend(x, c->bit_n ? c->bit_n : 8u * c->width);
	*ret = x;
	return 0;
}

int nvt_get(const struct nvt_view *v, uint32_t nvf, uint64_t *ret)
{
	const struct abi_cell *c = cell_of(v->rel, nvf);

	return c ? cell_get(v, c, c->off, ret) : -NVT_E_DATA;
}

int nvt_get_at(const struct nvt_view *v, uint32_t nvf, unsigned i, uint64_t *ret)
{
	const struct abi_cell *c = cell_of(v->rel, nvf);

	if (!c || i >= c->count)
		return -NVT_E_DATA;
	return cell_get(v, c, c->off + (uint64_t)i * c->stride, ret);
}

uint64_t nvt_get_or0(const struct nvt_view *v, uint32_t nvf)
{
	uint64_t x = 0;

	return nvt_get(v, nvf, &x) ? 0 : x;
}

int nvt_get_bytes(const struct nvt_view *v, uint32_t nvf, struct nvt_bytes *ret)
{
	const struct abi_cell *c = cell_of(v->rel, nvf);
	const uint8_t *nul;
	uint64_t n;

	if (!c || c->off > v->n)
		return -NVT_E_DATA;
	n = v->n - c->off;
	if (c->count != UINT32_MAX && (uint64_t)c->count * c->size > n)
		return -NVT_E_DATA;
	if (c->count != UINT32_MAX)
		n = (uint64_t)c->count * c->size;
	ret->p = v->p + c->off;
	ret->n = n;
	nul = c->flags & ABI_C_CHAR && n ? memchr(ret->p, 0, n) : NULL;
	if (nul)
		ret->n = (size_t)(nul - ret->p);
	return 0;
}

static const char *nvf_text(struct nvt_rel rel, uint32_t nvf)
{
	if (!select_of(rel, nvf))
		return "an unknown field";
	return abi_text(rel.abi, abi_nvf(rel.abi)[abi_handle(rel.abi)[(nvf >> 16) - 1].first + (nvf & 0xffff)]);
}

static void put_fail(struct nvt_wview *w, uint32_t nvf, const char *what, uint64_t value)
{
	w->rc = nvt_fail(w->e, NVT_E_DATA, "%s, release %s: %s (0x%llx)", nvf_text(w->rel, nvf),
			 nvt_rel_name(w->rel), what, (unsigned long long)value);
}

/* Signed fields take their value sign-extended or as the bare bits. */
static bool fits(const struct abi_cell *c, uint64_t value)
{
	uint32_t bits = c->bit_n ? c->bit_n : 8u * c->width;

	if (!(value & ~abi_mask(bits)))
		return true;
	return (c->flags & ABI_C_SIGNED) && abi_sign_extend(value & abi_mask(bits), bits) == value;
}

void nvt_put_at(struct nvt_wview *w, uint32_t nvf, unsigned i, uint64_t value)
{
	const struct abi_cell *c;
	uint64_t off, mask;

	if (w->rc)
		return;
	c = cell_of(w->rel, nvf);
	if (!c) {
		if (value || !select_of(w->rel, nvf))
			put_fail(w, nvf, "a value for a field that the release lacks", value);
		return;
	}
	off = c->off + (uint64_t)i * c->stride;
	if (!c->width || i >= c->count || !nvt_in_range(off, c->width, w->n)) {
		put_fail(w, nvf, "no such element in the buffer", i);
	} else if (!fits(c, value)) {
		put_fail(w, nvf, "the value does not fit the field", value);
	} else if (c->bit_n) {
		mask = abi_mask(c->bit_n) << c->bit_lo;
		value = (abi_load(w->p + off, c->width) & ~mask) | (value << c->bit_lo & mask);
		abi_store(w->p + off, c->width, value);
	} else {
		abi_store(w->p + off, c->width, value);
	}
}

void nvt_put(struct nvt_wview *w, uint32_t nvf, uint64_t value)
{
	const struct abi_cell *c = w->rc ? NULL : cell_of(w->rel, nvf);

	/* Nearly every put: a whole scalar that holds the value. All else takes the checks one by one. */
	if (c && c->width && !c->bit_n && !(value >> (8u * c->width - 1) >> 1) &&
	    nvt_in_range(c->off, c->width, w->n))
		abi_store(w->p + c->off, c->width, value);
	else
		nvt_put_at(w, nvf, 0, value);
}

void nvt_put_bytes(struct nvt_wview *w, uint32_t nvf, struct nvt_bytes bytes)
{
	const struct abi_cell *c;

	if (w->rc || (!bytes.n && select_of(w->rel, nvf)))
		return;
	c = cell_of(w->rel, nvf);
	if (!c)
		put_fail(w, nvf, "bytes for a field that the release lacks", bytes.n);
	else if ((c->count != UINT32_MAX && bytes.n > (uint64_t)c->count * c->size) ||
		 !nvt_in_range(c->off, bytes.n, w->n))
		put_fail(w, nvf, "more bytes than the field or the buffer holds", bytes.n);
	else
		memcpy(w->p + c->off, bytes.p, bytes.n);
}

uint32_t nvt_nvf_struct_size(struct nvt_rel rel, uint32_t nvf)
{
	const struct abi_select *sel = select_of(rel, nvf);

	return sel && sel->layout != ABI_NONE ? abi_layout(rel.abi)[sel->layout].size : 0;
}

int32_t nvt_nvf_offset(struct nvt_rel rel, uint32_t nvf)
{
	const struct abi_cell *c = cell_of(rel, nvf);

	return c ? (int32_t)c->off : -1;
}
