/* SPDX-License-Identifier: MIT */
/*
 * What nouveau asks of GSP-RM and does with BAR1 and BAR2 while its module loads, in its order, headless;
 * written out byte by byte. Source: Linux 7.3 nvkm/subdev/gsp/rm.
 */
#include "rig_rm.h"

enum { FREE = 10, UPDATE_BAR_PDE = 70, CONTROL = 76, ALLOC = 103 };
#define INTERNAL_CLIENT 0xc1d0ffffu
#define INTERNAL_SUBDEVICE 0xabcd2080u
#define CLIENT 0xc1d00000u
#define DEVICE 0xde1d0000u
#define CHANNEL 0xf1f00002u
#define NOT_SUPPORTED 0x56u

static uint8_t params[4096];

/* ---- messages ---- */

static void call(struct rig *r, uint32_t function, const uint8_t *payload, uint32_t n)
{
	rig_send(r, function, payload, n);
	assert_true(rig_receive(r, 1000000));
	assert_int_equal(r->msg_function, function);
	assert_int_equal(nvt_le32(r->msg + 16), 0); /* rpc_result */
	assert_int_equal(r->msg_n, 0x20 + n);
}

/* Status of the reply; its parameters go to `params`. */
static uint32_t ctrl(struct rig *r, uint32_t client, uint32_t object, uint32_t cmd, uint32_t n)
{
	static uint8_t b[0x18 + sizeof(params)];

	nvt_put_le32(b, client);
	nvt_put_le32(b + 4, object);
	nvt_put_le32(b + 8, cmd);
	nvt_put_le32(b + 12, 0xdeadbeef);
	nvt_put_le32(b + 16, n);
	nvt_put_le32(b + 20, 0);
	memcpy(b + 0x18, params, n);
	call(r, CONTROL, b, 0x18 + n);
	memcpy(params, r->msg + 0x20 + 0x18, n);
	return nvt_le32(r->msg + 0x20 + 12);
}

static void internal(struct rig *r, uint32_t cmd, uint32_t n)
{
	memset(params, 0, sizeof(params));
	assert_int_equal(ctrl(r, INTERNAL_CLIENT, INTERNAL_SUBDEVICE, cmd, n), 0);
}

static uint32_t alloc(struct rig *r, uint32_t parent, uint32_t handle, uint32_t class, uint32_t n)
{
	static uint8_t b[0x20 + 512];

	memset(b, 0, sizeof(b));
	nvt_put_le32(b, CLIENT);
	nvt_put_le32(b + 4, parent);
	nvt_put_le32(b + 8, handle);
	nvt_put_le32(b + 12, class);
	nvt_put_le32(b + 16, 0xdeadbeef);
	nvt_put_le32(b + 20, n);
	call(r, ALLOC, b, 0x20 + n);
	return nvt_le32(r->msg + 0x20 + 16);
}

static uint32_t release(struct rig *r, uint32_t handle)
{
	uint8_t b[16] = { 0 };

	nvt_put_le32(b, CLIENT);
	nvt_put_le32(b + 8, handle);
	call(r, FREE, b, sizeof(b));
	return nvt_le32(r->msg + 0x20 + 12);
}

/* ---- page tables, written through PRAMIN ---- */

static void vram_wr64(struct rig *r, uint64_t addr, uint64_t val)
{
	wr(r, 0x1700, (uint32_t)(addr >> 16));
	wr(r, 0x700000 + (addr & 0xffff), (uint32_t)val);
	wr(r, 0x700004 + (addr & 0xffff), (uint32_t)(val >> 32));
}

static uint64_t bar(struct rig *r, unsigned n, uint64_t off, unsigned size)
{
	uint64_t v;

	assert_int_equal(r->t->ops->mmio_rd(r->t, n, off, size, &v, &r->e), 0);
	return v;
}

static void bar_wr(struct rig *r, unsigned n, uint64_t off, unsigned size, uint64_t v)
{
	assert_int_equal(r->t->ops->mmio_wr(r->t, n, off, size, v, &r->e), 0);
}

#define PD2 0x200000ull
#define PD1 0x201000ull
#define PD0 0x202000ull
#define PT 0x203000ull
#define PT_BIG 0x204000ull
#define PAGE 0x300000ull
#define PAGE_BIG 0x310000ull
#define VIDEO 2ull /* aperture of a directory entry */

/* VA 0: a 4 KiB page; VA 64 KiB: a big page; VA 2 MiB: a 2 MiB page. */
static void build_tables(struct rig *r)
{
	vram_wr64(r, PD2, PD1 >> 4 | VIDEO);
	vram_wr64(r, PD1, PD0 >> 4 | VIDEO);
	vram_wr64(r, PD0, PT_BIG >> 4 | VIDEO);
	vram_wr64(r, PD0 + 8, PT >> 4 | VIDEO);
	vram_wr64(r, PD0 + 16, 0x400000 >> 4 | 1);
	vram_wr64(r, PT, PAGE >> 4 | 1);
	vram_wr64(r, PT + 8, PAGE >> 4 | 0x41);              /* read-only */
	vram_wr64(r, PT_BIG + 8, PAGE_BIG >> 4 | 1);
	vram_wr64(r, PT_BIG + 16, 0x20);                     /* its 4 KiB pages do not count */
	vram_wr64(r, PT + 32 * 8, PAGE >> 4 | 1);
}

static void invalidate(struct rig *r, uint64_t root)
{
	wr(r, 0xb830a0, (uint32_t)(root >> 8));
	wr(r, 0xb830a4, 0);
	wr(r, 0xb830b0, 0x80000007);
	assert_int_equal(rd(r, 0xb830b0) & 0x80000000, 0);
}

static void check_bar2(struct rig *r, uint64_t root)
{
	uint8_t b[24] = { 1 };

	assert_int_equal(bar(r, 3, 0, 4), 0xffffffff); /* nothing mapped: answers */
	build_tables(r);
	nvt_put_le64(b + 8, PD2 >> 4 | VIDEO);
	nvt_put_le64(b + 16, 47);
	call(r, UPDATE_BAR_PDE, b, sizeof(b));
	invalidate(r, root);
	bar_wr(r, 3, 0x10, 8, 0x1122334455667788);
	assert_int_equal(bar(r, 3, 0x12, 2), 0x5566);
	wr(r, 0x1700, (uint32_t)(PAGE >> 16));
	assert_int_equal(rd(r, 0x700010), 0x55667788);
	bar_wr(r, 3, 0x10004, 4, 0xb16);
	wr(r, 0x1700, (uint32_t)(PAGE_BIG >> 16));
	assert_int_equal(rd(r, 0x700004), 0xb16);
	bar_wr(r, 3, 0x200008, 4, 0x2222);
	wr(r, 0x1700, 0x400000 >> 16);
	assert_int_equal(rd(r, 0x700008), 0x2222);
	assert_int_equal(bar(r, 3, 0x1010, 4), 0x55667788);
	assert_int_equal(bar(r, 3, 0x20000, 4), 0xffffffff);
	assert_int_equal(bar(r, 3, 0x3000, 4), 0xffffffff);
}

/* BAR1's root is written by the driver itself. */
static void check_bar1(struct rig *r, uint64_t root)
{
	assert_int_equal(bar(r, 1, 0x10, 4), 0xffffffff);
	vram_wr64(r, root, PD2 >> 4 | VIDEO);
	invalidate(r, root);
	assert_int_equal(bar(r, 1, 0x10, 4), 0x55667788);
}

/* ---- in nouveau's order ---- */

static void check_tables(struct rig *r)
{
	uint32_t i;

	internal(r, 0x20800137, 4);
	assert_int_equal(nvt_le32(params), 1);
	internal(r, 0x20800138, 8);
	assert_int_not_equal(nvt_le32(params + 4), 0);
	internal(r, 0x20800a1c, 40);
	internal(r, 0x20800a5c, 2068);
	assert_int_equal(nvt_le32(params), 4);
	assert_int_equal(nvt_le16(params + 4), 50); /* GSP */
	for (i = 0; i < nvt_le32(params); i++)
		assert_true(nvt_le32(params + 4 + 16 * i + 8) < 256);
	internal(r, 0x20801112, 3212);
	assert_int_equal(nvt_le32(params + 4), 3);
	assert_int_equal(nvt_le32(params + 12 + 2 * 4), 1); /* GR0, on runlist 0 */
	assert_int_equal(nvt_le32(params + 12 + 3 * 4), 0);
	assert_string_equal((const char *)params + 12 + 84, "GRAPHICS");
	assert_int_equal(nvt_le32(params + 12 + 200 + 3 * 4), 1);
	internal(r, 0x20802a08, 4);
	assert_int_equal(nvt_le32(params), 0x5000);
	internal(r, 0x208001b0, 1284);
	internal(r, 0x20800a32, 1664);
	assert_int_equal(nvt_le32(params), 0x4000);
	assert_int_equal(nvt_le32(params + 0x13 * 8), 0x200000);
}

static void check_objects(struct rig *r)
{
	memset(params, 0, sizeof(params));
	assert_int_equal(alloc(r, CLIENT, CLIENT, 0, 0x74), 0);
	assert_int_equal(alloc(r, CLIENT, CLIENT, 0, 0x74), 0x19);
	assert_int_equal(alloc(r, CLIENT, DEVICE, 0x80, 56), 0);
	assert_int_equal(alloc(r, DEVICE, 0x5d1d0000, 0x2080, 4), 0);
	assert_int_equal(alloc(r, DEVICE, 0x90f10000, 0x90f1, 48), 0);
	assert_int_equal(ctrl(r, CLIENT, DEVICE, 0x00801813, 32), 0);
	assert_int_equal(alloc(r, DEVICE, CHANNEL, 0xc56f, 368), 0);
	assert_int_equal(ctrl(r, CLIENT, CHANNEL, 0xa06f0104, 4), 0);
	assert_int_equal(ctrl(r, CLIENT, CHANNEL, 0xa06f0103, 2), 0);
	assert_int_equal(alloc(r, CHANNEL, 0x4c7b5, 0xc7b5, 8), 0);
	assert_int_equal(alloc(r, CHANNEL, 1, 0xffff, 0), 0x22);
	assert_int_equal(alloc(r, 0x12345, 1, 0x80, 0), 0x57);
	assert_int_equal(ctrl(r, CLIENT, 0x12345, 0x00801814, 8), 0x57);
	assert_int_equal(ctrl(r, CLIENT, DEVICE, 0x00809999, 8), NOT_SUPPORTED);
	assert_int_equal(release(r, CHANNEL), 0);
	assert_int_equal(release(r, CHANNEL), 0x57);
	assert_int_equal(release(r, 0x4c7b5), 0x57); /* went with its channel */
	assert_int_equal(release(r, CLIENT), 0);
	assert_int_equal(release(r, DEVICE), 0x57);
}

void rig_rm_calls(struct rig *r, uint64_t bar1_root, uint64_t bar2_root)
{
	check_tables(r);
	check_bar2(r, bar2_root);
	check_bar1(r, bar1_root);
	check_objects(r);
}
