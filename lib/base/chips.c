/* SPDX-License-Identifier: MIT */
/* The chip table; its rows are generated from fwdb/chips.json. */
#include <nvt/chips.h>

#include <strings.h>

const struct nvt_chip nvt_chips[] = {
#include "base/chips_gen.inc"
};
const unsigned nvt_chip_count = NVT_ARRAY_SIZE(nvt_chips);

const struct nvt_chip *nvt_chip_by_name(const char *name)
{
	unsigned i;

	for (i = 0; i < nvt_chip_count; i++)
		if (!strcasecmp(nvt_chips[i].name, name))
			return &nvt_chips[i];
	return NULL;
}

const struct nvt_chip *nvt_chip_by_boot42(uint32_t boot_42)
{
	unsigned arch = boot_42 >> 24 & 0x3f, impl = boot_42 >> 20 & 0xf, i;

	for (i = 0; i < nvt_chip_count; i++)
		if (nvt_chips[i].arch == arch && nvt_chips[i].impl == impl)
			return &nvt_chips[i];
	return NULL;
}
