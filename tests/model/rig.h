/* SPDX-License-Identifier: MIT */
/*
 * A driver of table rows: register accesses in the order in which a known driver makes them, and DMA
 * buffers built here byte by byte from the written-down layouts, without the library's own driver.
 */
#ifndef NVT_TESTS_MODEL_RIG_H
#define NVT_TESTS_MODEL_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/event.h>
#include <nvt/fw.h>

#include "base/bytes.h"
#include "sim/sim.h"

/* An HS image in DMA memory, ready to be loaded. */
struct rig_ucode {
	struct nvt_dma dma;
	uint32_t imem_off, imem_size, imem_tag_off; /* tag_off: what FBOFFS is at the first block */
	uint32_t dmem_off, dmem_size;
	uint32_t bootvec, para_addr, engine_mask, ucode_id;
};

enum { BUF_IMAGE, BUF_RADIX, BUF_SIGNATURE, BUF_BOOTLOADER, BUF_META, BUF_LIBOS, BUF_LOGS, BUF_RMARGS, BUF_QUEUES,
       BUF_FLUSH, BUF__COUNT };

struct rig {
	struct nvt_ctx ctx;
	struct nvt_transport *t;
	struct nvt_fwdb *db;
	struct sim_opts opts;
	char storage[256];
	struct nvt_sink sink;
	unsigned violations; /* events seen */
	char rule[32];       /* of the first */
	struct nvt_error e;  /* of the last access */
	jmp_buf *refused;    /* not NULL: an access that fails goes there instead of failing the test */
	struct nvt_dma buf[BUF__COUNT];
	struct rig_ucode fwsec_frts, fwsec_sb, booter_load, booter_unload;
	uint64_t vram, frts;
	/* queues */
	uint32_t cmd_seq, cmd_wr, stat_rd, stat_seq;
	uint8_t msg[0x10000]; /* the last one received: RPC header and payload */
	uint32_t msg_n, msg_function;
};

/* Opens "ga102" plus extra (",fault=.."); the synthetic release unless real is set. */
void rig_open(struct rig *r, const char *extra);
void rig_close(struct rig *r);
/* Bus mastering on; images and structures built. */
void rig_prepare(struct rig *r);

/* Accesses that must succeed, and one that may fail (its code is returned). */
uint32_t rd(struct rig *r, uint32_t off);
void wr(struct rig *r, uint32_t off, uint32_t val);
int try_rd(struct rig *r, uint32_t off, uint32_t *ret);
int try_wr(struct rig *r, uint32_t off, uint32_t val);
/* Reads every 10 us of virtual time until (v & mask) == want; false after timeout_us. */
bool poll(struct rig *r, uint32_t off, uint32_t mask, uint32_t want, uint64_t timeout_us);
void rig_sleep(struct rig *r, uint64_t us);

/* Rows. */
enum rig_op {
	OP_R,    /* read: (v & a) == b */
	OP_W,    /* write a */
	OP_WV,   /* write the value that fn(r) gives */
	OP_RMW,  /* write (v & ~a) | b */
	OP_P,    /* poll (v & a) == b within us */
	OP_CALL, /* fn(r) */
	OP_END
};
struct rig_row {
	enum rig_op op;
	uint32_t off, a, b;
	uint64_t us;
	uint32_t (*fn)(struct rig *r);
};
#define R(off, mask, want) { OP_R, off, mask, want, 0, NULL }
#define R_ANY(off) { OP_R, off, 0, 0, 0, NULL }
#define W(off, val) { OP_W, off, val, 0, 0, NULL }
#define WV(off, fn) { OP_WV, off, 0, 0, 0, fn }
#define RMW(off, clear, set) { OP_RMW, off, clear, set, 0, NULL }
#define P(off, mask, want, us) { OP_P, off, mask, want, us, NULL }
#define CALL(fn) { OP_CALL, 0, 0, 0, 0, fn }
#define END { OP_END, 0, 0, 0, 0, NULL }
void rig_run(struct rig *r, const struct rig_row *rows);

/* Values for WV. */
uint32_t v_libos_lo(struct rig *r);
uint32_t v_libos_hi(struct rig *r);
uint32_t v_meta_lo(struct rig *r);
uint32_t v_meta_hi(struct rig *r);
uint32_t v_flush_lo(struct rig *r);
uint32_t v_flush_hi(struct rig *r);

/* Loads in the way of nova-core and nouveau: FBOFFS counts from the image's start, and a poll of IDLE
 * after every block. exact_idle false: only FULL is polled, IDLE once at the end (NVIDIA's driver). */
void rig_load(struct rig *r, uint32_t base, const struct rig_ucode *u, bool poll_each);
/* Boot ROM parameters, boot vector. */
void rig_brom(struct rig *r, uint32_t base, const struct rig_ucode *u);
/* ENGINE reset with its polls; core selection back to falcon when it is RISC-V. */
void rig_reset(struct rig *r, uint32_t base);

/* Start, alias or not, and halt. */
void rig_start(struct rig *r, uint32_t base, uint64_t timeout_us);
/* Reset, load, start with this in the mailboxes, halt. */
void rig_run_ucode(struct rig *r, uint32_t base, const struct rig_ucode *u, uint64_t mailbox);

/* The queues. */
void rig_send(struct rig *r, uint32_t function, const uint8_t *payload, uint32_t n);
void rig_send_system_info(struct rig *r);
void rig_send_registry(struct rig *r, uint32_t length);
void rig_send_start_up(struct rig *r, uint32_t registry_length);
/* Waits for a message; false after timeout_us. */
bool rig_receive(struct rig *r, uint64_t timeout_us);
/* Carries out the script in the last message. */
void rig_run_script(struct rig *r);
/* Sequencer, NOCAT, prints, GSP_INIT_DONE. */
void rig_to_init_done(struct rig *r);

#endif
