/* SPDX-License-Identifier: MIT */
/* What can be taken out of a firmware file of any kind: named runs of its bytes. */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/sections.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct list {
	struct nvt_bytes file;
	struct nvt_fw_section *s;
	unsigned count;
};

static void add(struct list *l, const char *name, uint64_t off, uint64_t size)
{
	struct nvt_fw_section *s;

	if (!size || l->count == NVT_FW_SECTIONS || !nvt_in_range(off, size, l->file.n))
		return;
	s = &l->s[l->count++];
	snprintf(s->name, sizeof(s->name), "%s", name);
	s->off = off;
	s->size = size;
}

static void add_nth(struct list *l, const char *name, unsigned i, uint64_t off, uint64_t size)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%u", name, i);
	add(l, text, off, size);
}

static int gsp(struct list *l, struct nvt_error *e)
{
	struct nvt_gsp_elf elf;
	unsigned i;
	int rc = nvt_gsp_elf_parse(l->file, &elf, e);

	for (i = 0; !rc && i < elf.section_count; i++)
		add(l, elf.sections[i].name, elf.sections[i].off, elf.sections[i].size);
	return rc;
}

static int hs(struct list *l, struct nvt_error *e)
{
	struct nvt_hs_image h;
	uint64_t data;
	unsigned i;
	int rc = nvt_hs_parse(l->file, &h, e);

	if (rc)
		return rc;
	data = h.bin.data_off;
	add(l, "data", data, h.bin.data_size);
	add(l, "stub", data + h.os_code_off, h.os_code_size);
	add(l, "imem", data + h.app0_off, h.app0_size);
	add(l, "dmem", data + h.os_data_off, h.os_data_size);
	for (i = 0; i < h.sig_count; i++)
		add_nth(l, "signature", i,
			(uint64_t)h.sig_off + h.patch_sig + (uint64_t)i * h.sig_each, h.sig_each);
	return 0;
}

static int hs_v1(struct list *l, struct nvt_error *e)
{
	struct nvt_hs_v1 h;
	uint64_t data;
	unsigned i;
	int rc = nvt_hs_v1_parse(l->file, &h, e);

	if (rc)
		return rc;
	data = h.bin.data_off;
	add(l, "data", data, h.bin.data_size);
	add(l, "stub", data + h.non_sec_code_off, h.non_sec_code_size);
	for (i = 0; i < h.app_count; i++)
		add_nth(l, "imem", i, data + h.apps[i].off, h.apps[i].size);
	add(l, "dmem", data + h.data_dma_base, h.data_size);
	add(l, "signature_debug", (uint64_t)h.sig_dbg_off + h.patch_sig, h.sig_dbg_size);
	add(l, "signature_production", (uint64_t)h.sig_prod_off + h.patch_sig, h.sig_prod_size);
	return 0;
}

static int riscv_bl(struct list *l, struct nvt_error *e)
{
	struct nvt_riscv_bl r;
	uint64_t data;
	int rc = nvt_riscv_bl_parse(l->file, &r, e);

	if (rc)
		return rc;
	data = r.bin.data_off;
	add(l, "descriptor", r.bin.header_off, r.desc_size);
	add(l, "data", data, r.bin.data_size);
	add(l, "bootloader", data + r.bootloader_off, r.bootloader_size);
	add(l, "bootloader_param", data + r.bootloader_param_off, r.bootloader_param_size);
	add(l, "riscv_elf", data + r.riscv_elf_off, r.riscv_elf_size);
	add(l, "manifest", data + r.manifest_off, r.manifest_size);
	add(l, "monitor_data", data + r.monitor_data_off, r.monitor_data_size);
	add(l, "monitor_code", data + r.monitor_code_off, r.monitor_code_size);
	add(l, "swbrom_code", data + r.swbrom_code_off, r.swbrom_code_size);
	add(l, "swbrom_data", data + r.swbrom_data_off, r.swbrom_data_size);
	return 0;
}

static int falcon_bl(struct list *l, struct nvt_error *e)
{
	struct nvt_falcon_bl b;
	int rc = nvt_falcon_bl_parse(l->file, &b, e);

	if (rc)
		return rc;
	add(l, "data", b.bin.data_off, b.bin.data_size);
	add(l, "imem", (uint64_t)b.bin.data_off + b.code_off, b.code_size);
	add(l, "dmem", (uint64_t)b.bin.data_off + b.data_off, b.data_size);
	return 0;
}

static int fmc(struct list *l, struct nvt_error *e)
{
	struct nvt_fmc m;
	int rc = nvt_fmc_parse(l->file, &m, e);

	if (rc)
		return rc;
	add(l, "hash", m.hash.off, m.hash.size);
	add(l, "signature", m.signature.off, m.signature.size);
	add(l, "publickey", m.publickey.off, m.publickey.size);
	add(l, "image", m.image.off, m.image.size);
	return 0;
}

static int libos_log(struct list *l, struct nvt_error *e)
{
	struct nvt_libos_log log;
	int rc = nvt_libos_log_parse(l->file, &log, e);

	/* a ring that wrapped is two runs, oldest first */
	if (!rc && log.first) {
		add(l, "older", 8 * (1 + log.first), 8 * (log.room - log.first));
		add(l, "newer", 8, 8 * log.first);
	} else if (!rc) {
		add(l, "words", 8, 8 * log.count);
	}
	return rc;
}

static int tlv(struct list *l, struct nvt_error *e)
{
	struct nvt_tlv t;
	unsigned i;
	int rc = nvt_tlv_parse(l->file, &t, e);

	for (i = 0; !rc && i < t.count; i++)
		add(l, t.blocks[i].tag, t.blocks[i].off, t.blocks[i].size);
	return rc;
}

static int vbios(struct list *l, struct nvt_error *e)
{
	const struct nvt_fwsec *f;
	struct nvt_vbios vb;
	char name[32];
	unsigned i, k;
	int rc = nvt_vbios_parse(l->file, &vb, e);

	if (rc)
		return rc;
	for (i = 0; i < vb.image_count; i++)
		add_nth(l, "image", i, vb.images[i].offset, vb.images[i].length);
	for (i = 0; i < vb.fwsec_count; i++) {
		f = &vb.fwsec[i];
		snprintf(name, sizeof(name), "fwsec_%02x_", f->app_id);
		k = (unsigned)strlen(name);
		snprintf(name + k, sizeof(name) - k, "descriptor");
		add(l, name, f->desc_off, f->desc_size);
		snprintf(name + k, sizeof(name) - k, "imem");
		add(l, name, f->ucode_off, f->imem_load_size);
		snprintf(name + k, sizeof(name) - k, "dmem");
		add(l, name, (uint64_t)f->ucode_off + f->imem_load_size, f->dmem_load_size);
		snprintf(name + k, sizeof(name) - k, "signatures");
		if (f->desc_version == 3)
			add(l, name, f->signature_off, 384u * f->signature_count);
	}
	return 0;
}

int nvt_fw_sections_as(enum nvt_fw_kind kind, struct nvt_bytes file, struct nvt_fw_section ret[NVT_FW_SECTIONS],
		       unsigned *count, struct nvt_error *e)
{
	struct list l = { .file = file, .s = ret };
	int rc = -1;

	switch (kind) {
	case NVT_FW_GSP_ELF:
		rc = gsp(&l, e);
		break;
	case NVT_FW_BOOTER:
		rc = hs(&l, e);
		break;
	case NVT_FW_HS_V1:
		rc = hs_v1(&l, e);
		break;
	case NVT_FW_RISCV_BL:
		rc = riscv_bl(&l, e);
		break;
	case NVT_FW_FALCON_BL:
		rc = falcon_bl(&l, e);
		break;
	case NVT_FW_FMC:
		rc = fmc(&l, e);
		break;
	case NVT_FW_LIBOS_LOG:
		rc = libos_log(&l, e);
		break;
	case NVT_FW_TLV:
		rc = tlv(&l, e);
		break;
	case NVT_FW_VBIOS:
		rc = vbios(&l, e);
		break;
	case NVT_FW_UNKNOWN:
		rc = nvt_fail(e, NVT_E_DATA, "not a firmware image of a known kind");
		break;
	}
	*count = rc ? 0 : l.count;
	return rc;
}

int nvt_fw_sections(struct nvt_bytes file, struct nvt_fw_section ret[NVT_FW_SECTIONS],
		    unsigned *count, struct nvt_error *e)
{
	return nvt_fw_sections_as(nvt_fw_detect(file), file, ret, count, e);
}
