/* SPDX-License-Identifier: MIT */
/* Fuzz target: FMC images; their sections lie in the file, and their digests can be taken. */
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
	struct nvt_fmc m;

	nvt_fw_detect(file);
	if (nvt_fmc_parse(file, &m, NULL))
		return 0;
	check(m.hash.off, m.hash.size, size);
	check(m.signature.off, m.signature.size, size);
	check(m.publickey.off, m.publickey.size, size);
	check(m.image.off, m.image.size, size);
	nvt_fmc_check(file, &m, NULL);
	return 0;
}
