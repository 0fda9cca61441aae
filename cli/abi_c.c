/* SPDX-License-Identifier: MIT */
/* abi export --format c: a header whose assertions hold the compiler to every size and offset. */
#include <inttypes.h>
#include <string.h>
#include "cli/abi.h"

static const char keywords[] =
	"auto break case char const continue default do double else enum extern float for goto if inline int long "
	"register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while "
	"asm typeof linux unix";

static const char *const prims[] = {
	[NVT_P_U8] = "uint8_t",   [NVT_P_U16] = "uint16_t", [NVT_P_U32] = "uint32_t",    [NVT_P_U64] = "uint64_t",
	[NVT_P_S8] = "int8_t",    [NVT_P_S16] = "int16_t",  [NVT_P_S32] = "int32_t",     [NVT_P_S64] = "int64_t",
	[NVT_P_BOOL] = "uint8_t", [NVT_P_CHAR] = "char",    [NVT_P_HANDLE] = "uint32_t", [NVT_P_P64] = "uint64_t",
	[NVT_P_STATUS] = "uint32_t",
};

struct writer {
	const struct cli_types *types;
	FILE *out;
	unsigned gaps; /* of one type, those in members without a name included */
};

static const char *tag(const struct nvt_layout *l)
{
	return nvt_layout_is_union(l) ? "union" : "struct";
}

static void put_tabs(struct writer *w, int depth)
{
	while (depth--)
		fputc('\t', w->out);
}

static void put_dims(struct writer *w, const struct nvt_field_info *f, bool alone)
{
	unsigned i;

	if (f->dims[0] == UINT32_MAX) {
		fputs(alone ? "[0]" : "[]", w->out); /* ISO C wants a named member before [] */
		return;
	}
	for (i = 0; i < NVT_ARRAY_SIZE(f->dims) && f->dims[i]; i++)
		fprintf(w->out, "[%" PRIu32 "]", f->dims[i]);
}

static void put_body(struct writer *w, const struct cli_type_row *row, int depth);

static void put_field(struct writer *w, const struct nvt_field_info *f, bool alone, int depth)
{
	char word[ABI_WORD];

	put_tabs(w, depth);
	if (!f->name[0]) {
		const struct cli_type_row *row = cli_types_find(w->types, f->nested);

		fprintf(w->out, "%s %s{\n", tag(f->nested), row->packed ? "__attribute__((packed)) " : "");
		put_body(w, row, depth + 1);
		put_tabs(w, depth);
		fputs("}", w->out);
	} else if (f->prim == NVT_P_STRUCT) {
		fprintf(w->out, "%s %s ", tag(f->nested), abi_word(nvt_layout_name(f->nested), keywords, word));
	} else {
		fprintf(w->out, "%s ", prims[f->prim]);
	}
	if (f->name[0])
		fputs(abi_word(f->name, keywords, word), w->out);
	put_dims(w, f, alone);
	fputs(";", w->out);
	if (abi_field_enum(f))
		fprintf(w->out, " /* enum %s */", abi_word(abi_field_enum(f), "", word));
	else if (f->flags_name)
		fprintf(w->out, " /* flags %s */", abi_word(f->flags_name, "", word));
	fputs("\n", w->out);
}

static void put_gap(struct writer *w, unsigned width, unsigned bits, int depth)
{
	if (!bits)
		return;
	put_tabs(w, depth);
	fprintf(w->out, "uint%u_t : %u;\n", width, bits);
}

/* Bit-fields begin at the unit's lowest bit on every target that these GPUs are used on. */
static void put_bits(struct writer *w, const struct cli_type_row *row, const struct cli_part *part, int depth)
{
	bool in_union = nvt_layout_is_union(row->layout);
	unsigned i, at = 0, width = 8 * part->unit;
	struct nvt_field_info f;
	char word[ABI_WORD];

	if (in_union) {
		put_tabs(w, depth++);
		fputs("struct {\n", w->out);
	}
	for (i = part->first; i < part->first + part->n; i++) {
		nvt_layout_field(row->layout, i, &f);
		put_gap(w, width, f.bit_lo - at, depth);
		put_tabs(w, depth);
		fprintf(w->out, "uint%u_t %s : %u;\n", width, abi_word(f.name, keywords, word),
			f.bit_hi + 1u - f.bit_lo);
		at = f.bit_hi + 1u;
	}
	put_gap(w, width, width - at, depth);
	if (in_union) {
		put_tabs(w, --depth);
		fputs("};\n", w->out);
	}
}

static void put_body(struct writer *w, const struct cli_type_row *row, int depth)
{
	bool alone = nvt_layout_field_count(row->layout) == 1;
	struct cli_parts parts;
	struct cli_part part;

	cli_parts_begin(&parts, w->types, row);
	for (cli_parts_next(&parts, &part); part.what != PART_END; cli_parts_next(&parts, &part)) {
		if (part.what == PART_FIELD) {
			put_field(w, &part.f, alone, depth);
		} else if (part.what == PART_BITS) {
			put_bits(w, row, &part, depth);
		} else {
			put_tabs(w, depth);
			fprintf(w->out, "uint8_t gap_%u[%" PRIu32 "];\n", w->gaps++, part.size);
		}
	}
}

/* Fields of members without a name are the outer type's own. */
static void put_asserts(struct writer *w, const struct nvt_layout *top, const struct nvt_layout *l,
			uint32_t base)
{
	char type[ABI_WORD], field[ABI_WORD];
	struct nvt_field_info f;
	unsigned i;

	abi_word(nvt_layout_name(top), keywords, type);
	for (i = 0; i < nvt_layout_field_count(l); i++) {
		nvt_layout_field(l, i, &f);
		if (!f.name[0]) {
			put_asserts(w, top, f.nested, base + f.offset);
			continue;
		}
		if (f.is_bits) /* they have no offset that C could tell */
			continue;
		abi_word(f.name, keywords, field);
		fprintf(w->out, "_Static_assert(offsetof(%s %s, %s) == %" PRIu32 ", \"%s.%s\");\n", tag(top), type,
			field, base + f.offset, type, field);
	}
}

static void put_type(struct writer *w, const struct cli_type_row *row)
{
	const struct nvt_layout *l = row->layout;
	char type[ABI_WORD];

	w->gaps = 0;
	abi_word(nvt_layout_name(l), keywords, type);
	fprintf(w->out, "\n%s %s%s {\n", tag(l), row->packed ? "__attribute__((packed)) " : "", type);
	put_body(w, row, 1);
	fprintf(w->out, "};\n_Static_assert(sizeof(%s %s) == %" PRIu32 ", \"%s\");\n", tag(l), type, nvt_layout_size(l),
		type);
	put_asserts(w, l, l, 0);
}

/* Enumerators, which no field's name can meet as a macro would; an int must hold them. */
static void put_const(struct writer *w, const struct cli_const *c)
{
	char name[ABI_WORD], type[ABI_WORD];

	abi_word(c->name, keywords, name);
	if (c->value <= INT32_MAX || c->value >= (uint64_t)INT32_MIN)
		fprintf(w->out, "enum { %s%s = %" PRId64 " };", c->prefix, name, (int64_t)c->value);
	else
		fprintf(w->out, "#define %s%s 0x%" PRIx64 "u%s", c->prefix, name, c->value,
			c->value > UINT32_MAX ? "ll" : "");
	if (c->type)
		fprintf(w->out, " /* %s */", abi_word(c->type, keywords, type));
	fputc('\n', w->out);
}

void abi_export_c(struct nvt_rel rel, struct cli_types *types, const struct cli_consts *consts, FILE *out)
{
	struct writer w = { .types = types, .out = out };
	const struct cli_type_row *row;
	char word[ABI_WORD];
	size_t i, pos = 0;

	abi_word(nvt_rel_name(rel), "", word);
	fprintf(out, "/* GSP protocol of release%s, written by nvtool abi export. */\n", word);
	fprintf(out, "#ifndef GSP_ABI%s_H\n#define GSP_ABI%s_H\n\n", word, word);
	fputs("#include <stddef.h>\n#include <stdint.h>\n", out);
	fputs("\n/* Flags and their values are masks here: shifted to their bits, to be joined with |. */\n", out);
	for (i = 0; i < consts->n; i++) {
		const struct cli_const *c = &consts->rows[i];

		if (!i || strcmp(c->group, c[-1].group))
			fprintf(out, "\n/* %s */\n", abi_word(c->group, "", word));
		if (!c->is_twice)
			put_const(&w, c);
	}
	while ((row = cli_types_next(types, &pos)))
		put_type(&w, row);
	fputs("\n#endif\n", out);
}
