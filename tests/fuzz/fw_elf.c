/* SPDX-License-Identifier: MIT */
/* Fuzz target: the GSP-RM image; what it names lies in the file. */
#include <nvt/fw.h>

#include "fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nvt_bytes file = { data, size };
	struct nvt_gsp_elf elf;
	unsigned i;

	if (nvt_gsp_elf_parse(file, &elf, NULL))
		return 0;
	for (i = 0; i < elf.section_count; i++)
		if (elf.sections[i].off > size || elf.sections[i].size > size - elf.sections[i].off)
			abort();
	if (!elf.image->size || nvt_fw_detect(file) != NVT_FW_GSP_ELF)
		abort();
	return 0;
}
