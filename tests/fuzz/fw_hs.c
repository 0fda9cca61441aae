/* SPDX-License-Identifier: MIT */
/* Fuzz target: HS images; what they name lies where it should, and any signature is inside the file. */
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
	struct nvt_hs_image h;
	unsigned fuse, index;

	nvt_fw_detect((struct nvt_bytes){ data, size });
	if (nvt_hs_parse((struct nvt_bytes){ data, size }, &h, NULL))
		return 0;
	check(h.bin.data_off, h.bin.data_size, size);
	check(h.os_code_off, h.os_code_size, h.bin.data_size);
	check(h.os_data_off, h.os_data_size, h.bin.data_size);
	check(h.app0_off, h.app0_size, h.bin.data_size);
	check(h.patch_loc, h.sig_each, h.bin.data_size);
	for (fuse = 0; fuse < 33; fuse++)
		if (!nvt_hs_pick_signature(&h, fuse, &index, NULL))
			check((uint64_t)h.sig_off + h.patch_sig + (uint64_t)index * h.sig_each, h.sig_each, size);
	return 0;
}
