/* SPDX-License-Identifier: MIT */
/* Facts of a release of GSP-RM that no layout tells. */
#ifndef NVT_SIM_RELEASES_H
#define NVT_SIM_RELEASES_H

#include <nvt/rpc.h>

struct sim_release {
	const char *since;
	uint16_t mc_gsp, mc_gr0; /* MC_ENGINE_IDX_* */
	uint64_t wpr_heap_min;   /* GSP_FW_HEAP_SIZE_OVERRIDE_LIBOS3_BAREMETAL_MIN_MB: cannot start below */
};

/* NULL for releases older than the model serves. */
const struct sim_release *sim_release(struct nvt_rel rel);

#endif
