/* SPDX-License-Identifier: MIT */
/* The pci: backend over a folder that looks like sysfs: what it refuses, and what it touches. */
#include "transport/pci.h"

#include "../support/fake_pciaccess.h"
#include "../support/sysfs_tree.h"
#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COMMAND 0x04
#define STATUS 0x06

struct fixture {
	struct sysfs_tree tree;
	struct nvt_ctx ctx;
	struct nvt_error e;
	struct nvt_transport *t;
};

static int frames_scattered(const void *p, size_t n, nvt_iova *ret, struct nvt_error *e)
{
	size_t i;

	(void)p;
	(void)e;
	for (i = 0; i < n; i++)
		ret[i] = 0x200000000 - i * 0x3000;
	return 0;
}

static int frames_hidden(const void *p, size_t n, nvt_iova *ret, struct nvt_error *e)
{
	(void)p;
	(void)n;
	(void)ret;
	return nvt_fail(e, NVT_E_ENV, "the kernel does not show physical addresses");
}

static int try_open(struct fixture *f, const char *bdf, pinned_frames_fn frames)
{
	const struct pci_opts opts = { f->tree.root, frames, fake_pin };

	f->t = NULL;
	return pci_open(&f->ctx, bdf, &opts, &f->t, &f->e);
}

static void begin(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	tree_make(&f->tree);
	fake_pciaccess(f->tree.root);
}

static void begin_open(struct fixture *f, pinned_frames_fn frames)
{
	begin(f);
	if (try_open(f, TREE_GPU, frames))
		fail_msg("%s", f->e.msg);
}

static void end(struct fixture *f)
{
	nvt_transport_close(f->t);
	assert_null(f->ctx.clock);
	tree_remove(&f->tree);
}

/* Fails with that code and words of the message and hint; leaves the device as it was. */
static void expect_refusal(struct fixture *f, const char *bdf, int rc, const char *msg, const char *hint)
{
	assert_int_equal(try_open(f, bdf, fake_frames), rc);
	if (!strstr(f->e.msg, msg))
		fail_msg("\"%s\" lacks \"%s\"", f->e.msg, msg);
	if (!strstr(f->e.hint, hint))
		fail_msg("hint \"%s\" lacks \"%s\"", f->e.hint, hint);
	assert_null(f->t);
	assert_null(f->ctx.clock);
}

/* ---- addresses ---- */

static void test_address(void **state)
{
	static const char *const bad[] = {
		"", "1", "01:00", "01:00.", "01:00.8", "01:20.0", "0000:01:00.0x", "0000:01:00.0 ", "00000:01:00.0",
		"zz:00.0", "0000:01:00.0/../x", "-1:00.0", "1:0.0,vram=4G",
	};
	struct fixture f;
	unsigned i;

	(void)state;
	begin(&f);
	for (i = 0; i < NVT_ARRAY_SIZE(bad); i++) {
		if (try_open(&f, bad[i], fake_frames) != -NVT_E_USAGE)
			fail_msg("\"%s\" was taken", bad[i]);
		assert_non_null(strstr(f.e.wanted, "0000:01:00.0"));
	}
	assert_int_equal(try_open(&f, "01:00.0", fake_frames), 0);
	assert_int_equal(f.t->pci.bus, 1);
	end(&f);
}

/* ---- refusals ---- */

static void test_no_device(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	expect_refusal(&f, "0000:02:00.0", -NVT_E_ENV, "there is no PCI device 0000:02:00.0",
		       "NVIDIA GPUs in this machine: 0000:01:00.0");
	tree_text(&f.tree, TREE_GPU, "vendor", "0x8086\n");
	expect_refusal(&f, "0000:02:00.0", -NVT_E_ENV, "there is no PCI device", "in this machine: none");
	end(&f);
}

static void test_not_a_gpu(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	tree_device(&f.tree, "0000:01:00.1", 0x10de, 0x1aef, 0x040300);
	tree_device(&f.tree, "0000:00:02.0", 0x8086, 0x3e92, 0x030000);
	expect_refusal(&f, "0000:01:00.1", -NVT_E_ENV, "not a GPU of NVIDIA's", "0000:01:00.0");
	assert_string_equal(f.e.seen, "10de:1aef, class 040300");
	expect_refusal(&f, "0000:00:02.0", -NVT_E_ENV, "not a GPU of NVIDIA's", "");
	assert_string_equal(f.e.seen, "8086:3e92, class 030000");
	assert_int_equal(tree_config(&f.tree, "0000:00:02.0", COMMAND), 0);
	end(&f);
}

static void test_kernel_driver(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	tree_link(&f.tree, TREE_GPU, "driver", "nouveau");
	expect_refusal(&f, TREE_GPU, -NVT_E_ENV, "0000:01:00.0 belongs to the kernel driver nouveau",
		       "bus/pci/drivers/nouveau/unbind");
	tree_link(&f.tree, TREE_GPU, "driver", "vfio-pci");
	expect_refusal(&f, TREE_GPU, -NVT_E_ENV, "vfio-pci", "--device vfio:0000:01:00.0");
	assert_int_equal(tree_config(&f.tree, TREE_GPU, COMMAND), 0);
	end(&f);
}

static void test_iommu(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	tree_link(&f.tree, TREE_GPU, "iommu_group", "13");
	expect_refusal(&f, TREE_GPU, -NVT_E_ENV, "an IOMMU translates", "--device vfio:0000:01:00.0");
	assert_string_equal(f.e.seen, "IOMMU group 13 of type unknown");
	tree_text(&f.tree, TREE_GPU, "iommu_group/type", "DMA-FQ\n");
	expect_refusal(&f, TREE_GPU, -NVT_E_ENV, "an IOMMU translates", "--device vfio:");
	assert_string_equal(f.e.seen, "IOMMU group 13 of type DMA-FQ");
	tree_text(&f.tree, TREE_GPU, "iommu_group/type", "identity\n");
	assert_int_equal(try_open(&f, TREE_GPU, fake_frames), 0);
	end(&f);
}

static void test_no_bar(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	tree_text(&f.tree, TREE_GPU, "resource", "0x0 0x0 0x0\n0x0 0x0 0x0\n");
	expect_refusal(&f, TREE_GPU, -NVT_E_ENV, "has no BAR0", "rescan");
	tree_text(&f.tree, TREE_GPU, "resource", "junk");
	expect_refusal(&f, TREE_GPU, -NVT_E_ENV, "has no BAR0", "rescan");
	tree_delete(&f.tree, TREE_GPU, "resource");
	expect_refusal(&f, TREE_GPU, -NVT_E_ENV, "cannot read", "");
	tree_text(&f.tree, TREE_GPU, "class", "0x\n");
	expect_refusal(&f, TREE_GPU, -NVT_E_ENV, "does not say what PCI device", "");
	end(&f);
}

static void test_in_use(void **state)
{
	struct nvt_transport *first;
	struct fixture f;

	(void)state;
	begin_open(&f, fake_frames);
	first = f.t;
	assert_int_equal(try_open(&f, TREE_GPU, fake_frames), -NVT_E_ENV);
	assert_non_null(strstr(f.e.msg, "is in use"));
	assert_non_null(strstr(f.e.hint, "another process"));
	nvt_transport_close(first);
	assert_int_equal(try_open(&f, TREE_GPU, fake_frames), 0);
	end(&f);
}

static void test_dead(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	tree_set_config(&f.tree, TREE_GPU, COMMAND, 0xffff);
	expect_refusal(&f, TREE_GPU, -NVT_E_DEVICE, "device fell off the bus", "");
	tree_set_config(&f.tree, TREE_GPU, COMMAND, 0);
	tree_delete(&f.tree, TREE_GPU, "enable");
	expect_refusal(&f, TREE_GPU, -NVT_E_ENV, "cannot enable 0000:01:00.0", "run as root");
	end(&f);
}

/* ---- what it touches ---- */

static void test_command(void **state)
{
	struct fixture f;
	char text[2];

	(void)state;
	begin(&f);
	tree_set_config(&f.tree, TREE_GPU, COMMAND, 0x0101);
	assert_int_equal(try_open(&f, TREE_GPU, fake_frames), 0);
	assert_int_equal(tree_config(&f.tree, TREE_GPU, COMMAND), 0x0503);
	tree_read(&f.tree, TREE_GPU, "enable", 0, text, 1);
	assert_int_equal(text[0], '1');
	/* The driver's own bit stays what the driver made it. */
	assert_int_equal(nvt_cfg_wr(f.t, COMMAND, 2, 0x0507, NULL), 0);
	nvt_transport_close(f.t);
	assert_int_equal(tree_config(&f.tree, TREE_GPU, COMMAND), 0x0105);
	tree_read(&f.tree, TREE_GPU, "enable", 0, text, 1);
	assert_int_equal(text[0], '0');
	f.t = NULL;
	end(&f);
}

/* Memory that the device may still write to must not go while it can. */
static void test_close_ends_dma(void **state)
{
	struct nvt_dma dma;
	struct fixture f;

	(void)state;
	begin_open(&f, fake_frames);
	assert_int_equal(nvt_cfg_wr(f.t, COMMAND, 2, 0x0406, NULL), 0);
	assert_int_equal(nvt_dma_alloc(f.t, "queues", 4096, 4096, NVT_DMA_BIDIR, &dma, &f.e), 0);
	nvt_transport_close(f.t);
	assert_int_equal(tree_config(&f.tree, TREE_GPU, COMMAND), 0);
	f.t = NULL;
	end(&f);
}

static void test_bars(void **state)
{
	struct fixture f;
	uint8_t raw[8];
	uint32_t v;

	(void)state;
	begin(&f);
	tree_text(&f.tree, TREE_GPU, "boot_vga", "1\n");
	assert_int_equal(try_open(&f, TREE_GPU, fake_frames), 0);
	assert_int_equal(f.t->pci.device, 0x2204);
	assert_int_equal(f.t->pci.subdevice, 0x87ac);
	assert_true(f.t->pci.boot_vga);
	assert_int_equal(f.t->pci.bar[1].size, TREE_BAR1_SIZE);
	assert_int_equal(f.t->pci.bar[5].size, 0); /* I/O ports */
	assert_int_equal(nvt_wr32(f.t, 0x1458, 0x12345678, &f.e), 0);
	tree_read(&f.tree, TREE_GPU, "resource0", 0x1458, raw, 4);
	assert_int_equal(nvt_le32(raw), 0x12345678);
	assert_int_equal(nvt_rd32(f.t, 0x1458, &v, &f.e), 0);
	assert_int_equal(v, 0x12345678);
	assert_int_equal(f.t->ops->mmio_wr(f.t, 3, 0x1ffffff, 1, 0xee, &f.e), 0);
	tree_read(&f.tree, TREE_GPU, "resource3", 0x1ffffff, raw, 1);
	assert_int_equal(raw[0], 0xee);
	assert_int_equal(f.t->ops->mmio_wr(f.t, 3, 0x2000000, 1, 0, &f.e), -NVT_E_USAGE);
	assert_int_equal(f.t->ops->mmio_wr(f.t, 3, 2, 4, 0, &f.e), -NVT_E_USAGE);
	assert_int_equal(f.t->ops->window_wr(f.t, 3, UINT64_MAX - 3, raw, 4, &f.e), -NVT_E_USAGE);
	assert_int_equal(f.t->ops->mmio_wr(f.t, 5, 0, 4, 0, &f.e), -NVT_E_USAGE);
	assert_string_equal(f.e.msg, "0000:01:00.0 has no BAR5");
	tree_delete(&f.tree, TREE_GPU, "resource1");
	assert_int_equal(f.t->ops->mmio_wr(f.t, 1, 0, 4, 0, &f.e), -NVT_E_ENV);
	assert_non_null(strstr(f.e.msg, "cannot map BAR1 of 0000:01:00.0"));
	assert_non_null(strstr(f.e.hint, "lockdown"));
	end(&f);
}

static void test_gone(void **state)
{
	static uint8_t ones[0x1000];
	struct fixture f;
	uint32_t v;

	(void)state;
	begin_open(&f, fake_frames);
	memset(ones, 0xff, sizeof(ones));
	assert_int_equal(f.t->ops->window_wr(f.t, 0, 0, ones, sizeof(ones), &f.e), 0);
	assert_int_equal(nvt_rd32(f.t, 0x200, &v, &f.e), -NVT_E_DEVICE);
	assert_non_null(strstr(f.e.msg, "device fell off the bus"));
	tree_text(&f.tree, TREE_GPU, "config", "");
	assert_int_equal(nvt_cfg_rd(f.t, COMMAND, 2, &v, &f.e), -NVT_E_DEVICE);
	assert_non_null(strstr(f.e.hint, "lspci"));
	assert_int_equal(nvt_cfg_wr(f.t, COMMAND, 2, 6, &f.e), 0);
	tree_delete(&f.tree, TREE_GPU, "config");
	assert_int_equal(nvt_cfg_wr(f.t, COMMAND, 2, 6, &f.e), -NVT_E_DEVICE);
	assert_int_equal(f.e.sys_errno, 2);
	assert_int_equal(f.t->ops->irq_wait(f.t, 0, &f.e), -NVT_E_DEVICE);
	end(&f);
}

static void test_irq(void **state)
{
	struct fixture f;

	(void)state;
	begin_open(&f, fake_frames);
	f.e.code = NVT_OK;
	assert_int_equal(f.t->ops->irq_wait(f.t, 300, &f.e), -NVT_E_TIMEOUT);
	assert_int_equal(f.e.code, NVT_OK);
	tree_set_config(&f.tree, TREE_GPU, STATUS, 0x0018);
	assert_int_equal(f.t->ops->irq_wait(f.t, 1000000, &f.e), 0);
	assert_int_equal(f.t->ops->irq_wait(f.t, 0, &f.e), 0); /* a level, not an edge */
	end(&f);
}

static void test_reset(void **state)
{
	struct fixture f;
	char text[2] = "";

	(void)state;
	begin_open(&f, fake_frames);
	assert_int_equal(nvt_transport_reset(f.t, &f.e), 0);
	tree_read(&f.tree, TREE_GPU, "reset", 0, text, 1);
	assert_string_equal(text, "1");
	tree_set_config(&f.tree, TREE_GPU, 0, 0xffff);
	assert_int_equal(nvt_transport_reset(f.t, &f.e), -NVT_E_TIMEOUT);
	assert_non_null(strstr(f.e.hint, "power cycle"));
	tree_delete(&f.tree, TREE_GPU, "reset");
	assert_int_equal(nvt_transport_reset(f.t, &f.e), -NVT_E_ENV);
	assert_non_null(strstr(f.e.msg, "knows no way to reset 0000:01:00.0"));
	end(&f);
}

/* ---- DMA memory ---- */

static void test_contiguous(void **state)
{
	struct nvt_dma a, b, c, d;
	struct fixture f;

	(void)state;
	begin_open(&f, fake_frames);
	assert_int_equal(nvt_dma_alloc(f.t, "a", 0x3000, 4096, NVT_DMA_BIDIR, &a, &f.e), 0);
	assert_int_equal(nvt_dma_alloc(f.t, "b", 100, 0x10000, NVT_DMA_BIDIR, &b, &f.e), 0);
	assert_int_equal(a.iova, 0x100000000);
	assert_int_equal(b.iova, 0x100010000);
	assert_int_equal(b.cpu - a.cpu, 0x10000);
	assert_null(a.pages);
	memset(a.cpu, 0xee, a.size);
	/* One large page is the most that is contiguous here. */
	assert_int_equal(nvt_dma_alloc(f.t, "c", 0x200000, 4096, NVT_DMA_BIDIR, &c, &f.e), 0);
	assert_int_equal(nvt_dma_alloc(f.t, "d", 0x200001, 4096, NVT_DMA_BIDIR, &d, &f.e), -NVT_E_NOMEM);
	assert_non_null(strstr(f.e.msg, "no 0x200001 contiguous bytes"));
	assert_string_equal(f.e.seen, "a longest run of 0x200000 bytes");
	assert_non_null(strstr(f.e.hint, "vm.nr_hugepages"));
	/* Given back, and zeroed when it is given out again. */
	nvt_dma_free(f.t, &a);
	nvt_dma_free(f.t, &b);
	assert_int_equal(nvt_dma_alloc(f.t, "a", 0x3000, 4096, NVT_DMA_BIDIR, &a, &f.e), 0);
	assert_int_equal(a.iova, 0x100000000);
	assert_int_equal(a.cpu[0] | a.cpu[0x2fff], 0);
	end(&f); /* a and c go with it */
}

static void test_scattered(void **state)
{
	struct nvt_dma a, b;
	struct fixture f;

	(void)state;
	begin_open(&f, frames_scattered);
	assert_int_equal(nvt_dma_alloc(f.t, "a", 0x201000, 4096, NVT_DMA_TO_DEVICE | NVT_DMA_SCATTERED, &a, &f.e), 0);
	assert_int_equal(nvt_dma_at(&a, 0), 0x200000000);
	assert_int_equal(nvt_dma_at(&a, 0x1234), 0x200000000 - 0x3000 + 0x234);
	assert_int_equal(a.cpu[0x200fff], 0);
	/* A single page is contiguous anywhere. */
	assert_int_equal(nvt_dma_alloc(f.t, "b", 4096, 4096, NVT_DMA_BIDIR, &b, &f.e), 0);
	assert_null(b.pages);
	nvt_dma_free(f.t, &a);
	nvt_dma_free(f.t, &b);
	assert_int_equal(nvt_dma_alloc(f.t, "b", 4097, 4096, NVT_DMA_BIDIR, &b, &f.e), -NVT_E_NOMEM);
	assert_string_equal(f.e.seen, "a longest run of 0x1000 bytes");
	end(&f);
}

static void test_no_frames(void **state)
{
	struct nvt_dma a;
	struct fixture f;

	(void)state;
	begin_open(&f, frames_hidden);
	assert_int_equal(nvt_dma_alloc(f.t, "a", 1, 4096, NVT_DMA_BIDIR, &a, &f.e), -NVT_E_ENV);
	assert_string_equal(f.e.msg, "DMA buffer a of 0x1 bytes: the kernel does not show physical addresses");
	assert_int_equal(nvt_dma_alloc(f.t, "a", SIZE_MAX, 4096, NVT_DMA_BIDIR, &a, &f.e), -NVT_E_BUG);
	end(&f);
}

/* Whether this machine lets us pin depends on limits and seccomp; what it says then is ours. */
static void test_pin(void **state)
{
	struct pci_opts o = { .frames = fake_frames };
	struct fixture f;
	struct nvt_dma a;
	int rc;

	(void)state;
	begin(&f);
	o.sysfs = f.tree.root;
	assert_int_equal(pci_open(&f.ctx, TREE_GPU, &o, &f.t, &f.e), 0);
	rc = nvt_dma_alloc(f.t, "a", 4096, 4096, NVT_DMA_BIDIR, &a, &f.e);
	if (rc) {
		assert_non_null(strstr(f.e.msg, "cannot pin 0x200000 bytes of memory for the device"));
		assert_non_null(strstr(f.e.hint, "kernel.io_uring_disabled=0"));
		assert_int_not_equal(f.e.sys_errno, 0);
	} else {
		a.cpu[4095] = 1;
	}
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_no_device),
		cmocka_unit_test(test_not_a_gpu),
		cmocka_unit_test(test_kernel_driver),
		cmocka_unit_test(test_iommu),
		cmocka_unit_test(test_no_bar),
		cmocka_unit_test(test_in_use),
		cmocka_unit_test(test_dead),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_close_ends_dma),
		cmocka_unit_test(test_bars),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_irq),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_contiguous),
		cmocka_unit_test(test_scattered),
		cmocka_unit_test(test_no_frames),
		cmocka_unit_test(test_pin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
