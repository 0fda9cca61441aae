/* SPDX-License-Identifier: MIT */
/* The messages of bring-up: what GSP-RM is told about its host, and what it tells about the GPU. */
#ifndef NVT_CORE_HANDSHAKE_H
#define NVT_CORE_HANDSHAKE_H

#include <nvt/error.h>

struct nvt_gpu;

int handshake_system_info(struct nvt_gpu *gpu, struct nvt_error *e);
int handshake_registry(struct nvt_gpu *gpu, struct nvt_error *e);
/* Fills gpu->report.static_info. */
int handshake_static_info(struct nvt_gpu *gpu, struct nvt_error *e);

#endif
