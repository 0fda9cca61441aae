/* SPDX-License-Identifier: MIT */
/* The firmware ABIs that the driver speaks. */
#include "core/rm.h"

#include <string.h>

static const struct rm_row *const rows[] = { &rm_r535, &rm_r570 };

const struct rm_row *rm_row_find(const char *abi)
{
	const char *const *a;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++)
		for (a = rows[i]->abis; *a; a++)
			if (!strcmp(*a, abi))
				return rows[i];
	return NULL;
}
