/* SPDX-License-Identifier: MIT */
/* The model as a PCI device: options, config space, BARs, time, DMA memory, reset, registers' names. */
#include "sim_device.h"
#include "sim/releases.h"

#include <nvt/regs.h>

#include "base/bytes.h"

/* ---- URI ---- */

static void test_uri(void **state)
{
	static const struct {
		const char *uri;
		int rc;
	} rows[] = {
		{ "ga102", 0 },
		{ "GA102,vram=12G", 0 },
		{ "ga102,vram=512M", 0 },
		{ "ga102,vram=0x300000000", 0 },
		{ "ga102,strict=report,unknown-fw=ok", 0 },
		{ "ga102,fault=booter-error=0x31:sticky,fault=gfw-slow", 0 },
		{ "ga102,fault=bus-dead=unload", 0 },
		{ "", -NVT_E_USAGE },
		{ "ga999", -NVT_E_USAGE },
		{ "tu102", -NVT_E_USAGE }, /* a chip, but not one of the model's */
		{ "ga102,", -NVT_E_USAGE },
		{ "ga102,vram=", -NVT_E_USAGE },
		{ "ga102,vram=12X", -NVT_E_USAGE },
		{ "ga102,vram=-1", -NVT_E_USAGE },
		{ "ga102,vram=100", -NVT_E_USAGE },
		{ "ga102,vram=257G", -NVT_E_USAGE },
		{ "ga102,vram=99999999999999999999G", -NVT_E_USAGE },
		{ "ga102,rom=", -NVT_E_USAGE },
		{ "ga102,strict=maybe", -NVT_E_USAGE },
		{ "ga102,unknown-fw=no", -NVT_E_USAGE },
		{ "ga102,colour=blue", -NVT_E_USAGE },
		{ "ga102,fault=none-such", -NVT_E_USAGE },
		{ "ga102,fault=gfw-slow=1", -NVT_E_USAGE },
		{ "ga102,fault=bus-dead=lunch", -NVT_E_USAGE },
		{ "ga102,fault=booter-error=x", -NVT_E_USAGE },
		{ "ga102,fault=gfw-slow:often", -NVT_E_USAGE },
	};
	char storage[128];
	struct sim_opts o;
	struct nvt_error e;
	unsigned i;
	int rc;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		rc = sim_parse_uri(rows[i].uri, &o, storage, sizeof(storage), &e);
		if (rc != rows[i].rc)
			fail_msg("%s: %d", rows[i].uri, rc);
	}
	assert_int_equal(sim_parse_uri("ga102,vram=12G,rom=/x/y.rom,fault=booter-error=0x7:sticky", &o, storage,
				       sizeof(storage), &e),
			 0);
	assert_int_equal(o.vram_size, 12ull << 30);
	assert_string_equal(o.rom_path, "/x/y.rom");
	assert_int_equal(o.fault_count, 1);
	assert_string_equal(o.faults[0].fault->name, "booter-error");
	assert_string_equal(o.faults[0].arg, "0x7");
	assert_true(o.faults[0].sticky);
	assert_int_equal(sim_parse_uri("ga102,strict=report", &o, storage, 8, &e), -NVT_E_USAGE);
	assert_int_equal(sim_parse_uri("ga102,fault=gfw-slow,fault=gfw-slow,fault=gfw-slow,fault=gfw-slow,"
				       "fault=gfw-slow,fault=gfw-slow",
				       &o, storage, sizeof(storage), &e),
			 0);
}

/* ---- identity and config space ---- */

static uint32_t cfg(struct device *d, uint32_t off, unsigned size)
{
	uint32_t v;

	assert_int_equal(d->t->ops->cfg_rd(d->t, off, size, &v, &d->e), 0);
	return v;
}

static void cfg_wr(struct device *d, uint32_t off, unsigned size, uint32_t v)
{
	assert_int_equal(d->t->ops->cfg_wr(d->t, off, size, v, &d->e), 0);
}

static uint32_t find_cap(struct device *d, uint8_t id)
{
	uint32_t at = cfg(d, 0x34, 1), i;

	for (i = 0; i < 16 && at; i++) {
		if (cfg(d, at, 1) == id)
			return at;
		at = cfg(d, at + 1, 1);
	}
	return 0;
}

static void test_config(void **state)
{
	struct device d;
	uint32_t was;

	(void)state;
	device_open(&d, "ga102");
	assert_int_equal(cfg(&d, 0, 4), 0x220410de);
	assert_int_equal(cfg(&d, 8, 4), 0x030000a1);
	assert_int_equal(cfg(&d, 0x2c, 2), d.t->pci.subvendor);
	assert_int_not_equal(find_cap(&d, 0x01), 0);
	assert_int_not_equal(find_cap(&d, 0x05), 0);
	assert_int_not_equal(cfg(&d, find_cap(&d, 0x10) + 4, 4) & 1u << 28, 0);
	assert_int_equal(cfg(&d, 0x100, 4), 0);
	/* Sizing a BAR. */
	was = cfg(&d, 0x10, 4);
	cfg_wr(&d, 0x10, 4, 0xffffffff);
	assert_int_equal(cfg(&d, 0x10, 4), 0xff000000);
	cfg_wr(&d, 0x10, 4, was);
	assert_int_equal(was & ~0xfu, d.t->pci.bar[0].addr);
	cfg_wr(&d, 0x14, 4, 0xffffffff);
	assert_int_equal(cfg(&d, 0x14, 4), 0xf000000c);
	/* Read-only. */
	cfg_wr(&d, 0, 4, 0);
	assert_int_equal(cfg(&d, 0, 4), 0x220410de);
	/* The mirror in BAR0. */
	assert_int_equal(rd(&d, 0x88000), 0x220410de);
	assert_int_equal(device_rd(&d, 0, 0x88002, 2), 0x2204);
	wr(&d, 0x88050, 0);
	assert_int_equal(cfg(&d, 0x50, 4), 0);
	/* Without memory space no BAR answers. */
	cfg_wr(&d, 4, 2, 0);
	assert_int_equal(rd(&d, 0), 0xffffffff);
	device_close(&d);
}

/* ---- BARs ---- */

static void test_windows(void **state)
{
	static const unsigned sizes[] = { 1, 2, 4, 8 };
	struct device d;
	unsigned i;

	(void)state;
	device_open(&d, "ga102");
	for (i = 0; i < NVT_ARRAY_SIZE(sizes); i++) {
		device_wr(&d, 1, 0x1000 + 16 * i, sizes[i], 0x8877665544332211);
		assert_int_equal(device_rd(&d, 1, 0x1000 + 16 * i, sizes[i]),
				 0x8877665544332211 & (sizes[i] == 8 ? UINT64_MAX : (1ull << sizes[i] * 8) - 1));
	}
	/* PRAMIN looks at the same memory, and at memory that BAR1 does not reach. */
	assert_int_equal(rd(&d, 0x701020), 0x44332211);
	wr(&d, 0x1700, (uint32_t)(0x500000000 >> 16));
	wr(&d, 0x700004, 0xcafe);
	wr(&d, 0x1700, 0);
	assert_int_equal(rd(&d, 0x700004), 0);
	wr(&d, 0x1700, (uint32_t)(0x500000000 >> 16));
	assert_int_equal(rd(&d, 0x700004), 0xcafe);
	assert_int_equal(device_rd(&d, 0, 0x300000, 1), 0x55);
	assert_int_equal(device_rd(&d, 0, 0x300001, 1), 0xaa);
	assert_int_equal(rd(&d, 0x3ffffc), 0xffffffff);
	device_close(&d);
}

/* ---- time ---- */

static void test_time(void **state)
{
	struct device d;
	uint64_t t0, t1;

	(void)state;
	device_open(&d, "ga102");
	assert_int_equal(nvt_now_ns(&d.ctx), 0);
	t0 = rd(&d, 0x9400);
	device_sleep(&d, 100);
	t1 = rd(&d, 0x9400);
	assert_int_equal(t1 - t0, 101000); /* the sleep, and the access itself */
	wr(&d, 0x9410, 2);
	wr(&d, 0x9400, 0xfffffff0);
	device_sleep(&d, 1);
	assert_int_equal(rd(&d, 0x9410), 3);
	assert_int_equal(rd(&d, 0x118234), 0);
	device_sleep(&d, 200000);
	assert_int_equal(rd(&d, 0x118234), 0x3ff);
	assert_int_equal(d.t->ops->irq_wait(d.t, 1000, &d.e), -NVT_E_TIMEOUT);
	sim_advance(d.t, 5000000000);
	assert_int_equal(nvt_now_ns(&d.ctx), 5000000000);
	device_close(&d);
	assert_null(d.ctx.clock);
}

/* ---- DMA memory ---- */

static void test_dma_memory(void **state)
{
	struct nvt_dma a, b;
	struct device d;
	size_t i;

	(void)state;
	device_open(&d, "ga102");
	assert_int_equal(d.t->ops->dma_alloc(d.t, "a", 5000, 4096, NVT_DMA_BIDIR, &a, &d.e), 0);
	assert_int_equal(d.t->ops->dma_alloc(d.t, "b", 1, 0x100000, NVT_DMA_TO_DEVICE, &b, &d.e), 0);
	assert_true(a.iova != (uintptr_t)a.cpu);
	assert_int_equal(b.iova % 0x100000, 0);
	assert_true(b.iova > a.iova + 8192); /* a gap between */
	for (i = 0; i < a.size; i++)
		assert_int_equal(a.cpu[i], 0);
	assert_int_equal(d.t->ops->dma_alloc(d.t, "c", 0, 4096, NVT_DMA_BIDIR, &b, &d.e), -NVT_E_BUG);
	assert_int_equal(d.t->ops->dma_alloc(d.t, "c", 1, 100, NVT_DMA_BIDIR, &b, &d.e), -NVT_E_BUG);
	assert_int_equal(d.t->ops->dma_alloc(d.t, "c", SIZE_MAX, 4096, NVT_DMA_BIDIR, &b, &d.e), -NVT_E_BUG);
	d.t->ops->dma_free(d.t, &a);
	device_close(&d); /* b goes with it */
}

/* ---- reset ---- */

static void test_reset(void **state)
{
	struct device d;
	uint64_t bar0;
	uint32_t exp;

	(void)state;
	device_open(&d, "ga102");
	cfg_wr(&d, 4, 2, 6);
	device_sleep(&d, 300000);
	bar0 = d.t->pci.bar[0].addr;
	wr(&d, 0x1458, 0x16); /* wiped by FLR; gpu-admin-tools use it as a witness */
	wr(&d, 0x700000, 7);
	assert_int_equal(d.t->ops->reset(d.t, &d.e), 0);
	assert_int_equal(rd(&d, 0x1458), 0);
	assert_int_equal(rd(&d, 0x700000), 0);
	assert_int_equal(rd(&d, 0x118234), 0);
	assert_int_equal(cfg(&d, 0x10, 4), bar0);
	assert_int_equal(cfg(&d, 4, 2) & 6, 6);
	assert_true(rd(&d, 0x9400) < 200000000); /* PTIMER began again */
	/* The same by config space: nobody restores the command register then. */
	exp = find_cap(&d, 0x10);
	wr(&d, 0x1458, 0x16);
	cfg_wr(&d, exp + 8, 2, cfg(&d, exp + 8, 2) | 0x8000);
	assert_int_equal(cfg(&d, 4, 2) & 6, 0);
	cfg_wr(&d, 4, 2, 2);
	assert_int_equal(rd(&d, 0x1458), 0);
	device_close(&d);
}

/* A fault of the power-on state lasts over resets until somebody has looked; a second reset mends it. */
static void test_fault_over_resets(void **state)
{
	struct device d;

	(void)state;
	device_open(&d, "ga102,fault=wpr2-already-up,fault=fb-size-zero");
	assert_int_equal(d.t->ops->reset(d.t, &d.e), 0);
	assert_int_equal(d.t->ops->reset(d.t, &d.e), 0);
	assert_int_not_equal(rd(&d, 0x1fa828), 0);
	assert_int_equal(rd(&d, 0x1183a4), 0);
	assert_int_equal(d.t->ops->reset(d.t, &d.e), 0);
	assert_int_equal(rd(&d, 0x1fa828), 0);
	assert_int_equal(rd(&d, 0x1183a4), 24576);
	assert_int_equal(d.t->ops->reset(d.t, &d.e), 0);
	assert_int_equal(d.t->ops->reset(d.t, &d.e), 0);
	assert_int_equal(rd(&d, 0x1fa828), 0);
	device_close(&d);
}

/* ---- rows ---- */

/* Every register that the model gives a meaning has its name in the register tables. */
static void test_rows_have_names(void **state)
{
	struct nvt_reg_ref ref;
	struct device d;
	uint32_t i;

	(void)state;
	device_open(&d, "ga102");
	for (i = 0; i < sim_of(d.t)->regs.n; i++)
		if (!nvt_reg_at(sim_of(d.t)->regs.regs[i].addr, &ref))
			fail_msg("0x%x has no row in lib/regs", sim_of(d.t)->regs.regs[i].addr);
	device_close(&d);
}

static void test_odd(void **state)
{
	struct nvt_sim_report rep;
	struct device d;

	(void)state;
	device_open(&d, "ga102");
	assert_int_equal(rd(&d, 0x550000), 0);
	wr(&d, 0x550000, 5);
	assert_int_equal(rd(&d, 0x550000), 5);
	wr(&d, 0x0, 5);
	assert_int_equal(rd(&d, 0x0), 0xb72000a1);
	/* The flush of BAR writes is done at once, and known. */
	wr(&d, 0x70000, 1);
	assert_int_equal(rd(&d, 0x70000), 0);
	sim_report(d.t, &rep);
	assert_int_equal(rep.violation_count, 0);
	assert_int_equal(rep.odd_n, 2);
	assert_string_equal(rep.odd[0].rule, "unknown-register");
	assert_int_equal(rep.odd[0].count, 3);
	assert_string_equal(rep.odd[1].rule, "write-to-read-only");
	device_close(&d);
}

/* Index of GSP and GR0 among the interrupts, least heap in MiB. */
static void test_releases(void **state)
{
	static const struct {
		const char *release;
		unsigned gsp, gr0, heap;
	} rows[] = {
		{ "535.43.02", 49, 82, 84 },  { "535.113.01", 49, 82, 84 }, { "545.29.06", 49, 83, 86 },
		{ "550.163.01", 50, 84, 86 }, { "570.144", 50, 84, 88 },    { "595.45.04", 50, 84, 88 },
	};
	const struct sim_release *r;
	struct nvt_rel rel;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		assert_true(nvt_rel_find(nvt_abi_builtin(), rows[i].release, &rel));
		r = sim_release(rel);
		assert_non_null(r);
		assert_int_equal(r->mc_gsp, rows[i].gsp);
		assert_int_equal(r->mc_gr0, rows[i].gr0);
		assert_int_equal(r->wpr_heap_min, (uint64_t)rows[i].heap << 20);
	}
	assert_true(nvt_rel_find(nvt_abi_builtin(), "530.41.03", &rel));
	assert_null(sim_release(rel));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uri),
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_dma_memory),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_fault_over_resets),
		cmocka_unit_test(test_rows_have_names),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_releases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
