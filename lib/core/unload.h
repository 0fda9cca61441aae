/* SPDX-License-Identifier: MIT */
/* Taking GSP-RM down again. */
#ifndef NVT_CORE_UNLOAD_H
#define NVT_CORE_UNLOAD_H

#include <nvt/error.h>

struct nvt_gpu;

/* Asks GSP-RM to stop and waits until it says that it did. */
int unload_stop_gsp(struct nvt_gpu *gpu, struct nvt_error *e);
/*
 * FWSEC-SB, booter_unload, and the check that WPR2 is gone: for undo, which reports none of them.
 */
int unload_remove_wpr2(struct nvt_gpu *gpu, struct nvt_error *e);

#endif
