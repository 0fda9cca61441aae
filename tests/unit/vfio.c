/* SPDX-License-Identifier: MIT */
/* The vfio: backend against scripted answers of the kernel, and the allocator of bus addresses. */
#include "transport/vfio.h"

#include "../support/fake_vfio.h"
#include "base/bytes.h"
#include "transport/iova.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define MAP_READ 1u
#define MAP_WRITE 2u
#define BAR0_AT 0x1000000ull /* of the fake's file */

struct fixture {
	struct sysfs_tree tree;
	struct nvt_ctx ctx;
	struct nvt_error e;
	struct nvt_transport *t;
};

static int try_open(struct fixture *f)
{
	const struct vfio_opts opts = { f->tree.root, fake_vfio.dev };

	f->t = NULL;
	return vfio_open(&f->ctx, TREE_GPU, &opts, &f->t, &f->e);
}

static void begin(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	tree_make(&f->tree);
	fake_vfio_make(&f->tree);
}

static void begin_open(struct fixture *f)
{
	begin(f);
	if (try_open(f))
		fail_msg("%s", f->e.msg);
}

static void end(struct fixture *f)
{
	nvt_transport_close(f->t);
	assert_null(f->ctx.clock);
	tree_remove(&f->tree);
}

static void expect_refusal(struct fixture *f, int rc, const char *msg, const char *hint)
{
	assert_int_equal(try_open(f), rc);
	if (!strstr(f->e.msg, msg))
		fail_msg("\"%s\" lacks \"%s\"", f->e.msg, msg);
	if (!strstr(f->e.hint, hint))
		fail_msg("hint \"%s\" lacks \"%s\"", f->e.hint, hint);
	assert_null(f->ctx.clock);
}

static void remove_dev(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/vfio/%s", fake_vfio.dev, name);
	assert_int_equal(unlink(path), 0);
}

/* ---- refusals ---- */

static void test_driver(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	tree_link(&f.tree, TREE_GPU, "driver", "nouveau");
	expect_refusal(&f, -NVT_E_ENV, "0000:01:00.0 is not bound to vfio-pci", "echo 0000:01:00.0 >driver/unbind;");
	assert_non_null(strstr(f.e.hint, "echo vfio-pci >driver_override"));
	assert_non_null(strstr(f.e.hint, "/bus/pci/drivers_probe")); /* whole */
	assert_string_equal(f.e.seen, "nouveau");
	tree_delete(&f.tree, TREE_GPU, "driver");
	expect_refusal(&f, -NVT_E_ENV, "is not bound to vfio-pci", "drivers_probe");
	assert_null(strstr(f.e.hint, "unbind"));
	assert_string_equal(f.e.seen, "no driver");
	end(&f);
}

static void test_no_iommu(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	tree_delete(&f.tree, TREE_GPU, "iommu_group");
	expect_refusal(&f, -NVT_E_ENV, "no IOMMU translates for 0000:01:00.0", "intel_iommu=on");
	end(&f);
}

static void test_no_files(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	remove_dev("13");
	expect_refusal(&f, -NVT_E_ENV, "vfio/13", "CONFIG_VFIO_GROUP");
	remove_dev("vfio");
	expect_refusal(&f, -NVT_E_ENV, "vfio/vfio", "modprobe vfio-pci");
	end(&f);
}

static void test_permission(void **state)
{
	struct fixture f;
	char path[128];

	(void)state;
	begin(&f);
	if (geteuid()) {
		snprintf(path, sizeof(path), "%s/vfio/13", fake_vfio.dev);
		assert_int_equal(chmod(path, 0), 0);
		expect_refusal(&f, -NVT_E_ENV, "vfio/13: Permission denied", "chown $USER");
	} else { /* root opens anything but a folder for writing */
		remove_dev("13");
		snprintf(path, sizeof(path), "%s/vfio/13", fake_vfio.dev);
		assert_int_equal(mkdir(path, 0), 0);
		expect_refusal(&f, -NVT_E_ENV, "vfio/13: Is a directory", "");
	}
	end(&f);
}

static void test_kernel_says_no(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	fake_vfio.not_vfio = true;
	expect_refusal(&f, -NVT_E_ENV, "no type 1 IOMMU", "modprobe vfio_iommu_type1");
	fake_vfio.not_vfio = false;
	fake_vfio.no_type1 = true;
	expect_refusal(&f, -NVT_E_ENV, "no type 1 IOMMU", "modprobe vfio_iommu_type1");
	fake_vfio.no_type1 = false;
	fake_vfio.set_iommu_errno = EPERM;
	expect_refusal(&f, -NVT_E_ENV, "cannot put IOMMU group 13 to work", "allow_unsafe_interrupts=1");
	fake_vfio.set_iommu_errno = 0;
	fake_vfio.no_device = true;
	expect_refusal(&f, -NVT_E_ENV, "VFIO does not open 0000:01:00.0: No such device", "");
	end(&f);
}

static void test_not_viable(void **state)
{
	static const char *const folders[] = { "", "/0000:01:00.0", "/0000:01:00.1" };
	struct fixture f;
	char path[128];
	unsigned i;

	(void)state;
	begin(&f);
	tree_device(&f.tree, "0000:01:00.1", 0x10de, 0x1aef, 0x040300);
	tree_link(&f.tree, "0000:01:00.1", "driver", "snd_hda_intel");
	for (i = 0; i < NVT_ARRAY_SIZE(folders); i++) {
		snprintf(path, sizeof(path), "%s/iommu_group/13/devices%s", f.tree.root, folders[i]);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	fake_vfio.not_viable = true;
	expect_refusal(&f, -NVT_E_ENV, "IOMMU group 13 holds devices that kernel drivers use",
		       "every device of the group");
	assert_string_equal(f.e.seen, "0000:01:00.1 (snd_hda_intel)");
	end(&f);
}

static void test_dead(void **state)
{
	struct fixture f;
	FILE *file;

	(void)state;
	begin(&f);
	file = fopen(fake_vfio.file, "r+");
	assert_non_null(file);
	fseek(file, 4, SEEK_SET);
	fputs("\xff\xff", file);
	fclose(file);
	expect_refusal(&f, -NVT_E_DEVICE, "device fell off the bus", "");
	assert_int_equal(truncate(fake_vfio.file, 2), 0);
	expect_refusal(&f, -NVT_E_DEVICE, "access to 0000:01:00.0 through VFIO", "lspci");
	end(&f);
}

/* ---- accesses ---- */

static void check_accesses(struct fixture *f)
{
	uint8_t raw[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, in[8];
	uint32_t v;

	assert_int_equal(nvt_cfg_rd(f->t, 4, 2, &v, &f->e), 0);
	assert_int_equal(v, 2); /* memory space on */
	assert_int_equal(nvt_wr32(f->t, 0x1458, 0xcafe0123, &f->e), 0);
	assert_int_equal(nvt_rd32(f->t, 0x1458, &v, &f->e), 0);
	assert_int_equal(v, 0xcafe0123);
	fake_vfio_read(BAR0_AT + 0x1458, in, 4);
	assert_int_equal(nvt_le32(in), 0xcafe0123);
	assert_int_equal(nvt_window_wr(f->t, 3, 0x1fffff8, raw, 8, &f->e), 0);
	assert_int_equal(nvt_window_rd(f->t, 3, 0x1fffff8, in, 8, &f->e), 0);
	assert_memory_equal(in, raw, 8);
	assert_int_equal(f->t->ops->mmio_wr(f->t, 3, 0x2000000, 4, 0, &f->e), -NVT_E_USAGE);
	assert_int_equal(f->t->ops->window_rd(f->t, 3, 0x1fffffc, in, 8, &f->e), -NVT_E_USAGE);
}

static void test_accesses(void **state)
{
	struct fixture f;

	(void)state;
	begin_open(&f);
	check_accesses(&f);
	end(&f);
}

static void test_accesses_unmapped(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	fake_vfio.no_mmap = true;
	assert_int_equal(try_open(&f), 0);
	check_accesses(&f);
	end(&f);
}

/* ---- DMA memory ---- */

static void test_dma(void **state)
{
	struct nvt_dma a, b;
	struct fixture f;

	(void)state;
	begin_open(&f);
	assert_int_equal(nvt_dma_alloc(f.t, "a", 5000, 4096, NVT_DMA_TO_DEVICE | NVT_DMA_SCATTERED, &a, &f.e), 0);
	assert_int_equal(nvt_dma_alloc(f.t, "b", 4096, 0x100000, NVT_DMA_BIDIR, &b, &f.e), 0);
	assert_int_equal(fake_vfio.map_count, 2);
	assert_null(a.pages);
	assert_int_equal(a.iova, 0x10000);
	assert_int_equal(fake_vfio.maps[0].iova, a.iova);
	assert_int_equal(fake_vfio.maps[0].vaddr, (uintptr_t)a.cpu);
	assert_int_equal(fake_vfio.maps[0].size, 8192);
	assert_int_equal(fake_vfio.maps[0].flags, MAP_READ);
	assert_int_equal(fake_vfio.maps[1].iova, 0x100000);
	assert_int_equal(fake_vfio.maps[1].flags, MAP_READ | MAP_WRITE);
	nvt_dma_free(f.t, &a);
	assert_int_equal(fake_vfio.map_count, 1);
	/* What the kernel keeps mapped is not handed out again. */
	fake_vfio.unmap_errno = EBUSY;
	nvt_dma_free(f.t, &b);
	assert_int_equal(nvt_dma_alloc(f.t, "b", 4096, 0x100000, NVT_DMA_BIDIR, &b, &f.e), 0);
	assert_int_equal(b.iova, 0x200000);
	end(&f);
}

static void test_dma_refused(void **state)
{
	struct nvt_dma a;
	struct fixture f;

	(void)state;
	begin_open(&f);
	fake_vfio.map_errno = ENOMEM;
	assert_int_equal(nvt_dma_alloc(f.t, "a", 5000, 4096, NVT_DMA_BIDIR, &a, &f.e), -NVT_E_NOMEM);
	assert_non_null(strstr(f.e.hint, "ulimit -l unlimited"));
	fake_vfio.map_errno = EINVAL;
	assert_int_equal(nvt_dma_alloc(f.t, "a", 5000, 4096, NVT_DMA_BIDIR, &a, &f.e), -NVT_E_ENV);
	fake_vfio.map_errno = 0;
	assert_int_equal(nvt_dma_alloc(f.t, "a", 5000, 4096, NVT_DMA_BIDIR, &a, &f.e), 0);
	assert_int_equal(a.iova, 0x10000);
	assert_int_equal(nvt_dma_alloc(f.t, "b", SIZE_MAX, 4096, NVT_DMA_BIDIR, &a, &f.e), -NVT_E_BUG);
	end(&f);
}

/* Which ranges are used, and what happens without a list, or with one that bites its tail. */
static void test_ranges(void **state)
{
	struct nvt_dma a;
	struct fixture f;

	(void)state;
	begin(&f);
	fake_vfio.ranges[1][0] = 0x8000000;
	fake_vfio.ranges[1][1] = 0x8000fff;
	assert_int_equal(try_open(&f), 0);
	assert_int_equal(nvt_dma_alloc(f.t, "a", 4096, 4096, NVT_DMA_BIDIR, &a, &f.e), 0);
	assert_int_equal(a.iova, 0x8000000);
	assert_int_equal(nvt_dma_alloc(f.t, "a", 4096, 4096, NVT_DMA_BIDIR, &a, &f.e), 0);
	assert_int_equal(a.iova, 0xfef00000);
	nvt_transport_close(f.t);
	fake_vfio.range_count = 1;
	fake_vfio.ranges[0][0] = 0x1000;
	fake_vfio.ranges[0][1] = 0x10fff;
	fake_vfio.map_count = 0;
	assert_int_equal(try_open(&f), 0);
	assert_int_equal(nvt_dma_alloc(f.t, "a", 4097, 4096, NVT_DMA_BIDIR, &a, &f.e), -NVT_E_NOMEM);
	assert_non_null(strstr(f.e.msg, "no 0x2000 bus addresses left"));
	nvt_transport_close(f.t);
	fake_vfio.looped_caps = true;
	assert_int_equal(try_open(&f), 0);
	assert_int_equal(nvt_dma_alloc(f.t, "a", 4097, 4096, NVT_DMA_BIDIR, &a, &f.e), 0);
	nvt_transport_close(f.t);
	/* Without a list, too, nothing covers the addresses of interrupts: the next place for these is behind 4 GiB. */
	fake_vfio.no_caps = true;
	fake_vfio.map_count = 0;
	assert_int_equal(try_open(&f), 0);
	assert_int_equal(nvt_dma_alloc(f.t, "a", 0x7ee01000, 0x80000000, NVT_DMA_BIDIR, &a, &f.e), 0);
	assert_int_equal(a.iova, 0x100000000);
	end(&f);
}

/* Random takes and gives against a map of every page. */
static void test_iova(void **state)
{
	static const struct iova_range ranges[] = { { 0x80000, 0x9ffff },
						    { 0x0, 0x2ffff },
						    { UINT64_MAX - 0xffff, UINT64_MAX } };
	static uint8_t used[0xa0];
	struct {
		nvt_iova at;
		unsigned pages;
	} held[64];
	unsigned n = 0, i, k, seed = 1, pages;
	struct iova_space s;
	nvt_iova at;

	(void)state;
	assert_true(iova_init(&s, ranges, 3));
	for (i = 0; i < 20000; i++) {
		seed = seed * 1103515245 + 12345;
		pages = 1 + seed / 65536 % 5;
		if (n < 64 && seed >> 31 && iova_take(&s, pages * 4096ull, 4096ull << (seed >> 28 & 3), &at)) {
			assert_int_equal(at % (4096ull << (seed >> 28 & 3)), 0);
			if (at < 0xa0000) {
				assert_true(at >= 0x10000 && (at + pages * 4096ull <= 0x30000 || at >= 0x80000));
				for (k = 0; k < pages; k++)
					assert_int_equal(used[at / 4096 + k]++, 0);
			} else {
				assert_true(at >= UINT64_MAX - 0xffff && at - 1 + pages * 4096ull <= UINT64_MAX);
			}
			held[n].at = at;
			held[n++].pages = pages;
		} else if (n) {
			k = seed / 65536 % n;
			at = held[k].at;
			pages = held[k].pages;
			held[k] = held[--n];
			assert_true(iova_give(&s, at));
			for (k = 0; at < 0xa0000 && k < pages; k++)
				used[at / 4096 + k]--;
		}
	}
	assert_int_equal(s.used_count, n);
	assert_false(iova_give(&s, 0x12345));
	assert_false(iova_take(&s, 0, 4096, &at));
	assert_false(iova_take(&s, UINT64_MAX, 4096, &at));
	iova_fini(&s);
}

/* ---- interrupt, reset ---- */

static void test_irq(void **state)
{
	struct fixture f;
	uint64_t one = 1;

	(void)state;
	begin_open(&f);
	assert_int_equal(fake_vfio.irq, -1); /* opening leaves it off */
	f.e.code = NVT_OK;
	assert_int_equal(f.t->ops->irq_wait(f.t, 1000, &f.e), -NVT_E_TIMEOUT);
	assert_int_equal(f.e.code, NVT_OK);
	assert_int_equal(write(fake_vfio.irq, &one, 8), 8);
	assert_int_equal(write(fake_vfio.irq, &one, 8), 8);
	assert_int_equal(f.t->ops->irq_wait(f.t, 1000000, &f.e), 0);
	assert_int_equal(f.t->ops->irq_wait(f.t, 0, &f.e), -NVT_E_TIMEOUT);
	end(&f);
	begin_open(&f);
	fake_vfio.irq_errno = EINVAL;
	assert_int_equal(f.t->ops->irq_wait(f.t, 1000, &f.e), -NVT_E_DEVICE);
	assert_non_null(strstr(f.e.msg, "MSI"));
	end(&f);
}

static void test_reset(void **state)
{
	struct fixture f;

	(void)state;
	begin_open(&f);
	assert_int_equal(nvt_transport_reset(f.t, &f.e), 0);
	assert_int_equal(fake_vfio.resets, 1);
	fake_vfio.reset_errno = EINVAL;
	assert_int_equal(nvt_transport_reset(f.t, &f.e), -NVT_E_ENV);
	fake_vfio.reset_errno = ENOTTY;
	assert_int_equal(nvt_transport_reset(f.t, &f.e), -NVT_E_DEVICE);
	assert_non_null(strstr(f.e.hint, "power cycle"));
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_driver),
		cmocka_unit_test(test_no_iommu),
		cmocka_unit_test(test_no_files),
		cmocka_unit_test(test_permission),
		cmocka_unit_test(test_kernel_says_no),
		cmocka_unit_test(test_not_viable),
		cmocka_unit_test(test_dead),
		cmocka_unit_test(test_accesses),
		cmocka_unit_test(test_accesses_unmapped),
		cmocka_unit_test(test_dma),
		cmocka_unit_test(test_dma_refused),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_iova),
		cmocka_unit_test(test_irq),
		cmocka_unit_test(test_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
