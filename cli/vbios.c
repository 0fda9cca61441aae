/* SPDX-License-Identifier: MIT */
/* vbios info: the image chain of a VBIOS, of a file or as the driver reads it, down to FWSEC. */
#include <inttypes.h>
#include <stdlib.h>
#include "cli/cmd.h"

bool cli_vbios_has_file(const struct cli *cli)
{
	return cli_arg(cli, 0) != NULL;
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
		doc_num(row, "vendor", im->vendor);
		doc_num(row, "device", im->device);
		doc_num(row, "pcir_offset", im->pcir_off);
		doc_bool(row, "npde", im->has_npde);
		doc_bool(row, "checksum_ok", im->checksum_ok);
		doc_bool(row, "last", im->last);
	}
}

static void put_bit(const struct nvt_vbios *vb, json_t *o)
{
	json_t *bit = doc_obj(o, "bit"), *tokens;
	unsigned i;

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

/* Only descriptor version 3 has the fields of the boot ROM; only version 2 those of the secure part. */
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
	doc_num(o, "imem_load_size", f->imem_load_size);
	doc_num(o, "dmem_load_size", f->dmem_load_size);
	doc_num(o, "interface_offset", f->interface_off);
	put_versioned(f, o);
	if (f->ucode_off > rom.n || f->stored_size > rom.n - f->ucode_off)
		return;
	nvt_sha256((struct nvt_bytes){ rom.p + f->ucode_off, f->stored_size }, &d);
	doc_sha256(o, "ucode_sha256", &d);
}

void cli_vbios_document(struct nvt_bytes rom, const struct nvt_vbios *vb, json_t *o)
{
	json_t *a, *row;
	unsigned i;

	if (vb->version[0])
		doc_str(o, "version", vb->version);
	doc_num(o, "rom_start", vb->rom_start);
	put_images(vb, o);
	put_bit(vb, o);
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

int cli_vbios_info(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const char *file = cli_arg(cli, 0);
	struct nvt_fw_blob blob;
	struct nvt_bytes rom;
	struct nvt_vbios vb;
	int rc;

	if (file) {
		rc = nvt_fw_read(file, &blob, e);
		rom = blob.data;
	} else {
		rc = nvt_gpu_rom_read(cli->gpu, &rom, e);
	}
	if (rc)
		return rc;
	rc = nvt_vbios_parse(rom, &vb, e);
	if (!rc) {
		doc_str(data, "source", file ? file : cli->device);
		doc_num(data, "size", rom.n);
		cli_vbios_document(rom, &vb, data);
	}
	free((void *)rom.p); /* both readers hand it over */
	return nvt_during(e, rc, "%s", file ? file : "PROM");
}

static void print_fwsec(const struct cli *cli, const json_t *list, FILE *out)
{
	const json_t *f;
	size_t i;

	json_array_foreach(list, i, f)
	{
		fprintf(out, "\nFWSEC %s\n", doc_get_num(f, "app_id") == 0x85 ? "production" : "debug");
		cli_print_tree(cli, f, out);
	}
}

void cli_vbios_info_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column images[] = {
		{ "offset", "OFFSET", true },       { "length", "LENGTH", true },
		{ "code_type", "CODE", true },      { "vendor", "VENDOR", true },
		{ "device", "DEVICE", true },       { "npde", "NPDE", false },
		{ "checksum_ok", "SUM OK", false }, { "last", "LAST", false },
		{ NULL, NULL, false },
	};
	static const struct cli_column tokens[] = {
		{ "id", "BIT", false },  { "version", "VERSION", true }, { "size", "SIZE", true },
		{ "pointer", "AT", true }, { NULL, NULL, false },
	};
	const json_t *bit = json_object_get(data, "bit");

	fprintf(out, "version  %s\nsize     %" PRIu64 "\nBIT at   0x%" PRIx64 "\n\n", doc_get_str(data, "version"),
		doc_get_num(data, "size"), doc_get_num(bit, "offset"));
	cli_print_table(json_object_get(data, "images"), images, out);
	fputc('\n', out);
	cli_print_table(json_object_get(bit, "tokens"), tokens, out);
	print_fwsec(cli, json_object_get(data, "fwsec"), out);
}
