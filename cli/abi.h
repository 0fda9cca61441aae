/* SPDX-License-Identifier: MIT */
/* What the abi commands share: the facts of a release by kind, and text for them. */
#ifndef CLI_ABI_H
#define CLI_ABI_H

#include "cli/cmd.h"

/* Things with a number, and perhaps a struct that goes with them. */
enum abi_kind { ABI_FUNCTION, ABI_EVENT, ABI_ID__COUNT };

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

/* "u32", "enum:NAME", or the nested type's name; lives as long as buf and the tables. */
const char *abi_field_type(const struct nvt_field_info *f, char *buf, size_t size);
/* Bytes of one element, and of all of them; a flexible tail has none. */
uint32_t abi_elem_size(const struct nvt_field_info *f);
uint32_t abi_field_size(const struct nvt_field_info *f);

#endif
