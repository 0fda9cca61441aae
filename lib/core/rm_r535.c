/* SPDX-License-Identifier: MIT */
/* The r535 firmware ABI. Source: OGKM 535.113.01 gsp_init_args.h, kernel_gsp.c; nouveau subdev/gsp/r535.c. */
#include "core/rm.h"

static const char *const r535_abis[] = { "535.113.01", "535.261.03", NULL };

const struct rm_row rm_r535 = {
	.name = "r535",
	.abis = r535_abis,
	.queue_size = 0x40000,
	.logs = { "LOGINIT", "LOGINTR", "LOGRM" },
	.log_count = 3,
	.log_size = 0x10000,
};
