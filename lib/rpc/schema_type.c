/* SPDX-License-Identifier: MIT */
/* Schema: layouts of types, field by field. */
#include "rpc/schema_int.h"

#include <stdlib.h>
#include <string.h>

static const char *const prim_names[] = {
	[NVT_P_U8] = "u8",       [NVT_P_U16] = "u16", [NVT_P_U32] = "u32",       [NVT_P_U64] = "u64",
	[NVT_P_S8] = "s8",       [NVT_P_S16] = "s16", [NVT_P_S32] = "s32",       [NVT_P_S64] = "s64",
	[NVT_P_BOOL] = "bool",   [NVT_P_CHAR] = "char", [NVT_P_HANDLE] = "handle", [NVT_P_P64] = "p64",
	[NVT_P_STATUS] = "status",
};

bool sc_prim(const char *name, enum nvt_prim *ret)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(prim_names); i++) {
		if (!strcmp(prim_names[i], name)) {
			*ret = (enum nvt_prim)i;
			return true;
		}
	}
	return false;
}

/* {"dim":[..],"bits":[lo,hi],"enum":NAME}; a dimension of 0 is a flexible tail. */
static int read_dims(struct sc *s, json_t *dim, size_t i, struct sc_field *f)
{
	json_int_t n;
	size_t k;

	if (!dim)
		return 0;
	if (!json_array_size(dim) || json_array_size(dim) > 3)
		return sc_bad(s, "f[%zu]: \"dim\" should list 1 to 3 dimensions", i);
	for (k = 0; k < json_array_size(dim); k++) {
		n = json_is_integer(json_array_get(dim, k)) ? json_integer_value(json_array_get(dim, k)) : -1;
		if (n < 0 || n > 0x100000 || (!n && json_array_size(dim) != 1))
			return sc_bad(s, "f[%zu]: \"dim\" has a bad dimension", i);
		f->is_flex = !n;
		f->dims[k] = n ? (uint32_t)n : UINT32_MAX;
	}
	return 0;
}

static int read_bits(struct sc *s, json_t *bits, size_t i, struct sc_field *f)
{
	uint32_t width = abi_prim_width(f->prim);
	json_int_t lo, hi;

	if (!bits)
		return 0;
	lo = json_is_integer(json_array_get(bits, 0)) ? json_integer_value(json_array_get(bits, 0)) : -1;
	hi = json_is_integer(json_array_get(bits, 1)) ? json_integer_value(json_array_get(bits, 1)) : -1;
	if (json_array_size(bits) != 2 || lo < 0 || hi < lo || hi >= (json_int_t)(8 * width) || f->dims[0])
		return sc_bad(s, "f[%zu]: \"bits\" should be [lo, hi] within the field's type", i);
	f->is_bits = true;
	f->bit_lo = (uint8_t)lo;
	f->bit_hi = (uint8_t)hi;
	return 0;
}

static int read_field(struct sc *s, json_t *row, size_t i, struct sc_field *f)
{
	json_t *off = json_array_get(row, 1), *opts = json_array_get(row, 3), *enm;
	int rc;

	f->name = json_string_value(json_array_get(row, 0));
	f->type = json_string_value(json_array_get(row, 2));
	if (!f->name || !f->type || !json_is_integer(off) || json_integer_value(off) < 0 ||
	    json_integer_value(off) > INT32_MAX || json_array_size(row) > 4)
		return sc_bad(s, "f[%zu] should be [name, offset, type] or [name, offset, type, options]", i);
	f->offset = (uint32_t)json_integer_value(off);
	f->prim = NVT_P_STRUCT;
	sc_prim(f->type, &f->prim);
	if (!*f->name && f->prim != NVT_P_STRUCT)
		return sc_bad(s, "f[%zu]: only a nested type may go without a name", i);
	if (!opts)
		return 0;
	enm = json_object_get(opts, "enum");
	rc = sc_keys(s, opts, "dim bits enum");
	if (!rc)
		rc = read_dims(s, json_object_get(opts, "dim"), i, f);
	if (!rc)
		rc = read_bits(s, json_object_get(opts, "bits"), i, f);
	if (!rc && enm && (f->prim > NVT_P_U64 || !json_is_string(enm)))
		rc = sc_bad(s, "f[%zu]: \"enum\" should be a name, on an unsigned field", i);
	f->group = json_string_value(enm);
	f->kind = ABI_G_ENUM;
	return rc || !enm ? rc : sc_mention_enum(s, f->group);
}

static int read_fields(struct sc *s, json_t *list, struct sc_layout *l)
{
	size_t i, k;
	int rc;

	if (!json_is_array(list))
		return sc_bad(s, "\"f\" should be a list of fields");
	l->n = json_array_size(list);
	l->fields = calloc(l->n ? l->n : 1, sizeof(*l->fields));
	if (!l->fields)
		return sc_nomem(s);
	for (i = 0; i < l->n; i++) {
		rc = read_field(s, json_array_get(list, i), i, &l->fields[i]);
		if (rc)
			return rc;
		for (k = 0; k < i; k++)
			if (*l->fields[i].name && !strcmp(l->fields[k].name, l->fields[i].name))
				return sc_bad(s, "field \"%s\" twice", l->fields[i].name);
		if (l->fields[i].is_flex && (i + 1 < l->n || l->is_union))
			return sc_bad(s, "f[%zu]: a flexible array should be a struct's last field", i);
	}
	return 0;
}

int sc_read_layouts(struct sc *s, const char *type, json_t *list)
{
	struct sc_layout *l;
	enum nvt_prim prim;
	const char *kind;
	uint64_t size;
	json_t *row;
	size_t i;
	int rc;

	if (sc_prim(type, &prim))
		return sc_bad(s, "a type may not have a scalar's name");
	if (!json_array_size(list))
		return sc_bad(s, "should be a list of layouts");
	json_array_foreach(list, i, row) {
		sc_at(s, "types.%s[%zu]", type, i);
		l = vec_add(&s->layouts);
		if (!l)
			return sc_nomem(s);
		l->file = s->file;
		l->type = type;
		l->index = (unsigned)i;
		if (sc_keys(s, row, "v k size f") || sc_set(s, row, &l->set) || sc_text(s, row, "k", &kind) ||
		    sc_int(s, row, "size", INT32_MAX, &size))
			return -NVT_E_DATA;
		if (strcmp(kind, "s") && strcmp(kind, "u"))
			return sc_bad(s, "\"k\" should be \"s\" (struct) or \"u\" (union)");
		l->size = (uint32_t)size;
		l->is_union = *kind == 'u';
		rc = read_fields(s, json_object_get(row, "f"), l);
		if (rc)
			return rc;
	}
	return 0;
}
