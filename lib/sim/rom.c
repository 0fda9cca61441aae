/* SPDX-License-Identifier: MIT */
/* The ROM behind PROM: built, or read from a dump. */
#include "sim/model.h"
#include "sim/vbios_build.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

#define DESC_V3_SIZE 44u

static int build(struct sim *s, struct nvt_error *e)
{
	struct sim_vbios_layout l;
	struct sim_rom *r = &s->rom;

	r->file = calloc(1, SIM_VBIOS_MAX);
	if (!r->file)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for the synthetic VBIOS");
	r->data = r->file;
	r->size = sim_vbios_build(s->opts.chip, s->chip, r->data, &l);
	r->synthetic = true;
	r->imem = r->data + l.ucode_off;
	r->dmem = r->imem + l.imem_size;
	r->imem_size = l.imem_size;
	r->dmem_size = l.dmem_size;
	r->sigs = r->data + l.desc_off + DESC_V3_SIZE;
	r->sig_count = l.signature_count;
	r->sig_versions = s->chip->vbios.signature_versions;
	r->pkc_off = l.pkc_off;
	r->interface_off = l.interface_off;
	r->engine_mask = (uint16_t)s->chip->gsp_engine_mask;
	r->ucode_id = s->chip->vbios.ucode_id;
	return 0;
}

static int take_fwsec(struct sim *s, const struct nvt_vbios *vb, struct nvt_bytes file, struct nvt_error *e)
{
	const struct nvt_fwsec *fs = nvt_vbios_fwsec(vb);
	struct sim_rom *r = &s->rom;

	if (!fs || fs->desc_version != 3)
		return nvt_fail(e, NVT_E_DATA, "the ROM has no production FWSEC with a version 3 descriptor");
	if (!nvt_in_range(fs->ucode_off, (uint64_t)fs->imem_load_size + fs->dmem_load_size, file.n) ||
	    !nvt_in_range(fs->desc_off, DESC_V3_SIZE + (uint64_t)fs->signature_count * s->chip->hs_sig_size, file.n) ||
	    !nvt_in_range(fs->pkc_data_off, s->chip->hs_sig_size, fs->dmem_load_size))
		return nvt_fail(e, NVT_E_DATA, "the ROM's FWSEC does not lie inside the file");
	r->imem = file.p + fs->ucode_off;
	r->dmem = r->imem + fs->imem_load_size;
	r->imem_size = fs->imem_load_size;
	r->dmem_size = fs->dmem_load_size;
	r->imem_virt_base = fs->imem_virt_base;
	r->sigs = file.p + fs->desc_off + DESC_V3_SIZE;
	r->sig_count = fs->signature_count;
	r->sig_versions = fs->signature_versions;
	r->pkc_off = fs->pkc_data_off;
	r->interface_off = fs->interface_off;
	r->engine_mask = fs->engine_id_mask;
	r->ucode_id = fs->ucode_id;
	return 0;
}

static int load(struct sim *s, struct nvt_error *e)
{
	struct nvt_fw_blob blob;
	struct nvt_vbios *vb;
	int rc = nvt_fw_read(s->opts.rom_path, &blob, e);

	if (rc)
		return rc;
	s->rom.file = (uint8_t *)(uintptr_t)blob.data.p;
	vb = calloc(1, sizeof(*vb));
	if (!vb)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for the ROM's tables");
	rc = nvt_vbios_parse(blob.data, vb, e);
	if (!rc) {
		/* On all chips that the model has, PROM begins behind the NVGI prefix of a dump. */
		s->rom.data = s->rom.file + vb->rom_start;
		s->rom.size = (uint32_t)(blob.data.n - vb->rom_start);
		rc = take_fwsec(s, vb, blob.data, e);
	}
	free(vb);
	return nvt_during(e, rc, "%s", s->opts.rom_path);
}

int sim_rom_init(struct sim *s, struct nvt_error *e)
{
	return s->opts.rom_path ? load(s, e) : build(s, e);
}

void sim_rom_fini(struct sim *s)
{
	free(s->rom.file);
	memset(&s->rom, 0, sizeof(s->rom));
}
