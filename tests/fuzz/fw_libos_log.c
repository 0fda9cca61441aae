/* SPDX-License-Identifier: MIT */
/* Fuzz target: LIBOS log buffers; every word that they are said to hold can be read. */
#include <nvt/fw.h>

#include "fuzz.h"

#include <stdlib.h>

static void check(uint64_t off, uint64_t n, uint64_t limit)
{
	if (off > limit || n > limit - off)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nvt_bytes file = { data, size };
	struct nvt_libos_log log;
	uint64_t i;

	nvt_fw_detect(file);
	if (nvt_libos_log_parse(file, &log, NULL))
		return 0;
	check(0, log.count, log.room);
	check(log.first, 0, log.room);
	for (i = 0; i < log.count; i++)
		nvt_libos_log_word(file, &log, i);
	return 0;
}
