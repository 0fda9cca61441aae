/* SPDX-License-Identifier: MIT */
/*
 * What a firmware ABI wants of the driver: heap sizes, queue geometry, log buffers. Rows are data.
 */
#ifndef NVT_CORE_RM_H
#define NVT_CORE_RM_H

#include <nvt/types.h>

#define RM_LOGS_MAX 5

struct rm_heap_sizes {
	uint64_t os_libos2, os_libos3;   /* the operating system's part */
	uint64_t base;                   /* fixed part, Turing to Ada */
	uint64_t per_gib;                /* of framebuffer */
	uint64_t clients;                /* client memory, whole */
	uint64_t min_libos2, min_libos3; /* smallest heap the firmware accepts */
};

struct rm_row {
	const char *name;        /* "r570" */
	const char *const *abis; /* protocol releases it serves, NULL-terminated */
	struct rm_heap_sizes heap;
	uint32_t queue_size;           /* each direction, header page included */
	const char *logs[RM_LOGS_MAX]; /* LIBOS ids of the log buffers, LOGINIT first */
	unsigned log_count;
	uint32_t log_size;
};

extern const struct rm_row rm_r570;

/* NULL if no row serves that protocol release. */
const struct rm_row *rm_row_find(const char *abi);
/* Bytes of GSP-RM heap inside WPR2. */
uint64_t rm_heap_size(const struct rm_row *rm, unsigned libos, uint64_t fb_size);

#endif
