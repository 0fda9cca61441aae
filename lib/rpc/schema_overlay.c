/* SPDX-License-Identifier: MIT */
/* Schema: facts that no header states, set by hand, each with its reason and source. */
#include "rpc/schema_int.h"

#include <string.h>

/* True if `name` is the layout's type, or an alias of it in a release that the layout serves. */
static bool names_layout(const struct sc *s, const char *name, const struct sc_layout *l)
{
	const struct sc_alias *a = s->aliases.p;
	size_t i;

	if (!strcmp(name, l->type))
		return true;
	for (i = sc_alias_first(s, name); i < s->aliases.n && !strcmp(a[i].name, name); i++)
		if (!strcmp(a[i].target, l->type) && sc_set_common(s, a[i].set, l->set) >= 0)
			return true;
	return false;
}

static struct sc_field *field_of(const struct sc_layout *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->fields[i].name, name))
			return &l->fields[i];
	return NULL;
}

static bool enum_exists(const struct sc *s, const char *name)
{
	const struct sc_value *v = s->values[SC_VALUE_ENUM].p;
	size_t i;

	for (i = 0; i < s->values[SC_VALUE_ENUM].n; i++)
		if (!strcmp(v[i].group, name))
			return true;
	return false;
}

/* What one row of "fields", "counts" or "totals" does to a field. */
typedef int (*link_fn)(struct sc *s, struct sc_layout *l, struct sc_field *f, const char *arg);

/* The same bytes, read as something more telling. */
static int link_as(struct sc *s, struct sc_layout *l, struct sc_field *f, const char *as)
{
	enum nvt_prim prim;

	(void)l;
	if (!strcmp(as, "control") || !strcmp(as, "class")) {
		if (f->prim != NVT_P_U32 || f->dims[0] || f->is_bits)
			return sc_bad(s, "a %s is a u32, %s is not", as, f->name);
		f->enm = as;
		return 0;
	}
	if (!strncmp(as, "enum:", 5)) {
		if (f->prim > NVT_P_U64)
			return sc_bad(s, "an enum needs an unsigned field, %s is %s", f->name, f->type);
		if (!enum_exists(s, as + 5))
			return sc_bad(s, "no enum \"%s\"", as + 5);
		f->enm = as + 5;
		return 0;
	}
	if (!sc_prim(as, &prim))
		return sc_bad(s, "\"as\" should be a scalar or enum:NAME, not \"%s\"", as);
	if (f->prim == NVT_P_STRUCT || abi_prim_width(prim) != abi_prim_width(f->prim))
		return sc_bad(s, "%s is %s, of another size than %s", f->name, f->type, as);
	f->prim = prim;
	return 0;
}

static bool is_count(const struct sc_field *f)
{
	return f->prim <= NVT_P_U32 && !f->dims[0] && !f->is_bits;
}

static int link_count(struct sc *s, struct sc_layout *l, struct sc_field *f, const char *arg)
{
	const struct sc_field *count = field_of(l, arg);

	if (!f->is_flex)
		return sc_bad(s, "%s is not a flexible array", f->name);
	if (!count || !is_count(count))
		return sc_bad(s, "\"%s\" is not an unsigned field of %s up to 32 bits", arg, l->type);
	l->count = count->name;
	return 0;
}

static int link_total(struct sc *s, struct sc_layout *l, struct sc_field *f, const char *arg)
{
	(void)arg;
	if (!is_count(f))
		return sc_bad(s, "\"%s\" is not an unsigned field of %s up to 32 bits", f->name, l->type);
	l->total = f->name;
	return 0;
}

static const struct {
	const char *section, *keys, *arg;
	link_fn link;
} links[] = {
	{ "fields", "type field as why cite", "as", link_as },
	{ "counts", "type field count why cite", "count", link_count },
	{ "totals", "type field why cite", "field", link_total },
};

/* Applies to every layout of the type that has the field; one at least must. */
static int read_link(struct sc *s, json_t *row, unsigned k)
{
	const char *type, *field, *arg, *why;
	struct sc_layout *l = s->layouts.p;
	struct sc_field *f;
	bool typed = false, done = false;
	size_t i;
	int rc;

	if (sc_keys(s, row, links[k].keys) || sc_text(s, row, "type", &type) || sc_text(s, row, "field", &field) ||
	    sc_text(s, row, links[k].arg, &arg) || sc_text(s, row, "why", &why) || sc_text(s, row, "cite", &why))
		return -NVT_E_DATA;
	for (i = 0; i < s->layouts.n; i++) {
		if (!names_layout(s, type, &l[i]))
			continue;
		typed = true;
		f = field_of(&l[i], field);
		if (!f)
			continue;
		done = true;
		rc = links[k].link(s, &l[i], f, arg);
		if (rc)
			return rc;
	}
	if (!typed)
		return sc_bad(s, "no type \"%s\"", type);
	return done ? 0 : sc_bad(s, "%s has no field \"%s\"", type, field);
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
	struct sc_layout *l = s->layouts.p;
	const struct sc_field *f;
	bool done = false;
	size_t i;

	if (sc_keys(s, row, "type field as by serialized why cite") || sc_text(s, row, "type", &type) ||
	    sc_text(s, row, "field", &field) || sc_text(s, row, "as", &as) || sc_text(s, row, "by", &by) ||
	    sc_text(s, row, "why", &why) || sc_text(s, row, "cite", &why) ||
	    (json_object_get(row, "serialized") && sc_text(s, row, "serialized", &guard)))
		return -NVT_E_DATA;
	if (strcmp(as, "control") && strcmp(as, "class"))
		return sc_bad(s, "\"as\" should be control or class, not \"%s\"", as);
	for (i = 0; i < s->layouts.n; i++) {
		if (!names_layout(s, type, &l[i]) || (guard && !field_of(&l[i], guard)))
			continue;
		f = field_of(&l[i], field);
		if (!f || !f->is_flex || f->prim != NVT_P_U8)
			return sc_bad(s, "%s is not a flexible array of bytes", field);
		if (!field_of(&l[i], by) || field_of(&l[i], by)->prim != NVT_P_U32)
			return sc_bad(s, "\"%s\" is not a u32 of %s", by, l[i].type);
		l[i].tail_as = *as == 'c' && as[1] == 'o' ? ABI_AS_CONTROL : ABI_AS_CLASS;
		l[i].by = by;
		l[i].guard = guard;
		done = true;
	}
	return done ? 0 : sc_bad(s, "no type \"%s\" with these fields", type);
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

	if (sc_keys(s, overlay, "messages fields counts totals tails classes handles"))
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
