/* SPDX-License-Identifier: MIT */
/* An IOMMU group of VFIO's, in a container of its own. */
#ifndef NVT_TRANSPORT_VFIO_GROUP_H
#define NVT_TRANSPORT_VFIO_GROUP_H

#include <nvt/error.h>
#include "transport/iova.h"
#include "transport/sysfs.h"

struct vfio_group {
	int container, fd; /* -1: not open */
};

/*
 * The group of a device that is bound to vfio-pci; VFIO's files are in DEV_ROOT/vfio. NVT_E_ENV says what is in the way.
 * Before the call both files of *g are -1; behind it, it is to be closed, whatever came of it.
 */
int vfio_group_open(struct vfio_group *g, const struct sysfs_device *d, const char *dev_root, struct nvt_error *e);
/* The bus addresses that it translates, and its smallest page. */
int vfio_group_iommu(const struct vfio_group *g, struct iova_space *ret_space, uint64_t *ret_page, struct nvt_error *e);
void vfio_group_close(struct vfio_group *g);

#endif
