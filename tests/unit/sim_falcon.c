/* SPDX-License-Identifier: MIT */
/* A falcon of the model: data ports, DMA, reset, core selection, interrupts. */
#include "sim_device.h"

#define SEC2 0x840000u

static const struct sim_falcon *falcon(struct device *d)
{
	return &sim_of(d->t)->falcon[SIM_SEC2];
}

static void reset(struct device *d)
{
	wr(d, SEC2 + 0x3c0, 1);
	wr(d, SEC2 + 0x3c0, 0);
	while (rd(d, SEC2 + 0xf4) & 1u << 12)
		device_sleep(d, 1);
}

static void test_ports(void **state)
{
	struct device d;
	unsigned i;

	(void)state;
	device_open(&d, "ga102");
	reset(&d);
	/* DMEM: auto increment carries from OFFS into BLK, and the port reads back where it is. */
	wr(&d, SEC2 + 0x1c0, 1u << 24 | 0xf8);
	for (i = 0; i < 4; i++)
		wr(&d, SEC2 + 0x1c4, 0x100 + i);
	assert_int_equal(rd(&d, SEC2 + 0x1c0), 1u << 24 | 0x108);
	wr(&d, SEC2 + 0x1c8, 1u << 25 | 0xf8); /* the second port */
	for (i = 0; i < 4; i++)
		assert_int_equal(rd(&d, SEC2 + 0x1cc), 0x100 + i);
	/* Without the flag it stays. */
	wr(&d, SEC2 + 0x1c0, 0);
	wr(&d, SEC2 + 0x1c4, 7);
	assert_int_equal(rd(&d, SEC2 + 0x1c4), 7);
	assert_int_equal(rd(&d, SEC2 + 0x1c0), 0);
	/* IMEM: the tag goes with the block, secure blocks do not read back. */
	wr(&d, SEC2 + 0x180, 1u << 24 | 0x200);
	wr(&d, SEC2 + 0x188, 9);
	wr(&d, SEC2 + 0x184, 0xaabbccdd);
	assert_true(falcon(&d)->blocks[2].valid);
	assert_int_equal(falcon(&d)->blocks[2].tag, 9);
	assert_false(falcon(&d)->blocks[2].secure);
	wr(&d, SEC2 + 0x180, 0x200);
	assert_int_equal(rd(&d, SEC2 + 0x184), 0xaabbccdd);
	wr(&d, SEC2 + 0x180, 1u << 28 | 0x300);
	wr(&d, SEC2 + 0x184, 0xaabbccdd);
	assert_true(falcon(&d)->blocks[3].secure);
	assert_int_equal(rd(&d, SEC2 + 0x184), 0xdead5ec1);
	/* A reset scrubs. */
	reset(&d);
	assert_false(falcon(&d)->blocks[2].valid);
	wr(&d, SEC2 + 0x1c0, 0xf8);
	assert_int_equal(rd(&d, SEC2 + 0x1c4), 0);
	device_close(&d);
}

static void test_dma(void **state)
{
	struct nvt_dma m;
	struct device d;
	unsigned i;

	(void)state;
	device_open(&d, "ga102");
	assert_int_equal(d.t->ops->cfg_wr(d.t, 4, 2, 6, &d.e), 0);
	assert_int_equal(d.t->ops->dma_alloc(d.t, "m", 0x1000, 4096, NVT_DMA_TO_DEVICE, &m, &d.e), 0);
	for (i = 0; i < 0x1000; i++)
		m.cpu[i] = (uint8_t)(i ^ i >> 8);
	reset(&d);
	wr(&d, SEC2 + 0x624, 0x80);
	wr(&d, SEC2 + 0x600, 5);
	/* The tag comes from FBOFFS, so the base is below the memory: images whose first block has tag 0x10. */
	wr(&d, SEC2 + 0x110, (uint32_t)((m.iova - 0x1000) >> 8));
	wr(&d, SEC2 + 0x128, (uint32_t)((m.iova - 0x1000) >> 40));
	wr(&d, SEC2 + 0x114, 0x300);
	wr(&d, SEC2 + 0x11c, 0x1100);
	wr(&d, SEC2 + 0x118, 0x614);
	assert_int_equal(rd(&d, SEC2 + 0x118) & 3, 0); /* neither full nor idle yet */
	device_sleep(&d, 5);
	assert_int_equal(rd(&d, SEC2 + 0x118) & 3, 2);
	assert_memory_equal(falcon(&d)->imem + 0x300, m.cpu + 0x100, 256);
	assert_int_equal(falcon(&d)->blocks[3].tag, 0x11);
	assert_true(falcon(&d)->blocks[3].secure);
	/* From video memory into DMEM. */
	device_wr(&d, 1, 0x2004, 4, 0x600df00d);
	wr(&d, SEC2 + 0x600, 4);
	wr(&d, SEC2 + 0x110, 0x2000 >> 8);
	wr(&d, SEC2 + 0x128, 0);
	wr(&d, SEC2 + 0x114, 0x100);
	wr(&d, SEC2 + 0x11c, 0);
	wr(&d, SEC2 + 0x118, 0x600);
	wr(&d, SEC2 + 0x1c0, 0x104);
	assert_int_equal(rd(&d, SEC2 + 0x1c4), 0x600df00d);
	device_close(&d);
}

/* The device's own BAR1 is an address that it can reach (tinygrad keeps its structures there). */
static void test_dma_to_bar1(void **state)
{
	struct nvt_sim_report rep;
	struct device d;

	(void)state;
	device_open(&d, "ga102");
	assert_int_equal(d.t->ops->cfg_wr(d.t, 4, 2, 6, &d.e), 0);
	device_wr(&d, 1, 0x5010, 4, 0x12121212);
	reset(&d);
	wr(&d, SEC2 + 0x624, 0x80);
	wr(&d, SEC2 + 0x600, 5);
	wr(&d, SEC2 + 0x110, (uint32_t)((d.t->pci.bar[1].addr + 0x5000) >> 8));
	wr(&d, SEC2 + 0x128, (uint32_t)((d.t->pci.bar[1].addr + 0x5000) >> 40));
	wr(&d, SEC2 + 0x118, 0x600);
	wr(&d, SEC2 + 0x1c0, 0x10);
	assert_int_equal(rd(&d, SEC2 + 0x1c4), 0x12121212);
	sim_report(d.t, &rep);
	assert_string_equal(rep.odd[0].rule, "dma-to-own-bar1");
	device_close(&d);
}

static void test_core_select(void **state)
{
	struct device d;

	(void)state;
	device_open(&d, "ga102");
	assert_int_equal(rd(&d, 0x111668), 0x100);
	wr(&d, 0x111668, 0x111);
	assert_int_equal(rd(&d, 0x111668) & 0x110, 0x110);
	wr(&d, 0x111668, 0x110);
	assert_int_equal(rd(&d, 0x111668) & 0x10, 0x10);
	wr(&d, 0x111668, 0);
	assert_int_equal(rd(&d, 0x111668), 1); /* VALID, by itself */
	assert_int_equal(rd(&d, 0x111388) & 0x80, 0);
	/* Before GFW is done the GSP falcon is busy with it. */
	assert_int_equal(rd(&d, 0x110100) & 0x10, 0);
	assert_int_equal(rd(&d, 0x840100) & 0x10, 0x10);
	device_sleep(&d, 300000);
	assert_int_equal(rd(&d, 0x110100) & 0x10, 0x10);
	device_close(&d);
}

static void test_interrupts(void **state)
{
	struct device d;

	(void)state;
	device_open(&d, "ga102");
	wr(&d, SEC2 + 0x10, 0x50);
	wr(&d, SEC2 + 0x14, 0x10);
	assert_int_equal(rd(&d, SEC2 + 0x18), 0x40);
	wr(&d, SEC2 + 0x0, 0x50);
	assert_int_equal(rd(&d, SEC2 + 0x8), 0x50);
	wr(&d, SEC2 + 0x4, 0x10);
	assert_int_equal(rd(&d, SEC2 + 0x8), 0x40);
	/* The GSP falcon's reaches its vector's leaf: an edge, and another one for the asking while it is pending. */
	wr(&d, 0x110000, 0x40);
	assert_int_equal(rd(&d, 0xb81010), 1u << 27);
	assert_int_equal(d.t->ops->irq_wait(d.t, 1, &d.e), 0);
	assert_int_equal(d.t->ops->irq_wait(d.t, 1, &d.e), -NVT_E_TIMEOUT);
	wr(&d, 0xb81010, 1u << 27);
	wr(&d, 0x110000, 0x40);
	assert_int_equal(rd(&d, 0xb81010), 0);
	wr(&d, 0x1103e8, 1);
	assert_int_equal(rd(&d, 0xb81010), 1u << 27);
	assert_int_equal(d.t->ops->irq_wait(d.t, 1, &d.e), 0);
	assert_int_equal(rd(&d, 0xb81600), 0);
	wr(&d, 0xb81210, 1u << 27);
	assert_int_equal(rd(&d, 0xb81600), 1u << 2);
	/* Enable masks of the interrupt tree. */
	wr(&d, 0xb81200, 0xf0);
	wr(&d, 0xb81200, 0x0f);
	wr(&d, 0xb81400, 0x81);
	assert_int_equal(rd(&d, 0xb81200), 0x7e);
	assert_int_equal(rd(&d, 0xb81400), 0x7e);
	device_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_dma),
		cmocka_unit_test(test_dma_to_bar1),
		cmocka_unit_test(test_core_select),
		cmocka_unit_test(test_interrupts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
