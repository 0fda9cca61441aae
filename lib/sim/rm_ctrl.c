/* SPDX-License-Identifier: MIT */
/* Controls that GSP-RM answers: one row each, with what fills its parameters. */
#include "sim/model.h"

#include <nvt/fields.h>

#include <string.h>

struct ctrl {
	uint32_t client, object;
	struct nvt_view in;   /* parameters as sent */
	struct nvt_wview out; /* the same bytes, in the reply */
};

/* ---- the headless GA10x: one GPC, GR0 with its copy engine, a copy engine of its own runlist ---- */

enum { GR_RUNLIST = 0, CE_RUNLIST = 1 };
/* MC_ENGINE_IDX_*, NV2080_ENGINE_TYPE_* of 570.144 */
enum { MC_CE0 = 15, MC_GSP = 50, MC_GR0 = 84, ENGINE_GR0 = 1, ENGINE_COPY0 = 9 };
#define NO_VECTOR 0xffffffffu

static const struct engine {
	const char *name;
	uint16_t mc;
	uint32_t type, runlist;         /* type 0: no engine of a runlist */
	uint32_t stall, nonstall;       /* vectors, below 256 */
} engines[] = {
	{ "GSP", MC_GSP, 0, 0, SIM_VECTOR_GSP, NO_VECTOR },
	{ "GRAPHICS", MC_GR0, ENGINE_GR0, GR_RUNLIST, 192, 0 },
	{ "GRCE0", MC_CE0, ENGINE_COPY0, GR_RUNLIST, 193, 1 },
	{ "CE2", MC_CE0 + 2, ENGINE_COPY0 + 2, CE_RUNLIST, 194, 2 },
};

#define INTR(name) NVF_NV2080_CTRL_INTERNAL_INTR_GET_KERNEL_TABLE_PARAMS_##name

static void intr_table(struct sim *s, struct ctrl *c)
{
	unsigned i;

	(void)s;
	nvt_put(&c->out, INTR(tableLen), NVT_ARRAY_SIZE(engines));
	for (i = 0; i < NVT_ARRAY_SIZE(engines); i++) {
		nvt_put_at(&c->out, INTR(table_engineIdx), i, engines[i].mc);
		nvt_put_at(&c->out, INTR(table_vectorStall), i, engines[i].stall);
		nvt_put_at(&c->out, INTR(table_vectorNonStall), i, engines[i].nonstall);
	}
}

#define TABLE(name) NVF_NV2080_CTRL_FIFO_GET_DEVICE_INFO_TABLE_PARAMS_##name
#define ENTRY(name) NVF_NV2080_CTRL_FIFO_DEVICE_ENTRY_##name
/* ENGINE_INFO_TYPE_* of NVIDIA's kernel_fifo.h */
enum { INFO_RM_ENGINE_TYPE = 2, INFO_RUNLIST = 3, INFO_MMU_FAULT_ID = 4, INFO_RUNLIST_PRI_BASE = 11 };

static void put_device(struct ctrl *c, unsigned i, const struct engine *en)
{
	uint32_t size = nvt_nvf_struct_size(c->out.rel, ENTRY(engineData));
	int32_t at = nvt_nvf_offset(c->out.rel, TABLE(entries));
	struct nvt_wview w = { .rel = c->out.rel, .n = size };

	if (at < 0 || (size_t)at + (size_t)(i + 1) * size > c->out.n)
		return;
	w.p = c->out.p + at + (size_t)i * size;
	nvt_put_at(&w, ENTRY(engineData), INFO_RM_ENGINE_TYPE, en->type);
	nvt_put_at(&w, ENTRY(engineData), INFO_RUNLIST, en->runlist);
	nvt_put_at(&w, ENTRY(engineData), INFO_MMU_FAULT_ID, 64 + i);
	nvt_put_at(&w, ENTRY(engineData), INFO_RUNLIST_PRI_BASE, 0xd00000 + 0x400 * en->runlist);
	nvt_put(&w, ENTRY(numPbdmas), 1);
	nvt_put_bytes(&w, ENTRY(engineName), (struct nvt_bytes){ (const uint8_t *)en->name, strlen(en->name) + 1 });
}

static void device_info(struct sim *s, struct ctrl *c)
{
	unsigned i, n = 0;

	(void)s;
	for (i = 0; i < NVT_ARRAY_SIZE(engines); i++)
		if (engines[i].type)
			put_device(c, n++, &engines[i]);
	nvt_put(&c->out, TABLE(numEntries), n);
}

#define GPC_MASK 0x1u
#define TPC_MASK 0x3u

static void gpc_info(struct sim *s, struct ctrl *c)
{
	(void)s;
	nvt_put(&c->out, NVF_NV2080_CTRL_GPU_GET_FERMI_GPC_INFO_PARAMS_gpcMask, GPC_MASK);
}

static void tpc_info(struct sim *s, struct ctrl *c)
{
	uint64_t gpc = nvt_get_or0(&c->in, NVF_NV2080_CTRL_GPU_GET_FERMI_TPC_INFO_PARAMS_gpcId);

	(void)s;
	nvt_put(&c->out, NVF_NV2080_CTRL_GPU_GET_FERMI_TPC_INFO_PARAMS_tpcMask,
		gpc < 32 && GPC_MASK >> gpc & 1 ? TPC_MASK : 0);
}

static void fault_method_buffer(struct sim *s, struct ctrl *c)
{
	(void)s;
	nvt_put(&c->out, NVF_NV2080_CTRL_CE_GET_FAULT_METHOD_BUFFER_SIZE_PARAMS_size, 0x5000);
}

/* Sizes of real chips are not public; these are small, as a driver clears some of them through BAR2. */
static void context_buffers(struct sim *s, struct ctrl *c)
{
	static const struct {
		uint8_t index;
		uint32_t size, alignment;
	} rows[] = {
		{ 0x00, 0x4000, 0x1000 },   { 0x08, 0x1000, 0x1000 },    { 0x0d, 0x40000, 0x10000 },
		{ 0x10, 0x1000, 0x1000 },   { 0x11, 0x40000, 0x10000 },  { 0x12, 0x40000, 0x10000 },
		{ 0x13, 0x200000, 0x20000 }, { 0x14, 0x40000, 0x10000 }, { 0x15, 0x1000, 0x1000 },
		{ 0x16, 0x1000, 0x1000 },   { 0x17, 0x1000, 0x1000 },    { 0x18, 0x1000, 0x1000 },
	};
	unsigned i;

	(void)s;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		nvt_put_at(&c->out, NVF_NV2080_CTRL_INTERNAL_STATIC_GR_CONTEXT_BUFFERS_INFO_engine_size,
			   rows[i].index, rows[i].size);
		nvt_put_at(&c->out, NVF_NV2080_CTRL_INTERNAL_STATIC_GR_CONTEXT_BUFFERS_INFO_engine_alignment,
			   rows[i].index, rows[i].alignment);
	}
}

/* NVA06F_CTRL_CMD_GPFIFO_SCHEDULE begins with bEnable in every release. */
static void schedule(struct sim *s, struct ctrl *c)
{
	if (c->in.n)
		sim_channel_schedule(s, c->client, c->object, c->in.p[0]);
}

bool sim_rm_runlist(uint32_t engine_type, uint32_t *ret)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(engines); i++) {
		if (!engines[i].type || engines[i].type != engine_type)
			continue;
		*ret = engines[i].runlist;
		return true;
	}
	return false;
}

unsigned sim_rm_nonstall_vector(uint32_t runlist)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(engines); i++)
		if (engines[i].type && engines[i].runlist == runlist)
			return engines[i].nonstall;
	return 0;
}

/* ---- all of them ---- */

static const struct {
	uint32_t cmd;
	void (*fill)(struct sim *s, struct ctrl *c); /* NULL: zeros, or what was sent, are a full answer */
} rows[] = {
	{ 0x00801813, NULL }, /* NV0080_CTRL_CMD_DMA_SET_PAGE_DIRECTORY */
	{ 0x00801814, NULL }, /* NV0080_CTRL_CMD_DMA_UNSET_PAGE_DIRECTORY */
	{ 0x2080012b, NULL }, /* NV2080_CTRL_CMD_GPU_PROMOTE_CTX */
	{ 0x20800137, gpc_info },
	{ 0x20800138, tpc_info },
	{ 0x208001b0, NULL }, /* NV2080_CTRL_CMD_GPU_GET_CONSTRUCTED_FALCON_INFO: no falcon that a runlist names */
	{ 0x20800a1c, NULL }, /* NV2080_CTRL_CMD_INTERNAL_MEMSYS_GET_STATIC_CONFIG */
	{ 0x20800a32, context_buffers },
	{ 0x20800a5c, intr_table },
	{ 0x20801112, device_info },
	{ 0x20801206, NULL }, /* NV2080_CTRL_CMD_GR_GET_ZCULL_INFO */
	{ 0x20802a08, fault_method_buffer },
	{ 0x90f10106, NULL }, /* NV90F1_CTRL_CMD_VASPACE_COPY_SERVER_RESERVED_PDES */
	{ 0xa06f0103, schedule },
	{ 0xa06f0104, NULL }, /* NVA06F_CTRL_CMD_BIND */
};

uint32_t sim_rm_control(struct sim *s, const struct sim_control *rq)
{
	struct ctrl c = {
		.client = rq->client,
		.object = rq->object,
		.in = { s->gsp.rel, rq->params, rq->n },
		.out = { .rel = s->gsp.rel, .p = rq->params, .n = rq->n },
	};
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		if (rows[i].cmd != rq->cmd)
			continue;
		if (rows[i].fill)
			rows[i].fill(s, &c);
		return c.out.rc ? SIM_ERR_INVALID_ARGUMENT : 0;
	}
	return SIM_ERR_NOT_SUPPORTED;
}
