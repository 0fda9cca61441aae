/* SPDX-License-Identifier: MIT */
/* The device model as a transport backend. Includes nothing of core. */
#ifndef NVT_SIM_SIM_H
#define NVT_SIM_SIM_H

#include <nvt/chips.h>
#include <nvt/fw.h>
#include <nvt/rpc.h>
#include <nvt/sim.h>
#include "transport/transport.h"

enum sim_policy {
	SIM_STRICT_FAIL,   /* a violation makes every later access fail with it */
	SIM_STRICT_REPORT, /* violations are counted and reported, the run goes on */
};

/* Memory of a driver that lives elsewhere, at the addresses that it gives the device. */
enum sim_mem { SIM_MEM_OK, SIM_MEM_UNMAPPED, SIM_MEM_FORBIDDEN, SIM_MEM_FAILED };
struct sim_memory {
	enum sim_mem (*rd)(void *arg, nvt_iova addr, uint8_t *buf, size_t n);
	enum sim_mem (*wr)(void *arg, nvt_iova addr, const uint8_t *buf, size_t n);
	void *arg;
};

struct sim_opts {
	const struct nvt_chip *chip;
	uint64_t vram_size;      /* 0: the chip's default */
	const char *rom_path;    /* NULL: the synthetic VBIOS */
	enum sim_policy policy;
	bool unknown_fw_ok;
	struct {
		const struct nvt_sim_fault *fault;
		char arg[64];    /* "" if none */
		bool sticky;     /* fires every time, not once per device */
	} faults[NVT_SIM_FAULTS_MAX];
	unsigned fault_count;
	const struct nvt_fwdb *fwdb; /* borrowed, outlives the transport */
	const struct sim_memory *memory; /* NULL: what dma_alloc gave; else likewise borrowed */
};

/*
 * Parses the part of the URI after "sim:": "ga102,vram=12G,rom=FILE,fault=NAME[=ARG][:sticky],
 * strict=fail|report,unknown-fw=ok". storage keeps strings that *ret points to.
 */
int sim_parse_uri(const char *args, struct sim_opts *ret, char *storage, size_t storage_size, struct nvt_error *e);
/* Sets ctx->clock to the model's virtual clock. */
int sim_open(struct nvt_ctx *ctx, const struct sim_opts *opts, struct nvt_transport **ret, struct nvt_error *e);
/* t must come from sim_open. */
void sim_report(struct nvt_transport *t, struct nvt_sim_report *ret);
/* Moves virtual time on and runs what falls due; never reads a clock or sleeps. */
void sim_advance(struct nvt_transport *t, uint64_t to_ns);
/* When the model next has something to do by itself, UINT64_MAX if not before it is accessed. */
uint64_t sim_next_due(struct nvt_transport *t);

#endif
