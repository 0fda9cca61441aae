/* SPDX-License-Identifier: MIT */
/*
 * Memory whose physical pages stay where they are, for a device that no IOMMU translates for.
 *
 * mlock() is not enough: it keeps pages from being swapped out, but the kernel still moves them (compaction,
 * NUMA balancing), and a device would go on writing to the old place. So pages are pinned the way RDMA pins
 * them, by registering them as buffers of an io_uring. hugetlbfs pages, which the administrator set aside, do without.
 */
#ifndef NVT_TRANSPORT_PINNED_H
#define NVT_TRANSPORT_PINNED_H

#include <nvt/error.h>
#include "transport/transport.h"

/* Physical addresses of the `n` pages from p on; a parameter, so that tests can have memory of any shape. */
typedef int (*pinned_frames_fn)(const void *p, size_t n, nvt_iova *ret, struct nvt_error *e);
/* From /proc/self/pagemap. */
int pinned_frames(const void *p, size_t n, nvt_iova *ret, struct nvt_error *e);

/* Keeps them where they are as long as the file descriptor is open; *ret_fd stays -1 where that takes none. */
typedef int (*pinned_pin_fn)(void *p, size_t n, int *ret_fd, struct nvt_error *e);
/* By an io_uring. */
int pinned_pin(void *p, size_t n, int *ret_fd, struct nvt_error *e);

struct pinned_region;
struct pinned_pool {
	pinned_frames_fn frames;
	pinned_pin_fn pin;
	struct pinned_region *regions;
};

/* As nvt_transport_ops.dma_alloc and dma_free. */
int pinned_alloc(struct pinned_pool *pool, size_t size, size_t align, enum nvt_dma_dir dir, struct nvt_dma *ret,
		 struct nvt_error *e);
void pinned_free(struct pinned_pool *pool, const struct nvt_dma *dma);
/* Gives all memory back. */
void pinned_fini(struct pinned_pool *pool);

#endif
