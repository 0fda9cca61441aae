/* SPDX-License-Identifier: MIT */
/*
 * Build tool: the tables of the Wireshark dissector as Lua, on standard output; dissector.lua, which
 * follows them in the same file, reads them. What messages can reach of the built-in tables is there.
 *
 *	field	"TYPE.NAME KIND WIDTH[ ENUM| &FLAGS]", by number
 *	layout	"TYPE SIZE[ AT WIDTH LOW HIGH BYTES];FIELD NAME KIND OFFSET SIZE COUNT RUN NESTED[ LOW HIGH| SELECTOR AT
 *		WIDTH];...", by number. COUNT elements (-1: as many as there are, or as the count at AT says, a number of
 *		BYTES each) of SIZE bytes; RUN: bytes in a row that are shown as one; FIELD 0 for structs. A union shows
 *		the member that SELECTOR gives for the number at AT
 *	selectors
 *		"VALUE MEMBER;...", by number
 *	flags	name -> "FIRST LAST;LOW HIGH NAME[ VALUE NAME]...;...": releases by number, then each flag; lists by line
 *	messages, controls, classes
 *		number -> "FIRST LAST LAYOUT NAME;...": releases by number; LAYOUT 0 if none is known
 *
 * KIND: u, i, b(oolean), c(haracters), h(andle), p(ointer), s(tatus), x (bytes), S(truct), U(nion)
 */
#include "rpc/abi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 200

struct field {
	char abbr[NAME_BYTES];
	char kind;
	bool wide, is_flags;
	const char *values; /* enum or flags that name them */
};

struct gen {
	const struct nvt_abi *abi;
	const struct nvt_layout **layouts;
	size_t n_layouts, cap_layouts;
	uint32_t *slots; /* hash of a layout's address -> its number; cap is a power of two */
	size_t n_slots;
	struct field *fields;
	size_t n_fields, cap_fields;
};

static void out_of_memory(void)
{
	fprintf(stderr, "dissector: out of memory\n");
	exit(3);
}

static void *grown(void *p, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return p;
	*cap = *cap ? 2 * *cap : 256;
	p = realloc(p, *cap * size);
	if (!p)
		out_of_memory();
	return p;
}

/* ---- fields ---- */

static char kind_of(const struct nvt_field_info *f)
{
	static const char kinds[] = {
		[NVT_P_U8] = 'u',   [NVT_P_U16] = 'u',  [NVT_P_U32] = 'u',    [NVT_P_U64] = 'u', [NVT_P_S8] = 'i',
		[NVT_P_S16] = 'i',  [NVT_P_S32] = 'i',  [NVT_P_S64] = 'i',    [NVT_P_BOOL] = 'b', [NVT_P_CHAR] = 'c',
		[NVT_P_HANDLE] = 'h', [NVT_P_P64] = 'p', [NVT_P_STATUS] = 's', [NVT_P_STRUCT] = 'S',
	};

	if (f->prim == NVT_P_STRUCT && nvt_layout_is_union(f->nested))
		return 'U';
	return f->prim == NVT_P_U8 && f->dims[0] ? 'x' : kinds[f->prim];
}

static unsigned size_of(const struct nvt_field_info *f)
{
	static const unsigned char sizes[] = { 1, 2, 4, 8, 1, 2, 4, 8, 1, 1, 4, 8, 4 };

	return f->prim == NVT_P_STRUCT ? nvt_layout_size(f->nested) : sizes[f->prim];
}

/* Bytes of a type's name without the version that messages' structs end in ("_v17_00"). */
static size_t base_length(const char *name)
{
	size_t n = strlen(name);

	if (n > 7 && name[n - 7] == '_' && name[n - 6] == 'v' && name[n - 3] == '_')
		return n - 7;
	return n;
}

/* A filter's name holds letters, digits, '_', '-' and single dots. */
static void abbreviate(char *to, const char *type, const char *field)
{
	char *p;

	snprintf(to, NAME_BYTES, "%.*s.%s", (int)base_length(type), type, field);
	for (p = to; *p; p++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.", *p) ||
		    (*p == '.' && p[1] == '.'))
			*p = '_';
}

static int by_abbr(const void *a, const void *b)
{
	const struct field *x = a, *y = b;
	int c = strcmp(x->abbr, y->abbr);

	return c ? c : (x->kind > y->kind) - (x->kind < y->kind);
}

static void add_field(struct gen *g, const char *type, const struct nvt_field_info *f)
{
	struct field *to;

	g->fields = grown(g->fields, g->n_fields, &g->cap_fields, sizeof(*g->fields));
	to = &g->fields[g->n_fields++];
	abbreviate(to->abbr, type, f->name);
	to->kind = kind_of(f);
	to->wide = size_of(f) == 8;
	to->is_flags = f->flags_name;
	to->values = f->flags_name ? f->flags_name : f->enum_name;
}

/* Sorts, and makes one of those that several layouts share. */
static void settle_fields(struct gen *g)
{
	size_t i, n = 0;

	qsort(g->fields, g->n_fields, sizeof(*g->fields), by_abbr);
	for (i = 0; i < g->n_fields; i++) {
		if (n && !by_abbr(&g->fields[n - 1], &g->fields[i])) {
			g->fields[n - 1].wide |= g->fields[i].wide;
			if (g->fields[i].values) {
				g->fields[n - 1].values = g->fields[i].values;
				g->fields[n - 1].is_flags = g->fields[i].is_flags;
			}
		} else {
			g->fields[n++] = g->fields[i];
		}
	}
	g->n_fields = n;
}

static size_t field_number(const struct gen *g, const char *type, const struct nvt_field_info *f)
{
	struct field key = { .kind = kind_of(f) };
	const struct field *at;

	abbreviate(key.abbr, type, f->name);
	at = bsearch(&key, g->fields, g->n_fields, sizeof(key), by_abbr);
	return at ? (size_t)(at - g->fields) + 1 : 0;
}

/* ---- layouts ---- */

static uint32_t *slot_of(struct gen *g, const struct nvt_layout *l)
{
	size_t i = (size_t)((uintptr_t)l / sizeof(uint32_t) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (g->n_slots - 1);

	while (g->slots[i] && g->layouts[g->slots[i] - 1] != l)
		i = (i + 1) & (g->n_slots - 1);
	return &g->slots[i];
}

static void visit(struct gen *g, const struct nvt_layout *l)
{
	uint32_t *slot = l ? slot_of(g, l) : NULL;
	struct nvt_field_info f;
	unsigned i;

	if (!slot || *slot)
		return;
	g->layouts = grown(g->layouts, g->n_layouts, &g->cap_layouts, sizeof(*g->layouts));
	g->layouts[g->n_layouts++] = l;
	*slot = (uint32_t)g->n_layouts;
	if (2 * g->n_layouts > g->n_slots) {
		fprintf(stderr, "dissector: more than %zu layouts\n", g->n_slots / 2);
		exit(70);
	}
	for (i = 0; i < nvt_layout_field_count(l); i++) {
		nvt_layout_field(l, i, &f);
		if (f.prim == NVT_P_STRUCT)
			visit(g, f.nested);
		else
			add_field(g, nvt_layout_name(l), &f);
	}
}

static bool is_run(const struct nvt_field_info *f)
{
	return f->prim == NVT_P_U8 || f->prim == NVT_P_CHAR;
}

/* Elements, -1 for a flexible tail; *ret_run: of those, how many are shown as one. */
static long count_of(const struct nvt_field_info *f, unsigned long *ret_run)
{
	unsigned k, dims = 0;
	long n = 1;

	*ret_run = 0;
	if (f->dims[0] == UINT32_MAX)
		return -1;
	while (dims < 3 && f->dims[dims])
		dims++;
	for (k = 0; k < dims; k++) {
		if (is_run(f) && k + 1 == dims)
			*ret_run = f->dims[k];
		else
			n *= f->dims[k];
	}
	return n;
}

/* A union's selector and where the selecting field lies. */
static void emit_selector(const struct gen *g, const struct nvt_layout *l, const struct nvt_field *u)
{
	uint32_t number = u->bit_lo | (uint32_t)u->bit_hi << 8, by = abi_sel(g->abi)[number].by;
	const struct nvt_field *f = abi_fields(l);

	while (f->name != by) /* the schema loader has seen it */
		f++;
	printf(" %u %u %u", number + 1, f->offset, f->size);
}

static void emit_count(const struct gen *g, const struct nvt_layout *l)
{
	const struct nvt_field *f = &abi_field(g->abi)[l->count];
	bool is_bits = f->op == ABI_OP_BITS;

	printf(" %u %u %u %u %u", l->count_at, f->size, is_bits ? f->bit_lo : 0, is_bits ? f->bit_hi : 8 * f->size - 1,
	       l->count_is & ABI_COUNT_IN_BYTES ? abi_fields(l)[l->tail].size : 1);
}

static void emit_row(struct gen *g, const struct nvt_layout *l, unsigned i)
{
	struct nvt_field_info f;
	unsigned long run;
	long count;

	nvt_layout_field(l, i, &f);
	count = count_of(&f, &run);
	printf(";%zu %s %c %u %u %ld %lu %u", f.prim == NVT_P_STRUCT ? 0 : field_number(g, nvt_layout_name(l), &f),
	       f.name[0] ? f.name : "-", kind_of(&f), f.offset, size_of(&f), count, run,
	       f.prim == NVT_P_STRUCT ? *slot_of(g, f.nested) : 0);
	if (f.is_bits)
		printf(" %u %u", f.bit_lo, f.bit_hi);
	if (abi_fields(l)[i].flags & ABI_F_SELECT)
		emit_selector(g, l, &abi_fields(l)[i]);
}

static void emit_layouts(struct gen *g)
{
	unsigned k;
	size_t i;

	printf("local layouts = {\n");
	for (i = 0; i < g->n_layouts; i++) {
		const struct nvt_layout *l = g->layouts[i];

		printf("\"%s %u", nvt_layout_name(l), nvt_layout_size(l));
		if (l->count != ABI_NONE)
			emit_count(g, l);
		for (k = 0; k < nvt_layout_field_count(l); k++)
			emit_row(g, l, k);
		printf("\",\n");
	}
	printf("}\n");
}

static void emit_fields(const struct gen *g)
{
	size_t i;

	printf("local fields = {\n");
	for (i = 0; i < g->n_fields; i++) {
		const struct field *f = &g->fields[i];

		printf("\"%s %c%s%s%s%s\",\n", f->abbr, f->kind, f->wide ? "8" : "4", f->values ? " " : "",
		       f->is_flags ? "&" : "", f->values ? f->values : "");
	}
	printf("}\n");
}

/* ---- numbers ---- */

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

struct id {
	uint32_t number;
	const char *name; /* NULL: the release has no such number */
	const struct nvt_layout *layout;
};

/* Messages, controls, classes: each with its tables in the library. */
struct id_kind {
	const char *table;
	bool (*next)(struct nvt_rel rel, uint32_t *pos, struct id *ret);
	struct id (*find)(struct nvt_rel rel, uint32_t number);
};

static bool next_message(struct nvt_rel rel, uint32_t *pos, struct id *ret)
{
	struct nvt_msg_desc d;

	if (!nvt_msg_next(rel, pos, &d))
		return false;
	*ret = (struct id){ d.number, d.name, d.layout };
	return true;
}

static struct id find_message(struct nvt_rel rel, uint32_t number)
{
	struct nvt_msg_desc d;

	return nvt_msg_by_number(rel, number, &d) ? (struct id){ number, d.name, d.layout } : (struct id){ number, NULL, NULL };
}

static bool next_control(struct nvt_rel rel, uint32_t *pos, struct id *ret)
{
	struct nvt_id_desc d;

	if (!nvt_ctrl_next(rel, pos, &d))
		return false;
	*ret = (struct id){ d.id, d.name, d.layout };
	return true;
}

static struct id find_control(struct nvt_rel rel, uint32_t number)
{
	struct nvt_id_desc d;

	return nvt_ctrl_by_cmd(rel, number, &d) ? (struct id){ number, d.name, d.layout } : (struct id){ number, NULL, NULL };
}

static bool next_class(struct nvt_rel rel, uint32_t *pos, struct id *ret)
{
	struct nvt_id_desc d;

	if (!nvt_class_next(rel, pos, &d))
		return false;
	*ret = (struct id){ d.id, d.name, d.layout };
	return true;
}

static struct id find_class(struct nvt_rel rel, uint32_t number)
{
	struct nvt_id_desc d;

	return nvt_class_by_id(rel, number, &d) ? (struct id){ number, d.name, d.layout } : (struct id){ number, NULL, NULL };
}

static const struct id_kind id_kinds[] = {
	{ "messages", next_message, find_message },
	{ "controls", next_control, find_control },
	{ "classes", next_class, find_class },
};

static size_t collect_numbers(const struct gen *g, const struct id_kind *k, uint32_t **ret)
{
	size_t n = 0, cap = 0, i, out = 0;
	struct nvt_rel rel = { g->abi, 0 };
	struct id id;
	uint32_t pos;

	*ret = NULL;
	for (; rel.index < nvt_abi_release_count(g->abi); rel.index++) {
		for (pos = 0; k->next(rel, &pos, &id);) {
			*ret = grown(*ret, n, &cap, sizeof(**ret));
			(*ret)[n++] = id.number;
		}
	}
	if (!n)
		return 0;
	qsort(*ret, n, sizeof(**ret), by_number);
	for (i = 0; i < n; i++)
		if (!out || (*ret)[out - 1] != (*ret)[i])
			(*ret)[out++] = (*ret)[i];
	return out;
}

/* One number: runs of releases in which it is the same. */
static void emit_number(struct gen *g, const struct id_kind *k, uint32_t number)
{
	struct nvt_rel rel = { g->abi, 0 };
	struct id last = { number, NULL, NULL }, d;
	unsigned n = nvt_abi_release_count(g->abi), first = 0;

	printf("[%u]=\"", number);
	for (; rel.index <= n; rel.index++) {
		d = rel.index < n ? k->find(rel, number) : (struct id){ number, NULL, NULL };
		if (d.name && last.name && d.layout == last.layout && !strcmp(d.name, last.name))
			continue;
		if (last.name)
			printf("%u %u %u %s;", first, rel.index - 1, last.layout ? *slot_of(g, last.layout) : 0, last.name);
		last = d;
		first = rel.index;
	}
	printf("\",\n");
}

static void emit_numbers(struct gen *g, const struct id_kind *k)
{
	uint32_t *numbers;
	size_t n = collect_numbers(g, k, &numbers), i;

	printf("local %s = {\n", k->table);
	for (i = 0; i < n; i++)
		emit_number(g, k, numbers[i]);
	printf("}\n");
	free(numbers);
}

static void emit_releases(const struct gen *g)
{
	struct nvt_rel rel = { g->abi, 0 };

	printf("local releases = {\n");
	for (; rel.index < nvt_abi_release_count(g->abi); rel.index++)
		printf("[\"%s\"]=%u,\n", nvt_rel_name(rel), rel.index);
	printf("}\n");
}

static void emit_selectors(const struct gen *g)
{
	const struct abi_sel *sel = abi_sel(g->abi), *end = sel + abi_n_sel(g->abi);
	const struct abi_arm *arm;

	printf("local selectors = {\n");
	for (; sel < end; sel++) {
		printf("\"");
		for (arm = &abi_arm(g->abi)[sel->first]; arm < &abi_arm(g->abi)[sel->first + sel->n]; arm++)
			printf("%u %s;", arm->value, abi_text(g->abi, arm->member));
		printf("\",\n");
	}
	printf("}\n");
}

/* A value is called what the newest release that has it calls it. */
static void emit_enums(const struct gen *g)
{
	const struct abi_group *e = abi_group(g->abi), *end = e + abi_n_group(g->abi);
	struct nvt_rel newest = { g->abi, nvt_abi_release_count(g->abi) - 1 };
	const struct abi_value *v, *last;

	printf("local enums = {\n");
	for (; e < end && e->kind == ABI_G_ENUM; e++) {
		printf("[\"%s\"]={\n", abi_text(g->abi, e->name));
		for (v = &abi_enm(g->abi)[e->first], last = v + e->n; v < last; v++)
			if (!v->hi && (abi_in_set(newest, v->set) || v + 1 == last || v[1].lo != v->lo))
				printf("[%u]=\"%s\",\n", v->lo, abi_text(g->abi, v->name));
		printf("},\n");
	}
	printf("[\"NV_STATUS\"]={\n");
	for (v = abi_status(g->abi), last = v + abi_n_status(g->abi); v < last; v++)
		if (abi_in_set(newest, v->set) || v + 1 == last || v[1].lo != v->lo)
			printf("[%u]=\"%s\",\n", v->lo, abi_text(g->abi, v->name));
	printf("},\n}\n");
}

/* Each run of releases that have the same flags. */
static void emit_flag_list(const struct gen *g, const struct abi_flag *f, const struct abi_flag *end)
{
	struct nvt_rel rel = { g->abi, 0 };
	unsigned n = nvt_abi_release_count(g->abi), first;
	const struct abi_flag *at;
	uint32_t set;

	for (; f < end; f = at) {
		set = f->v.set;
		for (rel.index = 0; rel.index < n; rel.index++) {
			first = rel.index;
			while (rel.index < n && abi_in_set(rel, set))
				rel.index++;
			if (rel.index > first)
				printf("%u %u ", first, rel.index - 1);
		}
		for (at = f; at < end && at->v.set == set; at++)
			if (at->is_value)
				printf(" %u %s", at->v.lo, abi_text(g->abi, at->v.name));
			else
				printf(";%u %u %s", at->lo, at->hi, abi_text(g->abi, at->v.name));
		printf("\\n");
	}
}

static void emit_flags(const struct gen *g)
{
	const struct abi_group *e = abi_group(g->abi), *end = e + abi_n_group(g->abi);

	printf("local flags = {\n");
	for (; e < end; e++) {
		if (e->kind != ABI_G_FLAGS)
			continue;
		printf("[\"%s\"]=\"", abi_text(g->abi, e->name));
		emit_flag_list(g, &abi_flag(g->abi)[e->first], &abi_flag(g->abi)[e->first + e->n]);
		printf("\",\n");
	}
	printf("}\n");
}

static void visit_all(struct gen *g, const struct id_kind *k)
{
	struct nvt_rel rel = { g->abi, 0 };
	struct id id;
	uint32_t pos;

	for (; rel.index < nvt_abi_release_count(g->abi); rel.index++)
		for (pos = 0; k->next(rel, &pos, &id);)
			visit(g, id.layout);
}

int main(void)
{
	struct gen g = { .abi = nvt_abi_builtin(), .n_slots = 1u << 18 };
	unsigned i;

	g.slots = calloc(g.n_slots, sizeof(*g.slots));
	if (!g.slots)
		out_of_memory();
	for (i = 0; i < NVT_ARRAY_SIZE(id_kinds); i++)
		visit_all(&g, &id_kinds[i]);
	settle_fields(&g);
	printf("-- Generated by protocol/gen from protocol/; do not edit.\n");
	emit_releases(&g);
	emit_enums(&g);
	emit_flags(&g);
	emit_selectors(&g);
	emit_fields(&g);
	emit_layouts(&g);
	for (i = 0; i < NVT_ARRAY_SIZE(id_kinds); i++)
		emit_numbers(&g, &id_kinds[i]);
	free(g.slots);
	free(g.layouts);
	free(g.fields);
	return fflush(stdout) || ferror(stdout) ? 3 : 0;
}
