/* SPDX-License-Identifier: MIT */
/*
 * The shape of the protocol tables: one block of bytes without pointers. Rows name each other by index
 * and names by offset into the string table, so that the generated tables need no relocations and the
 * tables loaded at run time are the same bytes.
 */
#ifndef NVT_RPC_ABI_H
#define NVT_RPC_ABI_H

#include <nvt/rpc.h>

#include "base/bytes.h"

#define ABI_NONE UINT32_MAX

/* Every table: name (of the member in the generated struct), row type. */
#define ABI_TABLES(T) \
	T(rel, uint32_t)             /* release -> its name, in order of release */ \
	T(type, struct abi_type)     /* types and aliases, sorted by name */ \
	T(variant, struct abi_variant) \
	T(layout, struct nvt_layout) \
	T(field, struct nvt_field) \
	T(step, struct nvt_step)     /* the walk over each layout */ \
	T(sel, struct abi_sel)       /* which arm of a union counts */ \
	T(arm, struct abi_arm)       /* by selector, then value */ \
	T(msg, struct abi_msg)       /* sorted by number */ \
	T(ctrl, struct abi_id)       /* controls, sorted by command */ \
	T(cls, struct abi_id)        /* classes, sorted by number */ \
	T(status, struct abi_value)  /* sorted by value */ \
	T(group, struct abi_group)   /* enums, sets of flags, each kind sorted by name */ \
	T(enm, struct abi_value)     /* by enum, then value */ \
	T(flag, struct abi_flag)     /* by set, then bits, each followed by its values */ \
	T(konst, struct abi_value)   /* sorted by name */ \
	T(source, struct abi_source) /* sorted by name */ \
	T(handle, struct abi_handle) \
	T(nvf, uint32_t)             /* field constants' names without NVF_, by handle */ \
	T(select, struct abi_select) /* handle x release */ \
	T(cell, struct abi_cell) \
	T(set, uint32_t)             /* sets of releases: abi_set_words() words each */ \
	T(str, char)

enum abi_table {
#define T(name, row) ABI_##name,
	ABI_TABLES(T)
#undef T
	ABI__COUNT
};

struct nvt_abi {
	struct {
		uint32_t off, n; /* bytes from the start of this struct; rows */
	} t[ABI__COUNT];
};

struct abi_type {
	uint32_t name;
	uint32_t first, n; /* variants; a layout of another name: an alias there, such as rpc_init_done_v */
};

struct abi_variant {
	uint32_t set;
	uint32_t layout;
};

struct nvt_layout {
	uint32_t self;  /* bytes from the start of the tables to this row */
	uint32_t name;
	uint32_t size;
	uint32_t first, n; /* fields */
	uint32_t step, steps;
	uint8_t is_union;
	uint8_t is_open; /* it, or its last field, ends in a flexible array */
	uint8_t is_flat; /* its steps can stand within another layout's */
	uint8_t count_is; /* enum abi_count */
	/* fields by index within the layout, or ABI_NONE */
	uint32_t tail;  /* flexible array */
	uint32_t total; /* holds the byte count of the whole */
	uint32_t by;    /* holds the command or class whose parameters the tail is */
	uint32_t guard; /* holds flags; with ABI_SERIALIZED among them the tail is another form */
	uint32_t tail_as; /* enum abi_as */
	/* the field, maybe a nested one, that counts the tail's elements: its row or ABI_NONE, place and "a.b" */
	uint32_t count, count_at, count_path;
};

/* IN_BYTES: not of elements. AT_MOST: it may count what other messages carry, or only room. */
enum abi_count { ABI_COUNT_IN_BYTES = 1, ABI_COUNT_AT_MOST = 2 };

/* What the bytes of a flexible tail are, when another field says so. */
enum abi_as { ABI_AS_BYTES, ABI_AS_CONTROL, ABI_AS_CLASS };
enum { ABI_SERIALIZED = 2 }; /* RMAPI_RPC_FLAGS_SERIALIZED */

/* What the walk makes of a field's bytes. */
enum abi_op {
	ABI_OP_U8, ABI_OP_U16, ABI_OP_U32, ABI_OP_U64, ABI_OP_S8, ABI_OP_S16, ABI_OP_S32, /* one scalar */
	ABI_OP_SCALARS, /* an array: n of size bytes */
	ABI_OP_BITS,    /* one bit-field */
	ABI_OP_BYTES,   /* n leaves of size bytes */
	ABI_OP_STRUCT,  /* one struct; its own steps follow, up to its END */
	ABI_OP_END,
	ABI_OP_STRUCTS, /* n of size bytes, each a walk of its own */
	ABI_OP_INLINE,  /* a C11 anonymous member: its fields belong to the parent */
	ABI_OP_TAIL,    /* a flexible array */
	ABI_OP_STOP,    /* behind a layout's last step */
	ABI_OP_MASK = ABI_OP_STOP,
};

/*
 * F_GROUP: a group names the values. F_SELECT: a union; bit_lo and bit_hi are its selector's index, low half first.
 * F_LIST: the leaves are elements of an array; the last dimension of an array of bytes is the leaf itself.
 */
enum { ABI_F_GROUP = 1, ABI_F_SELECT = 2, ABI_F_LIST = 4 };

/* A field; the public header knows it by its name only. */
struct nvt_field {
	uint32_t name; /* "" for INLINE */
	uint32_t offset;
	uint32_t aux;  /* STRUCT: layout; F_GROUP: the group */
	uint32_t n;    /* leaves or structs; 0 for a TAIL */
	uint32_t size; /* bytes of each; of a TAIL's elements */
	uint32_t dims[3];
	uint8_t prim, bit_lo, bit_hi, flags, op;
	uint8_t pad[3];
};

/*
 * One step of the walk over a layout, its fields in order with those of nested structs among them. What is no struct
 * of fixed shape is one step.
 */
struct nvt_step {
	uint32_t field;
	uint32_t offset; /* from the start of the walk's layout */
	uint16_t skip;   /* STRUCT: steps to its END */
	uint8_t op, pad;
};

struct abi_sel {
	uint32_t by;       /* name of the field beside the union */
	uint32_t first, n; /* arms */
};

struct abi_arm {
	uint32_t value;
	uint32_t member; /* name */
};

enum { ABI_Q_TAIL_NOT_IN_LENGTH = 1 };

struct abi_msg {
	uint32_t number;
	uint32_t name;
	uint32_t set;
	uint32_t payload; /* type row, or ABI_NONE */
	uint32_t min;     /* ABI_NONE: up to the end of the last fixed field */
	uint32_t quirks;
};

enum { ABI_ID_REQUIRED = 1u << 16, ABI_ID_SCALAR = 1u << 17 }; /* beside enum nvt_ctrl_flags */

struct abi_id {
	uint32_t id;
	uint32_t name;
	uint32_t set;
	uint32_t params; /* type row, or ABI_NONE */
	uint32_t flags;
};

struct abi_value {
	uint32_t lo, hi;
	uint32_t name;
	uint32_t set;
	uint32_t group; /* enums and flags; 0 elsewhere */
};

/* What names the values of fields. */
enum abi_kind { ABI_G_ENUM, ABI_G_FLAGS, ABI_G_CONTROL, ABI_G_CLASS };

struct abi_group {
	uint32_t name;
	uint32_t kind;
	uint32_t first, n; /* rows of enm or flag */
};

/* Bits lo to hi of a set of flags, or a value of them. */
struct abi_flag {
	struct abi_value v;
	uint8_t lo, hi, is_value, pad;
};

/* What declares a type, control or class: a file of the driver's source tree. */
struct abi_source {
	uint32_t name, set, file;
};

struct abi_handle {
	uint32_t name;
	uint32_t first, n; /* nvf names */
};

struct abi_select {
	uint32_t cells;  /* first of the handle's cells in this release, or ABI_NONE */
	uint32_t layout;
};

enum { ABI_C_SIGNED = 1, ABI_C_CHAR = 2 };

struct abi_cell {
	uint32_t off; /* ABI_NONE: this release has no such field */
	uint32_t stride;
	uint32_t count; /* elements; UINT32_MAX for a flexible tail */
	uint32_t size;  /* bytes of one element */
	uint8_t width;  /* 1, 2, 4, 8; 0 for a struct */
	uint8_t flags;
	uint8_t bit_lo, bit_n; /* bit_n 0: no bit-field */
};

#define ABI_ROWS(row, name) \
	static inline const row *abi_##name(const struct nvt_abi *abi) \
	{ \
		return (const row *)(const void *)((const char *)abi + abi->t[ABI_##name].off); \
	} \
	static inline uint32_t abi_n_##name(const struct nvt_abi *abi) \
	{ \
		return abi->t[ABI_##name].n; \
	}
#define T(name, row) ABI_ROWS(row, name)
ABI_TABLES(T)
#undef T
#undef ABI_ROWS

static inline uint32_t abi_set_words(uint32_t releases)
{
	return (releases + 31) / 32;
}

static inline bool abi_in_set(struct nvt_rel rel, uint32_t set)
{
	uint32_t words = abi_set_words(abi_n_rel(rel.abi));

	return abi_set(rel.abi)[set * words + rel.index / 32] >> rel.index % 32 & 1;
}

static inline const char *abi_text(const struct nvt_abi *abi, uint32_t off)
{
	return abi_str(abi) + off;
}

static inline const struct nvt_abi *abi_of(const struct nvt_layout *l)
{
	return (const struct nvt_abi *)(const void *)((const char *)l - l->self);
}

static inline uint64_t abi_value_of(const struct abi_value *v)
{
	return v->lo | (uint64_t)v->hi << 32;
}

/* NVF constants: 1 + handle in the upper half, field in the lower; 0 names nothing. */
static inline uint32_t abi_nvf_id(uint32_t handle, uint32_t field)
{
	return (handle + 1) << 16 | field;
}

/* Bytes of a scalar of this kind; 0 for STRUCT. */
static inline uint32_t abi_prim_width(enum nvt_prim p)
{
	static const uint8_t width[] = { 1, 2, 4, 8, 1, 2, 4, 8, 1, 1, 4, 8, 4, 0 };

	return width[p];
}

static inline bool abi_prim_signed(enum nvt_prim p)
{
	return p >= NVT_P_S8 && p <= NVT_P_S64;
}

/* The set of flags that names a field's values, or the enum; NULL if none does. */
static inline const char *abi_group_name(const struct nvt_abi *abi, const struct nvt_field *f, bool flags)
{
	const struct abi_group *g = &abi_group(abi)[f->aux];

	return f->flags & ABI_F_GROUP && (g->kind == ABI_G_FLAGS) == flags ? abi_text(abi, g->name) : NULL;
}

/* The lowest n bits, 1 to 64. */
static inline uint64_t abi_mask(uint32_t n)
{
	return UINT64_MAX >> (64 - n);
}

static inline uint64_t abi_sign_extend(uint64_t v, uint32_t bits)
{
	uint64_t top = 1ull << (bits - 1);

	return (v ^ top) - top;
}

/* Loads one little-endian scalar of 1, 2, 4 or 8 bytes. */
static inline uint64_t abi_load(const uint8_t *p, uint32_t width)
{
	switch (width) {
	case 1:
		return *p;
	case 2:
		return nvt_le16(p);
	case 4:
		return nvt_le32(p);
	default:
		return nvt_le64(p);
	}
}

/* Value of a field's element; of a bit-field only its bits, signed ones extended. */
static inline uint64_t abi_field_value(const struct nvt_field *f, const uint8_t *p)
{
	uint64_t v = abi_load(p, f->size);
	uint32_t bits = f->op == ABI_OP_BITS ? f->bit_hi - f->bit_lo + 1u : 8 * f->size;

	if (f->op == ABI_OP_BITS)
		v = v >> f->bit_lo & abi_mask(bits);
	return abi_prim_signed(f->prim) ? abi_sign_extend(v, bits) : v;
}

static inline bool abi_is_byte(enum nvt_prim p)
{
	return p == NVT_P_U8 || p == NVT_P_CHAR;
}

/* Fields of a layout, one after another. */
static inline const struct nvt_field *abi_fields(const struct nvt_layout *l)
{
	return &abi_field(abi_of(l))[l->first];
}

/* What callers see of a field row; every member is set. */
static inline void abi_field_info(const struct nvt_abi *abi, const struct nvt_field *f, struct nvt_field_info *ret)
{
	ret->name = abi_text(abi, f->name);
	ret->offset = f->offset;
	ret->prim = f->prim;
	ret->nested = f->prim == NVT_P_STRUCT ? &abi_layout(abi)[f->aux] : NULL;
	ret->enum_name = abi_group_name(abi, f, false);
	ret->flags_name = abi_group_name(abi, f, true);
	ret->dims[0] = f->dims[0];
	ret->dims[1] = f->dims[1];
	ret->dims[2] = f->dims[2];
	ret->bit_lo = f->bit_lo;
	ret->bit_hi = f->bit_hi;
	ret->is_bits = f->op == ABI_OP_BITS;
}

/* Shared by the engine and the JSON form. */

/* Layout of a type row in this release, or NULL. */
const struct nvt_layout *abi_layout_in(struct nvt_rel rel, const struct abi_type *t);
/* Layout by name; NULL and NVT_E_USAGE if the release has none such. */
const struct nvt_layout *abi_layout_named(struct nvt_rel rel, const char *type, struct nvt_error *e);
/* Message row of this number, or NULL. */
const struct abi_msg *abi_msg_row(struct nvt_rel rel, uint32_t number);
/* Row of this command or class, or NULL. */
const struct abi_id *abi_id_row(struct nvt_rel rel, enum abi_as kind, uint32_t id);
/*
 * What the tail's bytes are, by the fields before them: their layout, or NULL and *ret_note says why none
 * is known. *ret_note is NULL for a tail of plain bytes.
 */
const struct nvt_layout *abi_tail_layout(struct nvt_rel rel, const struct nvt_layout *l, struct nvt_bytes b,
					 const char **ret_note);
/* The same for a command or class, without parameters' flags. */
const struct nvt_layout *abi_id_layout(struct nvt_rel rel, enum abi_as kind, uint32_t id, const char **ret_note);
/* The one member of a union field that counts, by the bytes of the struct around it; ABI_NONE: not known. */
uint32_t abi_arm_of(const struct nvt_layout *l, const struct nvt_field *f, struct nvt_bytes b);
/* Row of a group among n, with the table of strings; ABI_NONE if there is none. */
uint32_t abi_group_at(const struct abi_group *g, size_t n, const char *pool, enum abi_kind kind, const char *name);
/* What a group calls a value, in buf[NVT_VALUE_TEXT] or in the tables; NULL: this release has no name for it. */
const char *abi_group_text(struct nvt_rel rel, uint32_t group, uint64_t value, char *buf);
/* The value that such a text stands for; false if this release has none such. */
bool abi_group_value(struct nvt_rel rel, uint32_t group, const char *text, uint64_t *ret);
/* Value of a named status; false if this release has none. */
bool abi_status_value(struct nvt_rel rel, const char *name, uint64_t *ret);
/* Bytes that a payload may not fall below: up to the end of its last fixed field. */
uint32_t abi_fixed_end(const struct nvt_layout *l);
/* Elements that a count field says the tail has; false if there is none, or it lies beyond the bytes. */
bool abi_tail_count(const struct nvt_layout *l, struct nvt_bytes b, uint64_t *ret);
/* Stores one little-endian scalar of 1, 2, 4 or 8 bytes. */
void abi_store(uint8_t *p, uint32_t width, uint64_t v);
/*
 * Bytes of the payload that its own fields claim (flexible tail by count, or total), given the bytes at
 * hand; 0 if the layout has no such field or too few bytes are there to tell.
 */
uint64_t abi_claimed(const struct nvt_layout *l, struct nvt_bytes payload);

#endif
