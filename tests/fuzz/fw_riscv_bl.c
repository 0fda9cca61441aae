/* SPDX-License-Identifier: MIT */
/* Fuzz target: the RISC-V bootloader; its parts lie in its data. */
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
	struct nvt_riscv_bl r;

	if (nvt_riscv_bl_parse((struct nvt_bytes){ data, size }, &r, NULL))
		return 0;
	check(r.bin.data_off, r.bin.data_size, size);
	check(r.manifest_off, r.manifest_size, r.bin.data_size);
	check(r.monitor_code_off, r.monitor_code_size, r.bin.data_size);
	check(r.monitor_data_off, r.monitor_data_size, r.bin.data_size);
	return 0;
}
