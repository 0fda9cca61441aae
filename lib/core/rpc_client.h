/* SPDX-License-Identifier: MIT */
/* Talking to GSP-RM: requests, replies, and the events that come in between. */
#ifndef NVT_CORE_RPC_CLIENT_H
#define NVT_CORE_RPC_CLIENT_H

#include "core/msgq.h"

struct nvt_gpu;

struct rpc_client {
	struct msgq q;
	uint8_t *out;        /* the message being sent */
	uint32_t sequence;   /* of synchronous requests */
	bool sequencer_over; /* a CPU sequencer message was run, or none will come */
	bool init_done;      /* GSP_INIT_DONE arrived and was good */
	char last_log[160];  /* the last error that GSP-RM logged, "" if none */
};

/* Waits: OGKM gives an RPC 1.5 times its default timeout of 4 s; loading drivers takes GSP-RM
 * longer. */
#define RPC_TIMEOUT_US 6000000
#define RPC_INIT_TIMEOUT_US 10000000

int rpc_init(struct nvt_gpu *gpu, struct nvt_error *e);
void rpc_fini(struct rpc_client *c);
/* Sends and returns; GSP-RM does not answer these. */
int rpc_send(struct nvt_gpu *gpu, const char *name, struct nvt_bytes payload, struct nvt_error *e);
/* Sends and waits for the reply, whose payload stays valid until the next receive. In a dry run:
 * empty. */
int rpc_call(struct nvt_gpu *gpu, const char *name, struct nvt_bytes payload, struct nvt_bytes *ret,
	     struct nvt_error *e);
/*
 * Serves what comes until *until is set, an event handler's doing. In a dry run: returns at once.
 */
int rpc_serve(struct nvt_gpu *gpu, const char *awaited, const bool *until, uint64_t timeout_us,
	      struct nvt_error *e);

#endif
