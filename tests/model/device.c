/* SPDX-License-Identifier: MIT */
/* The device model with synthetic firmware, as the tests of this folder use it. */
#include "device.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

struct nvt_gpu *device_open(const char *uri)
{
	return device_open_release("release", uri);
}

struct nvt_gpu *device_open_release(const char *folder, const char *uri)
{
	const char *build = getenv("top_builddir");
	char fwdb[512], firmware[512];
	const struct nvt_open_opts opts = { .uri = uri,
					    .fwdb_dir = fwdb,
					    .firmware_dir = firmware };
	struct nvt_gpu *gpu;
	struct nvt_error e;

	snprintf(fwdb, sizeof(fwdb), "%s/tests/model/%s/fwdb", build ? build : ".", folder);
	snprintf(firmware, sizeof(firmware), "%s/tests/model/%s/firmware", build ? build : ".",
		 folder);
	if (nvt_gpu_open(&opts, &gpu, &e))
		fail_msg("%s: %s", uri, e.msg);
	return gpu;
}

void device_close(struct nvt_gpu *gpu)
{
	static struct nvt_sim_report report;
	unsigned i;

	assert_true(nvt_gpu_sim_report(gpu, &report));
	for (i = 0; i < report.violations_n; i++)
		print_error("%s: %s, seen %s, wanted %s\n", report.violations[i].rule,
			    report.violations[i].text, report.violations[i].seen,
			    report.violations[i].wanted);
	assert_int_equal(report.violation_count, 0);
	assert_int_equal(nvt_gpu_close(gpu, NULL), 0);
}
