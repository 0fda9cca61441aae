/* SPDX-License-Identifier: MIT */
/*
 * The CPU sequencer: register accesses and core operations that GSP-RM asks the driver to do for it
 * while it comes up (boot.md 9, OGKM rmgspseq.h; releases up to 580).
 */
#ifndef NVT_CORE_SEQUENCER_H
#define NVT_CORE_SEQUENCER_H

#include <nvt/rpc.h>
#include "transport/transport.h"

struct nvt_gpu;

/* What the core opcodes do; arg is passed through. */
struct sequencer_cores {
	int (*reset)(void *arg, struct nvt_error *e);
	int (*start)(void *arg, struct nvt_error *e);
	int (*wait_for_halt)(void *arg, struct nvt_error *e);
	int (*resume)(void *arg, struct nvt_error *e);
};

#define SEQUENCER_SAVE_AREA 8
struct sequencer {
	struct nvt_transport *t;
	const struct sequencer_cores *cores;
	void *arg;
	uint32_t saved[SEQUENCER_SAVE_AREA]; /* by REG_STORE */
};

/* Runs `count` dwords of commands. Stops at the first that fails; the error names it by offset. */
int sequencer_run(struct sequencer *s, const uint8_t *commands, uint32_t count,
		  struct nvt_error *e);
/* Checks the fixed part of a GSP_RUN_CPU_SEQUENCER payload and finds its commands. */
int sequencer_parse(struct nvt_rel rel, struct nvt_bytes payload, const uint8_t **ret,
		    uint32_t *ret_count, struct nvt_error *e);
/* Runs a GSP_RUN_CPU_SEQUENCER payload on the GPU. */
int sequencer_serve(struct nvt_gpu *gpu, struct nvt_bytes payload, struct nvt_error *e);

#endif
