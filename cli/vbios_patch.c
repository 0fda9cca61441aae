/* SPDX-License-Identifier: MIT */
/* vbios info --patch: what a driver changes in FWSEC before it runs, as a difference. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/vbios.h"

#define FRTS_SIZE (UINT64_C(1) << 20)
#define INIT_CMD 11 /* word of the DMEMMAPPER */
#define CMD_IN 2

static const char *const commands[] = { "frts", "sb" };

const char *cli_vbios_command(unsigned i)
{
	return i < NVT_ARRAY_SIZE(commands) ? commands[i] : NULL;
}

/* Words of the command buffer, as FWSEC reads them. */
static const char *const words[] = {
	"read-VBIOS version",
	"read-VBIOS size",
	"VBIOS address",
	"VBIOS address, high",
	"VBIOS size",
	"read-VBIOS flags",
	"FRTS version",
	"FRTS size",
	"FRTS offset, 4 KiB pages",
	"region size, 4 KiB pages",
	"media: framebuffer",
};

static const char *word_name(const struct nvt_fwsec *f, const struct nvt_fwsec_interface *in,
			     uint32_t at)
{
	uint32_t cmd = f->dmem_off + in->dmap[CMD_IN];

	if (at == in->dmap_off + 4 * INIT_CMD)
		return "init_cmd";
	if (at >= cmd && (at - cmd) / 4 < NVT_ARRAY_SIZE(words))
		return words[(at - cmd) / 4];
	return "";
}

static uint32_t word(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool in_signature(const struct nvt_fwsec *f, uint32_t at)
{
	return f->desc_version == 3 && at >= f->dmem_off + f->pkc_data_off &&
	       at < f->dmem_off + f->pkc_data_off + NVT_FWSEC_SIGNATURE;
}

static void put_changes(struct nvt_bytes rom, const struct nvt_fwsec *f,
			const struct nvt_fwsec_interface *in, const uint8_t *after, json_t *list)
{
	const uint8_t *before = rom.p + f->ucode_off;
	json_t *row;
	uint32_t at;

	for (at = 0; at + 4 <= f->stored_size; at += 4) {
		if (word(before + at) == word(after + at) || in_signature(f, at))
			continue;
		row = doc_obj(list, NULL);
		doc_num(row, "offset", (uint64_t)f->ucode_off + at);
		doc_num(row, "dmem_offset", at - f->dmem_off);
		doc_hex32(row, "before", word(before + at));
		doc_hex32(row, "after", word(after + at));
		doc_str(row, "field", word_name(f, in, at));
	}
}

/* Of the fuse that is given, else the first signature that is one. */
static int choose_signature(const struct cli *cli, struct nvt_bytes rom, const struct nvt_fwsec *f,
			    unsigned *ret, struct nvt_error *e)
{
	const struct cli_value *fuse = cli_opt_at(cli, "fuse", 0);
	unsigned i;

	*ret = 0;
	if (fuse)
		return fuse->num > UINT32_MAX
			       ? nvt_fail(e, NVT_E_USAGE, "a fuse register has 32 bits")
			       : nvt_fwsec_pick_signature(f, (uint32_t)fuse->num, ret, e);
	for (i = 0; f->desc_version == 3 && i < f->signature_count; i++)
		if (!cli_vbios_is_blank(rom, f->signature_off + (uint64_t)i * NVT_FWSEC_SIGNATURE,
					NVT_FWSEC_SIGNATURE)) {
			*ret = i;
			return 0;
		}
	return 0;
}

static int patch(const struct cli *cli, struct nvt_bytes rom, const struct nvt_fwsec *f, bool frts,
		 json_t *o, struct nvt_error *e)
{
	const struct cli_value *base = cli_opt_at(cli, "frts-base", 0);
	uint8_t *ucode = malloc(f->stored_size);
	struct nvt_fwsec_interface in;
	unsigned sig = 0;
	int rc;

	if (!ucode)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	memcpy(ucode, rom.p + f->ucode_off, f->stored_size);
	rc = nvt_fwsec_interface((struct nvt_bytes){ ucode, f->stored_size }, f, &in, e);
	if (!rc)
		rc = choose_signature(cli, rom, f, &sig, e);
	if (!rc)
		rc = nvt_fwsec_prepare(rom, f, ucode, f->stored_size,
				       frts ? NVT_FWSEC_FRTS : NVT_FWSEC_SB, frts ? base->num : 0,
				       frts ? FRTS_SIZE : 0, sig, e);
	if (!rc && frts) {
		doc_hex(o, "frts_base", base->num);
		doc_hex(o, "frts_size", FRTS_SIZE);
	}
	if (!rc && f->desc_version == 3) {
		doc_num(o, "signature", sig);
		doc_num(o, "signature_from",
			f->signature_off + (uint64_t)sig * NVT_FWSEC_SIGNATURE);
		doc_num(o, "signature_to", (uint64_t)f->ucode_off + f->dmem_off + f->pkc_data_off);
	}
	if (!rc)
		put_changes(rom, f, &in, ucode, doc_arr(o, "changes"));
	free(ucode);
	return rc;
}

int cli_vbios_patch(const struct cli *cli, struct nvt_bytes rom, const struct nvt_vbios *vb,
		    json_t *data, struct nvt_error *e)
{
	const char *command = cli_opt_str(cli, "patch");
	const struct nvt_fwsec *f = nvt_vbios_fwsec(vb);
	bool frts = command && !strcmp(command, "frts");
	json_t *o;
	int rc;

	if (!command && (cli_opt_at(cli, "frts-base", 0) || cli_opt_at(cli, "fuse", 0)))
		return nvt_fail(e, NVT_E_USAGE, "--frts-base and --fuse go with --patch");
	if (!command)
		return 0;
	if (frts != (cli_opt_at(cli, "frts-base", 0) != NULL)) {
		rc = nvt_fail(e, NVT_E_USAGE,
			      frts ? "where to put FRTS?" : "SB has no FRTS region");
		nvt_err_hint(
			e, frts ? "give --frts-base ADDR; nvtool fw plan shows where drivers put it"
				: "--frts-base goes with --patch frts");
		return rc;
	}
	if (!f)
		return nvt_fail(e, NVT_E_DATA, "this VBIOS has no production FWSEC");
	o = doc_obj(data, "patch");
	doc_str(o, "command", command);
	return patch(cli, rom, f, frts, o, e);
}

void cli_vbios_patch_print(const struct cli *cli, const json_t *patch, FILE *out)
{
	static const struct cli_column cols[] = {
		{ "offset", "OFFSET", true },  { "dmem_offset", "IN DMEM", true },
		{ "before", "BEFORE", false }, { "after", "AFTER", false },
		{ "field", "FIELD", false },   { NULL, NULL, false },
	};

	(void)cli;
	cli_print_table(json_object_get(patch, "changes"), cols, out);
	if (json_object_get(patch, "signature"))
		fprintf(out,
			"signature %" PRIu64 ": %u bytes from 0x%" PRIx64 " to 0x%" PRIx64 "\n",
			doc_get_num(patch, "signature"), NVT_FWSEC_SIGNATURE,
			doc_get_num(patch, "signature_from"), doc_get_num(patch, "signature_to"));
}
