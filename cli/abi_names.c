/* SPDX-License-Identifier: MIT */
/* Enums and sets of flags of a release as rows of one form. */
#include <stdlib.h>
#include <string.h>
#include "cli/abi.h"

bool cli_name_next(struct nvt_rel rel, enum cli_names kind, uint32_t *pos, struct cli_name *ret)
{
	struct nvt_enum_value v;
	struct nvt_flag f;

	if (kind == NAMES_ENUMS && nvt_enum_next(rel, pos, &v)) {
		*ret = (struct cli_name){ .set = v.enum_name, .name = v.name, .value = v.value };
		return true;
	}
	if (kind == NAMES_FLAGS && nvt_flag_next(rel, pos, &f)) {
		*ret = (struct cli_name){ f.set_name, f.name, f.value, f.lo, f.hi, true, !f.is_value };
		return true;
	}
	return false;
}

bool cli_name_of_set(struct nvt_rel rel, enum cli_names kind, const char *set, uint32_t *pos, struct cli_name *ret)
{
	while (cli_name_next(rel, kind, pos, ret))
		if (!strcmp(ret->set, set))
			return true;
	return false;
}

bool cli_name_same(const struct cli_name *a, const struct cli_name *b)
{
	return a->value == b->value && a->in_bits == b->in_bits && a->lo == b->lo && a->hi == b->hi &&
	       a->is_field == b->is_field;
}

uint64_t cli_name_in_place(const struct cli_name *n)
{
	if (!n->in_bits)
		return n->value;
	return (n->is_field ? UINT64_MAX >> (63 - (n->hi - n->lo)) : n->value) << n->lo;
}

void cli_name_put(json_t *row, const struct cli_name *n)
{
	json_t *bits;

	if (n->in_bits) {
		bits = doc_arr(row, "bits");
		json_array_append_new(bits, json_integer(n->lo));
		json_array_append_new(bits, json_integer(n->hi));
	}
	if (!n->is_field)
		doc_num(row, "value", n->value);
}

/* ---- all of a release ---- */

int cli_name_list_init(struct cli_name_list *l, struct nvt_rel rel, enum cli_names kind, struct nvt_error *e)
{
	struct cli_name row;
	uint32_t pos;
	size_t n = 0;

	*l = (struct cli_name_list){ .n = 0 };
	for (pos = 0; cli_name_next(rel, kind, &pos, &row);)
		n++;
	l->rows = calloc(n + 1, sizeof(*l->rows));
	if (!l->rows)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	for (pos = 0; l->n < n && cli_name_next(rel, kind, &pos, &l->rows[l->n]);)
		l->n++;
	return 0;
}

void cli_name_list_free(struct cli_name_list *l)
{
	free(l->rows);
	l->rows = NULL;
}

/* The rows of a set stand together. */
struct cli_name_list cli_name_list_of(const struct cli_name_list *l, const char *set)
{
	struct cli_name_list out = { .n = 0 };
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (!strcmp(l->rows[i].set, set)) {
			out.rows = out.rows ? out.rows : &l->rows[i];
			out.n++;
		} else if (out.n) {
			break;
		}
	}
	return out;
}

const struct cli_name *cli_name_list_find(const struct cli_name_list *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->rows[i].name, name))
			return &l->rows[i];
	return NULL;
}
