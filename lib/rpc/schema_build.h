/* SPDX-License-Identifier: MIT */
/* Between the two halves of table building: layout rows, and everything that refers to them. */
#ifndef NVT_RPC_SCHEMA_BUILD_H
#define NVT_RPC_SCHEMA_BUILD_H

#include "rpc/schema_int.h"

struct build {
	struct sc *s;
	uint32_t *memo;   /* written layout -> its row in the release at hand */
	uint32_t *head;   /* written layout -> its newest row */
	struct vec next;  /* row -> the row of the same written layout made before it */
};

/* Row of a type in a release, made on first use; ABI_NONE if the release has no such type. */
int build_layout(struct build *b, const char *type, unsigned release, unsigned depth, uint32_t *ret);

#endif
