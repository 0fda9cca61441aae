/* SPDX-License-Identifier: MIT */
/* From a doorbell to methods: rings, segments of pushbuffers, headers. Source: dev_pbdma.h and dev_ram.h of ga100. */
#include "sim/model.h"

#include <nvt/fields.h>

#include "base/bytes.h"

#include <string.h>

#define P(name) NVF_NV_CHANNEL_ALLOC_PARAMS_##name
#define ENTRIES_MAX (1u << 20)
#define USERD_GP_GET 0x88u
#define USERD_GP_PUT 0x8cu
#define ADDRESS_SPACE_SYSTEM 1u
#define FLAG_PRIVILEGED (1u << 5) /* NVOS04_FLAGS_PRIVILEGED_CHANNEL */
/* A channel that cannot go on is looked at again after this long. */
#define T_RETRY (100 * SIM_US)

/* NVOS04 flags: the driver says which channel number it wants, as page and index of eight. */
static bool wanted_chid(uint64_t flags, uint32_t *ret)
{
	*ret = (uint32_t)((flags >> 12 & 0x1ff) * 8 + (flags >> 8 & 7));
	return flags >> 21 & 1;
}

static struct sim_channel *find(struct sim *s, uint32_t client, uint32_t handle)
{
	unsigned i;

	for (i = 0; i < SIM_CHANNELS_MAX; i++)
		if (s->fifo.channels[i].used && s->fifo.channels[i].client == client &&
		    s->fifo.channels[i].handle == handle)
			return &s->fifo.channels[i];
	return NULL;
}

static struct sim_channel *by_chid(struct sim *s, uint32_t runlist, uint32_t chid)
{
	unsigned i;

	for (i = 0; i < SIM_CHANNELS_MAX; i++)
		if (s->fifo.channels[i].used && s->fifo.channels[i].runlist == runlist &&
		    s->fifo.channels[i].chid == chid)
			return &s->fifo.channels[i];
	return NULL;
}

static struct sim_channel *unused(struct sim *s)
{
	unsigned i;

	for (i = 0; i < SIM_CHANNELS_MAX; i++)
		if (!s->fifo.channels[i].used)
			return &s->fifo.channels[i];
	return NULL;
}

static uint32_t lowest_chid(struct sim *s, uint32_t runlist)
{
	uint32_t chid = 0;

	while (by_chid(s, runlist, chid))
		chid++;
	return chid;
}

uint32_t sim_channel_alloc(struct sim *s, uint32_t client, uint32_t handle, struct nvt_bytes params)
{
	struct nvt_view v = { s->gsp.rel, params.p, params.n };
	uint64_t entries = nvt_get_or0(&v, P(gpFifoEntries));
	struct sim_channel *c = unused(s);
	uint32_t engine = (uint32_t)nvt_get_or0(&v, P(engineType)), runlist, chid;
	uint64_t flags = nvt_get_or0(&v, P(flags));

	if (!sim_rm_runlist(engine, &runlist))
		return SIM_ERR_INVALID_ARGUMENT;
	if (!c || !entries || entries > ENTRIES_MAX || entries & (entries - 1))
		return SIM_ERR_INVALID_ARGUMENT;
	if (!wanted_chid(flags, &chid))
		chid = lowest_chid(s, runlist);
	else if (by_chid(s, runlist, chid))
		return SIM_ERR_INSERT_DUPLICATE_NAME;
	*c = (struct sim_channel){
		.used = true,
		.privileged = flags & FLAG_PRIVILEGED,
		.client = client,
		.handle = handle,
		.chid = chid,
		.engine = engine,
		.runlist = runlist,
		.ring = nvt_get_or0(&v, P(gpFifoOffset)),
		.entries = (uint32_t)entries,
		.inst = nvt_get_or0(&v, P(instanceMem_base)),
		.userd = nvt_get_or0(&v, P(userdMem_base)),
		.userd_is_system = nvt_get_or0(&v, P(userdMem_addressSpace)) == ADDRESS_SPACE_SYSTEM,
	};
	return 0;
}

void sim_channels_sweep(struct sim *s)
{
	unsigned i;

	for (i = 0; i < SIM_CHANNELS_MAX; i++)
		if (!sim_object_exists(s, s->fifo.channels[i].client, s->fifo.channels[i].handle))
			s->fifo.channels[i].used = false;
}

/* ---- pushbuffers ---- */

#define COPY_SUBCHANNEL 4u /* of a runlist with GR */
#define COPY_CLASS_LOW 0xb5u
enum { OP_TERTIARY = 0, OP_INC = 1, OP_NON_INC = 3, OP_IMMEDIATE = 4, OP_ONE_INC = 5, OP_END_SEGMENT = 7 };

static bool method(struct sim *s, struct sim_channel *c, uint32_t at, uint32_t val)
{
	if (at < 0x100)
		return sim_host_method(s, c, at, val);
	if (c->runlist == 0 && c->subchannel != COPY_SUBCHANNEL)
		return true;
	if ((c->object[sim_channel_slot(c)] & 0xff) != COPY_CLASS_LOW)
		sim_violation(s, "channel-object", SIM_HEX(c->object[sim_channel_slot(c)]), "SET_OBJECT of a copy class first",
			      "method 0x%04x for the copy engine", at);
	sim_copy_method(s, c, at, val);
	return true;
}

static bool header(struct sim *s, struct sim_channel *c, uint32_t val)
{
	uint32_t count = val >> 16 & 0x1fff;

	c->method = (val & 0xfff) << 2;
	c->subchannel = val >> 13 & 7;
	switch (val >> 29) {
	case OP_TERTIARY:
		return true;
	case OP_INC:
		c->mode = SIM_PB_INC;
		break;
	case OP_NON_INC:
		c->mode = SIM_PB_NON_INC;
		break;
	case OP_ONE_INC:
		c->mode = SIM_PB_ONE_INC;
		break;
	case OP_IMMEDIATE:
		return method(s, c, c->method, count);
	case OP_END_SEGMENT:
		c->seg_left = 1; /* this one */
		return true;
	default:
		sim_channel_fault(s, c, SIM_XID_HOST, val, "a method header that means nothing");
		return false;
	}
	c->count = count;
	return true;
}

/* One dword; false if it has to be taken again. */
static bool dword(struct sim *s, struct sim_channel *c, uint32_t val)
{
	if (!c->count)
		return header(s, c, val);
	if (!method(s, c, c->method, val))
		return false;
	c->count--;
	if (c->mode != SIM_PB_NON_INC)
		c->method += 4;
	if (c->mode == SIM_PB_ONE_INC)
		c->mode = SIM_PB_NON_INC;
	return true;
}

/* False if the channel waits or faulted. */
static bool run_segment(struct sim *s, struct sim_channel *c)
{
	uint8_t b[4];

	for (; c->seg_left; c->seg_left--, c->seg_va += 4) {
		if (!sim_channel_rd(s, c, c->seg_va, b, 4) || !dword(s, c, nvt_le32(b)) || c->faulted)
			return false;
	}
	return true;
}

static bool fetch(struct sim *s, struct sim_channel *c)
{
	uint8_t b[8];
	uint32_t hi;

	if (!sim_channel_rd(s, c, c->ring + (uint64_t)c->get * 8, b, 8))
		return false;
	hi = nvt_le32(b + 4);
	c->seg_va = (nvt_le32(b) & ~3u) | (uint64_t)(hi & 0xff) << 32;
	c->seg_left = hi >> 10 & 0x1fffff; /* 0: a control entry */
	c->get = (c->get + 1) % c->entries;
	return true;
}

static void retry(struct sim *s);

static void run(struct sim *s, struct sim_channel *c)
{
	uint32_t put = 0, budget = c->entries;

	if (!c->runnable || c->faulted)
		return;
	if (!sim_channel_userd(s, c, USERD_GP_PUT, &put, false) || put >= c->entries) {
		sim_channel_fault(s, c, SIM_XID_HOST, put, "GP_PUT beyond the ring");
		return;
	}
	while (!c->faulted && budget) {
		if (!c->seg_left && c->get == put)
			break;
		if (!c->seg_left) {
			budget--;
			if (!fetch(s, c))
				break;
		}
		if (!run_segment(s, c)) {
			sim_in(s, T_RETRY, retry);
			break;
		}
	}
	sim_channel_userd(s, c, USERD_GP_GET, &(uint32_t){ c->get }, true);
}

/* What waits for a semaphore tries again. */
static void retry(struct sim *s)
{
	unsigned i;

	for (i = 0; i < SIM_CHANNELS_MAX; i++)
		if (s->fifo.channels[i].used && s->fifo.channels[i].seg_left)
			run(s, &s->fifo.channels[i]);
}

void sim_channel_schedule(struct sim *s, uint32_t client, uint32_t handle, bool on)
{
	struct sim_channel *c = find(s, client, handle);

	if (!c)
		return;
	c->runnable = on;
	run(s, c);
}

/* VECTOR 11:0, RUNLIST_ID 22:16 */
void sim_doorbell(struct sim *s, uint32_t val)
{
	struct sim_channel *c = by_chid(s, val >> 16 & 0x7f, val & 0xfff);

	if (!c) {
		sim_violation(s, "doorbell", SIM_HEX(val), "a channel that there is", "doorbell of no channel");
		return;
	}
	s->fifo.submissions++;
	run(s, c);
}
