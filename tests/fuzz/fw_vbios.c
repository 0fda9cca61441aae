/* SPDX-License-Identifier: MIT */
/* Fuzz target: VBIOS, then a FWSEC run prepared from it; read whole and piece by piece. */
#include <nvt/fw.h>

#include "fuzz.h"

#include <stdlib.h>

/* A reader that fetches what it is told to needs no more steps than there are bytes. */
static void read_by_pieces(const uint8_t *data, size_t size)
{
	size_t have = 0, need;

	for (;;) {
		need = nvt_vbios_need((struct nvt_bytes){ data, have });
		if (!need || need > size)
			return;
		if (need <= have)
			abort();
		have = need;
	}
}

static void prepare(struct nvt_bytes rom, const struct nvt_fwsec *fs)
{
	uint8_t *ucode = malloc(fs->stored_size);
	struct nvt_fwsec_interface in;
	unsigned index;
	size_t i;

	if (!ucode)
		return;
	for (i = 0; i < fs->stored_size; i++)
		ucode[i] = rom.p[fs->ucode_off + i];
	if (!nvt_fwsec_pick_signature(fs, 1, &index, NULL)) {
		nvt_fwsec_prepare(rom, fs, ucode, fs->stored_size, NVT_FWSEC_FRTS, 0x1000, 0x100000, index, NULL);
		nvt_fwsec_prepare(rom, fs, ucode, fs->stored_size, NVT_FWSEC_SB, 0, 0, index, NULL);
	}
	nvt_fwsec_interface((struct nvt_bytes){ ucode, fs->stored_size }, fs, &in, NULL);
	free(ucode);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nvt_bytes rom = { data, size };
	static struct nvt_vbios vb;
	unsigned i;
	int rc;

	read_by_pieces(data, size);
	nvt_fw_detect(rom);
	rc = nvt_vbios_parse(rom, &vb, NULL);
	if (!rc && nvt_vbios_need(rom))
		abort();
	/* also what is told in spite of an error lies in the ROM */
	for (i = 0; i < vb.image_count; i++)
		if (vb.images[i].offset > size || vb.images[i].length > size - vb.images[i].offset)
			abort();
	if (vb.flash.second_bank > size)
		abort();
	for (i = 0; i < vb.fwsec_count; i++)
		prepare(rom, &vb.fwsec[i]);
	return 0;
}
