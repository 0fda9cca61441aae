/* SPDX-License-Identifier: MIT */
/* abi export --format rust: a module; sizes are checked when it compiles, offsets by its tests. */
#include <inttypes.h>
#include <string.h>
#include "cli/abi.h"

static const char keywords[] =
	"as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod "
	"move mut pub ref return self Self static struct super trait true type unsafe use where while abstract become "
	"box do final macro override priv try typeof unsized virtual yield union gen";

static const char *const prims[] = {
	[NVT_P_U8] = "u8",   [NVT_P_U16] = "u16", [NVT_P_U32] = "u32",    [NVT_P_U64] = "u64",
	[NVT_P_S8] = "i8",   [NVT_P_S16] = "i16", [NVT_P_S32] = "i32",    [NVT_P_S64] = "i64",
	[NVT_P_BOOL] = "u8", [NVT_P_CHAR] = "u8", [NVT_P_HANDLE] = "u32", [NVT_P_P64] = "u64",
	[NVT_P_STATUS] = "u32",
};

static void put_field(const struct nvt_field_info *f, unsigned i, FILE *out)
{
	bool tail = f->dims[0] == UINT32_MAX;
	char word[ABI_WORD];
	unsigned k, n = 0;

	fprintf(out, "    pub %s: ", abi_member_word(f, i, keywords, word));
	while (n < NVT_ARRAY_SIZE(f->dims) && f->dims[n])
		n++;
	for (k = 0; k < n; k++)
		fputc('[', out);
	fputs(f->prim == NVT_P_STRUCT ? abi_word(nvt_layout_name(f->nested), keywords, word) : prims[f->prim], out);
	while (n--)
		fprintf(out, "; %" PRIu32 "]", tail ? 0 : f->dims[n]);
	fputc(',', out);
	if (abi_field_enum(f))
		fprintf(out, " // enum %s", abi_word(abi_field_enum(f), "", word));
	else if (f->flags_name)
		fprintf(out, " // flags %s", abi_word(f->flags_name, "", word));
	fputc('\n', out);
}

static void put_fields(const struct cli_types *types, const struct cli_type_row *row, FILE *out)
{
	struct cli_parts parts;
	struct cli_part part;

	cli_parts_begin(&parts, types, row);
	for (cli_parts_next(&parts, &part); part.what != PART_END; cli_parts_next(&parts, &part)) {
		if (part.what == PART_FIELD)
			put_field(&part.f, part.first, out);
		else if (part.what == PART_PAD)
			fprintf(out, "    pub gap_%" PRIx32 ": [u8; %" PRIu32 "],\n", part.offset, part.size);
		else
			fprintf(out, "    pub bits_%" PRIx32 "_%u: u%" PRIu32 ",\n", part.offset, part.first,
				8 * part.unit);
	}
}

/* Where the named bits of a unit are. */
static void put_bits(const struct nvt_layout *l, const char *type, FILE *out)
{
	char word[ABI_WORD];
	struct nvt_field_info f;
	bool any = false;
	unsigned i;

	for (i = 0; i < nvt_layout_field_count(l); i++) {
		nvt_layout_field(l, i, &f);
		if (!f.is_bits)
			continue;
		if (!any)
			fprintf(out, "impl %s {\n", type);
		any = true;
		fprintf(out, "    pub const BITS_%s: core::ops::RangeInclusive<u32> = %u..=%u;\n",
			abi_word(f.name, "", word), f.bit_lo, f.bit_hi);
	}
	if (any)
		fputs("}\n", out);
}

static void put_checks(const struct nvt_layout *l, const char *type, FILE *out)
{
	char word[ABI_WORD];
	struct nvt_field_info f;
	unsigned i;

	fprintf(out, "const _: () = assert!(core::mem::size_of::<%s>() == %" PRIu32 ");\n", type, nvt_layout_size(l));
	fprintf(out, "#[test]\nfn offsets_of_%s() {\n", type);
	for (i = 0; i < nvt_layout_field_count(l); i++) {
		nvt_layout_field(l, i, &f);
		if (!f.is_bits)
			fprintf(out, "    offset!(%s, %s, %" PRIu32 ");\n", type, abi_member_word(&f, i, keywords, word), f.offset);
	}
	fputs("}\n", out);
}

static void put_type(const struct cli_types *types, const struct cli_type_row *row, FILE *out)
{
	const struct nvt_layout *l = row->layout;
	char type[ABI_WORD];

	abi_word(nvt_layout_name(l), keywords, type);
	/* a union needs a member */
	fprintf(out, "\n#[repr(C%s)]\n#[derive(Clone, Copy)]\npub %s %s {\n", row->packed ? ", packed" : "",
		nvt_layout_is_union(l) && nvt_layout_field_count(l) ? "union" : "struct", type);
	put_fields(types, row, out);
	fputs("}\n", out);
	put_bits(l, type, out);
	put_checks(l, type, out);
}

static void put_const(const struct cli_const *c, FILE *out)
{
	const char *type = c->value <= UINT32_MAX ? "u32" : c->value > INT64_MAX ? "i64" : "u64";
	char word[ABI_WORD];

	fprintf(out, "pub const %s%s: %s = ", c->prefix, abi_word(c->name, keywords, word), type);
	if (c->value > INT64_MAX)
		fprintf(out, "%" PRId64 ";", (int64_t)c->value);
	else
		fprintf(out, "0x%" PRIx64 ";", c->value);
	if (c->type)
		fprintf(out, " // %s", abi_word(c->type, keywords, word));
	fputc('\n', out);
}

static const char macro[] =
	"#[cfg(test)]\n"
	"macro_rules! offset {\n"
	"    ($type:ty, $field:ident, $want:expr) => {{\n"
	"        let room = std::vec::Vec::<$type>::with_capacity(1);\n"
	"        let p = room.as_ptr();\n"
	"        let at = unsafe { core::ptr::addr_of!((*p).$field) } as *const u8 as usize - p as usize;\n"
	"        assert_eq!(at, $want, stringify!($type.$field));\n"
	"    }};\n"
	"}\n";

void abi_export_rust(struct nvt_rel rel, struct cli_types *types, const struct cli_consts *consts, FILE *out)
{
	const struct cli_type_row *row;
	char word[ABI_WORD];
	size_t i, pos = 0;

	abi_word(nvt_rel_name(rel), "", word);
	fprintf(out, "// GSP protocol of release%s, written by nvtool abi export.\n", word);
	fputs("#![allow(dead_code, non_camel_case_types, non_snake_case, non_upper_case_globals)]\n\n", out);
	fputs(macro, out);
	for (i = 0; i < consts->n; i++) {
		const struct cli_const *c = &consts->rows[i];

		if (!i || strcmp(c->group, c[-1].group))
			fprintf(out, "\n// %s\n", abi_word(c->group, "", word));
		if (!c->is_twice)
			put_const(c, out);
	}
	while ((row = cli_types_next(types, &pos)))
		put_type(types, row, out);
}
