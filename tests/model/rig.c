/* SPDX-License-Identifier: MIT */
/* The rig: device, accesses, rows, loading. */
#include "rig.h"

#include <stdlib.h>

#define RELEASE_DIR "tests/model/release"

static void emit(struct nvt_sink *self, const struct nvt_event *ev)
{
	struct rig *r = (struct rig *)((char *)self - offsetof(struct rig, sink));

	if (ev->kind != NVT_EV_VIOLATION)
		return;
	if (!r->violations++)
		snprintf(r->rule, sizeof(r->rule), "%s", ev->u.finding.rule);
}

void rig_open(struct rig *r, const char *extra)
{
	char uri[200];
	struct nvt_error e;

	memset(r, 0, sizeof(*r));
	r->sink.emit = emit;
	nvt_ctx_add_sink(&r->ctx, &r->sink);
	assert_int_equal(nvt_fwdb_open(RELEASE_DIR "/fwdb", &r->db, &e), 0);
	snprintf(uri, sizeof(uri), "ga102%s", extra);
	if (sim_parse_uri(uri, &r->opts, r->storage, sizeof(r->storage), &e))
		fail_msg("%s", e.msg);
	r->opts.fwdb = r->db;
	if (sim_open(&r->ctx, &r->opts, &r->t, &e))
		fail_msg("%s", e.msg);
	r->vram = r->opts.vram_size ? r->opts.vram_size : r->opts.chip->vram_default;
}

void rig_close(struct rig *r)
{
	r->t->ops->close(r->t);
	nvt_fwdb_close(r->db);
}

int try_rd(struct rig *r, uint32_t off, uint32_t *ret)
{
	uint64_t v = 0;
	int rc = r->t->ops->mmio_rd(r->t, 0, off, 4, &v, &r->e);

	*ret = (uint32_t)v;
	return rc;
}

int try_wr(struct rig *r, uint32_t off, uint32_t val)
{
	return r->t->ops->mmio_wr(r->t, 0, off, 4, val, &r->e);
}

static void refuse(struct rig *r)
{
	if (r->refused)
		longjmp(*r->refused, 1);
}

uint32_t rd(struct rig *r, uint32_t off)
{
	uint32_t v;

	if (!try_rd(r, off, &v))
		return v;
	refuse(r);
	fail_msg("read of 0x%x: %s (seen %s, wanted %s)", off, r->e.msg, r->e.seen, r->e.wanted);
	return 0;
}

void wr(struct rig *r, uint32_t off, uint32_t val)
{
	if (!try_wr(r, off, val))
		return;
	refuse(r);
	fail_msg("write of 0x%x: %s (seen %s, wanted %s)", off, r->e.msg, r->e.seen, r->e.wanted);
}

void rig_sleep(struct rig *r, uint64_t us)
{
	r->ctx.clock->sleep_us(r->ctx.clock, us);
}

bool poll(struct rig *r, uint32_t off, uint32_t mask, uint32_t want, uint64_t timeout_us)
{
	uint64_t end = nvt_now_ns(&r->ctx) + timeout_us * 1000;

	while ((rd(r, off) & mask) != want) {
		if (nvt_now_ns(&r->ctx) >= end)
			return false;
		rig_sleep(r, 10);
	}
	return true;
}

void rig_run(struct rig *r, const struct rig_row *row)
{
	unsigned i;
	uint32_t v;

	for (i = 0; row[i].op != OP_END; i++) {
		switch (row[i].op) {
		case OP_R:
			v = rd(r, row[i].off);
			if ((v & row[i].a) != row[i].b)
				fail_msg("row %u: 0x%x reads 0x%08x, wanted 0x%08x in 0x%08x", i, row[i].off, v,
					 row[i].b, row[i].a);
			break;
		case OP_W:
			wr(r, row[i].off, row[i].a);
			break;
		case OP_WV:
			wr(r, row[i].off, row[i].fn(r));
			break;
		case OP_RMW:
			wr(r, row[i].off, (rd(r, row[i].off) & ~row[i].a) | row[i].b);
			break;
		case OP_P:
			if (!poll(r, row[i].off, row[i].a, row[i].b, row[i].us))
				fail_msg("row %u: poll of 0x%x for 0x%08x expired", i, row[i].off, row[i].b);
			break;
		case OP_CALL:
			row[i].fn(r);
			break;
		case OP_END:
			break;
		}
	}
}

uint32_t v_libos_lo(struct rig *r)
{
	return (uint32_t)r->buf[BUF_LIBOS].iova;
}

uint32_t v_libos_hi(struct rig *r)
{
	return (uint32_t)(r->buf[BUF_LIBOS].iova >> 32);
}

uint32_t v_meta_lo(struct rig *r)
{
	return (uint32_t)r->buf[BUF_META].iova;
}

uint32_t v_meta_hi(struct rig *r)
{
	return (uint32_t)(r->buf[BUF_META].iova >> 32);
}

uint32_t v_flush_lo(struct rig *r)
{
	return (uint32_t)(r->buf[BUF_FLUSH].iova >> 8);
}

uint32_t v_flush_hi(struct rig *r)
{
	return (uint32_t)(r->buf[BUF_FLUSH].iova >> 40);
}

static void load_part(struct rig *r, uint32_t base, uint64_t source, uint32_t fboffs, uint32_t n, uint32_t cmd,
		      bool poll_each)
{
	uint32_t i;

	assert_true(poll(r, base + 0x118, 1, 0, 1000));
	wr(r, base + 0x110, (uint32_t)(source >> 8));
	wr(r, base + 0x128, (uint32_t)(source >> 40));
	for (i = 0; i < n; i += 256) {
		wr(r, base + 0x114, i);
		wr(r, base + 0x11c, fboffs + i);
		wr(r, base + 0x118, cmd);
		if (poll_each)
			assert_true(poll(r, base + 0x118, 2, 2, 2000000));
	}
	assert_true(poll(r, base + 0x118, 2, 2, 2000000));
}

void rig_load(struct rig *r, uint32_t base, const struct rig_ucode *u, bool poll_each)
{
	/* The tag comes from FBOFFS: the base is what is left of the address. */
	uint64_t imem = u->dma.iova + u->imem_off - u->imem_tag_off;

	wr(r, base + 0x624, rd(r, base + 0x624) | 0x80);
	wr(r, base + 0x10c, 0);
	wr(r, base + 0x600, (rd(r, base + 0x600) & ~7u) | 5);
	load_part(r, base, imem, u->imem_tag_off, u->imem_size, 0x614, poll_each);
	load_part(r, base, u->dma.iova + u->dmem_off, 0, u->dmem_size, 0x600, poll_each);
}

void rig_brom(struct rig *r, uint32_t base, const struct rig_ucode *u)
{
	wr(r, base + 0x1210, u->para_addr);
	wr(r, base + 0x119c, u->engine_mask);
	wr(r, base + 0x1198, u->ucode_id);
	wr(r, base + 0x1180, 1);
	wr(r, base + 0x104, u->bootvec);
}

void rig_reset(struct rig *r, uint32_t base)
{
	assert_true(poll(r, base + 0xf4, 1u << 31, 1u << 31, 150));
	wr(r, base + 0x3c0, 1);
	rig_sleep(r, 10);
	wr(r, base + 0x3c0, 0);
	assert_true(poll(r, base + 0xf4, 1u << 12, 0, 20000));
	if (rd(r, base + 0x1668) & 0x10) {
		wr(r, base + 0x1668, 0);
		assert_true(poll(r, base + 0x1668, 1, 1, 10000));
		assert_true(poll(r, base + 0xf4, 1u << 12, 0, 20000));
	}
	wr(r, base + 0x84, rd(r, 0));
}

void rig_start(struct rig *r, uint32_t base, uint64_t timeout_us)
{
	wr(r, rd(r, base + 0x100) & 0x40 ? base + 0x130 : base + 0x100, 2);
	assert_true(poll(r, base + 0x100, 0x10, 0x10, timeout_us));
}

void rig_run_ucode(struct rig *r, uint32_t base, const struct rig_ucode *u, uint64_t mailbox)
{
	rig_reset(r, base);
	rig_load(r, base, u, true);
	rig_brom(r, base, u);
	wr(r, base + 0x40, (uint32_t)mailbox);
	wr(r, base + 0x44, (uint32_t)(mailbox >> 32));
	rig_start(r, base, 2000000);
}
