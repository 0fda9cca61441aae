/* SPDX-License-Identifier: MIT */
/* fw info: what a firmware file is, and whether the firmware database knows it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/cmd.h"

static void put_gsp_elf(struct nvt_bytes file, const struct nvt_gsp_elf *elf, json_t *o)
{
	char id[2 * sizeof(elf->build_id) + 1];
	struct nvt_sha256 d;
	json_t *sections;
	unsigned i;

	doc_str(o, "version", elf->version);
	for (i = 0; i < sizeof(elf->build_id); i++)
		snprintf(id + 2 * i, 3, "%02x", elf->build_id[i]);
	if (elf->has_build_id)
		doc_str(o, "build_id", id);
	doc_num(o, "section_headers_offset", elf->shoff);
	sections = doc_arr(o, "sections");
	for (i = 0; i < elf->section_count; i++) {
		const struct nvt_fw_section *s = &elf->sections[i];
		json_t *row = doc_obj(sections, NULL);

		doc_str(row, "name", s->name);
		doc_num(row, "offset", s->off);
		doc_num(row, "size", s->size);
		if (s->off > file.n || s->size > file.n - s->off)
			continue;
		nvt_sha256((struct nvt_bytes){ file.p + s->off, (size_t)s->size }, &d);
		doc_sha256(row, "sha256", &d);
	}
}

static void put_container(const struct nvt_nvfw *bin, json_t *o)
{
	json_t *c = doc_obj(o, "container");

	doc_hex32(c, "magic", bin->magic);
	doc_num(c, "version", bin->ver);
	doc_num(c, "size", bin->bin_size);
	doc_num(c, "header_offset", bin->header_off);
	doc_num(c, "data_offset", bin->data_off);
	doc_num(c, "data_size", bin->data_size);
}

static void put_part(struct nvt_bytes file, json_t *o, const char *name, uint64_t off, uint64_t size)
{
	json_t *p = doc_obj(o, name);
	struct nvt_sha256 d;

	doc_num(p, "offset", off);
	doc_num(p, "size", size);
	if (off > file.n || size > file.n - off)
		return;
	nvt_sha256((struct nvt_bytes){ file.p + off, (size_t)size }, &d);
	doc_sha256(p, "sha256", &d);
}

static void put_hs(struct nvt_bytes file, const struct nvt_hs_image *hs, json_t *o)
{
	json_t *s;

	put_container(&hs->bin, o);
	put_part(file, o, "data", hs->bin.data_off, hs->bin.data_size);
	s = doc_obj(o, "signatures");
	doc_num(s, "offset", hs->sig_off);
	doc_num(s, "size", hs->sig_size);
	doc_num(s, "count", hs->sig_count);
	doc_num(s, "each", hs->sig_each);
	doc_num(s, "patch_offset", hs->patch_loc);
	doc_num(s, "patch_index", hs->patch_sig);
	doc_num(o, "fuse_version", hs->fuse_version);
	doc_num(o, "engine_id", hs->engine_id);
	doc_num(o, "ucode_id", hs->ucode_id);
	s = doc_obj(o, "load_header");
	doc_num(s, "offset", hs->load_header_off);
	doc_num(s, "os_code_offset", hs->os_code_off);
	doc_num(s, "os_code_size", hs->os_code_size);
	doc_num(s, "os_data_offset", hs->os_data_off);
	doc_num(s, "os_data_size", hs->os_data_size);
	doc_num(s, "app_count", hs->app_count);
	doc_num(s, "app0_offset", hs->app0_off);
	doc_num(s, "app0_size", hs->app0_size);
	doc_num(s, "app0_data_offset", hs->app0_data_off);
	doc_num(s, "app0_data_size", hs->app0_data_size);
}

static void put_riscv(struct nvt_bytes file, const struct nvt_riscv_bl *bl, json_t *o)
{
	const struct {
		const char *key;
		uint32_t value;
	} rows[] = {
		{ "size", bl->desc_size },
		{ "version", bl->version },
		{ "bootloader_offset", bl->bootloader_off },
		{ "bootloader_size", bl->bootloader_size },
		{ "bootloader_param_offset", bl->bootloader_param_off },
		{ "bootloader_param_size", bl->bootloader_param_size },
		{ "riscv_elf_offset", bl->riscv_elf_off },
		{ "riscv_elf_size", bl->riscv_elf_size },
		{ "app_version", bl->app_version },
		{ "manifest_offset", bl->manifest_off },
		{ "manifest_size", bl->manifest_size },
		{ "monitor_data_offset", bl->monitor_data_off },
		{ "monitor_data_size", bl->monitor_data_size },
		{ "monitor_code_offset", bl->monitor_code_off },
		{ "monitor_code_size", bl->monitor_code_size },
		{ "is_monitor_enabled", bl->is_monitor_enabled },
		{ "swbrom_code_offset", bl->swbrom_code_off },
		{ "swbrom_code_size", bl->swbrom_code_size },
		{ "swbrom_data_offset", bl->swbrom_data_off },
		{ "swbrom_data_size", bl->swbrom_data_size },
		{ "fb_reserved_size", bl->fb_reserved_size },
		{ "signed_as_code", bl->signed_as_code },
	};
	/* the short descriptor ends before the last two */
	size_t i, n = NVT_ARRAY_SIZE(rows) - (bl->desc_size < 84 ? 2 : 0);
	json_t *d;

	put_container(&bl->bin, o);
	put_part(file, o, "data", bl->bin.data_off, bl->bin.data_size);
	d = doc_obj(o, "descriptor");
	for (i = 0; i < n; i++)
		doc_num(d, rows[i].key, rows[i].value);
}

static int put_image(struct nvt_bytes file, json_t *o, struct nvt_error *e)
{
	struct nvt_gsp_elf elf;
	struct nvt_hs_image hs;
	struct nvt_riscv_bl bl;
	struct nvt_vbios vb;
	int rc = 0;

	switch (nvt_fw_detect(file)) {
	case NVT_FW_GSP_ELF:
		rc = nvt_gsp_elf_parse(file, &elf, e);
		if (!rc)
			put_gsp_elf(file, &elf, o);
		break;
	case NVT_FW_BOOTER:
		rc = nvt_hs_parse(file, &hs, e);
		if (!rc)
			put_hs(file, &hs, o);
		break;
	case NVT_FW_RISCV_BL:
		rc = nvt_riscv_bl_parse(file, &bl, e);
		if (!rc)
			put_riscv(file, &bl, o);
		break;
	case NVT_FW_VBIOS:
		rc = nvt_vbios_parse(file, &vb, e);
		if (!rc)
			cli_vbios_document(file, &vb, o);
		break;
	case NVT_FW_UNKNOWN:
		rc = nvt_fail(e, NVT_E_DATA, "not a firmware image of a known kind");
		nvt_err_hint(e, "known are GSP-RM ELF files, nvfw containers (booter, bootloader) and VBIOS images");
		break;
	}
	return rc;
}

static void put_known(const struct nvt_fwdb_file *known, json_t *o)
{
	json_t *k, *chips;
	const char *const *c;

	if (!known)
		return;
	k = doc_obj(o, "known");
	doc_str(k, "release", known->release);
	doc_str(k, "path", known->path);
	doc_str(k, "role", known->role);
	chips = doc_arr(k, "chips");
	for (c = known->chips; c && *c; c++)
		doc_add_str(chips, *c);
}

static int one_file(const struct cli *cli, const char *name, json_t *files, struct nvt_error *e)
{
	struct nvt_fw_blob blob;
	json_t *o;
	int rc = nvt_fw_read(name, &blob, e);

	if (rc)
		return rc;
	o = doc_obj(files, NULL);
	doc_str(o, "file", name);
	doc_str(o, "kind", nvt_fw_kind_name(nvt_fw_detect(blob.data)));
	doc_num(o, "size", blob.data.n);
	doc_sha256(o, "sha256", &blob.sha256);
	put_known(nvt_fwdb_by_sha256(cli->fwdb, &blob.sha256), o);
	rc = nvt_during(e, put_image(blob.data, o, e), "%s", name);
	free((void *)blob.data.p); /* nvt_fw_read hands it over */
	return rc;
}

int cli_fw_info(struct cli *cli, json_t *data, struct nvt_error *e)
{
	json_t *files = doc_arr(data, "files");
	unsigned i;
	int rc = 0;

	for (i = 0; !rc && i < cli->line.arg_count; i++)
		rc = one_file(cli, cli->line.args[i], files, e);
	return rc;
}

void cli_fw_info_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *f;
	size_t i;

	json_array_foreach(json_object_get(data, "files"), i, f)
	{
		if (i)
			fputc('\n', out);
		cli_print_tree(cli, f, out);
		if (!json_object_get(f, "known"))
			fprintf(out, "not in the firmware database\n");
	}
}
