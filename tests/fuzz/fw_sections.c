/* SPDX-License-Identifier: MIT */
/* Fuzz target: the parts of any image, and those that manifests list; all lie in the file. */
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
	struct nvt_fw_section sections[NVT_FW_SECTIONS];
	struct nvt_fw_part parts[NVT_FW_PARTS];
	const char *role;
	unsigned count, i, k;

	if (!nvt_fw_sections(file, sections, &count, NULL))
		for (i = 0; i < count; i++)
			check(sections[i].off, sections[i].size, size);
	for (k = 0; (role = nvt_fw_role(k)); k++)
		if (!nvt_fw_parts(file, role, parts, &count, NULL))
			for (i = 0; i < count; i++)
				check(parts[i].off, parts[i].size, size);
	return 0;
}
