/* SPDX-License-Identifier: MIT */
/* Fuzz target: register names as people type them, and the text printed back. */
#include <nvt/regs.h>
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nvt_reg_ref ref;
	char name[256], text[40];
	uint32_t addr;

	if (size >= sizeof(name))
		return 0;
	if (size)
		memcpy(name, data, size);
	name[size] = '\0';
	if (!nvt_reg_find(name, &ref, &addr))
		return 0;
	nvt_reg_format(addr, text, sizeof(text));
	nvt_reg_decode(addr, addr * 2654435761u, text, sizeof(text));
	if (!nvt_reg_at(addr, &ref))
		abort();
	return 0;
}
