/* SPDX-License-Identifier: MIT */
/* The schema loader's frame: rows and text in memory, complaints with their place, the finished block. */
#include "rpc/schema_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *vec_add(struct vec *v)
{
	size_t cap = v->cap ? 2 * v->cap : 64;
	void *p = v->p;

	if (v->n == v->cap) {
		p = realloc(v->p, cap * v->row);
		if (!p)
			return NULL;
		v->p = p;
		v->cap = cap;
	}
	p = (char *)v->p + v->n++ * v->row;
	return memset(p, 0, v->row);
}

size_t vec_first(const struct vec *v, size_t offset, const char *name)
{
	size_t lo = 0, hi = v->n, mid;
	const char *row;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		row = (const char *)v->p + mid * v->row;
		if (strcmp(*(const char *const *)(row + offset), name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void sc_at(struct sc *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->at, sizeof(s->at), fmt, ap);
	va_end(ap);
}

int sc_bad(struct sc *s, const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return nvt_fail(s->e, NVT_E_DATA, "%s: %s: %s", s->file, s->at, text);
}

int sc_nomem(struct sc *s)
{
	return nvt_fail(s->e, NVT_E_NOMEM, "out of memory while loading a schema");
}

const char *sc_version(const struct sc *s, unsigned release)
{
	return ((const char *const *)s->versions.p)[release];
}

bool sc_set_has(const struct sc *s, uint32_t set, unsigned release)
{
	const uint32_t *w = s->out[ABI_set].p;

	return w[set * abi_set_words((uint32_t)s->versions.n) + release / 32] >> release % 32 & 1;
}

int sc_set_common(const struct sc *s, uint32_t a, uint32_t b)
{
	unsigned r;

	for (r = 0; r < s->versions.n; r++)
		if (sc_set_has(s, a, r) && sc_set_has(s, b, r))
			return (int)r;
	return -1;
}

uint32_t sc_set_intern(struct sc *s, const uint32_t *words)
{
	uint32_t w = abi_set_words((uint32_t)s->versions.n), i, k, *row;
	struct vec *v = &s->out[ABI_set];

	for (i = 0; i < v->n / w; i++)
		if (!memcmp((uint32_t *)v->p + i * w, words, w * sizeof(*words)))
			return i;
	for (k = 0; k < w; k++) {
		row = vec_add(v);
		if (!row)
			return ABI_NONE;
		*row = words[k];
	}
	return i;
}

static size_t hash_slot(const struct sc *s, const char *text)
{
	uint32_t h = 2166136261u;
	const char *c, *pool = s->out[ABI_str].p;
	size_t at;

	for (c = text; *c; c++)
		h = (h ^ (uint8_t)*c) * 16777619u;
	for (at = h % s->hash_n; s->hash[at]; at = (at + 1) % s->hash_n)
		if (!strcmp(pool + s->hash[at] - 1, text))
			break;
	return at;
}

static int hash_grow(struct sc *s)
{
	uint32_t *was = s->hash;
	size_t was_n = s->hash_n, i;
	const char *pool = s->out[ABI_str].p;

	s->hash_n = was_n ? 2 * was_n : 4096;
	s->hash = calloc(s->hash_n, sizeof(*s->hash));
	if (!s->hash) {
		s->hash = was;
		s->hash_n = was_n;
		return sc_nomem(s);
	}
	for (i = 0; i < was_n; i++)
		if (was[i])
			s->hash[hash_slot(s, pool + was[i] - 1)] = was[i];
	free(was);
	return 0;
}

uint32_t sc_intern(struct sc *s, const char *text)
{
	struct vec *v = &s->out[ABI_str];
	const char *c = text;
	uint32_t off;
	size_t slot;
	char *to;

	/* Names are at least 4 bytes on average, so the table stays less than half full. */
	if ((!s->hash || v->n / 2 > s->hash_n) && hash_grow(s))
		return ABI_NONE;
	slot = hash_slot(s, text);
	if (s->hash[slot])
		return s->hash[slot] - 1;
	off = (uint32_t)v->n;
	do {
		to = vec_add(v);
		if (!to)
			return ABI_NONE;
		*to = *c;
	} while (*c++);
	s->hash[slot] = off + 1;
	return off;
}

size_t nvt_schema_size(const struct nvt_abi *abi)
{
	return abi->t[ABI_str].off + abi->t[ABI_str].n;
}

static int finish(struct sc *s, struct nvt_abi **ret)
{
	size_t at = sizeof(struct nvt_abi), i, n;
	struct nvt_layout *l;
	struct nvt_abi *abi;

	for (i = 0, n = at; i < ABI__COUNT; i++)
		n += s->out[i].n * s->out[i].row;
	abi = calloc(1, n);
	if (!abi)
		return sc_nomem(s);
	for (i = 0; i < ABI__COUNT; i++) {
		if (!s->out[i].n)
			continue;
		abi->t[i].off = (uint32_t)at;
		abi->t[i].n = (uint32_t)s->out[i].n;
		memcpy((char *)abi + at, s->out[i].p, s->out[i].n * s->out[i].row);
		at += s->out[i].n * s->out[i].row;
	}
	l = (struct nvt_layout *)(void *)((char *)abi + abi->t[ABI_layout].off);
	for (i = 0; i < abi->t[ABI_layout].n; i++)
		l[i].self = abi->t[ABI_layout].off + (uint32_t)(i * sizeof(*l));
	*ret = abi;
	return 0;
}

static void release(struct sc *s)
{
	struct vec *const all[] = { &s->versions,  &s->aliases, &s->msgs,   &s->handles, &s->sels,  &s->values[0],
				    &s->values[1], &s->ids[0],  &s->ids[1], &s->blocks,  &s->names, &s->found,
				    &s->sources };
	struct sc_layout *l = s->layouts.p;
	size_t i;

	for (i = 0; i < s->layouts.n; i++)
		free(l[i].fields);
	free(s->layouts.p);
	for (i = 0; i < NVT_ARRAY_SIZE(all); i++)
		free(all[i]->p);
	for (i = 0; i < ABI__COUNT; i++)
		free(s->out[i].p);
	for (i = 0; i < s->n_docs; i++)
		json_decref(s->docs[i]);
	free(s->docs);
	free(s->hash);
}

int nvt_schema_load(const char *const *paths, unsigned n, struct nvt_abi **ret, struct nvt_error *e)
{
	static const size_t rows[ABI__COUNT] = {
#define T(name, row) [ABI_##name] = sizeof(row),
		ABI_TABLES(T)
#undef T
	};
	struct sc s = { .e = e, .n_docs = n };
	int rc, i;

	s.versions.row = sizeof(const char *);
	s.layouts.row = sizeof(struct sc_layout);
	s.aliases.row = sizeof(struct sc_alias);
	s.msgs.row = sizeof(struct sc_msg);
	s.handles.row = sizeof(struct sc_handle);
	s.sels.row = sizeof(struct sc_sel);
	s.blocks.row = sizeof(struct sc_block);
	s.names.row = sizeof(struct sc_name);
	s.found.row = sizeof(struct sc_layout *);
	s.sources.row = sizeof(struct sc_source);
	for (i = 0; i < SC_ID__COUNT; i++)
		s.ids[i].row = sizeof(struct sc_id);
	for (i = 0; i < SC_VALUE__COUNT; i++)
		s.values[i].row = sizeof(struct sc_value);
	for (i = 0; i < ABI__COUNT; i++)
		s.out[i].row = rows[i];
	s.docs = calloc(n ? n : 1, sizeof(json_t *));
	rc = s.docs && sc_intern(&s, "") != ABI_NONE ? sc_read_facts(&s, paths) : sc_nomem(&s);
	if (!rc)
		rc = sc_build(&s);
	if (!rc)
		rc = sc_build_ids(&s);
	if (!rc)
		rc = sc_build_handles(&s);
	if (!rc)
		rc = sc_build_sources(&s);
	if (!rc)
		rc = finish(&s, ret);
	release(&s);
	return rc;
}
