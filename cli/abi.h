/* SPDX-License-Identifier: MIT */
/* What the abi commands share: the facts of a release by kind, and text for them. */
#ifndef CLI_ABI_H
#define CLI_ABI_H

#include "cli/cmd.h"

/* Things with a number, and perhaps a struct that goes with them. */
enum abi_kind { ABI_CONTROL, ABI_CLASS, ABI_FUNCTION, ABI_EVENT, ABI_ID__COUNT };

struct cli_id {
	const char *name;
	uint32_t number;
	const char *type; /* NULL if it has none, or none is known */
	const struct nvt_layout *layout;
};

/* One after another in order of number: *pos begins at 0. */
bool cli_id_next(struct nvt_rel rel, enum abi_kind kind, uint32_t *pos, struct cli_id *ret);
const char *abi_kind_name(enum abi_kind kind);   /* "function" */
const char *abi_kind_plural(enum abi_kind kind); /* "functions" */

/* The release's name, and how many types, ids of each kind and enums it has. */
void cli_abi_counts(struct nvt_rel rel, json_t *o);

/* ---- enums and sets of flags ---- */

enum cli_names { NAMES_ENUMS, NAMES_FLAGS };

/* A value of an enum (the status codes are NV_STATUS); bits of a set of flags, or a value of them. */
struct cli_name {
	const char *set, *name;
	uint64_t value;
	uint8_t lo, hi;
	bool in_bits, is_field; /* of flags; the bits themselves */
};

/* One after another, those of a set together: *pos begins at 0. */
bool cli_name_next(struct nvt_rel rel, enum cli_names kind, uint32_t *pos, struct cli_name *ret);
bool cli_name_of_set(struct nvt_rel rel, enum cli_names kind, const char *set, uint32_t *pos, struct cli_name *ret);
bool cli_name_same(const struct cli_name *a, const struct cli_name *b); /* but for the name */
/* What a word holds where this is so: an enum's value, a mask, or a value in its bits. */
uint64_t cli_name_in_place(const struct cli_name *n);
void cli_name_put(json_t *row, const struct cli_name *n); /* "bits", "value" */

struct cli_name_list {
	struct cli_name *rows;
	size_t n;
};
int cli_name_list_init(struct cli_name_list *l, struct nvt_rel rel, enum cli_names kind, struct nvt_error *e);
void cli_name_list_free(struct cli_name_list *l);
struct cli_name_list cli_name_list_of(const struct cli_name_list *l, const char *set); /* a part of it */
const struct cli_name *cli_name_list_find(const struct cli_name_list *l, const char *name);

/* Releases as ranges over the tables' order ("A..B"): those of which `same` says so. */
typedef bool (*same_fn)(struct nvt_rel rel, const void *what);
void cli_abi_put_releases(json_t *o, const char *key, const struct nvt_abi *abi, same_fn same, const void *what);

/* ---- fields ---- */

/* A field of a layout in this release: without an enum or flags that the release has no names of. */
void abi_field(struct nvt_rel rel, const struct nvt_layout *l, unsigned i, struct nvt_field_info *ret);
/* The enum whose values the field holds, NULL if none. */
const char *abi_field_enum(const struct nvt_field_info *f);
/* "u32", "enum:NAME", or the nested type's name; lives as long as buf and the tables. */
const char *abi_field_type(const struct nvt_field_info *f, char *buf, size_t size);
/* Bytes of one element, and of all of them; a flexible tail has none. */
uint32_t abi_elem_size(const struct nvt_field_info *f);
uint32_t abi_field_size(const struct nvt_field_info *f);
/* As text, of a field in a document: its dimensions, and its bits from its own first one on. */
void cli_abi_print_shape(const json_t *f, FILE *out);

/* ---- a release as source text ---- */

/* A type of the release, and what a compiler's own rules make of it. */
struct cli_type_row {
	const struct nvt_layout *layout;
	uint32_t align;
	bool packed;  /* those rules would move its fields */
	bool planned, written;
};

struct cli_types {
	struct nvt_rel rel;
	struct cli_type_row *rows; /* in order of name */
	size_t n;
};

int cli_types_init(struct cli_types *t, struct nvt_rel rel, struct nvt_error *e);
void cli_types_free(struct cli_types *t);
struct cli_type_row *cli_types_find(const struct cli_types *t, const struct nvt_layout *l);
/* The next type none of whose nested types is still to come; NULL at the end. */
struct cli_type_row *cli_types_next(struct cli_types *t, size_t *pos);

/* What stands in a struct one behind the other when all padding is explicit. */
struct cli_part {
	enum { PART_FIELD, PART_PAD, PART_BITS, PART_END } what; /* PAD: also what no language can name */
	uint32_t offset, size;
	unsigned first, n;       /* fields: of BITS those that share the unit */
	struct nvt_field_info f; /* FIELD, and the first of BITS */
	uint32_t unit;           /* BITS: bytes of the unit, 1, 2, 4 or 8 */
};

struct cli_parts {
	const struct cli_types *types;
	const struct cli_type_row *row;
	unsigned next;
	uint32_t at; /* end of what came before */
	bool padded;
};

void cli_parts_begin(struct cli_parts *p, const struct cli_types *types, const struct cli_type_row *row);
void cli_parts_next(struct cli_parts *p, struct cli_part *ret);

/* A name that no language could mistake for something else: other characters become '_', keywords get one. */
enum { ABI_WORD = 192 };
const char *abi_word(const char *name, const char *keywords, char buf[ABI_WORD]);
/* Of a type's i-th field, where the language has no members without a name. */
const char *abi_member_word(const struct nvt_field_info *f, unsigned i, const char *keywords, char buf[ABI_WORD]);

/* Named numbers of a release, no name twice: enums' values, message numbers with NVIDIA's prefix. */
struct cli_const {
	const char *prefix, *name;
	uint64_t value;
	uint32_t order;
	const char *group; /* enum, or plural of the kind */
	const char *type;  /* that goes with the number, or NULL */
	bool is_twice;
};

struct cli_consts {
	struct cli_const *rows;
	size_t n, cap;
};

int cli_consts_init(struct cli_consts *c, struct nvt_rel rel, struct nvt_error *e);
void cli_consts_free(struct cli_consts *c);

/* Writers of `abi export`. */
void abi_export_c(struct nvt_rel rel, struct cli_types *types, const struct cli_consts *consts, FILE *out);
void abi_export_rust(struct nvt_rel rel, struct cli_types *types, const struct cli_consts *consts, FILE *out);
void abi_export_python(struct nvt_rel rel, struct cli_types *types, const struct cli_consts *consts, FILE *out);

#endif
