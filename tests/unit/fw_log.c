/* SPDX-License-Identifier: MIT */
/* LIBOS log buffers: counter, ring, page addresses. */
#include "fw_build.h"

#include "base/bytes.h"

#include <string.h>

#define ROOM 511u

static void build(struct fw_image *img, uint64_t put, unsigned words)
{
	unsigned i;

	memset(img, 0, sizeof(*img));
	nvt_put_le64(img->b, put);
	for (i = 0; i < words; i++)
		nvt_put_le64(img->b + 8 + 8 * (size_t)i, 0x100 + i);
	img->n = 4096;
}

static void fresh(void **state)
{
	static struct fw_image img;
	struct nvt_libos_log log;

	(void)state;
	build(&img, 0, 0);
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_UNKNOWN);
	img.n = 8192;
	nvt_put_le64(img.b + 8, 0x1000);
	nvt_put_le64(img.b + 16, 0x7000);
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_LIBOS_LOG);
	assert_int_equal(nvt_libos_log_parse(fw_bytes(&img), &log, NULL), 0);
	assert_int_equal(log.pages, 2);
	assert_int_equal(log.room, 1023);
	assert_int_equal(log.count, 0);
	assert_int_equal(log.newest_time, 0);
	nvt_put_le64(img.b + 16, 0x7008);
	assert_int_equal(nvt_libos_log_parse(fw_bytes(&img), &log, NULL), 0);
	assert_int_equal(log.pages, 0);
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_UNKNOWN);
}

static void filling(void **state)
{
	static struct fw_image img;
	struct nvt_libos_log log;

	(void)state;
	build(&img, 5, 5);
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_LIBOS_LOG);
	assert_int_equal(nvt_libos_log_parse(fw_bytes(&img), &log, NULL), 0);
	assert_int_equal(log.put, 5);
	assert_int_equal(log.count, 5);
	assert_int_equal(log.first, 0);
	assert_int_equal(log.newest_time, 0x104);
	assert_int_equal(nvt_libos_log_word(fw_bytes(&img), &log, 0), 0x100);
	/* something behind the newest word: no log */
	img.b[8 + 8 * 5] = 1;
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_UNKNOWN);
}

/* Exactly full, and one word further. */
static void wrapping(void **state)
{
	static struct fw_image img;
	struct nvt_libos_log log;

	(void)state;
	build(&img, ROOM, ROOM);
	assert_int_equal(nvt_libos_log_parse(fw_bytes(&img), &log, NULL), 0);
	assert_int_equal(log.count, ROOM);
	assert_int_equal(log.first, 0);
	assert_int_equal(log.newest_time, 0x100 + ROOM - 1);
	build(&img, ROOM + 1, ROOM);
	assert_int_equal(nvt_libos_log_parse(fw_bytes(&img), &log, NULL), 0);
	assert_int_equal(log.count, ROOM);
	assert_int_equal(log.first, 1);
	assert_int_equal(nvt_libos_log_word(fw_bytes(&img), &log, 0), 0x101);
	assert_int_equal(log.newest_time, 0x100);
	build(&img, UINT64_MAX, ROOM);
	assert_int_equal(nvt_libos_log_parse(fw_bytes(&img), &log, NULL), 0);
	assert_int_equal(log.first, UINT64_MAX % ROOM);
}

static void refusals(void **state)
{
	static struct fw_image img;
	struct nvt_libos_log log;
	struct nvt_error e;

	(void)state;
	build(&img, 1, 1);
	assert_int_equal(nvt_libos_log_parse(fw_bytes(&img), &log, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "put pointer is 0x1, not 0 or at least 2");
	img.n = 4095;
	assert_int_equal(nvt_libos_log_parse(fw_bytes(&img), &log, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "size of the log buffer is 0xfff, not made of 4 KiB pages");
	img.n = 0;
	assert_int_equal(nvt_libos_log_parse(fw_bytes(&img), &log, &e), -NVT_E_DATA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fresh),
		cmocka_unit_test(filling),
		cmocka_unit_test(wrapping),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
