/* SPDX-License-Identifier: MIT */
/* abi export --format python: a module of ctypes classes; run by itself it checks them. */
#include <inttypes.h>
#include <string.h>
#include "cli/abi.h"

static const char keywords[] =
	"False None True and as assert async await break class continue def del elif else except finally for from "
	"global if import in is lambda nonlocal not or pass raise return try while with yield ctypes check";

static const char *const prims[] = {
	[NVT_P_U8] = "ctypes.c_uint8",    [NVT_P_U16] = "ctypes.c_uint16", [NVT_P_U32] = "ctypes.c_uint32",
	[NVT_P_U64] = "ctypes.c_uint64",  [NVT_P_S8] = "ctypes.c_int8",    [NVT_P_S16] = "ctypes.c_int16",
	[NVT_P_S32] = "ctypes.c_int32",   [NVT_P_S64] = "ctypes.c_int64",  [NVT_P_BOOL] = "ctypes.c_uint8",
	[NVT_P_CHAR] = "ctypes.c_char",   [NVT_P_HANDLE] = "ctypes.c_uint32", [NVT_P_P64] = "ctypes.c_uint64",
	[NVT_P_STATUS] = "ctypes.c_uint32",
};

static void put_field(const struct nvt_field_info *f, unsigned i, FILE *out)
{
	char word[ABI_WORD];
	unsigned n = 0;

	fprintf(out, "        (\"%s\", ", abi_member_word(f, i, keywords, word));
	fputs(f->prim == NVT_P_STRUCT ? abi_word(nvt_layout_name(f->nested), keywords, word) : prims[f->prim], out);
	while (n < NVT_ARRAY_SIZE(f->dims) && f->dims[n])
		n++;
	while (n--)
		fprintf(out, " * %" PRIu32, f->dims[n] == UINT32_MAX ? 0 : f->dims[n]);
	fputs("),", out);
	if (abi_field_enum(f))
		fprintf(out, "  # enum %s", abi_word(abi_field_enum(f), "", word));
	fputc('\n', out);
}

static void put_gap(uint32_t offset, unsigned at, unsigned width, unsigned bits, FILE *out)
{
	if (bits)
		fprintf(out, "        (\"gap_%" PRIx32 "_%u\", ctypes.c_uint%u, %u),\n", offset, at, width, bits);
}

/* In a union a bit-field can only begin at the unit's lowest bit; others stay the unit. */
static void put_bits(const struct nvt_layout *l, const struct cli_part *part, FILE *out)
{
	unsigned i, at = 0, width = 8 * part->unit;
	struct nvt_field_info f;
	char word[ABI_WORD];

	if (nvt_layout_is_union(l) && part->f.bit_lo) {
		fprintf(out, "        (\"bits_%" PRIx32 "_%u\", ctypes.c_uint%u),\n", part->offset, part->first, width);
		return;
	}
	for (i = part->first; i < part->first + part->n; i++) {
		nvt_layout_field(l, i, &f);
		put_gap(part->offset, at, width, f.bit_lo - at, out);
		fprintf(out, "        (\"%s\", ctypes.c_uint%u, %u),\n", abi_word(f.name, keywords, word), width,
			f.bit_hi + 1u - f.bit_lo);
		at = f.bit_hi + 1u;
	}
	if (!nvt_layout_is_union(l))
		put_gap(part->offset, at, width, width - at, out);
}

static void put_anonymous(const struct nvt_layout *l, FILE *out)
{
	char word[ABI_WORD];
	struct nvt_field_info f;
	bool any = false;
	unsigned i;

	for (i = 0; i < nvt_layout_field_count(l); i++) {
		nvt_layout_field(l, i, &f);
		if (f.name[0])
			continue;
		fprintf(out, "%s\"%s\",", any ? " " : "    _anonymous_ = (", abi_member_word(&f, i, keywords, word));
		any = true;
	}
	if (any)
		fputs(")\n", out);
}

static void put_type(const struct cli_types *types, const struct cli_type_row *row, FILE *out)
{
	const struct nvt_layout *l = row->layout;
	struct cli_parts parts;
	struct cli_part part;
	char word[ABI_WORD];

	fprintf(out, "\n\nclass %s(ctypes.%s):\n", abi_word(nvt_layout_name(l), keywords, word),
		nvt_layout_is_union(l) ? "Union" : "Structure");
	if (row->packed)
		fputs("    _pack_ = 1\n    _layout_ = \"ms\"\n", out);
	put_anonymous(l, out);
	fputs("    _fields_ = [\n", out);
	cli_parts_begin(&parts, types, row);
	for (cli_parts_next(&parts, &part); part.what != PART_END; cli_parts_next(&parts, &part)) {
		if (part.what == PART_FIELD)
			put_field(&part.f, part.first, out);
		else if (part.what == PART_BITS)
			put_bits(l, &part, out);
		else
			fprintf(out, "        (\"gap_%" PRIx32 "\", ctypes.c_uint8 * %" PRIu32 "),\n", part.offset,
				part.size);
	}
	fputs("    ]\n", out);
}

static void put_ids(struct nvt_rel rel, enum abi_kind kind, FILE *out)
{
	const char *plural = abi_kind_plural(kind);
	char name[ABI_WORD], type[ABI_WORD];
	struct cli_id id;
	uint32_t pos = 0;

	fputs("\n", out);
	for (; *plural; plural++)
		fputc(*plural - 'a' + 'A', out);
	fputs(" = {\n", out);
	while (cli_id_next(rel, kind, &pos, &id))
		fprintf(out, "    0x%" PRIx32 ": (\"%s\", %s),\n", id.number, abi_word(id.name, "", name),
			id.type ? abi_word(id.type, keywords, type) : "None");
	fputs("}\n", out);
}

static void put_enums(struct nvt_rel rel, FILE *out)
{
	struct nvt_enum_value v;
	const char *last = NULL;
	char word[ABI_WORD];
	uint32_t pos = 0;

	fputs("\nENUMS = {\n", out);
	while (nvt_enum_next(rel, &pos, &v)) {
		if (!last || strcmp(last, v.enum_name)) {
			fputs(last ? "    },\n" : "", out);
			fprintf(out, "    \"%s\": {\n", abi_word(v.enum_name, "", word));
		}
		last = v.enum_name;
		fprintf(out, "        \"%s\": %" PRId64 ",\n", abi_word(v.name, "", word), (int64_t)v.value);
	}
	fputs(last ? "    },\n}\n" : "}\n", out);
}

static void put_check(const struct nvt_layout *l, FILE *out)
{
	char type[ABI_WORD], word[ABI_WORD];
	struct nvt_field_info f;
	unsigned i;

	abi_word(nvt_layout_name(l), keywords, type);
	fprintf(out, "    assert ctypes.sizeof(%s) == %" PRIu32 "\n", type, nvt_layout_size(l));
	for (i = 0; i < nvt_layout_field_count(l); i++) {
		nvt_layout_field(l, i, &f);
		if (!f.is_bits)
			fprintf(out, "    assert %s.%s.offset == %" PRIu32 ", \"%s.%s\"\n", type,
				abi_member_word(&f, i, keywords, word), f.offset, type, word);
	}
}

void abi_export_python(struct nvt_rel rel, struct cli_types *types, const struct cli_consts *consts, FILE *out)
{
	const struct cli_type_row *row;
	char word[ABI_WORD];
	size_t i, pos = 0;
	unsigned k;

	(void)consts;
	fprintf(out, "\"\"\"GSP protocol of release%s, written by nvtool abi export.\"\"\"\nimport ctypes\n",
		abi_word(nvt_rel_name(rel), "", word));
	while ((row = cli_types_next(types, &pos)))
		put_type(types, row, out);
	fputs("\n\n# Number: (name, what it carries)\n", out);
	for (k = 0; k < ABI_ID__COUNT; k++)
		put_ids(rel, k, out);
	put_enums(rel, out);
	fputs("\n\ndef check():\n    \"\"\"Every size and offset is the release's.\"\"\"\n", out);
	for (i = 0; i < types->n; i++)
		put_check(types->rows[i].layout, out);
	fputs("    return len(ENUMS)\n\n\nif __name__ == \"__main__\":\n    check()\n", out);
}
