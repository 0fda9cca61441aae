/* SPDX-License-Identifier: MIT */
/* Fuzz target: the generic falcon bootloader; its parts lie in its data. */
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
	struct nvt_falcon_bl b;

	nvt_fw_detect(file);
	if (nvt_falcon_bl_parse(file, &b, NULL))
		return 0;
	check(b.bin.data_off, b.bin.data_size, size);
	check(b.code_off, b.code_size, b.bin.data_size);
	check(b.data_off, b.data_size, b.bin.data_size);
	return 0;
}
