/* SPDX-License-Identifier: MIT */
/* Controls that GSP-RM answers: one row each, with what fills its parameters. */
#include "sim/model.h"
#include "sim/releases.h"

#include <nvt/fields.h>

#include <string.h>

struct ctrl {
	uint32_t client, object;
	struct nvt_view in;   /* parameters as sent */
	struct nvt_wview out; /* the same bytes, in the reply */
};

/* ---- the headless GA10x: one GPC, GR0 with its copy engine, a copy engine of its own runlist ---- */

enum { GR_RUNLIST = 0, CE_RUNLIST = 1 };
/* NV2080_ENGINE_TYPE_*, MC_ENGINE_IDX_CE0: the same in all releases since 525; the others' index is the release's */
enum { ENGINE_GR0 = 1, ENGINE_COPY0 = 9, MC_CE0 = 15, MC_GR0 = 0xfffe, MC_GSP = 0xffff };
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

static uint16_t mc_index(const struct sim *s, const struct engine *en)
{
	const struct sim_release *r = sim_release(s->gsp.rel);

	return en->mc == MC_GSP ? r->mc_gsp : en->mc == MC_GR0 ? r->mc_gr0 : en->mc;
}

static void intr_table(struct sim *s, struct ctrl *c)
{
	unsigned i;

	nvt_put(&c->out, INTR(tableLen), NVT_ARRAY_SIZE(engines));
	for (i = 0; i < NVT_ARRAY_SIZE(engines); i++) {
		nvt_put_at(&c->out, INTR(table_engineIdx), i, mc_index(s, &engines[i]));
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

/* A number may mean something else in another release: rows go by name. */
static const struct {
	const char *name;
	void (*fill)(struct sim *s, struct ctrl *c); /* NULL: zeros, or what was sent, are a full answer */
} rows[] = {
	{ "NV0080_CTRL_CMD_DMA_SET_PAGE_DIRECTORY", NULL },
	{ "NV0080_CTRL_CMD_DMA_UNSET_PAGE_DIRECTORY", NULL },
	{ "NV2080_CTRL_CMD_GPU_PROMOTE_CTX", NULL },
	{ "NV2080_CTRL_CMD_GPU_GET_FERMI_GPC_INFO", gpc_info },
	{ "NV2080_CTRL_CMD_GPU_GET_FERMI_TPC_INFO", tpc_info },
	/* No falcon that a runlist names; the first is the name before release 550. */
	{ "NV2080_CTRL_CMD_INTERNAL_GET_CONSTRUCTED_FALCON_INFO", NULL },
	{ "NV2080_CTRL_CMD_GPU_GET_CONSTRUCTED_FALCON_INFO", NULL },
	{ "NV2080_CTRL_CMD_INTERNAL_MEMSYS_GET_STATIC_CONFIG", NULL },
	{ "NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_CONTEXT_BUFFERS_INFO", context_buffers },
	{ "NV2080_CTRL_CMD_INTERNAL_INTR_GET_KERNEL_TABLE", intr_table },
	{ "NV2080_CTRL_CMD_FIFO_GET_DEVICE_INFO_TABLE", device_info },
	{ "NV2080_CTRL_CMD_GR_GET_ZCULL_INFO", NULL },
	{ "NV2080_CTRL_CMD_CE_GET_FAULT_METHOD_BUFFER_SIZE", fault_method_buffer },
	{ "NV90F1_CTRL_CMD_VASPACE_COPY_SERVER_RESERVED_PDES", NULL },
	{ "NVA06F_CTRL_CMD_GPFIFO_SCHEDULE", schedule },
	{ "NVA06F_CTRL_CMD_BIND", NULL },
};

uint32_t sim_rm_control(struct sim *s, const struct sim_control *rq)
{
	struct ctrl c = {
		.client = rq->client,
		.object = rq->object,
		.in = { s->gsp.rel, rq->params, rq->n },
		.out = { .rel = s->gsp.rel, .p = rq->params, .n = rq->n },
	};
	struct nvt_id_desc d;
	unsigned i;

	if (!nvt_ctrl_by_cmd(s->gsp.rel, rq->cmd, &d))
		return SIM_ERR_NOT_SUPPORTED;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		if (strcmp(rows[i].name, d.name))
			continue;
		if (rows[i].fill)
			rows[i].fill(s, &c);
		return c.out.rc ? SIM_ERR_INVALID_ARGUMENT : 0;
	}
	return SIM_ERR_NOT_SUPPORTED;
}
