/* SPDX-License-Identifier: MIT */
/* Schema: facts that no header states, set by hand, each with its reason and source. */
#include "rpc/schema_int.h"

#include <string.h>

static int add_found(struct sc *s, const char *type, const struct sc_alias *alias)
{
	struct sc_layout *l = s->layouts.p, **to;
	size_t i;

	for (i = sc_layout_first(s, type); i < s->layouts.n && !strcmp(l[i].type, type); i++) {
		if (alias && sc_set_common(s, alias->set, l[i].set) < 0)
			continue;
		to = vec_add(&s->found);
		if (!to)
			return sc_nomem(s);
		*to = &l[i];
	}
	return 0;
}

/* s->found: the layouts of a type, or of what an alias stands for in the releases that they serve. */
static int find_layouts(struct sc *s, const char *type)
{
	const struct sc_alias *a = s->aliases.p;
	size_t i;
	int rc;

	s->found.n = 0;
	rc = add_found(s, type, NULL);
	for (i = sc_alias_first(s, type); i < s->aliases.n && !strcmp(a[i].name, type) && !rc; i++)
		rc = add_found(s, a[i].target, &a[i]);
	if (!rc && !s->found.n)
		rc = sc_bad(s, "no type \"%s\"", type);
	return rc;
}

static struct sc_field *field_of(const struct sc_layout *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->fields[i].name, name))
			return &l->fields[i];
	return NULL;
}

/* What one row of "fields", "counts" or "totals" does to a field. */
typedef int (*link_fn)(struct sc *s, struct sc_layout *l, struct sc_field *f, json_t *row, const char *arg);

static const struct {
	const char *as; /* a prefix, when it ends in ':' */
	enum abi_kind kind;
} kinds[] = {
	{ "enum:", ABI_G_ENUM }, { "flags:", ABI_G_FLAGS }, { "control", ABI_G_CONTROL }, { "class", ABI_G_CLASS }
};

/* Whether a field's values may have names of this group. */
static int check_group(struct sc *s, const struct sc_field *f, enum abi_kind kind, const char *group)
{
	unsigned bits = f->is_bits ? f->bit_hi - f->bit_lo + 1u : 8u * abi_prim_width(f->prim);
	uint32_t row = sc_group(s, kind, group);

	if (kind >= ABI_G_CONTROL && (f->prim != NVT_P_U32 || f->dims[0] || f->is_bits))
		return sc_bad(s, "a %s is a u32, %s is not", group, f->name);
	if (f->prim > NVT_P_U64)
		return sc_bad(s, "%s an unsigned field, %s is %s", kind == ABI_G_ENUM ? "an enum needs" : "flags need",
			      f->name, f->type);
	if (row == ABI_NONE)
		return sc_bad(s, "no %s \"%s\"", kind == ABI_G_ENUM ? "enum" : "set of flags", group);
	if (kind == ABI_G_FLAGS && sc_flags_bits(s, row) > bits)
		return sc_bad(s, "\"%s\" has flags up to bit %u, %s has %u bits", group, sc_flags_bits(s, row) - 1,
			      f->name, bits);
	return 0;
}

/* The same bytes, read as something more telling. */
static int link_as(struct sc *s, struct sc_layout *l, struct sc_field *f, json_t *row, const char *as)
{
	enum nvt_prim prim;
	const char *group;
	unsigned k;
	size_t n;
	int rc;

	(void)l;
	(void)row;
	for (k = 0; k < NVT_ARRAY_SIZE(kinds); k++) {
		n = strlen(kinds[k].as);
		group = kinds[k].as[n - 1] == ':' ? as + n : as;
		if (group == as ? strcmp(as, kinds[k].as) : strncmp(as, kinds[k].as, n))
			continue;
		rc = check_group(s, f, kinds[k].kind, group);
		f->group = group;
		f->kind = kinds[k].kind;
		return rc;
	}
	if (!sc_prim(as, &prim))
		return sc_bad(s, "\"as\" should be a scalar, enum:NAME, flags:NAME, control or class, not \"%s\"", as);
	if (f->prim == NVT_P_STRUCT || abi_prim_width(prim) != abi_prim_width(f->prim))
		return sc_bad(s, "%s is %s, of another size than %s", f->name, f->type, as);
	f->prim = prim;
	f->group = NULL;
	return 0;
}

static int link_count(struct sc *s, struct sc_layout *l, struct sc_field *f, json_t *row, const char *arg)
{
	json_t *bytes = json_object_get(row, "bytes"), *most = json_object_get(row, "most");
	const struct sc_field *count = field_of(l, arg);

	if (!f->is_flex)
		return sc_bad(s, "%s is not a flexible array", f->name);
	/* Nested ones are checked when the types that they lie in are known. */
	if (!strchr(arg, '.') && (!count || count->prim > NVT_P_U32 || count->dims[0]))
		return sc_bad(s, "\"%s\" is not an unsigned field of %s up to 32 bits", arg, l->type);
	if ((bytes && !json_is_true(bytes)) || (most && !json_is_true(most)))
		return sc_bad(s, "\"bytes\" and \"most\" should be true or not be there");
	l->count = arg;
	l->count_is = (bytes ? ABI_COUNT_IN_BYTES : 0) | (most ? ABI_COUNT_AT_MOST : 0);
	return 0;
}

static int link_total(struct sc *s, struct sc_layout *l, struct sc_field *f, json_t *row, const char *arg)
{
	(void)row;
	(void)arg;
	if (f->prim > NVT_P_U32 || f->dims[0] || f->is_bits)
		return sc_bad(s, "\"%s\" is not an unsigned field of %s up to 32 bits", f->name, l->type);
	l->total = f->name;
	return 0;
}

static const struct {
	const char *section, *keys, *arg;
	link_fn link;
} links[] = {
	{ "fields", "type field as why cite", "as", link_as },
	{ "counts", "type field count bytes most why cite", "count", link_count },
	{ "totals", "type field why cite", "field", link_total },
};

/* Applies to every layout of the type that has the field; one at least must. */
static int read_link(struct sc *s, json_t *row, unsigned k)
{
	const char *type, *field, *arg, *why;
	struct sc_layout **l;
	struct sc_field *f;
	bool done = false;
	size_t i;
	int rc;

	if (sc_keys(s, row, links[k].keys) || sc_text(s, row, "type", &type) || sc_text(s, row, "field", &field) ||
	    sc_text(s, row, links[k].arg, &arg) || sc_text(s, row, "why", &why) || sc_text(s, row, "cite", &why))
		return -NVT_E_DATA;
	rc = find_layouts(s, type);
	for (i = 0, l = s->found.p; i < s->found.n && !rc; i++) {
		f = field_of(l[i], field);
		rc = f ? links[k].link(s, l[i], f, row, arg) : 0;
		done |= f != NULL;
	}
	return rc || done ? rc : sc_bad(s, "%s has no field \"%s\"", type, field);
}

/* "TYPE.FIELD": "as", taken from macros: only where the field is a plain unsigned one. */
static int read_macro_link(struct sc *s, const char *at, const char *as)
{
	const char *dot = strrchr(at, '.');
	char type[200];
	struct sc_layout **l;
	struct sc_field *f;
	bool done = false;
	size_t i;
	int rc;

	if (!dot || (size_t)(dot - at) >= sizeof(type))
		return sc_bad(s, "should be TYPE.FIELD");
	memcpy(type, at, (size_t)(dot - at));
	type[dot - at] = 0;
	rc = find_layouts(s, type);
	for (i = 0, l = s->found.p; i < s->found.n && !rc; i++) {
		f = field_of(l[i], dot + 1);
		if (!f || f->prim > NVT_P_U64 || f->group)
			continue;
		rc = link_as(s, l[i], f, NULL, as);
		done = true;
	}
	return rc || done ? rc : sc_bad(s, "%s has no unsigned field \"%s\"", type, dot + 1);
}

int sc_read_links(struct sc *s, json_t *all)
{
	const char *at;
	json_t *as;
	int rc;

	json_object_foreach(all, at, as) {
		sc_at(s, "links.%s", at);
		if (!json_is_string(as))
			return sc_bad(s, "should be a string");
		rc = read_macro_link(s, at, json_string_value(as));
		if (rc)
			return rc;
	}
	return 0;
}

static int read_message(struct sc *s, json_t *row)
{
	const char *name, *payload = NULL, *quirk = NULL, *why;
	struct sc_msg *m = s->msgs.p;
	uint64_t min = ABI_NONE;
	bool done = false;
	size_t i;

	if (sc_keys(s, row, "message payload min quirk why cite") || sc_text(s, row, "message", &name) ||
	    sc_text(s, row, "why", &why) || sc_text(s, row, "cite", &why) ||
	    (json_object_get(row, "payload") && sc_text(s, row, "payload", &payload)) ||
	    (json_object_get(row, "min") && sc_int(s, row, "min", INT32_MAX, &min)) ||
	    (json_object_get(row, "quirk") && sc_text(s, row, "quirk", &quirk)))
		return -NVT_E_DATA;
	if (quirk && strcmp(quirk, "length-omits-tail"))
		return sc_bad(s, "unknown quirk \"%s\"", quirk);
	for (i = 0; i < s->msgs.n; i++) {
		if (strcmp(m[i].name, name))
			continue;
		done = true;
		if (payload) {
			m[i].payload = payload;
			m[i].by_hand = true;
		}
		if (min != ABI_NONE)
			m[i].min = (uint32_t)min;
		if (quirk)
			m[i].quirks |= ABI_Q_TAIL_NOT_IN_LENGTH;
	}
	return done ? 0 : sc_bad(s, "no message \"%s\"", name);
}

/* A flexible tail that holds the parameters of the control or class that another field names. */
static int read_tail(struct sc *s, json_t *row)
{
	const char *type, *field, *as, *by, *guard = NULL, *why;
	const struct sc_field *f;
	struct sc_layout **l;
	bool done = false;
	size_t i;
	int rc;

	if (sc_keys(s, row, "type field as by serialized why cite") || sc_text(s, row, "type", &type) ||
	    sc_text(s, row, "field", &field) || sc_text(s, row, "as", &as) || sc_text(s, row, "by", &by) ||
	    sc_text(s, row, "why", &why) || sc_text(s, row, "cite", &why) ||
	    (json_object_get(row, "serialized") && sc_text(s, row, "serialized", &guard)))
		return -NVT_E_DATA;
	if (strcmp(as, "control") && strcmp(as, "class"))
		return sc_bad(s, "\"as\" should be control or class, not \"%s\"", as);
	rc = find_layouts(s, type);
	for (i = 0, l = s->found.p; i < s->found.n && !rc; i++) {
		if (guard && !field_of(l[i], guard))
			continue;
		f = field_of(l[i], field);
		if (!f || !f->is_flex || f->prim != NVT_P_U8)
			return sc_bad(s, "%s is not a flexible array of bytes", field);
		if (!field_of(l[i], by) || field_of(l[i], by)->prim != NVT_P_U32)
			return sc_bad(s, "\"%s\" is not a u32 of %s", by, l[i]->type);
		l[i]->tail_as = strcmp(as, "control") ? ABI_AS_CLASS : ABI_AS_CONTROL;
		l[i]->by = by;
		l[i]->guard = guard;
		done = true;
	}
	return rc || done ? rc : sc_bad(s, "%s has no field \"%s\"", type, guard);
}

/* Parameters that a class takes in truth. */
static int read_class(struct sc *s, json_t *row)
{
	struct sc_id *id = s->ids[SC_ID_CLASS].p;
	const char *name, *alloc, *why;
	bool done = false;
	size_t i;

	if (sc_keys(s, row, "class alloc why cite") || sc_text(s, row, "class", &name) ||
	    sc_text(s, row, "alloc", &alloc) || sc_text(s, row, "why", &why) || sc_text(s, row, "cite", &why))
		return -NVT_E_DATA;
	for (i = 0; i < s->ids[SC_ID_CLASS].n; i++) {
		if (strcmp(id[i].name, name))
			continue;
		id[i].params = alloc;
		id[i].flags &= ~ABI_ID_SCALAR;
		done = true;
	}
	return done ? 0 : sc_bad(s, "no class \"%s\"", name);
}

static int read_handle(struct sc *s, json_t *row)
{
	struct sc_handle *h = vec_add(&s->handles), *was = s->handles.p;
	size_t i;

	if (!h)
		return sc_nomem(s);
	h->file = s->file;
	if (sc_keys(s, row, "type name") || sc_text(s, row, "type", &h->type))
		return -NVT_E_DATA;
	h->name = h->type;
	if (json_object_get(row, "name") && sc_text(s, row, "name", &h->name))
		return -NVT_E_DATA;
	for (i = 0; i + 1 < s->handles.n; i++)
		if (!strcmp(was[i].name, h->name))
			return sc_bad(s, "handle \"%s\" twice", h->name);
	return 0;
}

static const struct {
	const char *section;
	int (*read)(struct sc *s, json_t *row);
} rows[] = {
	{ "messages", read_message },
	{ "selectors", sc_read_selector },
	{ "tails", read_tail },
	{ "classes", read_class },
	{ "handles", read_handle },
};

int sc_read_overlay(struct sc *s, json_t *overlay)
{
	json_t *row;
	unsigned k;
	size_t i;
	int rc;

	if (sc_keys(s, overlay, "messages fields counts totals selectors tails classes handles"))
		return -NVT_E_DATA;
	for (k = 0; k < NVT_ARRAY_SIZE(links); k++) {
		json_array_foreach(json_object_get(overlay, links[k].section), i, row) {
			sc_at(s, "overlay.%s[%zu]", links[k].section, i);
			rc = read_link(s, row, k);
			if (rc)
				return rc;
		}
	}
	for (k = 0; k < NVT_ARRAY_SIZE(rows); k++) {
		json_array_foreach(json_object_get(overlay, rows[k].section), i, row) {
			sc_at(s, "overlay.%s[%zu]", rows[k].section, i);
			rc = rows[k].read(s, row);
			if (rc)
				return rc;
		}
	}
	return 0;
}
