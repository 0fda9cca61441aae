/* SPDX-License-Identifier: MIT */
/* The r570 firmware ABI. Source: OGKM 570.144 gsp_init_args.h, kernel_gsp.c. */
#include "core/rm.h"

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
