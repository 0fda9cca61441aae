/* SPDX-License-Identifier: MIT */
/*
 * The driver's side of the two rings. Sending waits for room; receiving trusts nothing: every
 * record is copied out of shared memory before it is looked at, then checked whole.
 */
#ifndef NVT_CORE_MSGQ_H
#define NVT_CORE_MSGQ_H

#include <nvt/rpc.h>
#include "transport/transport.h"

struct msgq {
	struct nvt_transport *t;
	const struct nvt_dma *mem;
	struct nvt_rel rel;
	uint32_t pte_count;
	uint32_t cmd_off, stat_off, size; /* in mem; size of each ring, header included */
	uint32_t entry_off, rx_off;       /* inside a ring: first element, read pointer */
	uint32_t write_off;               /* inside a ring: write pointer */
	uint32_t count;                   /* elements of a ring */
	uint32_t tx_write, rx_read;       /* the pointers that are ours */
	uint32_t tx_seq, rx_seq;
	bool linked;      /* GSP-RM published its ring */
	bool broken;      /* what came was not valid: nothing more is received */
	uint8_t *tx, *rx; /* one record each */
	struct nvt_join join;
};

/* Bytes of shared memory for rings of that size: page table, command ring, status ring. */
size_t msgq_mem_size(uint32_t ring_size);
/* Writes page table and command ring header into mem, which outlives the queue. */
int msgq_init(struct msgq *q, struct nvt_transport *t, const struct nvt_dma *mem,
	      uint32_t ring_size, struct nvt_rel rel, struct nvt_error *e);
void msgq_fini(struct msgq *q);
/* Waits until GSP-RM has published the status ring and checks its header. */
int msgq_link(struct msgq *q, uint64_t timeout_us, struct nvt_error *e);
/* Puts a whole message (RPC header and payload) into the command ring, in as many records as it
 * takes. */
int msgq_send(struct msgq *q, struct nvt_bytes msg, uint64_t timeout_us, struct nvt_error *e);
/*
 * 1: *ret is the next whole message, valid until the next call; 0: none there; negative: what is
 * there is not valid, and the queue takes nothing more.
 */
int msgq_recv(struct msgq *q, struct nvt_bytes *ret, struct nvt_error *e);

#endif
