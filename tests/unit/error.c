/* SPDX-License-Identifier: MIT */
/* The error object: what is kept, what is cut, what NULL does, and the codes' names and exits. */
#include <nvt/error.h>

#include <errno.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_codes(void **state)
{
	static const struct {
		enum nvt_code code;
		const char *name;
		int exit;
	} want[] = {
		{ NVT_OK, "ok", 0 },
		{ NVT_E_USAGE, "usage", 2 },
		{ NVT_E_ENV, "env", 3 },
		{ NVT_E_DATA, "data", 4 },
		{ NVT_E_DEVICE, "device", 5 },
		{ NVT_E_TIMEOUT, "timeout", 6 },
		{ NVT_E_GSP, "gsp", 5 },
		{ NVT_E_NOMEM, "nomem", 3 },
		{ NVT_E_BUG, "bug", 70 },
	};
	unsigned i;

	(void)state;
	assert_int_equal(NVT_ARRAY_SIZE(want), NVT_E__COUNT);
	for (i = 0; i < NVT_ARRAY_SIZE(want); i++) {
		assert_string_equal(nvt_code_name(want[i].code), want[i].name);
		assert_int_equal(nvt_code_exit(want[i].code), want[i].exit);
	}
	assert_string_equal(nvt_code_name(NVT_E__COUNT), "bug");
	assert_int_equal(nvt_code_exit((enum nvt_code)-1), 70);
}

static void test_fail_fills_from_scratch(void **state)
{
	struct nvt_error e;

	(void)state;
	memset(&e, 0x5a, sizeof(e));
	assert_int_equal(nvt_fail(&e, NVT_E_DATA, "size 0x%x", 16), -NVT_E_DATA);
	assert_int_equal(e.code, NVT_E_DATA);
	assert_int_equal(e.sys_errno, 0);
	assert_int_equal(e.nv_status, 0);
	assert_true(e.where == UINT64_MAX);
	assert_string_equal(e.msg, "size 0x10");
	assert_string_equal(e.step, "");
	assert_string_equal(e.reg, "");
	assert_string_equal(e.rpc, "");
	assert_string_equal(e.seen, "");
	assert_string_equal(e.wanted, "");
	assert_string_equal(e.hint, "");
}

static void test_fail_errno(void **state)
{
	struct nvt_error e;

	(void)state;
	assert_int_equal(nvt_fail_errno(&e, NVT_E_ENV, ENOENT, "open %s", "x"), -NVT_E_ENV);
	assert_int_equal(e.sys_errno, ENOENT);
	assert_string_equal(e.msg, "open x: No such file or directory");
}

static void test_during_prepends(void **state)
{
	struct nvt_error e;

	(void)state;
	nvt_fail(&e, NVT_E_DEVICE, "inner");
	e.nv_status = 7;
	assert_int_equal(nvt_during(&e, -NVT_E_DEVICE, "outer %d", 1), -NVT_E_DEVICE);
	assert_string_equal(e.msg, "outer 1: inner");
	assert_int_equal(e.nv_status, 7);
	assert_int_equal(nvt_during(&e, 0, "never"), 0);
	assert_string_equal(e.msg, "outer 1: inner");
}

static void test_long_text_is_cut(void **state)
{
	struct nvt_error e;
	char big[2000];

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	nvt_fail(&e, NVT_E_DATA, "%s", big);
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
	nvt_during(&e, -NVT_E_DATA, "%s", big);
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
	nvt_fail_errno(&e, NVT_E_ENV, EIO, "%s", big);
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
	nvt_err_seen(&e, "%s", big);
	assert_int_equal(strlen(e.seen), sizeof(e.seen) - 1);
	nvt_err_step(&e, big);
	assert_int_equal(strlen(e.step), sizeof(e.step) - 1);
}

static void test_details(void **state)
{
	struct nvt_error e;

	(void)state;
	nvt_fail(&e, NVT_E_TIMEOUT, "m");
	nvt_err_seen(&e, "0x%x", 1);
	nvt_err_wanted(&e, "0x%x", 2);
	nvt_err_hint(&e, "h%d", 3);
	nvt_err_reg(&e, "r%d", 4);
	nvt_err_rpc(&e, "f%d", 5);
	nvt_err_step(&e, "step%d");
	assert_string_equal(e.seen, "0x1");
	assert_string_equal(e.wanted, "0x2");
	assert_string_equal(e.hint, "h3");
	assert_string_equal(e.reg, "r4");
	assert_string_equal(e.rpc, "f5");
	assert_string_equal(e.step, "step%d");
	assert_string_equal(e.msg, "m");
}

static void test_null_object(void **state)
{
	(void)state;
	assert_int_equal(nvt_fail(NULL, NVT_E_BUG, "x"), -NVT_E_BUG);
	assert_int_equal(nvt_fail_errno(NULL, NVT_E_ENV, ENOENT, "x"), -NVT_E_ENV);
	assert_int_equal(nvt_during(NULL, -NVT_E_BUG, "x"), -NVT_E_BUG);
	nvt_err_seen(NULL, "x");
	nvt_err_wanted(NULL, "x");
	nvt_err_hint(NULL, "x");
	nvt_err_reg(NULL, "x");
	nvt_err_rpc(NULL, "x");
	nvt_err_step(NULL, "x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_fail_fills_from_scratch),
		cmocka_unit_test(test_fail_errno),
		cmocka_unit_test(test_during_prepends),
		cmocka_unit_test(test_long_text_is_cut),
		cmocka_unit_test(test_details),
		cmocka_unit_test(test_null_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
