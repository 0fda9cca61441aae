/* SPDX-License-Identifier: MIT */
/* What status says of devices: chips without a bring-up path, chips that nobody knows, dead ones. */
#include "core/gpu.h"
#include "../support/fake_transport.h"
#include "regs/regs_const.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

struct fixture {
	struct fake_device dev;
	struct nvt_gpu *gpu;
	struct nvt_gpu_status st;
	struct nvt_error e;
};

static int status_of(struct fixture *f, uint32_t boot_0, uint32_t boot_42)
{
	struct gpu_env env = { .uri = "pci:0000:01:00.0" };
	int rc;

	memset(f, 0, sizeof(*f));
	fake_device_init(&f->dev);
	f->dev.t.pci = (struct nvt_pci_info){ .bus = 1, .device = 0x1234, .boot_vga = true, .bar[0].size = 0x1000000 };
	fake_device_set(&f->dev, NV_PMC_BOOT_0, boot_0);
	fake_device_set(&f->dev, NV_PMC_BOOT_42, boot_42);
	env.ctx = &f->dev.ctx;
	env.t = &f->dev.t;
	assert_int_equal(gpu_new(&env, &f->gpu, &f->e), 0);
	rc = nvt_gpu_status(f->gpu, &f->st, &f->e);
	gpu_free(f->gpu);
	return rc;
}

static void test_unknown_chip(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(status_of(&f, 0x1f2000a1, 0x1f2a1000), -NVT_E_ENV);
	assert_string_equal(f.e.msg, "this chip is not in the chip table");
	assert_string_equal(f.e.seen, "0x1f2a1000");
	assert_non_null(strstr(f.e.hint, "nvtool chips"));
	assert_non_null(strstr(f.e.reg, "NV_PMC_BOOT_42"));
}

/* Its identity is all that can be said. */
static void test_no_bring_up(void **state)
{
	const struct nvt_chip *chip;
	unsigned seen = 0;
	struct fixture f;

	(void)state;
	for (chip = nvt_chips; chip < nvt_chips + nvt_chip_count; chip++) {
		if (nvt_chip_tested(chip))
			continue;
		seen++;
		assert_int_equal(status_of(&f, chip->boot_0, chip->boot_42), 0);
		assert_string_equal(f.st.chip->name, chip->name);
		assert_string_equal(f.st.bdf, "0000:01:00.0");
		assert_int_equal(f.st.pci_device, 0x1234);
		assert_true(f.st.boot_display);
		assert_int_equal(f.st.vram_size, 0);
		assert_int_equal(f.dev.log_count, 2); /* two reads, no write */
	}
	assert_true(seen > 0);
}

static void test_dead(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(status_of(&f, 0xffffffff, 0xffffffff), -NVT_E_DEVICE);
	assert_non_null(strstr(f.e.msg, "device fell off the bus"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown_chip),
		cmocka_unit_test(test_no_bring_up),
		cmocka_unit_test(test_dead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
