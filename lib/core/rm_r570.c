/* SPDX-License-Identifier: MIT */
/* The r570 firmware ABI. Source: OGKM 570.144 gsp_init_args.h, kernel_gsp.c. */
#include "core/rm.h"

#include <string.h>

static const char *const r570_abis[] = { "570.144", NULL };

const struct rm_row rm_r570 = {
	.name = "r570",
	.abis = r570_abis,
	.queue_size = 0x40000,
	/* The three that nouveau and nova pass; OGKM adds LOGMNOC and LOGKRNL. */
	.logs = { "LOGINIT", "LOGINTR", "LOGRM" },
	.log_count = 3,
	.log_size = 0x10000,
};

static const struct rm_row *const rows[] = { &rm_r570 };

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
