/* SPDX-License-Identifier: MIT */
/* The driver's view of one GPU: built by open.c over a transport, used by every file of core. */
#ifndef NVT_CORE_GPU_H
#define NVT_CORE_GPU_H

#include <nvt/gpu.h>
#include "transport/transport.h"

/* What core needs from outside; everything is borrowed and outlives the gpu. */
struct gpu_env {
	struct nvt_ctx *ctx;
	struct nvt_transport *t;
	const struct nvt_fwdb *fwdb;
	struct nvt_fw_path fw_path;
	const char *release; /* NULL: choose */
	bool allow_unknown_firmware;
	const char *uri;
	bool (*sim_report)(void *arg, struct nvt_sim_report *ret); /* NULL on real hardware */
	/* Releases what open.c made, transport included; returns what the trace has to say. */
	int (*on_close)(void *arg, struct nvt_error *e);
	void *arg;
};
int gpu_new(const struct gpu_env *env, struct nvt_gpu **ret, struct nvt_error *e);
void gpu_free(struct nvt_gpu *gpu);

#endif
