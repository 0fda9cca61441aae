/* SPDX-License-Identifier: MIT */
/* Channels: what RM was told of them, where host has got to, and the copy engine's methods. */
#ifndef NVT_SIM_CHANNEL_H
#define NVT_SIM_CHANNEL_H

#include <nvt/types.h>

struct sim;

#define SIM_CHANNELS_MAX 64
#define SIM_COPY_METHODS (0x800 / 4)

struct sim_channel {
	bool used, runnable, faulted, privileged;
	uint32_t client, handle, chid, engine, runlist; /* engine: NV2080_ENGINE_TYPE */
	uint64_t ring, inst, userd; /* ring: virtual; inst: video memory */
	bool userd_is_system;
	uint32_t entries, get;
	/* the segment under way; left 0: none */
	uint64_t seg_va;
	uint32_t seg_left; /* dwords */
	/* the method header under way */
	uint32_t method, subchannel, count; /* method: byte address; count 0: a header comes next */
	enum { SIM_PB_INC, SIM_PB_NON_INC, SIM_PB_ONE_INC } mode;
	/* host's semaphore methods */
	uint64_t sem_addr, sem_payload;
	uint32_t object[8]; /* class by subchannel, as SET_OBJECT said; 0: none */
	uint32_t copy[SIM_COPY_METHODS];
};

/* Where SET_OBJECT goes: on runlists of copy engines alone the subchannel does not count. */
static inline unsigned sim_channel_slot(const struct sim_channel *c)
{
	return c->runlist == 0 ? c->subchannel : 0;
}

struct sim_fifo {
	struct sim_channel channels[SIM_CHANNELS_MAX];
	uint64_t submissions, copies, copy_bytes, semaphores;
};

/* channel.c */
/* NV_CHANNEL_ALLOC_PARAMS as sent with the allocation; an NV_STATUS. */
uint32_t sim_channel_alloc(struct sim *s, uint32_t client, uint32_t handle, struct nvt_bytes params);
void sim_channel_schedule(struct sim *s, uint32_t client, uint32_t handle, bool on);
/* Forgets channels whose objects are gone. */
void sim_channels_sweep(struct sim *s);
void sim_doorbell(struct sim *s, uint32_t val);

/* channel_mem.c */
enum { SIM_XID_MMU = 31, SIM_XID_HOST = 32, SIM_XID_COPY = 39 /* of the first copy engine */ };
/* The channel stops, which is a violation; GSP-RM tells the driver. */
void sim_channel_fault(struct sim *s, struct sim_channel *c, unsigned xid, uint64_t seen, const char *what);
/* The channel's memory by virtual address; false after a finding, and the channel stops. */
bool sim_channel_rd(struct sim *s, struct sim_channel *c, uint64_t va, uint8_t *buf, size_t n);
bool sim_channel_wr(struct sim *s, struct sim_channel *c, uint64_t va, const uint8_t *buf, size_t n);
/* A semaphore of 4 or 8 bytes, or 16 with the time. */
bool sim_channel_release(struct sim *s, struct sim_channel *c, uint64_t va, uint64_t payload, bool is_64, bool timed);
/* A word of USERD. */
bool sim_channel_userd(struct sim *s, const struct sim_channel *c, uint32_t off, uint32_t *val, bool write);

/* host.c: one method; false if the channel has to wait and try it again. */
bool sim_host_method(struct sim *s, struct sim_channel *c, uint32_t method, uint32_t val);
/* copy.c */
void sim_copy_method(struct sim *s, struct sim_channel *c, uint32_t method, uint32_t val);

#endif
