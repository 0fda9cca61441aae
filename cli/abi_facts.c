/* SPDX-License-Identifier: MIT */
/* The facts of a release by kind, for all commands that list, compare or export them. */
#include <stdio.h>
#include <string.h>
#include "cli/abi.h"

static const struct {
	const char *name, *plural;
} kinds[ABI_ID__COUNT] = {
	[ABI_CONTROL] = { "control", "controls" },
	[ABI_CLASS] = { "class", "classes" },
	[ABI_FUNCTION] = { "function", "functions" },
	[ABI_EVENT] = { "event", "events" },
};

const char *abi_kind_name(enum abi_kind kind)
{
	return kinds[kind].name;
}

const char *abi_kind_plural(enum abi_kind kind)
{
	return kinds[kind].plural;
}

/* Types go by their own names; tables may know them by an alias too. */
static const char *name_of(const struct nvt_layout *l)
{
	return l ? nvt_layout_name(l) : NULL;
}

bool cli_id_next(struct nvt_rel rel, enum abi_kind kind, uint32_t *pos, struct cli_id *ret)
{
	struct nvt_id_desc d;
	struct nvt_msg_desc m;

	if (kind == ABI_CONTROL || kind == ABI_CLASS) {
		if (!(kind == ABI_CONTROL ? nvt_ctrl_next : nvt_class_next)(rel, pos, &d))
			return false;
		*ret = (struct cli_id){ d.name, d.id, name_of(d.layout), d.layout };
		return true;
	}

	while (nvt_msg_next(rel, pos, &m)) {
		if (m.is_event != (kind == ABI_EVENT))
			continue;
		*ret = (struct cli_id){ m.name, m.number, name_of(m.layout), m.layout };
		return true;
	}
	return false;
}

static const struct {
	const char *name;
	uint32_t size;
} prims[] = {
	[NVT_P_U8] = { "u8", 1 },         [NVT_P_U16] = { "u16", 2 },  [NVT_P_U32] = { "u32", 4 },
	[NVT_P_U64] = { "u64", 8 },       [NVT_P_S8] = { "s8", 1 },    [NVT_P_S16] = { "s16", 2 },
	[NVT_P_S32] = { "s32", 4 },       [NVT_P_S64] = { "s64", 8 },  [NVT_P_BOOL] = { "bool", 1 },
	[NVT_P_CHAR] = { "char", 1 },     [NVT_P_HANDLE] = { "handle", 4 }, [NVT_P_P64] = { "p64", 8 },
	[NVT_P_STATUS] = { "status", 4 },
};

/* Names are linked to fields in all releases that have the layout; headers drop macros. */
void abi_field(struct nvt_rel rel, const struct nvt_layout *l, unsigned i, struct nvt_field_info *ret)
{
	nvt_layout_field(l, i, ret);
	if (abi_field_enum(ret) && !nvt_names_known(rel, ret->enum_name))
		ret->enum_name = NULL;
	if (ret->flags_name && !nvt_names_known(rel, ret->flags_name))
		ret->flags_name = NULL;
}

/* The tables link fields that hold a command or a class to all of these as if they were an enum. */
const char *abi_field_enum(const struct nvt_field_info *f)
{
	if (f->enum_name && (!strcmp(f->enum_name, "control") || !strcmp(f->enum_name, "class")))
		return NULL;
	return f->enum_name;
}

const char *abi_field_type(const struct nvt_field_info *f, char *buf, size_t size)
{
	if (f->prim == NVT_P_STRUCT)
		return nvt_layout_name(f->nested);
	if (!abi_field_enum(f))
		return prims[f->prim].name;
	snprintf(buf, size, "enum:%s", abi_field_enum(f));
	return buf;
}

uint32_t abi_elem_size(const struct nvt_field_info *f)
{
	return f->prim == NVT_P_STRUCT ? nvt_layout_size(f->nested) : prims[f->prim].size;
}

/* The schema loader keeps every array below 2^31 bytes. */
uint32_t abi_field_size(const struct nvt_field_info *f)
{
	uint32_t n = abi_elem_size(f);
	unsigned i;

	if (f->dims[0] == UINT32_MAX)
		return 0;
	for (i = 0; i < NVT_ARRAY_SIZE(f->dims) && f->dims[i]; i++)
		n *= f->dims[i];
	return n;
}
