/* SPDX-License-Identifier: MIT */
/* The r570 firmware ABI. Source: OGKM 570.144 inc/kernel/gpu/gsp/gsp_fw_heap.h, gsp_init_args.h,
 * kernel_gsp.c. */
#include "core/rm.h"

#include "base/bytes.h"

#include <string.h>

#define KIB (1ull << 10)
#define MIB (1ull << 20)
#define GIB (1ull << 30)

static const char *const r570_abis[] = { "570.144", NULL };

const struct rm_row rm_r570 = {
	.name = "r570",
	.abis = r570_abis,
	.heap = {
		.os_libos2 = 0,
		.os_libos3 = 22 * MIB,
		.base = 8 * MIB,
		.per_gib = 96 * KIB,
		.clients = 48 * KIB * 2048,
		.min_libos2 = 64 * MIB,
		.min_libos3 = 88 * MIB,
	},
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

uint64_t rm_heap_size(const struct rm_row *rm, unsigned libos, uint64_t fb_size)
{
	const struct rm_heap_sizes *h = &rm->heap;
	uint64_t gib = fb_size / GIB + (fb_size % GIB != 0);
	uint64_t min = libos >= 3 ? h->min_libos3 : h->min_libos2;
	uint64_t size = (libos >= 3 ? h->os_libos3 : h->os_libos2) + h->base +
			nvt_align_up(h->per_gib * gib, MIB) + nvt_align_up(h->clients, MIB);

	return size < min ? min : size;
}
