/* SPDX-License-Identifier: MIT */
/* FWSEC: the signed ucode in the VBIOS that sets WPR2 up (FRTS) and prepares its removal (SB). */
#ifndef NVT_CORE_FWSEC_H
#define NVT_CORE_FWSEC_H

#include <nvt/error.h>
#include <nvt/types.h>

struct nvt_gpu;
struct nvt_transport;

/* Reads the ROM through PROM as far as its images go; malloced. */
int rom_read(struct nvt_transport *t, uint8_t **ret, size_t *ret_size, struct nvt_error *e);
/* Reads the VBIOS into gpu->b and finds FWSEC in it. */
int fwsec_find(struct nvt_gpu *gpu, struct nvt_error *e);
/* Makes two images in DMA memory, one to run FRTS and one to run SB later. */
int fwsec_prepare(struct nvt_gpu *gpu, struct nvt_error *e);
int fwsec_run_frts(struct nvt_gpu *gpu, struct nvt_error *e);
/* What FRTS must have left behind. */
int fwsec_check_frts(struct nvt_gpu *gpu, struct nvt_error *e);
int fwsec_run_sb(struct nvt_gpu *gpu, struct nvt_error *e);
void fwsec_free(struct nvt_gpu *gpu);

#endif
