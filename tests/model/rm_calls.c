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
	memcpy(b + 0x20, params, n);
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

/* ---- a channel: ring and pushbuffer in VA 0, source in VA 64 KiB, destination and semaphores from VA 2 MiB ---- */

#define ROOT 0x205000ull
#define INSTANCE 0x500000ull
#define USERD 0x510000ull
#define PUSH 0x400u
#define CHID 2u
#define FENCE 0x200800u
#define GATE 0x200810u
#define VRAM_OF_2M 0x400000ull

static void channel_params(void)
{
	memset(params, 0, sizeof(params));
	nvt_put_le32(params + 0x10, 16);                   /* entries */
	nvt_put_le32(params + 0x14, 1u << 21 | CHID << 8); /* PAGE_FIXED, index */
	nvt_put_le32(params + 0x80, 11);                   /* COPY2: runlist 1 */
	nvt_put_le64(params + 0x90, INSTANCE);
	nvt_put_le64(params + 0xa8, USERD);
	nvt_put_le32(params + 0xb8, 2);                    /* USERD in video memory */
}

static void vram_wr32(struct rig *r, uint64_t addr, uint32_t val)
{
	wr(r, 0x1700, (uint32_t)(addr >> 16));
	wr(r, 0x700000 + (addr & 0xffff), val);
}

static uint32_t vram_rd32(struct rig *r, uint64_t addr)
{
	wr(r, 0x1700, (uint32_t)(addr >> 16));
	return rd(r, 0x700000 + (addr & 0xffff));
}

static void submit(struct rig *r, uint32_t entry, const uint32_t *words, uint32_t n)
{
	uint32_t va = PUSH + entry * 0x100, i;

	for (i = 0; i < n; i++)
		vram_wr32(r, PAGE + va + (uint64_t)i * 4, words[i]);
	vram_wr64(r, PAGE + (uint64_t)entry * 8, va | (uint64_t)n << 42);
	vram_wr32(r, USERD + 0x8c, entry + 1);
	wr(r, 0xbb0090, 1u << 16 | CHID);
}

#define INC(n, subchannel, method) (0x20000000u | (n) << 16 | (subchannel) << 13 | (method) >> 2)
#define IMMEDIATE(val, subchannel, method) (0x80000000u | (val) << 16 | (subchannel) << 13 | (method) >> 2)

/* What a buffer move of nouveau is: lines of a copy, a fence, an interrupt. */
static void check_copy(struct rig *r)
{
	static const uint32_t words[] = {
		0, 0, INC(1, 4, 0), 0xc7b5,
		INC(8, 4, 0x400), 0, 0x10000, 0, 0x201000, 32, 64, 16, 2,
		IMMEDIATE(0x386u, 4, 0x300),
		INC(5, 0, 0x5c), FENCE, 0, 0xfe9ce, 0, 0x00100001,
		INC(1, 0, 0x20), 0,
	};
	uint32_t i;

	for (i = 0; i < 16; i++)
		vram_wr32(r, PAGE_BIG + (uint64_t)i * 4, 0x1000 + i);
	submit(r, 0, words, NVT_ARRAY_SIZE(words));
	assert_int_equal(vram_rd32(r, VRAM_OF_2M + 0x1000), 0x1000);
	assert_int_equal(vram_rd32(r, VRAM_OF_2M + 0x100c), 0x1003);
	assert_int_equal(vram_rd32(r, VRAM_OF_2M + 0x1010), 0); /* beyond the line */
	assert_int_equal(vram_rd32(r, VRAM_OF_2M + 0x1040), 0x1008);
	assert_int_equal(vram_rd32(r, VRAM_OF_2M + 0x800), 0xfe9ce);
	assert_int_equal(vram_rd32(r, USERD + 0x88), 1);
	assert_int_equal(rd(r, 0xb81000), 1u << 2);
	wr(r, 0xb81000, 1u << 2);
}

/* Waits for a semaphore, and what stands behind it happens only then. */
static void check_wait(struct rig *r)
{
	static const uint32_t words[] = {
		INC(5, 0, 0x5c), GATE, 0, 5, 0, 0x1003, /* ACQ_CIRC_GEQ, SWITCH_TSG */
		INC(5, 0, 0x5c), FENCE, 0, 0x60, 0, 0x02000001, /* with the time */
	};

	submit(r, 1, words, NVT_ARRAY_SIZE(words));
	rig_sleep(r, 1000);
	assert_int_equal(vram_rd32(r, VRAM_OF_2M + 0x800), 0xfe9ce);
	vram_wr32(r, VRAM_OF_2M + 0x810, 4);
	rig_sleep(r, 1000);
	assert_int_equal(vram_rd32(r, VRAM_OF_2M + 0x800), 0xfe9ce);
	vram_wr32(r, VRAM_OF_2M + 0x810, 6);
	rig_sleep(r, 1000);
	assert_int_equal(vram_rd32(r, VRAM_OF_2M + 0x800), 0x60);
	assert_int_not_equal(vram_rd32(r, VRAM_OF_2M + 0x808), 0);
}

/* The older semaphore methods, which nouveau of Linux 6.12 makes its fences of. */
static void check_old_semaphores(struct rig *r)
{
	static const uint32_t words[] = {
		INC(4, 0, 0x10), 0, GATE, 5, 0x1004, /* ACQ_GEQ, ACQUIRE_SWITCH */
		INC(4, 0, 0x10), 0, FENCE, 0x61, 0x01100002, /* RELEASE of 4 bytes, without WFI */
		INC(4, 0, 0x10), 0, FENCE + 0x20, 0x62, 0x2, /* of 16 bytes, with the time */
	};

	vram_wr32(r, VRAM_OF_2M + 0x804, 0x12345678);
	vram_wr32(r, VRAM_OF_2M + 0x810, 4);
	submit(r, 2, words, NVT_ARRAY_SIZE(words));
	rig_sleep(r, 1000);
	assert_int_equal(vram_rd32(r, VRAM_OF_2M + 0x800), 0x60);
	vram_wr32(r, VRAM_OF_2M + 0x810, 5);
	rig_sleep(r, 1000);
	assert_int_equal(vram_rd32(r, VRAM_OF_2M + 0x800), 0x61);
	assert_int_equal(vram_rd32(r, VRAM_OF_2M + 0x804), 0x12345678);
	assert_int_equal(vram_rd32(r, VRAM_OF_2M + 0x820), 0x62);
	assert_int_not_equal(vram_rd32(r, VRAM_OF_2M + 0x828), 0);
}

static void check_channel(struct rig *r)
{
	struct nvt_sim_report rep;

	vram_wr64(r, ROOT, PD2 >> 4 | VIDEO);
	vram_wr64(r, INSTANCE + 0x200, ROOT | 1u << 10 | 1u << 11);
	check_copy(r);
	check_wait(r);
	check_old_semaphores(r);
	sim_report(r->t, &rep);
	assert_int_equal(rep.submissions, 3);
	assert_int_equal(rep.copies, 1);
	assert_int_equal(rep.copy_bytes, 32);
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

static void schedule_channel(struct rig *r)
{
	memset(params, 0, sizeof(params));
	assert_int_equal(ctrl(r, CLIENT, CHANNEL, 0xa06f0104, 4), 0);
	params[0] = 1;
	assert_int_equal(ctrl(r, CLIENT, CHANNEL, 0xa06f0103, 2), 0);
	memset(params, 0, sizeof(params));
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
	assert_int_equal(alloc(r, DEVICE, CHANNEL, 0xc56f, 368), 0x1f); /* no ring */
	channel_params();
	assert_int_equal(alloc(r, DEVICE, CHANNEL, 0xc56f, 368), 0);
	assert_int_equal(alloc(r, DEVICE, CHANNEL + 1, 0xc56f, 368), 0x19); /* the same channel number */
	schedule_channel(r);
	assert_int_equal(alloc(r, CHANNEL, 0x4c7b5, 0xc7b5, 8), 0);
	check_channel(r);
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

void rig_rm_dead_channel(struct rig *r)
{
	/* Waits for a semaphore where nothing is mapped. */
	static const uint32_t words[] = { INC(5, 0, 0x5c), 0x800000, 0x12, 1, 0, 0 };

	memset(params, 0, sizeof(params));
	assert_int_equal(alloc(r, CLIENT, CLIENT, 0, 0x74), 0);
	assert_int_equal(alloc(r, CLIENT, DEVICE, 0x80, 56), 0);
	channel_params();
	assert_int_equal(alloc(r, DEVICE, CHANNEL, 0xc56f, 368), 0);
	schedule_channel(r);
	build_tables(r);
	vram_wr64(r, ROOT, PD2 >> 4 | VIDEO);
	vram_wr64(r, INSTANCE + 0x200, ROOT);
	submit(r, 0, words, NVT_ARRAY_SIZE(words));
	assert_true(rig_receive(r, 1000000));
	assert_int_equal(r->msg_function, 0x1004);         /* RC_TRIGGERED */
	assert_int_equal(nvt_le32(r->msg + 0x20), 9 + 2);  /* NV2080_ENGINE_TYPE_COPY2 */
	assert_int_equal(nvt_le32(r->msg + 0x24), CHID);
	assert_int_equal(nvt_le32(r->msg + 0x30), 31);     /* exceptType */
	assert_int_equal(nvt_le32(r->msg + 0x3c), 0x800000); /* mmuFaultAddrLo, Hi */
	assert_int_equal(nvt_le32(r->msg + 0x40), 0x12);
	assert_true(rig_receive(r, 1000000));
	assert_int_equal(r->msg_function, 0x1006);         /* OS_ERROR_LOG */
	assert_int_equal(nvt_le32(r->msg + 0x20), 31);
	assert_int_equal(release(r, CLIENT), 0);
}
