/* SPDX-License-Identifier: MIT */
/* Between reading a schema (schema_read.c, schema_overlay.c) and making tables of it (schema_build.c). */
#ifndef NVT_RPC_SCHEMA_INT_H
#define NVT_RPC_SCHEMA_INT_H

#include "rpc/abi.h"
#include "rpc/schema.h"

#include <jansson.h>

/* A growing array of rows. */
struct vec {
	void *p;
	size_t n, cap, row;
};

/* One field as written; text borrows the JSON documents. */
struct sc_field {
	const char *name, *type;
	const char *group; /* what names its values, of this kind; NULL for none */
	enum abi_kind kind;
	uint32_t offset, dims[3];
	enum nvt_prim prim;
	uint8_t bit_lo, bit_hi;
	bool is_bits, is_flex;
	uint32_t aux, size; /* while building: nested row or group; bytes of one element */
	uint32_t sel;       /* while building: 1 + selector of a union, 0 for none */
};

/* One of the layouts of a type, as written. */
struct sc_layout {
	const char *file, *type;
	unsigned index; /* within the type's list */
	uint32_t set, size;
	bool is_union;
	struct sc_field *fields;
	size_t n;
	const char *count, *total, *by, *guard; /* fields' names, from the overlay; count may be nested: "a.b" */
	uint8_t count_is;                       /* enum abi_count */
	enum abi_as tail_as;
};

struct sc_alias {
	const char *file, *name, *target;
	uint32_t set;
};

struct sc_msg {
	const char *file, *name, *payload;
	uint32_t set, number, min, quirks;
	bool by_hand; /* the overlay's payload: a release may lack it */
};

struct sc_id {
	const char *file, *name, *params;
	uint32_t set, id, flags;
};

/* Which member of a union counts: "struct.field" or both apart, the selecting field, [[value, member]]. */
struct sc_sel {
	const char *file, *at, *type, *field, *by;
	bool by_hand; /* from the overlay: a release may lack members */
	json_t *arms;
	uint32_t set;
	uint32_t row; /* while building: 1 + its row, 0 before it has one */
};

struct sc_value {
	const char *file, *name;
	uint64_t value;
	uint32_t set;
};

/* What names values in some releases: rows of sc_name. */
struct sc_block {
	const char *file, *group;
	enum abi_kind kind;
	unsigned index; /* within the group's list */
	uint32_t set;
	size_t first, n;
};

/* A value of an enum; or in a set of flags bits lo to hi, or a value of the bits named before it. */
struct sc_name {
	const char *name;
	uint64_t value;
	uint8_t lo, hi;
	bool is_value;
};

/* "file" declares this name. */
struct sc_source {
	const char *in, *name, *file; /* in: the schema's file */
	unsigned index;
	uint32_t set;
};

struct sc_handle {
	const char *file, *type, *name;
};

enum { SC_ID_CTRL, SC_ID_CLASS, SC_ID__COUNT };
enum { SC_VALUE_STATUS, SC_VALUE_CONST, SC_VALUE__COUNT };

struct sc {
	struct nvt_error *e;
	const char *file; /* of the row being looked at */
	char at[200];     /* path of the row within the file */
	json_t **docs;
	unsigned n_docs;
	struct vec versions;                 /* const char * */
	struct vec layouts, aliases, msgs, handles, sels, sources;
	struct vec blocks, names;            /* of enums and flags */
	struct vec found;                    /* struct sc_layout *: what an overlay row is about */
	struct vec ids[SC_ID__COUNT];
	struct vec values[SC_VALUE__COUNT];
	struct vec out[ABI__COUNT];          /* finished rows */
	uint32_t *hash;                      /* string table's index, offsets + 1 */
	size_t hash_n;
};

/* Adds a zeroed row; NULL when out of memory. */
void *vec_add(struct vec *v);
/* The first row whose text at that offset is not before `name`; the rows are in order of it. */
size_t vec_first(const struct vec *v, size_t offset, const char *name);

/* Says where the next complaints belong, and complains. */
void sc_at(struct sc *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int sc_bad(struct sc *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int sc_nomem(struct sc *s);

/* Values of an object's keys; missing or of another kind is an error. */
int sc_text(struct sc *s, json_t *obj, const char *key, const char **ret);
int sc_int(struct sc *s, json_t *obj, const char *key, uint64_t max, uint64_t *ret);
/* False unless v is an integer from 0 to max. */
bool sc_as_int(json_t *v, uint64_t max, uint64_t *ret);
/* Refuses keys that are not among the space-separated `allowed`. */
int sc_keys(struct sc *s, json_t *obj, const char *allowed);
/* A row's releases ("v") as a set. */
int sc_set(struct sc *s, json_t *obj, uint32_t *ret);
bool sc_set_has(const struct sc *s, uint32_t set, unsigned release);
/* A release that both hold, or -1. */
int sc_set_common(const struct sc *s, uint32_t a, uint32_t b);
const char *sc_version(const struct sc *s, unsigned release);
/* Index of the set with these words; ABI_NONE when out of memory. */
uint32_t sc_set_intern(struct sc *s, const uint32_t *words);
/* Offset of text in the string table; ABI_NONE when out of memory. */
uint32_t sc_intern(struct sc *s, const char *text);

/* Name of a scalar kind; false if it is none. */
bool sc_prim(const char *name, enum nvt_prim *ret);

int sc_read_controls(struct sc *s, json_t *list);
int sc_read_classes(struct sc *s, json_t *list);
int sc_read_selectors(struct sc *s, json_t *selectors);
/* The overlay's: rows of one list. */
int sc_read_selector(struct sc *s, json_t *row);
/* First alias of this name, or where it would stand; rows of one name are neighbours. */
size_t sc_alias_first(const struct sc *s, const char *name);
/* 1 + the row of the selector for a field (of a nested type) in a release, made on first use, 0 if none. */
int sc_selector(struct sc *s, const struct sc_layout *l, const struct sc_field *f, unsigned release, uint32_t *ret);
/* Once all layouts are made: refuses a selector that none of them has used. */
int sc_check_selectors(struct sc *s);
int sc_build_ids(struct sc *s);
int sc_read_status(struct sc *s, json_t *list);
int sc_read_consts(struct sc *s, json_t *consts);
int sc_build_values(struct sc *s);
int sc_read_enums(struct sc *s, json_t *enums);
int sc_read_flags(struct sc *s, json_t *flags);
/* A field names this enum; without rows of its own it has no values. */
int sc_mention_enum(struct sc *s, const char *name);
int sc_build_groups(struct sc *s);
int sc_read_sources(struct sc *s, json_t *sources);
int sc_build_sources(struct sc *s);
/* Row of an enum, a set of flags, or of "control" or "class"; ABI_NONE if there is none. */
uint32_t sc_group(const struct sc *s, enum abi_kind kind, const char *name);
/* Bits from 0 to the last that a set of flags names. */
unsigned sc_flags_bits(const struct sc *s, uint32_t group);
/* Sorts the written layouts by type and refuses two of one type in one release. */
int sc_sort_layouts(struct sc *s);
/* First written layout of this type, or where it would stand. */
size_t sc_layout_first(const struct sc *s, const char *type);
int sc_read_facts(struct sc *s, const char *const *paths);
int sc_read_links(struct sc *s, json_t *links);
int sc_read_overlay(struct sc *s, json_t *overlay);
int sc_read_layouts(struct sc *s, const char *type, json_t *list);
int sc_build(struct sc *s);
int sc_build_handles(struct sc *s);
/* Row of a type or alias by name in the finished table, ABI_NONE if there is none. */
uint32_t sc_type_row(const struct sc *s, const char *name);
/* Its layout in a release, ABI_NONE if it has none there. */
uint32_t sc_type_layout(const struct sc *s, uint32_t row, unsigned release);

#endif
