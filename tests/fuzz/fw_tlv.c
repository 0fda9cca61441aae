/* SPDX-License-Identifier: MIT */
/* Fuzz target: TLV files; what can be turned into a file for linux-firmware gives the same TLV file again. */
#include <nvt/fw.h>

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static void there_and_back(struct nvt_bytes f, const char *role, const struct nvt_chip *chip)
{
	static const uint8_t some[16];
	struct nvt_bytes image = { some, sizeof(some) };
	struct nvt_fw_out bin, again;
	char version[32];

	if (nvt_tlv_to_bin(role, chip, f, image, &bin, version, NULL))
		return;
	if (nvt_tlv_from_bin(role, chip, version, (struct nvt_bytes){ bin.p, bin.n }, &again, &image, NULL) ||
	    again.n != f.n || memcmp(again.p, f.p, f.n))
		abort();
	free(bin.p);
	free(again.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const roles[] = { "gsp", "bootloader", "booter_load", "gen_bootloader", "fmc" };
	const struct nvt_bytes f = { data, size };
	struct nvt_tlv t;
	unsigned i;

	if (nvt_tlv_parse(f, &t, NULL))
		return 0;
	for (i = 0; i < t.count; i++)
		if (t.blocks[i].off > size || t.blocks[i].size > size - t.blocks[i].off)
			abort();
	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		there_and_back(f, roles[i], nvt_chip_by_name(i % 2 ? "TU102" : "GA102"));
	return 0;
}
