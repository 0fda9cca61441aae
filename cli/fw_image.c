/* SPDX-License-Identifier: MIT */
/* Documents of firmware images: every field of every kind, under the names that the drivers give
 * them. */
#include <string.h>
#include "cli/cmd.h"

struct field {
	const char *key;
	uint64_t value;
};

static void put_fields(json_t *o, const struct field *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		doc_num(o, rows[i].key, rows[i].value);
}

/* Offset, size and digest of a part of the file. */
static void put_range(const struct cli_image *im, json_t *p, uint64_t off, uint64_t size)
{
	struct nvt_sha256 d;

	doc_num(p, "offset", off);
	doc_num(p, "size", size);
	if (!im->digest || off > im->file.n || size > im->file.n - off)
		return;
	nvt_sha256((struct nvt_bytes){ im->file.p + off, (size_t)size }, &d);
	doc_sha256(p, "sha256", &d);
}

/* ---- GSP-RM ---- */

static void add_name(char *buf, size_t size, const char *name)
{
	size_t n = strlen(buf);

	snprintf(buf + n, size - n, "%s%s", n ? " " : "", name);
}

/* What a section is for; a signature's chips come from the chip table. */
static const char *section_use(const char *name, char *buf, size_t size)
{
	static const char signature[] = ".fwsignature_", cc[] = ".fwsignature_cc_";
	const char *family = NULL;
	unsigned i;

	if (!strcmp(name, ".fwimage"))
		return "the image that the GPU reads";
	if (!strcmp(name, ".fwversion"))
		return "release";
	if (!strcmp(name, ".note.gnu.build-id"))
		return "build id";
	if (!strncmp(name, ".fwlogging", 10))
		return "strings of the log";
	if (strncmp(name, signature, sizeof(signature) - 1))
		return "left by the linker";
	snprintf(buf, size, "%s", "");
	if (!strncmp(name, cc, sizeof(cc) - 1))
		family = name + sizeof(cc) - 1;
	for (i = 0; i < nvt_chip_count; i++)
		if (!strcmp(nvt_chips[i].sig_section, name) ||
		    (family && !strcmp(nvt_chips[i].sig_section + sizeof(signature) - 1, family)))
			add_name(buf, size, nvt_chips[i].name);
	if (family)
		add_name(buf, size, "in confidential-compute mode");
	return buf[0] ? buf : "signature of a chip that is not known";
}

static int put_gsp_elf(const struct cli_image *im, json_t *o, struct nvt_error *e)
{
	char id[2 * 20 + 1], use[160];
	struct nvt_radix3 radix;
	struct nvt_gsp_elf elf;
	json_t *sections, *r;
	unsigned i;
	int rc = nvt_gsp_elf_parse(im->file, &elf, e);

	if (rc)
		return rc;
	doc_str(o, "version", elf.version);
	for (i = 0; i < sizeof(elf.build_id); i++)
		snprintf(id + 2 * i, 3, "%02x", elf.build_id[i]);
	if (elf.has_build_id)
		doc_str(o, "build_id", id);
	doc_num(o, "section_headers_offset", elf.shoff);
	sections = doc_arr(o, "sections");
	for (i = 0; i < elf.section_count; i++) {
		json_t *row = doc_obj(sections, NULL);

		doc_str(row, "name", elf.sections[i].name);
		doc_str(row, "use", section_use(elf.sections[i].name, use, sizeof(use)));
		put_range(im, row, elf.sections[i].off, elf.sections[i].size);
	}
	rc = nvt_radix3_plan(elf.image->size, &radix, e);
	if (rc)
		return rc;
	r = doc_obj(o, "radix3");
	doc_num(r, "pages", radix.pages);
	doc_num(r, "level2_pages", radix.l2_pages);
	doc_num(r, "level1_pages", radix.l1_pages);
	doc_num(r, "table_size", radix.table_bytes);
	return 0;
}

/* ---- nvfw containers ---- */

static void put_container(const struct cli_image *im, const struct nvt_nvfw *bin, json_t *o)
{
	json_t *c = doc_obj(o, "container");

	doc_hex32(c, "magic", bin->magic);
	doc_num(c, "version", bin->ver);
	doc_num(c, "size", bin->bin_size);
	doc_num(c, "header_offset", bin->header_off);
	doc_num(c, "data_offset", bin->data_off);
	doc_num(c, "data_size", bin->data_size);
	put_range(im, doc_obj(o, "data"), bin->data_off, bin->data_size);
}

static bool is_all_zero(const uint8_t *p, uint32_t n)
{
	while (n)
		if (p[--n])
			return false;
	return true;
}

static void put_signatures(const struct cli_image *im, const struct nvt_hs_image *hs, json_t *o)
{
	json_t *s = doc_obj(o, "signatures"), *list, *row;
	uint32_t i, at;

	doc_num(s, "offset", hs->sig_off);
	doc_num(s, "size", hs->sig_size);
	doc_num(s, "count", hs->sig_count);
	doc_num(s, "each", hs->sig_each);
	doc_num(s, "patch_offset", hs->patch_loc);
	doc_num(s, "patch_index", hs->patch_sig);
	list = doc_arr(s, "list");
	for (i = 0; i < hs->sig_count; i++) {
		at = hs->sig_off + hs->patch_sig + i * hs->sig_each;
		row = doc_obj(list, NULL);
		/* the last one also serves fuses that are all clear; one signature serves every
		 * state */
		if (hs->fuse_version >= i && hs->sig_count > 1)
			doc_num(row, "fuse_version", hs->fuse_version - i);
		doc_bool(row, "placeholder", is_all_zero(im->file.p + at, hs->sig_each));
		put_range(im, row, at, hs->sig_each);
	}
}

static int put_hs(const struct cli_image *im, json_t *o, struct nvt_error *e)
{
	struct nvt_hs_image hs;
	int rc = nvt_hs_parse(im->file, &hs, e);

	if (rc)
		return rc;
	put_container(im, &hs.bin, o);
	put_signatures(im, &hs, o);
	doc_num(o, "fuse_version", hs.fuse_version);
	doc_num(o, "engine_id", hs.engine_id);
	doc_num(o, "ucode_id", hs.ucode_id);
	put_fields(doc_obj(o, "load_header"),
		   (const struct field[]){
			   { "offset", hs.load_header_off },
			   { "os_code_offset", hs.os_code_off },
			   { "os_code_size", hs.os_code_size },
			   { "os_data_offset", hs.os_data_off },
			   { "os_data_size", hs.os_data_size },
			   { "app_count", hs.app_count },
			   { "app0_offset", hs.app0_off },
			   { "app0_size", hs.app0_size },
			   { "app0_data_offset", hs.app0_data_off },
			   { "app0_data_size", hs.app0_data_size },
		   },
		   10);
	return 0;
}

static int put_hs_v1(const struct cli_image *im, json_t *o, struct nvt_error *e)
{
	struct nvt_hs_v1 h;
	json_t *s, *apps;
	uint32_t i;
	int rc = nvt_hs_v1_parse(im->file, &h, e);

	if (rc)
		return rc;
	put_container(im, &h.bin, o);
	s = doc_obj(o, "signatures");
	put_range(im, doc_obj(s, "debug"), (uint64_t)h.sig_dbg_off + h.patch_sig, h.sig_dbg_size);
	put_range(im, doc_obj(s, "production"), (uint64_t)h.sig_prod_off + h.patch_sig,
		  h.sig_prod_size);
	doc_num(s, "patch_offset", h.patch_loc);
	doc_num(s, "patch_index", h.patch_sig);
	s = doc_obj(o, "load_header");
	put_fields(s,
		   (const struct field[]){
			   { "offset", h.load_header_off },
			   { "size", h.load_header_size },
			   { "non_secure_code_offset", h.non_sec_code_off },
			   { "non_secure_code_size", h.non_sec_code_size },
			   { "data_dma_base", h.data_dma_base },
			   { "data_size", h.data_size },
			   { "app_count", h.app_count },
		   },
		   7);
	apps = doc_arr(s, "apps");
	for (i = 0; i < h.app_count; i++)
		put_fields(doc_obj(apps, NULL),
			   (const struct field[]){
				   { "offset", h.apps[i].off },
				   { "size", h.apps[i].size },
			   },
			   2);
	return 0;
}

static int put_riscv(const struct cli_image *im, json_t *o, struct nvt_error *e)
{
	struct nvt_riscv_bl bl;
	int rc = nvt_riscv_bl_parse(im->file, &bl, e);

	if (rc)
		return rc;
	put_container(im, &bl.bin, o);
	/* shorter descriptors end two or four fields earlier */
	put_fields(doc_obj(o, "descriptor"),
		   (const struct field[]){
			   { "size", bl.desc_size },
			   { "version", bl.version },
			   { "bootloader_offset", bl.bootloader_off },
			   { "bootloader_size", bl.bootloader_size },
			   { "bootloader_param_offset", bl.bootloader_param_off },
			   { "bootloader_param_size", bl.bootloader_param_size },
			   { "riscv_elf_offset", bl.riscv_elf_off },
			   { "riscv_elf_size", bl.riscv_elf_size },
			   { "app_version", bl.app_version },
			   { "manifest_offset", bl.manifest_off },
			   { "manifest_size", bl.manifest_size },
			   { "monitor_data_offset", bl.monitor_data_off },
			   { "monitor_data_size", bl.monitor_data_size },
			   { "monitor_code_offset", bl.monitor_code_off },
			   { "monitor_code_size", bl.monitor_code_size },
			   { "is_monitor_enabled", bl.is_monitor_enabled },
			   { "swbrom_code_offset", bl.swbrom_code_off },
			   { "swbrom_code_size", bl.swbrom_code_size },
			   { "swbrom_data_offset", bl.swbrom_data_off },
			   { "swbrom_data_size", bl.swbrom_data_size },
			   { "fb_reserved_size", bl.fb_reserved_size },
			   { "signed_as_code", bl.signed_as_code },
			   { "is_smp", bl.is_smp },
			   { "is_plic_enabled", bl.is_plic_enabled },
		   },
		   1 + bl.desc_size / 4);
	return 0;
}

static int put_falcon_bl(const struct cli_image *im, json_t *o, struct nvt_error *e)
{
	struct nvt_falcon_bl bl;
	int rc = nvt_falcon_bl_parse(im->file, &bl, e);

	if (rc)
		return rc;
	put_container(im, &bl.bin, o);
	put_fields(doc_obj(o, "descriptor"),
		   (const struct field[]){
			   { "start_tag", bl.start_tag },
			   { "dmem_load_offset", bl.dmem_load_off },
			   { "code_offset", bl.code_off },
			   { "code_size", bl.code_size },
			   { "data_offset", bl.data_off },
			   { "data_size", bl.data_size },
			   { "entry", (uint64_t)bl.start_tag << 8 },
		   },
		   7);
	return 0;
}

/* ---- FMC ---- */

static int put_fmc(const struct cli_image *im, json_t *o, struct nvt_error *e)
{
	struct nvt_fmc m;
	json_t *list;
	unsigned i;
	int rc = nvt_fmc_parse(im->file, &m, e);

	if (!rc && im->digest)
		rc = nvt_fmc_check(im->file, &m, e);
	if (rc)
		return rc;
	doc_str(o, "signature_type", m.is_ecdsa ? "ECDSA P-384" : "RSA-3072");
	list = doc_arr(o, "sections");
	for (i = 0; i < 4; i++) {
		const struct {
			const char *name, *use;
			const struct nvt_fmc_section *s;
		} rows[] = {
			{ "hash", "SHA-384 of the image", &m.hash },
			{ "signature", "signature of the image", &m.signature },
			{ "publickey", "key for the signature", &m.publickey },
			{ "image", "what FSP starts on the GSP", &m.image },
		};
		json_t *row = doc_obj(list, NULL);

		doc_str(row, "name", rows[i].name);
		doc_str(row, "use", rows[i].use);
		doc_hex32(row, "crc32", rows[i].s->crc32);
		put_range(im, row, rows[i].s->off, rows[i].s->size);
	}
	return 0;
}

/* ---- LIBOS log ---- */

static int put_libos_log(const struct cli_image *im, json_t *o, struct nvt_error *e)
{
	struct nvt_libos_log log;
	json_t *pages;
	char hex[24];
	unsigned i;
	int rc = nvt_libos_log_parse(im->file, &log, e);

	if (rc)
		return rc;
	doc_num(o, "put", log.put);
	doc_num(o, "room", log.room);
	doc_num(o, "words", log.count);
	doc_num(o, "oldest", log.first);
	doc_bool(o, "wrapped", log.put > log.room);
	if (log.count)
		doc_num(o, "newest_time", log.newest_time);
	pages = doc_arr(o, "pages");
	for (i = 0; i < log.pages; i++) {
		const uint8_t *p = im->file.p + 8 * (1 + (size_t)i);

		snprintf(hex, sizeof(hex), "0x%02x%02x%02x%02x%02x%02x%02x%02x", p[7], p[6], p[5],
			 p[4], p[3], p[2], p[1], p[0]);
		doc_add_str(pages, hex);
	}
	return 0;
}

/* ---- TLV ---- */

/* Text and numbers as what they are; longer values by their digest. */
static void put_block(const struct cli_image *im, const struct nvt_tlv *t,
		      const struct nvt_tlv_block *b, json_t *row)
{
	char text[64];
	uint32_t v;

	doc_str(row, "tag", b->tag);
	put_range(im, row, b->off, b->size);
	if (!nvt_tlv_string(im->file, t, b->tag, text, sizeof(text), NULL))
		doc_str(row, "value", text);
	else if (!nvt_tlv_u32(im->file, t, b->tag, &v, NULL))
		doc_num(row, "value", v);
}

static int put_tlv(const struct cli_image *im, json_t *o, struct nvt_error *e)
{
	struct nvt_tlv t;
	char version[32];
	json_t *blocks;
	unsigned i;
	int rc = nvt_tlv_parse(im->file, &t, e);

	if (!rc)
		rc = nvt_tlv_string(im->file, &t, "VERS", version, sizeof(version), e);
	if (rc)
		return rc;
	doc_str(o, "version", version);
	blocks = doc_arr(o, "blocks");
	for (i = 0; i < t.count; i++)
		put_block(im, &t, &t.blocks[i], doc_obj(blocks, NULL));
	return 0;
}

static int put_vbios(const struct cli_image *im, json_t *o, struct nvt_error *e)
{
	struct nvt_vbios vb;
	int rc = nvt_vbios_parse(im->file, &vb, e);

	if (!rc)
		cli_vbios_document(im->file, &vb, o);
	return rc;
}

int cli_image_document(const struct cli_image *im, json_t *o, struct nvt_error *e)
{
	int rc;

	switch (im->kind) {
	case NVT_FW_GSP_ELF:
		return put_gsp_elf(im, o, e);
	case NVT_FW_BOOTER:
		return put_hs(im, o, e);
	case NVT_FW_HS_V1:
		return put_hs_v1(im, o, e);
	case NVT_FW_RISCV_BL:
		return put_riscv(im, o, e);
	case NVT_FW_FALCON_BL:
		return put_falcon_bl(im, o, e);
	case NVT_FW_FMC:
		return put_fmc(im, o, e);
	case NVT_FW_LIBOS_LOG:
		return put_libos_log(im, o, e);
	case NVT_FW_TLV:
		return put_tlv(im, o, e);
	case NVT_FW_VBIOS:
		return put_vbios(im, o, e);
	case NVT_FW_UNKNOWN:
		break;
	}
	rc = nvt_fail(e, NVT_E_DATA, "not a firmware image of a known kind");
	nvt_err_hint(e, "known are GSP-RM images and FMC (ELF), nvfw containers (booter, scrubber, "
			"bootloaders), VBIOS "
			"images and dumps of LIBOS logs");
	return rc;
}
