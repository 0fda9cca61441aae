/* SPDX-License-Identifier: MIT */
/* Bus addresses to hand out, inside the ranges that an IOMMU translates. */
#ifndef NVT_TRANSPORT_IOVA_H
#define NVT_TRANSPORT_IOVA_H

#include <nvt/types.h>

struct iova_range {
	nvt_iova first, last; /* inclusive, as the kernel gives them */
};

struct iova_space {
	struct iova_range *usable; /* ascending, disjoint */
	unsigned usable_count;
	struct iova_range *used;   /* the same */
	unsigned used_count, used_room;
};

/* Copies the ranges, which may come in any order; false without memory. What was there must be zeroed. */
bool iova_init(struct iova_space *s, const struct iova_range *usable, unsigned n);
void iova_fini(struct iova_space *s);
/* The lowest free `size` bytes at a multiple of align (a power of two), never 0; false if there are none. */
bool iova_take(struct iova_space *s, uint64_t size, uint64_t align, nvt_iova *ret);
/* Gives back what iova_take returned; false if it did not return that. */
bool iova_give(struct iova_space *s, nvt_iova first);

#endif
