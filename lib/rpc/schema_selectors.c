/* SPDX-License-Identifier: MIT */
/* Schema: which member of a union counts, by the value of a field beside it. */
#include "rpc/schema_int.h"

#include <string.h>

static int check_arms(struct sc *s, json_t *arms)
{
	json_t *arm;
	size_t i;

	if (!json_is_array(arms))
		return sc_bad(s, "\"arms\" should be a list of [value, member]");
	json_array_foreach(arms, i, arm)
		if (json_array_size(arm) != 2 || !json_is_integer(json_array_get(arm, 0)) ||
		    !json_is_string(json_array_get(arm, 1)))
			return sc_bad(s, "arms[%zu] should be [value, member]", i);
	return 0;
}

int sc_read_selectors(struct sc *s, json_t *selectors)
{
	struct sc_sel *sel;
	const char *at;
	json_t *list, *row;
	size_t i;
	int rc;

	json_object_foreach(selectors, at, list) {
		json_array_foreach(list, i, row) {
			sc_at(s, "selectors.%s[%zu]", at, i);
			sel = vec_add(&s->sels);
			if (!sel)
				return sc_nomem(s);
			*sel = (struct sc_sel){ .file = s->file, .at = at, .arms = json_object_get(row, "arms") };
			if (sc_keys(s, row, "v by arms") || sc_set(s, row, &sel->set) || sc_text(s, row, "by", &sel->by))
				return -NVT_E_DATA;
			rc = check_arms(s, sel->arms);
			if (rc)
				return rc;
		}
	}
	return 0;
}

int sc_read_selector(struct sc *s, json_t *row)
{
	struct sc_sel *sel = vec_add(&s->sels);
	const char *why;

	if (!sel)
		return sc_nomem(s);
	*sel = (struct sc_sel){ .file = s->file, .by_hand = true, .arms = json_object_get(row, "arms") };
	if (sc_keys(s, row, "type field by arms why cite") || sc_text(s, row, "type", &sel->type) ||
	    sc_text(s, row, "field", &sel->field) || sc_text(s, row, "by", &sel->by) || sc_text(s, row, "why", &why) ||
	    sc_text(s, row, "cite", &why))
		return -NVT_E_DATA;
	return check_arms(s, sel->arms);
}

static int add_selector(struct sc *s, struct sc_sel *sel)
{
	struct abi_sel row = { sc_intern(s, sel->by), (uint32_t)s->out[ABI_arm].n, (uint32_t)json_array_size(sel->arms) };
	struct abi_sel *to = vec_add(&s->out[ABI_sel]);
	struct abi_arm *arm;
	json_t *pair;
	size_t i;

	if (!to || row.by == ABI_NONE)
		return sc_nomem(s);
	*to = row;
	json_array_foreach(sel->arms, i, pair) {
		arm = vec_add(&s->out[ABI_arm]);
		if (!arm)
			return sc_nomem(s);
		arm->value = (uint32_t)json_integer_value(json_array_get(pair, 0));
		arm->member = sc_intern(s, json_string_value(json_array_get(pair, 1)));
		if (arm->member == ABI_NONE)
			return sc_nomem(s);
	}
	sel->row = (uint32_t)s->out[ABI_sel].n;
	return 0;
}

static bool names_field(const struct sc_sel *sel, const char *type, const char *field)
{
	size_t n = strlen(type);

	if (sel->by_hand)
		return !strcmp(sel->type, type) && !strcmp(sel->field, field);
	return !strncmp(sel->at, type, n) && sel->at[n] == '.' && !strcmp(sel->at + n + 1, field);
}

static void at_selector(struct sc *s, const struct sc_sel *sel)
{
	s->file = sel->file;
	if (sel->by_hand)
		sc_at(s, "overlay.selectors, %s.%s", sel->type, sel->field);
	else
		sc_at(s, "selectors.%s", sel->at);
}

/* The selecting field stands beside the union, and the union has the members. */
static int check_selector(struct sc *s, const struct sc_sel *sel, const struct sc_layout *l, const struct nvt_layout *u)
{
	const struct nvt_field *f = (const struct nvt_field *)s->out[ABI_field].p + u->first;
	const char *pool = s->out[ABI_str].p, *member;
	bool some = !json_array_size(sel->arms);
	json_t *pair;
	size_t i, k;

	for (i = 0; i < l->n && strcmp(l->fields[i].name, sel->by); i++)
		;
	if (i == l->n || l->fields[i].prim > NVT_P_U32 || l->fields[i].dims[0] || l->fields[i].is_bits)
		return sc_bad(s, "\"%s\" is not an unsigned field of %s up to 32 bits", sel->by, l->type);
	if (!u->is_union)
		return sc_bad(s, "it is not a union");
	json_array_foreach(sel->arms, i, pair) {
		member = json_string_value(json_array_get(pair, 1));
		for (k = 0; k < u->n && strcmp(pool + f[k].name, member); k++)
			;
		if (k == u->n && !sel->by_hand)
			return sc_bad(s, "arms[%zu]: the union has no member \"%s\"", i, member);
		some |= k < u->n;
	}
	return some ? 0 : sc_bad(s, "the union has none of the members");
}

int sc_selector(struct sc *s, const struct sc_layout *l, const struct sc_field *f, unsigned release, uint32_t *ret)
{
	const struct nvt_layout *u = (const struct nvt_layout *)s->out[ABI_layout].p + f->aux;
	struct sc_sel *sel = s->sels.p;
	size_t i;
	int rc;

	*ret = 0;
	for (i = 0; i < s->sels.n; i++) {
		if (!names_field(&sel[i], l->type, f->name) || !(sel[i].by_hand ? u->is_union : sc_set_has(s, sel[i].set, release)))
			continue;
		at_selector(s, &sel[i]);
		if (*ret)
			return sc_bad(s, "a second one for release %s", sc_version(s, release));
		rc = f->dims[0] ? sc_bad(s, "it is an array") : check_selector(s, &sel[i], l, u);
		if (!rc && !sel[i].row)
			rc = add_selector(s, &sel[i]);
		if (rc)
			return rc;
		*ret = sel[i].row;
	}
	return 0;
}

int sc_check_selectors(struct sc *s)
{
	const struct sc_sel *sel = s->sels.p;
	size_t i;

	for (i = 0; i < s->sels.n; i++) {
		at_selector(s, &sel[i]);
		if (!sel[i].row)
			return sc_bad(s, "no such field in its releases");
	}
	return 0;
}
