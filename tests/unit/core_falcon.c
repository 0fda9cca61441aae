/* SPDX-License-Identifier: MIT */
/* The GA102 falcon, access by access, against the sequences that nouveau, nova-core and OGKM
 * perform. */
#include "core/falcon.h"
#include "regs/regs_const.h"
#include "../support/fake_transport.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define BASE NVT_BASE_SEC2_PFALCON
#define BASE2 NVT_BASE_SEC2_PFALCON2
#define READY_SCRUBBED 0x80000400u
#define BOOT_0 0xb72000a1u

static const struct falcon_unit unit = { "SEC2", BASE, BASE2, NVT_BASE_SEC2_PRISCV };

struct fixture {
	struct fake_device dev;
	struct nvt_dma mem;
	struct nvt_error e;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fake_device_init(&f->dev);
	f->dev.next_iova = 0x1234500000000;
	assert_int_equal(
		nvt_dma_alloc(&f->dev.t, "image", 0x2000, 0x1000, NVT_DMA_TO_DEVICE, &f->mem, NULL),
		0);
	fake_device_set(&f->dev, BASE + 0xf4, READY_SCRUBBED);
	fake_device_set(&f->dev, BASE + 0x118, 2); /* idle; overwritten by commands */
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	nvt_dma_free(&f->dev.t, &f->mem);
	assert_int_equal(f->dev.dma_live, 0);
	free(f);
	return 0;
}

static void expect_log(const struct fixture *f, const struct fake_access *want, unsigned n)
{
	unsigned i;

	for (i = 0; i < n && i < f->dev.log_count; i++) {
		assert_int_equal(f->dev.log[i].off, want[i].off);
		assert_int_equal(f->dev.log[i].write, want[i].write);
		if (want[i].write)
			assert_int_equal(f->dev.log[i].val, want[i].val);
	}
	assert_int_equal(f->dev.log_count, n);
}

#define R(off)                                                                                     \
	{                                                                                          \
		false, off, 0                                                                      \
	}
#define W(off, val)                                                                                \
	{                                                                                          \
		true, off, val                                                                     \
	}

static void test_reset_to_falcon(void **state)
{
	static const struct fake_access want[] = {
		R(BASE + 0xf4), W(BASE + 0x3c0, 1), W(BASE + 0x3c0, 0),
		R(BASE + 0xf4), R(BASE2 + 0x668),   W(BASE + 0x84, BOOT_0),
	};
	struct fixture *f = *state;

	assert_int_equal(falcon_ga102.reset(&f->dev.t, &unit, FALCON_CORE_FALCON, BOOT_0, &f->e),
			 0);
	expect_log(f, want, NVT_ARRAY_SIZE(want));
}

static void test_reset_switches_a_riscv_back(void **state)
{
	static const struct fake_access want[] = {
		R(BASE + 0xf4),   W(BASE + 0x3c0, 1),  W(BASE + 0x3c0, 0), R(BASE + 0xf4),
		R(BASE2 + 0x668), W(BASE2 + 0x668, 0), R(BASE2 + 0x668),
	};
	struct fixture *f = *state;

	/* the plain register never shows VALID */
	fake_device_set(&f->dev, BASE2 + 0x668, 0x111);
	assert_int_equal(falcon_ga102.reset(&f->dev.t, &unit, FALCON_CORE_FALCON, BOOT_0, &f->e),
			 -NVT_E_TIMEOUT);
	f->dev.log_count = NVT_ARRAY_SIZE(want);
	expect_log(f, want, NVT_ARRAY_SIZE(want));
	assert_true(f->e.hint[0]);
}

static void test_reset_into_riscv(void **state)
{
	static const struct fake_access want[] = {
		R(BASE + 0xf4), W(BASE + 0x3c0, 1),      W(BASE + 0x3c0, 0),
		R(BASE + 0xf4), W(BASE2 + 0x668, 0x111),
	};
	struct fixture *f = *state;

	assert_int_equal(falcon_ga102.reset(&f->dev.t, &unit, FALCON_CORE_RISCV, BOOT_0, &f->e), 0);
	expect_log(f, want, NVT_ARRAY_SIZE(want));
}

/* RESET_READY that never comes is no error: hardware is known to leave it out. */
static void test_reset_without_ready(void **state)
{
	struct fixture *f = *state;

	fake_device_set(&f->dev, BASE + 0xf4, 0);
	assert_int_equal(falcon_ga102.reset(&f->dev.t, &unit, FALCON_CORE_FALCON, BOOT_0, &f->e),
			 0);
	assert_true(f->dev.now_ns >= 150000 && f->dev.now_ns < 1000000);
}

static void test_reset_never_scrubbed(void **state)
{
	struct fixture *f = *state;

	fake_device_set(&f->dev, BASE + 0xf4, READY_SCRUBBED | 1u << 12);
	assert_int_equal(falcon_ga102.reset(&f->dev.t, &unit, FALCON_CORE_FALCON, BOOT_0, &f->e),
			 -NVT_E_TIMEOUT);
	assert_non_null(strstr(f->e.seen, "MEM_SCRUBBING"));
}

/*
 * An image as the booter's: code at 0x100 runs at IMEM 0 under tag 0x100; data at 0x300 goes to
 * DMEM 0. The base of the code transfer is the image's start, so that FBOFFS gives the tag.
 */
static struct falcon_image booter_image(const struct fixture *f)
{
	return (struct falcon_image){
		.name = "booter",
		.mem = &f->mem,
		.imem = { .src = 0x100, .size = 0x200, .dst = 0, .tag = 0x100 },
		.dmem = { .src = 0x300, .size = 0x80, .dst = 0 },
		.boot_vector = 0x100,
		.signature = 0x10,
		.engine_mask = 1,
		.ucode_id = 3,
	};
}

/* A plain register keeps the command as written: IDLE never shows, the first block is as far as it
 * goes. */
static void test_load_code(void **state)
{
	static const struct fake_access want[] = {
		R(BASE + 0x624),        W(BASE + 0x624, 0x80), W(BASE + 0x10c, 0),
		R(BASE + 0x600),        W(BASE + 0x600, 5),    W(BASE + 0x110, 0x45000000),
		W(BASE + 0x128, 0x123), W(BASE + 0x114, 0),    W(BASE + 0x11c, 0x100),
		W(BASE + 0x118, 0x614), R(BASE + 0x118),
	};
	struct fixture *f = *state;
	const struct falcon_image img = booter_image(f);

	assert_int_equal(falcon_ga102.load(&f->dev.t, &unit, &img, &f->e), -NVT_E_TIMEOUT);
	assert_false(f->dev.t.loading);
	f->dev.log_count = NVT_ARRAY_SIZE(want);
	expect_log(f, want, NVT_ARRAY_SIZE(want));
}

static void finish_transfer(struct fake_device *d, void *arg)
{
	(void)arg;
	fake_device_set(d, BASE + 0x118, 2);
}

/* The last block of DMEM is rounded up: the engine moves 256 bytes at a time. */
static void test_load_all_blocks(void **state)
{
	static const struct {
		uint32_t dst, src, cmd;
	} want[] = { { 0, 0x100, 0x614 }, { 0x100, 0x200, 0x614 }, { 0, 0, 0x600 } };
	struct fixture *f = *state;
	const struct falcon_image img = booter_image(f);
	unsigned i, at = 0;

	f->dev.on_sleep = finish_transfer;
	assert_int_equal(falcon_ga102.load(&f->dev.t, &unit, &img, &f->e), 0);
	for (i = 0; i < f->dev.log_count; i++) {
		const struct fake_access *a = &f->dev.log[i];

		if (!a->write || a->off != BASE + 0x118)
			continue;
		assert_true(at < NVT_ARRAY_SIZE(want));
		assert_int_equal(f->dev.log[i - 2].val, want[at].dst);
		assert_int_equal(f->dev.log[i - 1].val, want[at].src);
		assert_int_equal(a->val, want[at].cmd);
		at++;
	}
	assert_int_equal(at, NVT_ARRAY_SIZE(want));
	assert_int_equal(fake_device_get(&f->dev, BASE + 0x110), 0x45000003);
}

static void test_load_outside_the_image(void **state)
{
	struct fixture *f = *state;
	struct falcon_image img = booter_image(f);

	img.dmem.src = 0x1f80;
	img.dmem.size = 0x100;
	assert_int_equal(falcon_ga102.load(&f->dev.t, &unit, &img, &f->e), -NVT_E_DATA);
	img = booter_image(f);
	img.imem.size = 0xffffffff;
	assert_int_equal(falcon_ga102.load(&f->dev.t, &unit, &img, &f->e), -NVT_E_DATA);
	assert_int_equal(f->dev.log_count, 0);
}

static void test_boot_rom(void **state)
{
	static const struct fake_access want[] = {
		W(BASE2 + 0x210, 0x10),
		W(BASE2 + 0x19c, 1),
		W(BASE2 + 0x198, 3),
		W(BASE2 + 0x180, 1),
	};
	struct fixture *f = *state;
	const struct falcon_image img = booter_image(f);

	assert_int_equal(falcon_ga102.set_boot_rom(&f->dev.t, &unit, &img, &f->e), 0);
	expect_log(f, want, NVT_ARRAY_SIZE(want));
}

static void test_start_through_the_alias(void **state)
{
	static const struct fake_access plain[] = { R(BASE + 0x100), W(BASE + 0x100, 2) };
	static const struct fake_access alias[] = { R(BASE + 0x100), W(BASE + 0x130, 2) };
	struct fixture *f = *state;

	fake_device_set(&f->dev, BASE + 0x100, 0x10);
	assert_int_equal(falcon_start(&f->dev.t, &unit, &f->e), 0);
	expect_log(f, plain, 2);
	f->dev.log_count = 0;
	fake_device_set(&f->dev, BASE + 0x100, 0x50);
	assert_int_equal(falcon_start(&f->dev.t, &unit, &f->e), 0);
	expect_log(f, alias, 2);
}

static void test_mailbox_codes(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(falcon_expect_mailbox0_clear(&f->dev.t, &unit, "success", &f->e), 0);
	fake_device_set(&f->dev, BASE + 0x40, 0x31);
	assert_int_equal(falcon_expect_mailbox0_clear(&f->dev.t, &unit, "success", &f->e),
			 -NVT_E_DEVICE);
	assert_non_null(strstr(f->e.hint, "TU117"));
	assert_non_null(strstr(f->e.reg, "SEC2"));
	fake_device_set(&f->dev, BASE + 0x40, 0x77);
	assert_int_equal(falcon_expect_mailbox0_clear(&f->dev.t, &unit, "success", &f->e),
			 -NVT_E_DEVICE);
	assert_non_null(strstr(f->e.hint, "0x77"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reset_to_falcon),
		TEST(test_reset_switches_a_riscv_back),
		TEST(test_reset_into_riscv),
		TEST(test_reset_without_ready),
		TEST(test_reset_never_scrubbed),
		TEST(test_load_code),
		TEST(test_load_all_blocks),
		TEST(test_load_outside_the_image),
		TEST(test_boot_rom),
		TEST(test_start_through_the_alias),
		TEST(test_mailbox_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
