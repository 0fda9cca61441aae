/* SPDX-License-Identifier: MIT */
/* The registry table that GSP-RM is given: the defaults, and what the caller adds. */
#ifndef NVT_CORE_REGISTRY_H
#define NVT_CORE_REGISTRY_H

#include <nvt/gpu.h>

/* All entries that go out: defaults first, a caller's entry of the same key in its place. */
#define REGISTRY_DEFAULTS 3
struct registry {
	struct nvt_registry_entry entries[REGISTRY_DEFAULTS + NVT_REGISTRY_MAX];
	unsigned count;
};
int registry_merge(const struct nvt_registry_entry *extra, unsigned count, struct registry *ret,
		   struct nvt_error *e);
/* Packs a PACKED_REGISTRY_TABLE of dwords into buf; *ret_size is what it took. */
int registry_pack(const struct registry *reg, struct nvt_rel rel, uint8_t *buf, size_t size,
		  size_t *ret_size, struct nvt_error *e);

#endif
