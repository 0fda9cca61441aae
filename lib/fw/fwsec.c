/* SPDX-License-Identifier: MIT */
/*
 * FWSEC, the falcon program of the VBIOS that carves out WPR2: its descriptor in versions 2 (Turing) and 3
 * (GA102 and later), the interface through which it takes a command, and its signatures.
 */
#include "fw/fwsec.h"

#include "base/bytes.h"
#include "fw/check.h"

#include <inttypes.h>
#include <string.h>

#define V2_SIZE 60u
#define V3_SIZE 44u
#define SIGNATURE 384u
#define APPIF_DMEMMAPPER 4u
#define DMAP 0x50414d44u
#define DMAP_SIZE 0x40u
#define DMAP_CMD_OFF 0x08u
#define DMAP_CMD_SIZE 0x0cu
#define DMAP_INIT_CMD 0x2cu
#define READ_VBIOS_SIZE 24u
#define FRTS_SIZE 20u
#define FRTS_MEDIA_FB 2u

static int parse_v2(struct nvt_bytes rom, struct nvt_fwsec *f, struct nvt_error *e)
{
	const uint8_t *p = rom.p + f->desc_off;
	uint64_t off;
	int rc;

	f->stored_size = nvt_le32(p + 0x04);
	f->interface_off = nvt_le32(p + 0x10);
	f->imem_phys_base = nvt_le32(p + 0x14);
	f->imem_load_size = nvt_le32(p + 0x18);
	f->imem_virt_base = nvt_le32(p + 0x1c);
	f->imem_sec_base = nvt_le32(p + 0x20);
	f->imem_sec_size = nvt_le32(p + 0x24);
	f->dmem_off = nvt_le32(p + 0x28);
	f->dmem_phys_base = nvt_le32(p + 0x2c);
	f->dmem_load_size = nvt_le32(p + 0x30);
	/* Drivers disagree on which of the two the data begins at; every published ROM has them equal. */
	if (f->dmem_off != f->imem_load_size)
		return nvt_fw_bad_field(e, "DMEMOffset", f->desc_off + 0x28, f->dmem_off, f->imem_load_size);
	if (f->imem_sec_base < f->imem_virt_base)
		return nvt_fw_bad_value(e, "IMEMSecBase", f->desc_off + 0x20, f->imem_sec_base,
					"at least IMEMVirtBase");
	off = f->imem_sec_base - f->imem_virt_base;
	rc = nvt_fw_check_range(e, "secure IMEM part", f->desc_off + 0x20, off, f->imem_sec_size, "IMEM part",
				f->imem_load_size);
	return rc;
}

static int parse_v3(struct nvt_bytes rom, struct nvt_fwsec *f, struct nvt_error *e)
{
	const uint8_t *p = rom.p + f->desc_off;

	f->stored_size = nvt_le32(p + 0x04);
	f->pkc_data_off = nvt_le32(p + 0x08);
	f->interface_off = nvt_le32(p + 0x0c);
	f->imem_phys_base = nvt_le32(p + 0x10);
	f->imem_load_size = nvt_le32(p + 0x14);
	f->imem_virt_base = nvt_le32(p + 0x18);
	f->dmem_phys_base = nvt_le32(p + 0x1c);
	f->dmem_load_size = nvt_le32(p + 0x20);
	f->engine_id_mask = nvt_le16(p + 0x24);
	f->ucode_id = p[0x26];
	f->signature_count = p[0x27];
	f->signature_versions = nvt_le16(p + 0x28);
	f->signature_off = f->desc_off + V3_SIZE;
	f->dmem_off = f->imem_load_size;
	if (f->desc_size < V3_SIZE + f->signature_count * SIGNATURE)
		return nvt_fw_bad_value(e, "FWSEC descriptor size", f->desc_off + 2, f->desc_size,
					"44 and 384 for each signature");
	return nvt_fw_check_range(e, "signature area", f->desc_off + 0x08, f->pkc_data_off, SIGNATURE,
				  "DMEM part", f->dmem_load_size);
}

static int parse_header(struct nvt_bytes rom, struct nvt_fwsec *f, struct nvt_error *e)
{
	uint32_t header = nvt_le32(rom.p + f->desc_off), least;

	if (!(header & 1))
		return nvt_fw_bad_value(e, "FWSEC descriptor header", f->desc_off, header,
					"one with its version bit set");
	f->desc_version = header >> 8 & 0xff;
	f->desc_size = header >> 16;
	if (f->desc_version != 2 && f->desc_version != 3)
		return nvt_fw_bad_value(e, "FWSEC descriptor version", f->desc_off + 1, f->desc_version, "2 or 3");
	least = f->desc_version == 2 ? V2_SIZE : V3_SIZE;
	if (f->desc_size < least)
		return nvt_fw_bad_value(e, "FWSEC descriptor size", f->desc_off + 2, f->desc_size,
					least == V2_SIZE ? "at least 60" : "at least 44");
	if (!nvt_in_range(f->desc_off, f->desc_size, rom.n))
		return nvt_fw_truncated(e, "FWSEC descriptor", f->desc_off, f->desc_size, rom.n);
	f->ucode_off = f->desc_off + f->desc_size;
	return 0;
}

int nvt_fwsec_parse_desc(struct nvt_bytes rom, uint64_t off, struct nvt_fwsec *ret, struct nvt_error *e)
{
	uint64_t parts;
	int rc;

	memset(ret, 0, sizeof(*ret));
	if (off > UINT32_MAX || !nvt_in_range(off, 4, rom.n))
		return nvt_fw_truncated(e, "FWSEC descriptor", off, 4, rom.n);
	ret->desc_off = (uint32_t)off;
	rc = parse_header(rom, ret, e);
	if (!rc)
		rc = ret->desc_version == 2 ? parse_v2(rom, ret, e) : parse_v3(rom, ret, e);
	if (rc)
		return rc;
	parts = (uint64_t)ret->imem_load_size + ret->dmem_load_size;
	if (parts != ret->stored_size)
		return nvt_fw_bad_field(e, "StoredSize", off + 4, ret->stored_size, parts);
	return nvt_fw_check_range(e, "FWSEC image", off + 4, ret->ucode_off, ret->stored_size, "ROM", rom.n);
}

/* Offset in the image of the DMEMMAPPER structure that interface entries at `list` name. */
static int find_dmap(struct nvt_bytes u, const struct nvt_fwsec *fs, const uint8_t *list, uint32_t *ret,
		     struct nvt_error *e)
{
	const uint8_t *p;
	uint64_t at;
	unsigned i;
	int rc;

	for (i = 0; i < list[3]; i++) {
		p = list + list[1] + (size_t)i * list[2];
		if (nvt_le32(p) != APPIF_DMEMMAPPER)
			continue;
		at = (uint64_t)(p + 4 - u.p);
		rc = nvt_fw_check_range(e, "DMEMMAPPER", at, nvt_le32(p + 4), DMAP_SIZE, "DMEM part",
					fs->dmem_load_size);
		if (rc)
			return rc;
		*ret = fs->dmem_off + nvt_le32(p + 4);
		if (nvt_le32(u.p + *ret) != DMAP)
			return nvt_fw_bad_field(e, "DMEMMAPPER signature", *ret, nvt_le32(u.p + *ret), DMAP);
		return 0;
	}
	return nvt_fail(e, NVT_E_DATA, "no DMEMMAPPER among %u FWSEC interfaces", list[3]);
}

int nvt_fwsec_dmemmapper(struct nvt_bytes ucode, const struct nvt_fwsec *fs, uint32_t *ret_off,
			 struct nvt_error *e)
{
	uint64_t dmem = fs->dmem_off, at = dmem + fs->interface_off;
	const uint8_t *h;
	int rc;

	if (!nvt_in_range(dmem, fs->dmem_load_size, ucode.n))
		return nvt_fw_truncated(e, "FWSEC image", dmem, fs->dmem_load_size, ucode.n);
	rc = nvt_fw_check_range(e, "FWSEC interface header", at, fs->interface_off, 4, "DMEM part",
				fs->dmem_load_size);
	if (rc)
		return rc;
	h = ucode.p + at;
	if (h[0] != 1)
		return nvt_fw_bad_field(e, "FWSEC interface version", at, h[0], 1);
	if (h[1] < 4)
		return nvt_fw_bad_value(e, "FWSEC interface header size", at + 1, h[1], "at least 4");
	if (h[2] < 8)
		return nvt_fw_bad_value(e, "FWSEC interface entry size", at + 2, h[2], "at least 8");
	rc = nvt_fw_check_range(e, "FWSEC interface list", at + 3, (uint64_t)fs->interface_off + h[1],
				(uint64_t)h[2] * h[3], "DMEM part", fs->dmem_load_size);
	return rc ? rc : find_dmap(ucode, fs, h, ret_off, e);
}

int nvt_fwsec_interface(struct nvt_bytes ucode, const struct nvt_fwsec *fs, struct nvt_fwsec_interface *ret,
			struct nvt_error *e)
{
	const uint8_t *h, *p;
	unsigned i;
	int rc;

	memset(ret, 0, sizeof(*ret));
	/* checks the list and the structure that are read here */
	rc = nvt_fwsec_dmemmapper(ucode, fs, &ret->dmap_off, e);
	if (rc)
		return rc;
	ret->off = fs->dmem_off + fs->interface_off;
	h = ucode.p + ret->off;
	ret->version = h[0];
	ret->header_size = h[1];
	ret->entry_size = h[2];
	ret->count = h[3];
	for (i = 0; i < ret->count && i < NVT_FWSEC_ENTRIES; i++) {
		p = h + h[1] + (size_t)i * h[2];
		ret->entries[i].id = nvt_le32(p);
		ret->entries[i].dmem_base = nvt_le32(p + 4);
	}
	for (i = 0; i < NVT_DMAP_WORDS; i++)
		ret->dmap[i] = nvt_le32(ucode.p + ret->dmap_off + 4 * (size_t)i);
	return 0;
}

static int write_command(const struct nvt_fwsec *fs, uint8_t *ucode, uint32_t dmap, enum nvt_fwsec_cmd cmd,
			 uint64_t frts_off, uint64_t frts_size, struct nvt_error *e)
{
	uint32_t off = nvt_le32(ucode + dmap + DMAP_CMD_OFF), size = nvt_le32(ucode + dmap + DMAP_CMD_SIZE);
	uint32_t want = cmd == NVT_FWSEC_FRTS ? READ_VBIOS_SIZE + FRTS_SIZE : READ_VBIOS_SIZE;
	uint8_t *p;
	int rc;

	if (size < want)
		return nvt_fw_bad_value(e, "FWSEC command buffer size", dmap + DMAP_CMD_SIZE, size,
					cmd == NVT_FWSEC_FRTS ? "at least 44" : "at least 24");
	rc = nvt_fw_check_range(e, "FWSEC command buffer", dmap + DMAP_CMD_OFF, off, want, "DMEM part",
				fs->dmem_load_size);
	if (rc)
		return rc;
	nvt_put_le32(ucode + dmap + DMAP_INIT_CMD, cmd);
	p = ucode + fs->dmem_off + off;
	/* version, size, address (none: it reads the ROM itself), size, flags */
	nvt_put_le32(p, 1);
	nvt_put_le32(p + 0x4, READ_VBIOS_SIZE);
	nvt_put_le64(p + 0x8, 0);
	nvt_put_le32(p + 0x10, 0);
	nvt_put_le32(p + 0x14, 2);
	if (cmd != NVT_FWSEC_FRTS)
		return 0;
	nvt_put_le32(p + 0x18, 1);
	nvt_put_le32(p + 0x1c, FRTS_SIZE);
	nvt_put_le32(p + 0x20, (uint32_t)(frts_off >> 12));
	nvt_put_le32(p + 0x24, (uint32_t)(frts_size >> 12));
	nvt_put_le32(p + 0x28, FRTS_MEDIA_FB);
	return 0;
}

static int copy_signature(struct nvt_bytes rom, const struct nvt_fwsec *fs, uint8_t *ucode, unsigned index,
			  struct nvt_error *e)
{
	uint64_t off = (uint64_t)fs->signature_off + (uint64_t)index * SIGNATURE;
	int rc;

	if (index >= fs->signature_count)
		return nvt_fail(e, NVT_E_DATA, "FWSEC has no signature %u: there are %u", index,
				fs->signature_count);
	rc = nvt_fw_check_range(e, "FWSEC signature", fs->desc_off + 0x27, off, SIGNATURE, "ROM", rom.n);
	if (!rc)
		rc = nvt_fw_check_range(e, "signature area", fs->desc_off + 0x08, fs->pkc_data_off, SIGNATURE,
					"DMEM part", fs->dmem_load_size);
	if (!rc)
		memcpy(ucode + fs->dmem_off + fs->pkc_data_off, rom.p + off, SIGNATURE);
	return rc;
}

int nvt_fwsec_prepare(struct nvt_bytes rom, const struct nvt_fwsec *fs, uint8_t *ucode, size_t n,
		      enum nvt_fwsec_cmd cmd, uint64_t frts_off, uint64_t frts_size, unsigned sig_index,
		      struct nvt_error *e)
{
	const uint64_t page = 4096;
	uint32_t dmap;
	int rc;

	if (cmd == NVT_FWSEC_FRTS && (frts_off % page || frts_size % page || (frts_off | frts_size) >> 44))
		return nvt_fail(e, NVT_E_USAGE, "FRTS region 0x%" PRIx64 "+0x%" PRIx64 " is not made of 4 KiB pages",
				frts_off, frts_size);
	rc = nvt_fwsec_dmemmapper((struct nvt_bytes){ ucode, n }, fs, &dmap, e);
	if (!rc)
		rc = write_command(fs, ucode, dmap, cmd, frts_off, frts_size, e);
	if (rc || fs->desc_version != 3)
		return rc;
	return copy_signature(rom, fs, ucode, sig_index, e);
}

int nvt_fwsec_pick_signature(const struct nvt_fwsec *fs, uint32_t fuse_reg, unsigned *ret, struct nvt_error *e)
{
	unsigned version = nvt_fuse_version(fuse_reg), index = 0, i;
	int rc;

	*ret = 0;
	if (fs->desc_version != 3)
		return 0;
	for (i = 0; i < version && i < 16; i++)
		index += fs->signature_versions >> i & 1;
	if (version < 16 && (fs->signature_versions >> version & 1) && index < fs->signature_count) {
		*ret = index;
		return 0;
	}
	rc = nvt_fail(e, NVT_E_DATA, "FWSEC has no signature for fuse version %u", version);
	nvt_err_seen(e, "SignatureVersions 0x%x, %u signatures", fs->signature_versions, fs->signature_count);
	nvt_err_wanted(e, "bit %u set", version);
	return rc;
}
