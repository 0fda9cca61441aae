/* SPDX-License-Identifier: MIT */
/* The model behind a vfio-user socket, for a guest. */
#ifndef NVT_SIM_SERVE_H
#define NVT_SIM_SERVE_H

#include "sim/sim.h"

struct sim_serve_opts {
	struct sim_opts model; /* policy and memory are the server's */
	const char *socket;
	int stop_fd; /* serving ends when it is readable; -1: never */
	bool once;   /* one client, then the end */
	/* Told of the listening socket, and of each client's coming and going; may be NULL. */
	void (*client)(void *arg, const struct nvt_sim_session *session);
	void *arg;
};

/* Serves one client after another until told to stop. ctx's sinks see what the clients do. */
int sim_serve(struct nvt_ctx *ctx, const struct sim_serve_opts *opts, struct nvt_error *e);

#endif
