/* SPDX-License-Identifier: MIT */
/* The registry table on the wire, byte by byte. */
#include "core/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct nvt_rel rel(void)
{
	struct nvt_rel r;

	assert_true(nvt_rel_find(nvt_abi_builtin(), "570.144", &r));
	return r;
}

/* 0x75 bytes with the three default keys: the size that nova's log of a real GPU shows. */
static const uint8_t defaults[0x75 + 1] = "\x75\0\0\0\3\0\0\0"
					  "\x38\0\0\0\1\0\0\0\1\0\0\0\4\0\0\0"
					  "\x4c\0\0\0\1\0\0\0\1\0\0\0\4\0\0\0"
					  "\x62\0\0\0\1\0\0\0\1\0\0\0\4\0\0\0"
					  "RMSecBusResetEnable\0"
					  "RMForcePcieConfigSave\0"
					  "RMDevidCheckIgnore\0";

static void test_defaults(void **state)
{
	uint8_t buf[256];
	struct registry reg;
	size_t n;

	(void)state;
	assert_int_equal(registry_merge(NULL, 0, &reg, NULL), 0);
	assert_int_equal(registry_pack(&reg, rel(), buf, sizeof(buf), &n, NULL), 0);
	assert_int_equal(n, 0x75);
	assert_memory_equal(buf, defaults, 0x75);
}

static void test_override_and_addition(void **state)
{
	const struct nvt_registry_entry extra[] = { { "RMDevidCheckIgnore", 0 },
						    { "RmFoo", 0xdeadbeef } };
	uint8_t buf[256];
	struct registry reg;
	size_t n;

	(void)state;
	assert_int_equal(registry_merge(extra, 2, &reg, NULL), 0);
	assert_int_equal(reg.count, 4);
	assert_int_equal(reg.entries[2].value, 0);
	assert_int_equal(registry_pack(&reg, rel(), buf, sizeof(buf), &n, NULL), 0);
	assert_int_equal(n, 0x75 + 16 + 6);
	assert_memory_equal(buf + 8 + 3 * 16 + 8, "\xef\xbe\xad\xde\4\0\0\0", 8);
	assert_string_equal((const char *)buf + n - 6, "RmFoo");
}

static void test_limits(void **state)
{
	struct nvt_registry_entry extra[NVT_REGISTRY_MAX + 1] = { { "", 0 } };
	struct registry reg;
	uint8_t buf[4096];
	unsigned i;
	size_t n;

	(void)state;
	assert_int_equal(registry_merge(extra, 1, &reg, NULL), -NVT_E_USAGE);
	for (i = 0; i <= NVT_REGISTRY_MAX; i++)
		snprintf(extra[i].key, sizeof(extra[i].key), "%060u", i);
	assert_int_equal(registry_merge(extra, NVT_REGISTRY_MAX + 1, &reg, NULL), -NVT_E_USAGE);
	assert_int_equal(registry_merge(extra, NVT_REGISTRY_MAX, &reg, NULL), 0);
	assert_int_equal(registry_pack(&reg, rel(), buf, sizeof(buf), &n, NULL), 0);
	assert_int_equal(registry_pack(&reg, rel(), buf, n - 1, &n, NULL), -NVT_E_BUG);
	memset(extra[0].key, 'x', sizeof(extra[0].key));
	assert_int_equal(registry_merge(extra, 1, &reg, NULL), -NVT_E_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_override_and_addition),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
