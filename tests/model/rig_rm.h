/* SPDX-License-Identifier: MIT */
/* What a driver asks of a GSP-RM that is up. */
#ifndef NVT_TESTS_MODEL_RIG_RM_H
#define NVT_TESTS_MODEL_RIG_RM_H

#include "rig.h"

/* The roots are those of GspStaticConfigInfo. */
void rig_rm_calls(struct rig *r, uint64_t bar1_root, uint64_t bar2_root);
/* A channel that reads where nothing is mapped, and what GSP-RM says of it. */
void rig_rm_dead_channel(struct rig *r);

#endif
