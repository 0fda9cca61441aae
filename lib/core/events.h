/* SPDX-License-Identifier: MIT */
/* What GSP-RM says unasked. */
#ifndef NVT_CORE_EVENTS_H
#define NVT_CORE_EVENTS_H

#include <nvt/rpc.h>

struct nvt_gpu;

/* Acts on an event that the release knows; those that need nothing are taken note of or passed
 * over. */
int event_handle(struct nvt_gpu *gpu, const struct nvt_msg_desc *desc, struct nvt_bytes payload,
		 struct nvt_error *e);

#endif
