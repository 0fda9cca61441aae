/* SPDX-License-Identifier: MIT */
/* vbios info, extract: a VBIOS of a file or as the driver reads it, down to FWSEC. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/vbios.h"

bool cli_vbios_has_file(const struct cli *cli)
{
	return cli_arg(cli, 0) != NULL;
}

int cli_vbios_read(struct cli *cli, struct nvt_bytes *ret, const char **source, struct nvt_error *e)
{
	const char *file = cli_arg(cli, 0);
	struct nvt_fw_blob blob;
	int rc;

	*source = file ? file : cli->device;
	if (!file)
		return nvt_gpu_rom_read(cli->gpu, ret, e);
	rc = nvt_fw_read(file, &blob, e);
	*ret = blob.data;
	return rc;
}

/* ---- the document ---- */

static void put_flash(const struct nvt_vbios_flash *f, json_t *o)
{
	json_t *row;

	if (!f->nvgi_version)
		return;
	row = doc_obj(o, "flash");
	doc_num(row, "nvgi_version", f->nvgi_version);
	doc_num(row, "fixed_size", f->fixed_size);
	if (!f->dir_off)
		return;
	doc_num(row, "total_size", f->total_size);
	doc_num(row, "flash_status", f->flash_status);
	doc_num(row, "directory_offset", f->dir_off);
	doc_num(row, "directory_version", f->dir_version);
	doc_num(row, "directory_length", f->dir_length);
	doc_num(row, "rom_length", f->rom_length);
	doc_num(row, "inforom_offset", f->inforom_off);
	doc_num(row, "inforom_length", f->inforom_length);
	if (f->second_bank)
		doc_num(row, "second_bank_offset", f->second_bank);
}

static const char *code_type(uint8_t type)
{
	switch (type) {
	case 0x00:
		return "PC-AT";
	case 0x03:
		return "EFI";
	case 0x70:
		return "NBSI";
	case 0xe0:
		return "NVIDIA";
	}
	return "unknown";
}

static void put_images(const struct nvt_vbios *vb, json_t *o)
{
	json_t *a = doc_arr(o, "images");
	unsigned i;

	for (i = 0; i < vb->image_count; i++) {
		const struct nvt_vbios_image *im = &vb->images[i];
		json_t *row = doc_obj(a, NULL);

		doc_num(row, "offset", im->offset);
		doc_num(row, "length", im->length);
		doc_num(row, "code_type", im->code_type);
		doc_str(row, "type", code_type(im->code_type));
		doc_num(row, "vendor", im->vendor);
		doc_num(row, "device", im->device);
		doc_num(row, "signature", im->signature);
		doc_num(row, "pcir_offset", im->pcir_off);
		doc_bool(row, "npde", im->has_npde);
		doc_bool(row, "checksum_ok", im->checksum_ok);
		doc_bool(row, "last", im->last);
	}
}

/* What lies behind the chain: a dump of the whole flash goes on with other data or with padding. */
static void put_tail(struct nvt_bytes rom, const struct nvt_vbios *vb, json_t *o)
{
	const struct nvt_vbios_image *last =
		vb->image_count ? &vb->images[vb->image_count - 1] : NULL;
	uint64_t end = last ? (uint64_t)last->offset + last->length : rom.n, i;
	json_t *tail;

	if (!last || !last->last || end >= rom.n)
		return;
	for (i = end + 1; i < rom.n && rom.p[i] == rom.p[end]; i++)
		;
	tail = doc_obj(o, "tail");
	doc_num(tail, "offset", end);
	doc_num(tail, "size", rom.n - end);
	doc_bool(tail, "padding", i == rom.n);
}

static void put_bit(const struct nvt_vbios *vb, json_t *o)
{
	json_t *bit, *tokens;
	unsigned i;

	if (!vb->bit_off)
		return;
	bit = doc_obj(o, "bit");
	doc_num(bit, "offset", vb->bit_off);
	tokens = doc_arr(bit, "tokens");
	for (i = 0; i < vb->token_count; i++) {
		json_t *row = doc_obj(tokens, NULL);
		char id[8];

		snprintf(id, sizeof(id), "0x%02x", vb->tokens[i].id);
		doc_str(row, "id", id);
		doc_num(row, "version", vb->tokens[i].version);
		doc_num(row, "size", vb->tokens[i].size);
		doc_num(row, "pointer", vb->tokens[i].ptr);
	}
}

bool cli_vbios_is_blank(struct nvt_bytes rom, uint64_t off, uint64_t size)
{
	if (off > rom.n || size > rom.n - off)
		return true;
	while (size)
		if (rom.p[off + --size])
			return false;
	return true;
}

/* One signature for each version of the fuse that SignatureVersions names, lowest first. */
static void put_signatures(struct nvt_bytes rom, const struct nvt_fwsec *f, json_t *o)
{
	json_t *list = doc_arr(o, "signatures"), *row;
	unsigned version, index = 0;
	struct nvt_sha256 d;
	uint64_t at;

	for (version = 0; version < 16 && index < f->signature_count; version++) {
		if (!(f->signature_versions >> version & 1))
			continue;
		at = f->signature_off + (uint64_t)index * NVT_FWSEC_SIGNATURE;
		row = doc_obj(list, NULL);
		doc_num(row, "index", index++);
		doc_num(row, "fuse_version", version);
		doc_num(row, "offset", at);
		doc_bool(row, "placeholder", cli_vbios_is_blank(rom, at, NVT_FWSEC_SIGNATURE));
		nvt_sha256((struct nvt_bytes){ rom.p + at, NVT_FWSEC_SIGNATURE }, &d);
		doc_sha256(row, "sha256", &d);
	}
}

static void put_interface(struct nvt_bytes rom, const struct nvt_fwsec *f, json_t *o)
{
	static const char *const names[NVT_DMAP_WORDS] = {
		"signature",
		NULL,
		"cmd_in_offset",
		"cmd_in_size",
		"cmd_out_offset",
		"cmd_out_size",
		"nvf_img_data_offset",
		"nvf_img_data_size",
		"printf_buffer_header",
		"build_time",
		"ucode_signature",
		"init_cmd",
		"feature",
		"cmd_mask0",
		"cmd_mask1",
		"multi_target_table",
	};
	struct nvt_fwsec_interface in;
	json_t *i_, *list, *row;
	struct nvt_error e;
	unsigned i;

	if (nvt_fwsec_interface((struct nvt_bytes){ rom.p + f->ucode_off, f->stored_size }, f, &in,
				&e)) {
		doc_str(o, "interface_problem", e.msg);
		return;
	}
	i_ = doc_obj(o, "interface");
	doc_num(i_, "offset", (uint64_t)f->ucode_off + in.off);
	doc_num(i_, "version", in.version);
	doc_num(i_, "header_size", in.header_size);
	doc_num(i_, "entry_size", in.entry_size);
	list = doc_arr(i_, "entries");
	for (i = 0; i < in.count && i < NVT_FWSEC_ENTRIES; i++) {
		row = doc_obj(list, NULL);
		doc_num(row, "id", in.entries[i].id);
		doc_num(row, "dmem_base", in.entries[i].dmem_base);
	}
	row = doc_obj(o, "dmemmapper");
	doc_num(row, "offset", (uint64_t)f->ucode_off + in.dmap_off);
	for (i = 0; i < NVT_DMAP_WORDS; i++) {
		if (names[i]) {
			doc_num(row, names[i], in.dmap[i]);
			continue;
		}
		doc_num(row, "version", in.dmap[i] & 0xffff);
		doc_num(row, "size", in.dmap[i] >> 16);
	}
}

/* Only descriptor version 3 has the fields of the boot ROM; only version 2 those of the secure
 * part. */
static void put_versioned(const struct nvt_fwsec *f, json_t *o)
{
	if (f->desc_version == 2) {
		doc_num(o, "imem_secure_base", f->imem_sec_base);
		doc_num(o, "imem_secure_size", f->imem_sec_size);
		doc_num(o, "dmem_offset", f->dmem_off);
		return;
	}
	doc_num(o, "pkc_data_offset", f->pkc_data_off);
	doc_num(o, "engine_id_mask", f->engine_id_mask);
	doc_num(o, "ucode_id", f->ucode_id);
	doc_num(o, "signature_offset", f->signature_off);
	doc_num(o, "signature_count", f->signature_count);
	doc_num(o, "signature_versions", f->signature_versions);
}

static void put_fwsec(struct nvt_bytes rom, const struct nvt_fwsec *f, json_t *o)
{
	struct nvt_sha256 d;

	doc_num(o, "app_id", f->app_id);
	doc_num(o, "target_id", f->target_id);
	doc_num(o, "desc_version", f->desc_version);
	doc_num(o, "desc_offset", f->desc_off);
	doc_num(o, "desc_size", f->desc_size);
	doc_num(o, "ucode_offset", f->ucode_off);
	doc_num(o, "stored_size", f->stored_size);
	doc_num(o, "imem_phys_base", f->imem_phys_base);
	doc_num(o, "imem_load_size", f->imem_load_size);
	doc_num(o, "imem_virt_base", f->imem_virt_base);
	doc_num(o, "dmem_phys_base", f->dmem_phys_base);
	doc_num(o, "dmem_load_size", f->dmem_load_size);
	doc_num(o, "interface_offset", f->interface_off);
	put_versioned(f, o);
	nvt_sha256((struct nvt_bytes){ rom.p + f->ucode_off, f->stored_size }, &d);
	doc_sha256(o, "ucode_sha256", &d);
	if (f->desc_version == 3)
		put_signatures(rom, f, o);
	put_interface(rom, f, o);
}

void cli_vbios_document(struct nvt_bytes rom, const struct nvt_vbios *vb, json_t *o)
{
	json_t *a, *row;
	unsigned i;

	if (vb->version[0])
		doc_str(o, "version", vb->version);
	doc_num(o, "rom_start", vb->rom_start);
	put_flash(&vb->flash, o);
	put_images(vb, o);
	put_tail(rom, vb, o);
	put_bit(vb, o);
	if (vb->ucode_table_off)
		doc_num(o, "ucode_table_offset", vb->ucode_table_off);
	a = doc_arr(o, "ucodes");
	for (i = 0; i < vb->ucode_count; i++) {
		row = doc_obj(a, NULL);
		doc_num(row, "app_id", vb->ucodes[i].app_id);
		doc_num(row, "target_id", vb->ucodes[i].target_id);
		doc_num(row, "pointer", vb->ucodes[i].ptr);
		doc_num(row, "desc_offset", vb->ucodes[i].desc_off);
	}
	a = doc_arr(o, "fwsec");
	for (i = 0; i < vb->fwsec_count; i++)
		put_fwsec(rom, &vb->fwsec[i], doc_obj(a, NULL));
}

/* The other bank of a dual-BIOS board is a flash image of its own; its offsets are told from its
 * start. */
static void put_second_bank(struct nvt_bytes rom, const struct nvt_vbios *vb, json_t *data)
{
	uint32_t at = vb->flash.second_bank;
	struct nvt_vbios *second;
	struct nvt_error e;
	json_t *o;

	if (!at)
		return;
	second = calloc(1, sizeof(*second));
	if (!second)
		return;
	o = doc_obj(data, "second_bank");
	doc_num(o, "offset", at);
	rom = (struct nvt_bytes){ rom.p + at, rom.n - at };
	if (nvt_vbios_parse(rom, second, &e))
		doc_str(o, "problem", e.msg);
	cli_vbios_document(rom, second, o);
	free(second);
}

int cli_vbios_info(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct nvt_vbios *vb = calloc(1, sizeof(*vb));
	const char *source;
	struct nvt_bytes rom;
	int rc = vb ? cli_vbios_read(cli, &rom, &source, e)
		    : nvt_fail(e, NVT_E_NOMEM, "out of memory");

	if (rc) {
		free(vb);
		return rc;
	}
	rc = nvt_vbios_parse(rom, vb, e);
	doc_str(data, "source", source);
	doc_num(data, "size", rom.n);
	if (!rc || vb->image_count) {
		cli_vbios_document(rom, vb, data);
		put_second_bank(rom, vb, data);
		/* what could be read is shown beside the error */
		cli->partial = rc < 0;
	}
	if (!rc)
		rc = cli_vbios_patch(cli, rom, vb, data, e);
	free((void *)rom.p); /* both readers hand it over */
	free(vb);
	return nvt_during(e, rc, "%s", cli_arg(cli, 0) ? source : "PROM");
}

int cli_vbios_extract(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const char *source;
	struct nvt_bytes rom;
	int rc = cli_extract_check(cli, e);

	if (!rc)
		rc = cli_vbios_read(cli, &rom, &source, e);
	if (rc)
		return rc;
	doc_str(data, "source", source);
	if (nvt_fw_detect(rom) == NVT_FW_VBIOS)
		rc = cli_extract(cli, rom, doc_arr(data, "sections"), e);
	else
		rc = nvt_fail(e, NVT_E_DATA, "not a VBIOS");
	free((void *)rom.p);
	return nvt_during(e, rc, "%s", cli_arg(cli, 0) ? source : "PROM");
}

/* ---- text ---- */

static void print_fwsec(const struct cli *cli, const json_t *list, FILE *out)
{
	const json_t *f;
	size_t i;

	json_array_foreach(list, i, f)
	{
		fprintf(out, "\nFWSEC %s\n",
			doc_get_num(f, "app_id") == 0x85 ? "production" : "debug");
		cli_print_tree(cli, f, out);
	}
	if (!json_array_size(list) && !cli->leftover)
		fprintf(out,
			"\nno FWSEC: normal on Hopper and Blackwell, where FSP does its work\n");
}

static void print_bank(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column images[] = {
		{ "offset", "OFFSET", true },  { "length", "LENGTH", true },
		{ "code_type", "CODE", true }, { "type", "TYPE", false },
		{ "vendor", "VENDOR", true },  { "device", "DEVICE", true },
		{ "npde", "NPDE", false },     { "checksum_ok", "SUM OK", false },
		{ "last", "LAST", false },     { NULL, NULL, false },
	};
	static const struct cli_column tokens[] = {
		{ "id", "BIT", false },    { "version", "VERSION", true }, { "size", "SIZE", true },
		{ "pointer", "AT", true }, { NULL, NULL, false },
	};
	const json_t *bit = json_object_get(data, "bit"), *tail = json_object_get(data, "tail");
	const json_t *flash = json_object_get(data, "flash");

	fprintf(out, "version  %s\nsize     %" PRIu64 "\n", doc_get_str(data, "version"),
		doc_get_num(data, "size"));
	if (bit)
		fprintf(out, "BIT at   0x%" PRIx64 "\n", doc_get_num(bit, "offset"));
	if (flash) {
		fprintf(out, "\nflash\n");
		cli_print_tree(cli, flash, out);
	}
	fputc('\n', out);
	cli_print_table(json_object_get(data, "images"), images, out);
	if (tail)
		fprintf(out, "behind the chain: %" PRIu64 " bytes of %s\n",
			doc_get_num(tail, "size"),
			json_is_true(json_object_get(tail, "padding")) ? "padding" : "other data");
	if (!bit)
		return;
	fputc('\n', out);
	cli_print_table(json_object_get(bit, "tokens"), tokens, out);
	print_fwsec(cli, json_object_get(data, "fwsec"), out);
}

void cli_vbios_info_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *second = json_object_get(data, "second_bank"),
		     *patch = json_object_get(data, "patch");

	if (patch) {
		cli_vbios_patch_print(cli, patch, out);
		return;
	}
	print_bank(cli, data, out);
	if (!second)
		return;
	fprintf(out, "\nsecond bank at 0x%" PRIx64 ", version %s\n", doc_get_num(second, "offset"),
		doc_get_str(second, "version"));
	if (doc_get_str(second, "problem")[0])
		fprintf(out, "%s\n", doc_get_str(second, "problem"));
	cli_print_rows(json_object_get(second, "images"), out);
}
