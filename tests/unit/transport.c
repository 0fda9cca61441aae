/* SPDX-License-Identifier: MIT */
/* Register, window, config and DMA calls over a scripted backend: checks, counters, events, dry run. */
#include "fake.h"

#include "regs/regs_const.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define REG NV_PMC_ENABLE
#define UNKNOWN 0x00fffff0u /* no row of the register tables */

static void test_read_write(void **state)
{
	struct fake f;
	uint32_t v;

	(void)state;
	fake_init(&f);
	FAKE_REG(&f, REG, 0xf0f0);
	assert_int_equal(nvt_rd32(&f.t, REG, &v, NULL), 0);
	assert_int_equal(v, 0xf0f0);
	assert_int_equal(nvt_wr32(&f.t, REG, 0x1234, NULL), 0);
	assert_int_equal(f.last_val, 0x1234);
	assert_int_equal(nvt_rmw32(&f.t, REG, 0xf000, 0x1, NULL), 0);
	assert_int_equal(f.last_val, 0x00f1);
	assert_int_equal(f.t.counts.reads, 2);
	assert_int_equal(f.t.counts.writes, 2);
	assert_int_equal(f.event_count, 4);
	assert_int_equal(f.events[1].kind, NVT_EV_MMIO_WR);
	assert_int_equal(f.events[1].u.mmio.off, REG);
	assert_int_equal(f.events[1].u.mmio.val, 0x1234);
	assert_int_equal(f.events[1].u.mmio.size, 4);
	assert_false(f.events[1].u.mmio.dry);
}

static void test_all_ones(void **state)
{
	struct nvt_error e;
	struct fake f;
	uint32_t v = 7;

	(void)state;
	fake_init(&f);
	f.ctx.step = "identify";
	FAKE_REG(&f, REG, 0xffffffff);
	assert_int_equal(nvt_rd32(&f.t, REG, &v, &e), 0);
	assert_int_equal(v, 0xffffffff);
	assert_int_equal(f.t.counts.reads, 2); /* the register, and BOOT_0 once */
	assert_int_equal(fake_count(&f, NVT_EV_MMIO_RD), 2);

	f.dead = true;
	v = 7;
	assert_int_equal(nvt_rd32(&f.t, REG, &v, &e), -NVT_E_DEVICE);
	assert_int_equal(v, 7);
	assert_string_equal(e.msg, "device fell off the bus: NV_PMC_ENABLE and NV_PMC_BOOT_0 read all ones");
	assert_string_equal(e.reg, "NV_PMC_ENABLE (0x00000200)");
	assert_string_equal(e.seen, "0xffffffff");
	assert_string_equal(e.step, "identify");
	assert_non_null(strstr(e.hint, "reset the device"));
	assert_int_equal(nvt_rd32(&f.t, NV_PMC_BOOT_0, &v, &e), -NVT_E_DEVICE);
	assert_string_equal(e.msg, "device fell off the bus: NV_PMC_BOOT_0 reads all ones");
	assert_int_equal(nvt_rd32_any(&f.t, REG, &v, &e), 0);
	assert_int_equal(v, 0xffffffff);
}

static void test_pri_error(void **state)
{
	struct nvt_error e;
	struct fake f;
	uint32_t v;

	(void)state;
	fake_init(&f);
	FAKE_REG(&f, REG, 0xbadf1100, 0xbadf99aa);
	assert_int_equal(nvt_rd32(&f.t, REG, &v, &e), -NVT_E_DEVICE);
	assert_string_equal(e.msg, "read of NV_PMC_ENABLE failed with PRI error 0xbadf1100 (FECS_PRI_DECODE)");
	assert_string_equal(e.seen, "0xbadf1100");
	assert_string_equal(e.hint, "no unit decodes this address on this chip");
	assert_int_equal(nvt_rmw32(&f.t, REG, 0, 1, &e), -NVT_E_DEVICE);
	assert_string_equal(e.msg, "read of NV_PMC_ENABLE failed with PRI error 0xbadf99aa");
	assert_true(e.hint[0] != '\0');
	assert_int_equal(f.writes, 0);
	assert_int_equal(nvt_rd32_any(&f.t, REG, &v, &e), 0);
}

static void test_boot_0_blocked(void **state)
{
	struct nvt_error e;
	struct fake f;
	uint32_t v;

	(void)state;
	fake_init(&f);
	f.regs[0].seq[0] = 0xbad00200;
	FAKE_REG(&f, REG, 0xbad00200, 0xffffffff);
	assert_int_equal(nvt_rd32(&f.t, NV_PMC_BOOT_0, &v, &e), -NVT_E_DEVICE);
	assert_non_null(strstr(e.msg, "0xbad00200"));
	/* in any other register it is a value like others */
	assert_int_equal(nvt_rd32(&f.t, REG, &v, &e), 0);
	/* all ones, and a BOOT_0 that cannot be read either */
	assert_int_equal(nvt_rd32(&f.t, REG, &v, &e), -NVT_E_DEVICE);
	assert_string_equal(e.reg, "NV_PMC_BOOT_0 (0x00000000)");
}

static void test_bad_address(void **state)
{
	struct nvt_error e;
	struct fake f;
	uint8_t buf[8];
	uint32_t v;

	(void)state;
	fake_init(&f);
	assert_int_equal(nvt_rd32(&f.t, 0x201, &v, &e), -NVT_E_USAGE);
	assert_int_equal(nvt_wr32(&f.t, 0x1000000, 0, &e), -NVT_E_USAGE);
	assert_string_equal(e.reg, "0x01000000");
	assert_int_equal(nvt_window_rd(&f.t, 0, 0xfffffc, buf, 8, &e), -NVT_E_USAGE);
	assert_int_equal(nvt_window_rd(&f.t, 0, 0x300000, buf, 7, &e), -NVT_E_USAGE);
	assert_int_equal(nvt_window_rd(&f.t, 6, 0, buf, 4, &e), -NVT_E_USAGE);
	assert_int_equal(nvt_cfg_rd(&f.t, 2, 4, &v, &e), -NVT_E_USAGE);
	assert_int_equal(nvt_cfg_rd(&f.t, 0, 3, &v, &e), -NVT_E_USAGE);
	assert_int_equal(nvt_cfg_wr(&f.t, 0x1000, 4, 0, &e), -NVT_E_USAGE);
	assert_int_equal(f.event_count, 0);
	assert_int_equal(f.t.counts.reads, 0);
}

static void test_backend_error(void **state)
{
	struct nvt_error e;
	struct fake f;
	uint32_t v;

	(void)state;
	fake_init(&f);
	f.refuse = UNKNOWN;
	f.ctx.step = "gsp-reset";
	assert_int_equal(nvt_rd32(&f.t, UNKNOWN, &v, &e), -NVT_E_DEVICE);
	assert_string_equal(e.msg, "backend refuses");
	assert_string_equal(e.reg, "0x00fffff0");
	assert_string_equal(e.step, "gsp-reset");
	assert_int_equal(nvt_wr32(&f.t, UNKNOWN, 1, NULL), -NVT_E_DEVICE);
	assert_int_equal(f.t.counts.reads + f.t.counts.writes, 0);
}

static void test_windows(void **state)
{
	uint8_t buf[64] = { 0 };
	struct fake f;
	uint32_t v;

	(void)state;
	fake_init(&f);
	assert_int_equal(nvt_window_rd(&f.t, 0, 0x300000, buf, 64, NULL), 0);
	assert_int_equal(buf[63], 0xff); /* all ones are data here */
	assert_int_equal(f.t.counts.prom_reads, 16);
	assert_int_equal(nvt_window_rd(&f.t, 0, 0x2ffff8, buf, 16, NULL), 0);
	assert_int_equal(f.t.counts.prom_reads, 18);
	assert_int_equal(nvt_window_rd(&f.t, 0, 0x3ffffc, buf, 8, NULL), 0);
	assert_int_equal(f.t.counts.prom_reads, 19);
	assert_int_equal(nvt_window_rd(&f.t, 1, 0x300000, buf, 8, NULL), 0);
	assert_int_equal(nvt_rd32_any(&f.t, 0x3ffffc, &v, NULL), 0);
	assert_int_equal(nvt_rd32_any(&f.t, 0x400000, &v, NULL), 0);
	assert_int_equal(f.t.counts.prom_reads, 20);
	assert_int_equal(f.t.counts.reads, 16 + 4 + 2 + 2 + 1 + 1);
	assert_int_equal(nvt_window_wr(&f.t, 1, 0, buf, 64, NULL), 0);
	assert_int_equal(f.t.counts.writes, 16);
	assert_int_equal(fake_count(&f, NVT_EV_WINDOW_RD), 4);
	assert_int_equal(fake_count(&f, NVT_EV_WINDOW_WR), 1);
	assert_int_equal(f.events[0].u.window.data.n, 64);
}

static void test_loading(void **state)
{
	struct fake f;
	uint32_t v;

	(void)state;
	fake_init(&f);
	f.t.loading = true;
	assert_int_equal(nvt_wr32(&f.t, REG, 1, NULL), 0);
	assert_int_equal(nvt_rd32(&f.t, REG, &v, NULL), 0);
	f.t.loading = false;
	assert_int_equal(nvt_wr32(&f.t, REG, 1, NULL), 0);
	assert_int_equal(f.t.counts.falcon_load_writes, 1);
	assert_int_equal(f.t.counts.falcon_load_reads, 1);
	assert_int_equal(f.t.counts.writes, 2);
}

/* Everything that could change the device, one after another. */
static int all_writes(struct fake *f, struct nvt_error *e, int want)
{
	static const uint8_t bytes[8];
	int bad = 0;

	bad += nvt_wr32(&f->t, REG, 1, e) != want;
	bad += nvt_rmw32(&f->t, REG, 0, 2, e) != want;
	bad += nvt_window_wr(&f->t, 1, 0, bytes, 8, e) != want;
	bad += nvt_cfg_wr(&f->t, 4, 2, 7, e) != want;
	bad += nvt_transport_reset(&f->t, e) != want;
	return bad;
}

static void test_dry_run(void **state)
{
	struct nvt_error e;
	struct fake f;
	unsigned i;

	(void)state;
	fake_init(&f);
	FAKE_REG(&f, REG, 0x30);
	f.t.dry_run = true;
	f.t.writes_forbidden = true; /* nothing may get as far as this */
	assert_int_equal(all_writes(&f, &e, 0), 0);
	nvt_delay_us(&f.t, 50);
	assert_int_equal(f.writes + f.resets, 0);
	assert_int_equal(f.now_us, 0);
	assert_int_equal(f.t.counts.writes, 0);
	assert_int_equal(f.t.counts.reads, 1); /* reads pass through */
	assert_int_equal(fake_count(&f, NVT_EV_MMIO_WR), 2);
	assert_int_equal(fake_count(&f, NVT_EV_RESET), 1);
	for (i = 0; i < f.event_count; i++) {
		const struct nvt_event *ev = &f.events[i];

		if (ev->kind == NVT_EV_MMIO_WR || ev->kind == NVT_EV_CFG_WR)
			assert_true(ev->u.mmio.dry);
		if (ev->kind == NVT_EV_WINDOW_WR)
			assert_true(ev->u.window.dry);
		if (ev->kind == NVT_EV_DELAY)
			assert_true(ev->u.delay.dry);
		if (ev->kind == NVT_EV_RESET)
			assert_true(ev->u.reset.dry);
	}
	assert_int_equal(f.events[2].u.mmio.val, 0x32);
}

static void test_writes_forbidden(void **state)
{
	struct nvt_error e;
	struct fake f;

	(void)state;
	fake_init(&f);
	f.t.writes_forbidden = true;
	assert_int_equal(all_writes(&f, &e, -NVT_E_BUG), 0);
	assert_string_equal(e.msg, "reset attempted while the device may only be read");
	assert_int_equal(f.writes + f.resets, 0);
	f.t.writes_forbidden = false;
	assert_int_equal(all_writes(&f, &e, 0), 0);
	assert_int_equal(f.writes, 4);
	assert_int_equal(f.resets, 1);
}

static void test_config(void **state)
{
	struct fake f;
	uint32_t v;

	(void)state;
	fake_init(&f);
	assert_int_equal(nvt_cfg_rd(&f.t, 6, 2, &v, NULL), 0);
	assert_int_equal(v, 0x602);
	assert_int_equal(nvt_cfg_wr(&f.t, 4, 2, 6, NULL), 0);
	assert_int_equal(f.last_val, 6);
	assert_int_equal(f.events[0].kind, NVT_EV_CFG_RD);
	assert_int_equal(f.events[0].u.mmio.size, 2);
	assert_int_equal(f.events[1].kind, NVT_EV_CFG_WR);
	assert_int_equal(f.t.counts.reads + f.t.counts.writes, 0); /* MMIO only */
}

static void test_dma(void **state)
{
	struct nvt_dma dma = { 0 };
	struct nvt_error e;
	struct fake f;

	(void)state;
	fake_init(&f);
	nvt_dma_free(&f.t, &dma);
	assert_int_equal(f.frees, 0);
	assert_int_equal(nvt_dma_alloc(&f.t, "queues", 0, 4096, NVT_DMA_BIDIR, &dma, &e), -NVT_E_BUG);
	assert_int_equal(nvt_dma_alloc(&f.t, "queues", 8, 6000, NVT_DMA_BIDIR, &dma, &e), -NVT_E_BUG);
	assert_int_equal(nvt_dma_alloc(&f.t, "queues", 1 << 20, 4096, NVT_DMA_BIDIR, &dma, &e), -NVT_E_NOMEM);
	assert_string_equal(e.msg, "DMA buffer queues of 0x100000 bytes: no memory for the device");
	assert_null(dma.cpu);
	assert_int_equal(nvt_dma_alloc(&f.t, "queues", 4096, 4096, NVT_DMA_BIDIR, &dma, &e), 0);
	dma.cpu[16] = 0x5a;
	nvt_dma_sync(&f.t, &dma, 16, 4);
	nvt_dma_free(&f.t, &dma);
	assert_null(dma.cpu);
	assert_int_equal(f.frees, 1);
	assert_int_equal(f.event_count, 3);
	assert_int_equal(f.events[0].kind, NVT_EV_DMA_ALLOC);
	assert_string_equal(f.events[0].u.dma.name, "queues");
	assert_int_equal(f.events[0].u.dma.size, 4096);
	assert_int_equal(f.events[1].kind, NVT_EV_DMA_SYNC);
	assert_int_equal(f.events[1].u.dma.iova, 0x100010);
	assert_int_equal(f.events[1].u.dma.size, 4);
	assert_int_equal(f.events[1].u.dma.data.p[0], 0x5a);
	assert_int_equal(f.events[2].kind, NVT_EV_DMA_FREE);
	assert_int_equal(f.events[2].u.dma.iova, 0x100000);
}

static void test_dma_scattered(void **state)
{
	struct nvt_dma dma;
	struct fake f;

	(void)state;
	fake_init(&f);
	assert_int_equal(nvt_dma_alloc(&f.t, "image", 0x3800, 4096, NVT_DMA_TO_DEVICE | NVT_DMA_SCATTERED, &dma, NULL),
			 0);
	assert_int_equal(f.event_count, 3);
	assert_int_equal(f.events[0].u.dma.iova, 0x10000);
	assert_int_equal(f.events[0].u.dma.size, 0x2000);
	assert_int_equal(f.events[1].u.dma.iova, 0x8000);
	assert_int_equal(f.events[1].u.dma.size, 0x1000);
	assert_int_equal(f.events[2].u.dma.iova, 0x900000000);
	assert_int_equal(f.events[2].u.dma.size, 0x800);
	assert_int_equal(nvt_dma_at(&dma, 0x1fff), 0x11fff);
	assert_int_equal(nvt_dma_at(&dma, 0x3004), 0x900000004);
	/* What is synced: the bytes of each run, and their addresses. */
	f.event_count = 0;
	nvt_dma_sync(&f.t, &dma, 0x1ff0, 0x20);
	assert_int_equal(f.event_count, 2);
	assert_int_equal(f.events[0].u.dma.iova, 0x11ff0);
	assert_int_equal(f.events[0].u.dma.size, 0x10);
	assert_ptr_equal(f.events[0].u.dma.data.p, dma.cpu + 0x1ff0);
	assert_int_equal(f.events[1].u.dma.iova, 0x8000);
	assert_ptr_equal(f.events[1].u.dma.data.p, dma.cpu + 0x2000);
	assert_int_equal(f.events[1].u.dma.data.n, 0x10);
	nvt_dma_free(&f.t, &dma);
	assert_null(dma.pages);
}

static void test_delay_and_close(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f);
	nvt_delay_us(&f.t, 25);
	assert_int_equal(f.now_us, 25);
	assert_int_equal(f.events[0].kind, NVT_EV_DELAY);
	assert_int_equal(f.events[0].u.delay.us, 25);
	nvt_transport_close(NULL);
	nvt_transport_close(&f.t);
	assert_int_equal(f.frees, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_write),	cmocka_unit_test(test_all_ones),
		cmocka_unit_test(test_pri_error),	cmocka_unit_test(test_boot_0_blocked),
		cmocka_unit_test(test_bad_address),	cmocka_unit_test(test_backend_error),
		cmocka_unit_test(test_windows),		cmocka_unit_test(test_loading),
		cmocka_unit_test(test_dry_run),		cmocka_unit_test(test_writes_forbidden),
		cmocka_unit_test(test_config),		cmocka_unit_test(test_dma),
		cmocka_unit_test(test_dma_scattered),
		cmocka_unit_test(test_delay_and_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
