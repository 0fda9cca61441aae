/* SPDX-License-Identifier: MIT */
/* Fuzz target: HS images with header v1; what they name lies where it should. */
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
	struct nvt_hs_v1 h;
	uint32_t i;

	nvt_fw_detect(file);
	if (nvt_hs_v1_parse(file, &h, NULL))
		return 0;
	check(h.bin.data_off, h.bin.data_size, size);
	check((uint64_t)h.sig_dbg_off + h.patch_sig, h.sig_dbg_size, size);
	check((uint64_t)h.sig_prod_off + h.patch_sig, h.sig_prod_size, size);
	check(h.patch_loc, h.sig_prod_size, h.bin.data_size);
	check(h.non_sec_code_off, h.non_sec_code_size, h.bin.data_size);
	check(h.data_dma_base, h.data_size, h.bin.data_size);
	for (i = 0; i < h.app_count; i++)
		check(h.apps[i].off, h.apps[i].size, h.bin.data_size);
	return 0;
}
