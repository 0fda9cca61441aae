/* SPDX-License-Identifier: MIT */
/* What the kernel's VFIO answers, over files: link with -Wl,--wrap=ioctl. */
#ifndef TESTS_SUPPORT_FAKE_VFIO_H
#define TESTS_SUPPORT_FAKE_VFIO_H

#include "sysfs_tree.h"

#include <stdbool.h>

#define FAKE_VFIO_MAPS 16
#define FAKE_VFIO_RANGES 4

struct fake_vfio {
	char dev[80];           /* the folder to take for /dev */
	char file[128];         /* the device: config space at 0, BAR0, BAR1, BAR3 behind */
	bool not_vfio;          /* ioctls are not understood */
	bool no_type1, not_viable, no_caps, looped_caps, no_mmap, no_device;
	int map_errno, unmap_errno, irq_errno, reset_errno, set_iommu_errno;
	unsigned range_count;
	uint64_t ranges[FAKE_VFIO_RANGES][2];
	struct {
		uint64_t iova, size, vaddr;
		uint32_t flags;
	} maps[FAKE_VFIO_MAPS];
	unsigned map_count, resets;
	int irq; /* eventfd of MSI, -1: none */
};

/* The one that ioctl() talks to, for a tree with its GPU in group 13, bound to vfio-pci. */
extern struct fake_vfio fake_vfio;
void fake_vfio_make(const struct sysfs_tree *t);
/* Bytes of the device's file. */
void fake_vfio_read(uint64_t off, void *ret, size_t n);

#endif
