/* SPDX-License-Identifier: MIT */
/* What the device can reach by DMA: intervals of bus addresses, each with memory and permissions. */
#ifndef NVT_SIM_IOMMU_H
#define NVT_SIM_IOMMU_H

#include <nvt/types.h>

enum sim_perm { SIM_PERM_READ = 1, SIM_PERM_WRITE = 2 };

struct sim_mapping {
	nvt_iova iova;
	uint64_t size;
	uint8_t *cpu;
	unsigned perm;    /* enum sim_perm bits */
	const char *name; /* borrowed */
};

struct sim_iommu {
	struct sim_mapping *maps; /* by address, disjoint */
	unsigned n, cap;
};

/* -NVT_E_USAGE if the interval is empty, wraps or overlaps one that is there; -NVT_E_NOMEM. */
int sim_iommu_map(struct sim_iommu *m, const struct sim_mapping *map);
/* False if no interval begins at iova. */
bool sim_iommu_unmap(struct sim_iommu *m, nvt_iova iova);
/* The interval that holds addr, NULL if none does. */
const struct sim_mapping *sim_iommu_find(const struct sim_iommu *m, nvt_iova addr);
void sim_iommu_fini(struct sim_iommu *m);

#endif
