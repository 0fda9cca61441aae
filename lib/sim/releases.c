/* SPDX-License-Identifier: MIT */
/*
 * What differs between releases of GSP-RM beyond layouts and ids. Source: every tag of NVIDIA's driver,
 * kernel/gpu/intr/engine_idx.h and kernel/gpu/gsp/gsp_fw_heap.h.
 */
#include "sim/releases.h"

#define MIB (1ull << 20)

/* In order; a row serves until the next one's release. */
static const struct sim_release rows[] = {
	{ .since = "535.43.02", .mc_gsp = 49, .mc_gr0 = 82, .wpr_heap_min = 84 * MIB },
	{ .since = "545.23.06", .mc_gsp = 49, .mc_gr0 = 83, .wpr_heap_min = 86 * MIB },
	{ .since = "550.40.07", .mc_gsp = 50, .mc_gr0 = 84, .wpr_heap_min = 86 * MIB },
	{ .since = "570.86.15", .mc_gsp = 50, .mc_gr0 = 84, .wpr_heap_min = 88 * MIB },
};

const struct sim_release *sim_release(struct nvt_rel rel)
{
	const struct sim_release *found = NULL;
	struct nvt_rel since;
	unsigned i;

	/* The index of a release in the built-in tables follows its version. */
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++)
		if (nvt_rel_find(rel.abi, rows[i].since, &since) && since.index <= rel.index)
			found = &rows[i];
	return found;
}
