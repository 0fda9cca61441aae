/* SPDX-License-Identifier: MIT */
/* The four files of the boot chain, read straight into DMA memory. */
#ifndef NVT_CORE_FIRMWARE_H
#define NVT_CORE_FIRMWARE_H

#include <nvt/error.h>

struct nvt_gpu;

/* Chooses the release and loads its files into gpu->b. */
int firmware_load(struct nvt_gpu *gpu, struct nvt_error *e);
void firmware_free(struct nvt_gpu *gpu);

#endif
