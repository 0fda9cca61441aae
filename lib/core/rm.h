/* SPDX-License-Identifier: MIT */
/*
 * What a firmware ABI wants of the driver: queue geometry, log buffers. Rows are data.
 */
#ifndef NVT_CORE_RM_H
#define NVT_CORE_RM_H

#include <nvt/types.h>

#define RM_LOGS_MAX 5

struct rm_row {
	const char *name;        /* "r570" */
	const char *const *abis; /* protocol releases it serves, NULL-terminated */
	uint32_t queue_size;           /* each direction, header page included */
	const char *logs[RM_LOGS_MAX]; /* LIBOS ids of the log buffers, LOGINIT first */
	unsigned log_count;
	uint32_t log_size;
};

extern const struct rm_row rm_r535, rm_r570;

/* NULL if no row serves that protocol release. */
const struct rm_row *rm_row_find(const char *abi);

#endif
