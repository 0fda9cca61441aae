/* SPDX-License-Identifier: MIT */
/* What transport.h promises of every backend, asked of each: the model, and files that pass for a PCI device. */
#include "../support/fake_pciaccess.h"
#include "../support/fake_vfio.h"
#include "../support/sysfs_tree.h"
#include "sim/sim.h"
#include "transport/pci.h"
#include "transport/vfio.h"

#include <nvt/chips.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COMMAND 0x04
#define COMMAND_MASTER 4

struct subject {
	struct nvt_ctx ctx;
	struct nvt_transport *t;
	struct nvt_error e;
	struct sysfs_tree tree;
	struct nvt_fwdb *fwdb;
};

static void ok(const struct subject *s, int rc)
{
	if (rc)
		fail_msg("%s", s->e.msg);
}

/* ---- the promises ---- */

static void check_clock(struct subject *s)
{
	struct nvt_clock *c = s->ctx.clock;
	uint64_t start;

	assert_non_null(c);
	start = c->now_ns(c);
	c->sleep_us(c, 1500);
	assert_true(c->now_ns(c) - start >= 1500000);
}

static void check_config(struct subject *s)
{
	uint32_t v, was;

	ok(s, nvt_cfg_rd(s->t, 0, 4, &v, &s->e));
	assert_int_equal(v, 0x220410de);
	ok(s, nvt_cfg_rd(s->t, 2, 2, &v, &s->e));
	assert_int_equal(v, s->t->pci.device);
	ok(s, nvt_cfg_rd(s->t, 1, 1, &v, &s->e));
	assert_int_equal(v, 0x10);
	/* Opening switched memory space on. Bus mastering is the driver's. */
	ok(s, nvt_cfg_rd(s->t, COMMAND, 2, &was, &s->e));
	assert_int_equal(was & 6, 2);
	ok(s, nvt_cfg_wr(s->t, COMMAND, 2, was | COMMAND_MASTER, &s->e));
	ok(s, nvt_cfg_rd(s->t, COMMAND, 2, &v, &s->e));
	assert_int_equal(v, was | COMMAND_MASTER);
	ok(s, nvt_cfg_wr(s->t, COMMAND, 2, was, &s->e));
	assert_int_equal(nvt_cfg_rd(s->t, 0x1000, 4, &v, &s->e), -NVT_E_USAGE);
	assert_int_equal(nvt_cfg_rd(s->t, 2, 4, &v, &s->e), -NVT_E_USAGE);
}

static void check_bars(struct subject *s)
{
	static const unsigned sizes[] = { 1, 2, 4, 8 };
	uint8_t out[64], in[64];
	uint64_t v, mask;
	unsigned i;

	assert_true(s->t->pci.bar[0].size >= 0x1000000 && s->t->pci.bar[1].size);
	for (i = 0; i < NVT_ARRAY_SIZE(sizes); i++) {
		mask = sizes[i] == 8 ? UINT64_MAX : (1ull << sizes[i] * 8) - 1;
		ok(s, s->t->ops->mmio_wr(s->t, 1, 0x2000 + 8 * i, sizes[i], 0x8877665544332211, &s->e));
		ok(s, s->t->ops->mmio_rd(s->t, 1, 0x2000 + 8 * i, sizes[i], &v, &s->e));
		assert_int_equal(v, 0x8877665544332211 & mask);
	}
	for (i = 0; i < sizeof(out); i++)
		out[i] = (uint8_t)(i * 7 + 1);
	ok(s, nvt_window_wr(s->t, 1, 0x3000, out, sizeof(out), &s->e));
	ok(s, nvt_window_rd(s->t, 1, 0x3000, in, sizeof(in), &s->e));
	assert_memory_equal(in, out, sizeof(in));
	ok(s, s->t->ops->mmio_rd(s->t, 1, 0x3004, 4, &v, &s->e));
	assert_memory_equal(&v, out + 4, 4);
	assert_int_equal(nvt_window_rd(s->t, 1, s->t->pci.bar[1].size - 4, in, 8, &s->e), -NVT_E_USAGE);
	assert_int_equal(nvt_window_rd(s->t, 2, 0, in, 4, &s->e), -NVT_E_USAGE);
	assert_int_equal(nvt_window_rd(s->t, 6, 0, in, 4, &s->e), -NVT_E_USAGE);
}

static void check_zero(const struct nvt_dma *dma)
{
	size_t i;

	for (i = 0; i < dma->size; i++)
		assert_int_equal(dma->cpu[i], 0);
}

static void check_dma(struct subject *s)
{
	struct nvt_dma a, b, c;
	size_t off;

	ok(s, nvt_dma_alloc(s->t, "a", 0x5000, 0x1000, NVT_DMA_BIDIR, &a, &s->e));
	ok(s, nvt_dma_alloc(s->t, "b", 0x100, 0x20000, NVT_DMA_TO_DEVICE, &b, &s->e));
	ok(s, nvt_dma_alloc(s->t, "c", 0x300000, 0x1000, NVT_DMA_TO_DEVICE | NVT_DMA_SCATTERED, &c, &s->e));
	assert_null(a.pages);
	assert_int_equal(a.iova % 0x1000, 0);
	assert_int_equal(b.iova % 0x20000, 0);
	assert_true(a.iova && b.iova);
	assert_true(b.iova >= a.iova + 0x5000 || a.iova >= b.iova + 0x100);
	check_zero(&a);
	check_zero(&b);
	check_zero(&c);
	for (off = 0; off < c.size; off += NVT_DMA_PAGE)
		assert_int_equal(nvt_dma_at(&c, off) % NVT_DMA_PAGE, 0);
	assert_int_equal(nvt_dma_at(&c, 0), c.iova);
	assert_int_equal(nvt_dma_at(&c, 0x2345) - nvt_dma_at(&c, 0x2000), 0x345);
	a.cpu[0x4fff] = b.cpu[0xff] = c.cpu[0x2fffff] = 1;
	nvt_dma_free(s->t, &a);
	ok(s, nvt_dma_alloc(s->t, "a", 0x5000, 0x1000, NVT_DMA_BIDIR, &a, &s->e));
	check_zero(&a);
	assert_int_equal(b.cpu[0xff], 1);
	nvt_dma_free(s->t, &c);
	nvt_dma_free(s->t, &b);
	/* a goes with the transport */
}

static void check_irq(struct subject *s)
{
	uint64_t start = nvt_now_ns(&s->ctx);

	s->e.code = NVT_OK;
	assert_int_equal(s->t->ops->irq_wait(s->t, 2000, &s->e), -NVT_E_TIMEOUT);
	assert_int_equal(s->e.code, NVT_OK);
	assert_true(nvt_now_ns(&s->ctx) - start >= 2000000);
}

static void check_reset(struct subject *s)
{
	uint32_t v, bar0;

	ok(s, nvt_cfg_rd(s->t, 0x10, 4, &bar0, &s->e));
	ok(s, nvt_transport_reset(s->t, &s->e));
	ok(s, nvt_cfg_rd(s->t, 0, 2, &v, &s->e));
	assert_int_equal(v, s->t->pci.vendor);
	ok(s, nvt_cfg_rd(s->t, 0x10, 4, &v, &s->e));
	assert_int_equal(v, bar0);
	ok(s, nvt_cfg_rd(s->t, COMMAND, 2, &v, &s->e));
	assert_int_equal(v & 2, 2);
}

/* ---- backends ---- */

static int open_sim(struct subject *s)
{
	struct sim_opts opts = { .policy = SIM_STRICT_FAIL, .chip = nvt_chip_by_name("GA102") };

	ok(s, nvt_fwdb_open(NULL, &s->fwdb, &s->e));
	opts.fwdb = s->fwdb;
	return sim_open(&s->ctx, &opts, &s->t, &s->e);
}

static int open_pci(struct subject *s)
{
	const struct pci_opts opts = { s->tree.root, fake_frames, fake_pin };

	fake_pciaccess(s->tree.root);
	return pci_open(&s->ctx, TREE_GPU, &opts, &s->t, &s->e);
}

static int open_vfio(struct subject *s)
{
	struct vfio_opts opts = { s->tree.root, fake_vfio.dev };

	fake_vfio_make(&s->tree);
	return vfio_open(&s->ctx, TREE_GPU, &opts, &s->t, &s->e);
}

static int open_vfio_unmapped(struct subject *s)
{
	struct vfio_opts opts = { s->tree.root, fake_vfio.dev };

	fake_vfio_make(&s->tree);
	fake_vfio.no_mmap = true;
	return vfio_open(&s->ctx, TREE_GPU, &opts, &s->t, &s->e);
}

static void keep_contract(int (*open)(struct subject *s))
{
	struct subject s = { .t = NULL };

	tree_make(&s.tree);
	ok(&s, open(&s));
	check_clock(&s);
	check_config(&s);
	check_bars(&s);
	check_dma(&s);
	check_irq(&s);
	check_reset(&s);
	nvt_transport_close(s.t);
	assert_null(s.ctx.clock);
	nvt_fwdb_close(s.fwdb);
	tree_remove(&s.tree);
}

static void test_sim(void **state)
{
	(void)state;
	keep_contract(open_sim);
}

static void test_pci(void **state)
{
	(void)state;
	keep_contract(open_pci);
}

static void test_vfio(void **state)
{
	(void)state;
	keep_contract(open_vfio);
	keep_contract(open_vfio_unmapped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sim),
		cmocka_unit_test(test_pci),
		cmocka_unit_test(test_vfio),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
