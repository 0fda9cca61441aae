/* SPDX-License-Identifier: MIT */
/* A GPU bound to vfio-pci: BARs, config space, DMA through the IOMMU, MSI, reset, by VFIO's group interface. */
#ifndef NVT_TRANSPORT_VFIO_H
#define NVT_TRANSPORT_VFIO_H

#include "transport/transport.h"

struct vfio_opts {
	const char *sysfs; /* NULL: /sys */
	const char *dev;   /* NULL: /dev */
};

/*
 * Refuses (NVT_E_ENV) a device that is not a GPU of NVIDIA's, one that is not bound to vfio-pci, and one whose IOMMU
 * group a kernel driver shares. The kernel resets the device at open and at close. Sets ctx->clock until close.
 * opts may be NULL.
 */
int vfio_open(struct nvt_ctx *ctx, const char *bdf, const struct vfio_opts *opts, struct nvt_transport **ret,
	      struct nvt_error *e);

#endif
