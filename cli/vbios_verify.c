/* SPDX-License-Identifier: MIT */
/* vbios verify: whether a VBIOS is whole, in both banks, and what is wrong with it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/fw_verify.h"
#include "cli/vbios.h"

struct bank {
	struct cli_verify *v;
	struct nvt_bytes rom;
	uint32_t base; /* in the file; offsets of problems count from its start */
	const char *name;
	const struct nvt_vbios *vb;
};

static void at(const struct bank *b, json_t *p, uint64_t off)
{
	doc_num(p, "offset", b->base + off);
}

static void check_sums(const struct bank *b)
{
	const struct nvt_vbios *vb = b->vb;
	unsigned i;

	for (i = 0; i < vb->image_count; i++)
		if (!vb->images[i].checksum_ok)
			at(b,
			   cli_problem(b->v, b->name, "checksum",
				       "the bytes of image %u do not sum to zero: something in "
				       "it was changed or misread",
				       i),
			   vb->images[i].offset);
}

static void check_flash(const struct bank *b, bool chain_ok)
{
	const struct nvt_vbios_flash *f = &b->vb->flash;
	const struct nvt_vbios_image *last =
		b->vb->image_count ? &b->vb->images[b->vb->image_count - 1] : NULL;
	uint64_t length = last ? (uint64_t)last->offset + last->length - b->vb->rom_start : 0;

	if (!f->dir_off)
		return;
	if (chain_ok && f->rom_length && length != f->rom_length)
		at(b,
		   cli_problem(b->v, b->name, "length",
			       "the images are 0x%" PRIx64 " bytes long, but the directory says "
			       "0x%x",
			       length, f->rom_length),
		   f->dir_off + 0x0cu);
	/* the place of the InfoROM counts from the start of the flash in either bank */
	if (f->inforom_length && f->inforom_length != UINT32_MAX &&
	    (uint64_t)f->inforom_off + f->inforom_length > b->base + b->rom.n)
		at(b,
		   cli_problem(b->v, b->name, "truncated",
			       "the dump ends before the InfoROM at 0x%x does", f->inforom_off),
		   f->dir_off + 0x10u);
}

/* Hopper and Blackwell start through FSP. */
static bool is_without_fwsec(const struct nvt_vbios *vb)
{
	unsigned i;

	for (i = 0; i < vb->image_count; i++)
		if (vb->images[i].code_type == 0x00)
			return vb->images[i].device >= 0x2900 ||
			       (vb->images[i].device & 0xff00) == 0x2300;
	return false;
}

static void check_fwsec(const struct bank *b, const struct nvt_fwsec *f)
{
	struct nvt_fwsec_interface in;
	unsigned i, blank = 0;
	struct nvt_error e;

	if (nvt_fwsec_interface((struct nvt_bytes){ b->rom.p + f->ucode_off, f->stored_size }, f,
				&in, &e))
		at(b, cli_problem(b->v, b->name, "malformed", "FWSEC 0x%02x: %s", f->app_id, e.msg),
		   f->ucode_off);
	else if (in.dmap[3] < 44)
		at(b,
		   cli_problem(b->v, b->name, "malformed",
			       "FWSEC 0x%02x: its command buffer of %u bytes has no room for "
			       "FRTS",
			       f->app_id, in.dmap[3]),
		   (uint64_t)f->ucode_off + in.dmap_off + 12);
	for (i = 0; i < f->signature_count; i++)
		blank += cli_vbios_is_blank(b->rom,
					    f->signature_off + (uint64_t)i * NVT_FWSEC_SIGNATURE,
					    NVT_FWSEC_SIGNATURE);
	if (f->desc_version == 3 && blank == f->signature_count)
		at(b,
		   cli_problem(b->v, b->name, "signature",
			       "FWSEC 0x%02x has no signature that is not all zeros", f->app_id),
		   f->signature_off);
	if (f->desc_version == 3 &&
	    !cli_vbios_is_blank(b->rom, (uint64_t)f->ucode_off + f->dmem_off + f->pkc_data_off,
				NVT_FWSEC_SIGNATURE))
		cli_note(b->v, "FWSEC 0x%02x already holds a signature where drivers put one",
			 f->app_id);
}

static bool check_bank(struct cli_verify *v, struct nvt_bytes rom, uint32_t base, const char *name,
		       struct nvt_vbios *vb)
{
	struct bank b = { v, rom, base, name, vb };
	struct nvt_error e;
	bool ok = !nvt_vbios_parse(rom, vb, &e);
	unsigned i;

	if (!ok) {
		if (e.where != UINT64_MAX)
			e.where += base;
		cli_problem_error(v, name, "malformed", &e);
	}
	check_sums(&b);
	check_flash(&b, ok);
	for (i = 0; i < vb->fwsec_count; i++)
		check_fwsec(&b, &vb->fwsec[i]);
	if (!ok || nvt_vbios_fwsec(vb))
		return ok;
	if (is_without_fwsec(vb))
		cli_note(
			v,
			"it has no FWSEC, as on every Hopper and Blackwell GPU: FSP does its work");
	else
		cli_problem(v, name, "no-fwsec",
			    "it has no production FWSEC (application 0x85), without which GSP-RM "
			    "cannot "
			    "be started");
	return ok;
}

static void check_all(struct cli_verify *v, struct nvt_bytes rom, const char *source, json_t *data,
		      struct nvt_vbios *vb)
{
	uint32_t second;
	char name[300];

	check_bank(v, rom, 0, source, vb);
	if (vb->version[0])
		doc_str(data, "version", vb->version);
	second = vb->flash.second_bank;
	if (!second)
		return;
	snprintf(name, sizeof(name), "%.255s, second bank", source);
	check_bank(v, (struct nvt_bytes){ rom.p + second, rom.n - second }, second, name, vb);
	if (vb->version[0])
		doc_str(data, "second_bank_version", vb->version);
}

int cli_vbios_verify(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct cli_verify v = { .cli = cli, .problems = json_array(), .notes = json_array() };
	struct nvt_vbios *vb = calloc(1, sizeof(*vb));
	const char *source;
	struct nvt_bytes rom;
	int rc = vb ? cli_vbios_read(cli, &rom, &source, e)
		    : nvt_fail(e, NVT_E_NOMEM, "out of memory");

	if (!rc) {
		doc_str(data, "source", source);
		doc_num(data, "size", rom.n);
		check_all(&v, rom, source, data, vb);
		cli->no = json_array_size(v.problems) > 0;
		free((void *)rom.p);
	}
	free(vb);
	json_object_set_new(data, "problems", v.problems);
	json_object_set_new(data, "notes", v.notes);
	return rc;
}

void cli_vbios_verify_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *note;
	size_t i, n = json_array_size(json_object_get(data, "problems"));

	(void)cli;
	cli_problems_print(json_object_get(data, "problems"), out);
	json_array_foreach(json_object_get(data, "notes"), i, note)
		fprintf(out, "note: %s\n", json_string_value(note));
	cli_put_text(out, doc_get_str(data, "source"));
	if (doc_get_str(data, "version")[0])
		fprintf(out, ", version %s", doc_get_str(data, "version"));
	if (n)
		fprintf(out, ": %zu problem%s\n", n, n == 1 ? "" : "s");
	else
		fprintf(out, ": nothing wrong\n");
}
