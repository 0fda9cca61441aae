/* SPDX-License-Identifier: MIT */
/* What GSP-RM finds in system memory when it starts: WPR meta, LIBOS arguments, log buffers,
 * RMARGS. */
#ifndef NVT_CORE_LIBOS_H
#define NVT_CORE_LIBOS_H

#include <nvt/error.h>

struct nvt_gpu;

/* Allocates all of it, and the tables of the GSP-RM image, and tells the GPU its flush page. */
int libos_alloc(struct nvt_gpu *gpu, struct nvt_error *e);
/* Takes the flush page back and frees it all; a GPU that still holds WPR2 loses the bus first. */
int libos_release(struct nvt_gpu *gpu, struct nvt_error *e);
void libos_free(struct nvt_gpu *gpu);

#endif
