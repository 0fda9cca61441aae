/* SPDX-License-Identifier: MIT */
/* A GPU that no kernel driver has: BARs and config space through libpciaccess, physical addresses for DMA. */
#ifndef NVT_TRANSPORT_PCI_H
#define NVT_TRANSPORT_PCI_H

#include "transport/pinned.h"

struct pci_opts {
	const char *sysfs;       /* NULL: /sys */
	pinned_frames_fn frames; /* NULL: pinned_frames */
	pinned_pin_fn pin;       /* NULL: pinned_pin */
};

/*
 * Refuses (NVT_E_ENV) a device that is not a GPU of NVIDIA's, one with a kernel driver, one behind an IOMMU
 * that translates, and one that another process has open this way. Switches memory space on and the interrupt
 * line off; close puts both back. Sets ctx->clock until close. opts may be NULL.
 */
int pci_open(struct nvt_ctx *ctx, const char *bdf, const struct pci_opts *opts, struct nvt_transport **ret,
	     struct nvt_error *e);

#endif
