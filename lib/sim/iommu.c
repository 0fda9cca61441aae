/* SPDX-License-Identifier: MIT */
/* A sorted array of intervals. */
#include "sim/iommu.h"

#include <nvt/error.h>

#include <stdlib.h>
#include <string.h>

/* Index of the first interval that ends above addr. */
static unsigned lower(const struct sim_iommu *m, nvt_iova addr)
{
	unsigned lo = 0, hi = m->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (m->maps[mid].iova + (m->maps[mid].size - 1) < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int sim_iommu_map(struct sim_iommu *m, const struct sim_mapping *map)
{
	struct sim_mapping *maps;
	unsigned at;

	if (!map->size || map->iova + (map->size - 1) < map->iova)
		return -NVT_E_USAGE;
	at = lower(m, map->iova);
	if (at < m->n && m->maps[at].iova <= map->iova + (map->size - 1))
		return -NVT_E_USAGE;
	if (m->n == m->cap) {
		maps = realloc(m->maps, (m->cap + 32) * sizeof(*maps));
		if (!maps)
			return -NVT_E_NOMEM;
		m->maps = maps;
		m->cap += 32;
	}
	memmove(&m->maps[at + 1], &m->maps[at], (m->n - at) * sizeof(*m->maps));
	m->maps[at] = *map;
	m->n++;
	return 0;
}

bool sim_iommu_unmap(struct sim_iommu *m, nvt_iova iova)
{
	unsigned at = lower(m, iova);

	if (at == m->n || m->maps[at].iova != iova)
		return false;
	m->n--;
	memmove(&m->maps[at], &m->maps[at + 1], (m->n - at) * sizeof(*m->maps));
	return true;
}

const struct sim_mapping *sim_iommu_find(const struct sim_iommu *m, nvt_iova addr)
{
	unsigned at = lower(m, addr);

	return at < m->n && m->maps[at].iova <= addr ? &m->maps[at] : NULL;
}

void sim_iommu_fini(struct sim_iommu *m)
{
	free(m->maps);
	memset(m, 0, sizeof(*m));
}
