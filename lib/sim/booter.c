/* SPDX-License-Identifier: MIT */
/* booter_load and booter_unload on SEC2: recognised by the digests of their parts, then what they do. */
#include "sim/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* General codes of NVIDIA's flcnretval.h; the booter's own enumeration is not published. */
#define MAILBOX_INVALID_ARGUMENT 0x02u
#define MAILBOX_SIGNATURE 0xaau
/* Met by users of TU117 with booter_load 570.144. */
#define MAILBOX_TU117 0x31u
/* Argument of booter_unload in a normal unload: both mailboxes. */
#define UNLOAD_ARGUMENT 0x000000ff000000ffull

static const struct nvt_fwdb_file *by_code(const struct sim *s, struct nvt_bytes code, const char *role)
{
	const struct nvt_fwdb_file *f, *found;
	const struct nvt_fwdb_part *part;
	struct nvt_sha256 d;
	uint64_t hashed = 0;
	unsigned i;

	for (i = 0; (f = nvt_fwdb_file_at(s->opts.fwdb, i)); i++) {
		part = strcmp(f->role, role) ? NULL : nvt_fwdb_part(f, "imem");
		if (!part || !part->size || part->size > code.n || code.n - part->size >= SIM_FALCON_BLOCK ||
		    part->size == hashed)
			continue;
		hashed = part->size;
		nvt_sha256((struct nvt_bytes){ code.p, hashed }, &d);
		found = nvt_fwdb_by_part(s->opts.fwdb, role, "imem", &d);
		if (found)
			return found;
	}
	return NULL;
}

static bool dmem_ok(struct sim *s, const struct sim_falcon *f, const struct nvt_fwdb_file *file,
		    const struct nvt_fwdb_part *part)
{
	struct nvt_sha256 d;
	uint8_t *copy;

	if (part->size > f->dmem_size || part->patch_off > part->size ||
	    part->patch_size > part->size - part->patch_off)
		return false;
	copy = malloc(part->size);
	if (!copy) {
		sim_bug(s, "no memory to hash DMEM");
		return false;
	}
	memcpy(copy, f->dmem, part->size);
	memset(copy + part->patch_off, 0, part->patch_size);
	nvt_sha256((struct nvt_bytes){ copy, part->size }, &d);
	free(copy);
	if (nvt_sha256_equal(&d, &part->sha256))
		return true;
	sim_violation(s, "firmware-digest", NULL, file->path, "%s: DMEM is not the image's, signature aside",
		      file->role);
	return false;
}

/* One of those that the image came with: the boot ROM verifies it, here its digest says so. */
static bool signature_known(struct sim *s, const struct sim_falcon *f, const struct nvt_fwdb_file *file,
			    const struct nvt_fwdb_part *dmem)
{
	const struct nvt_fwdb_part *sig;
	struct nvt_sha256 d;
	char name[24];
	unsigned i;

	nvt_sha256((struct nvt_bytes){ f->dmem + dmem->patch_off, dmem->patch_size }, &d);
	for (i = 0;; i++) {
		snprintf(name, sizeof(name), "signature%u", i);
		sig = nvt_fwdb_part(file, name);
		if (!sig)
			break;
		if (nvt_sha256_equal(&d, &sig->sha256))
			return true;
	}
	if (!i)
		return true; /* a manifest without them */
	sim_violation(s, "signature-unknown", NULL, "one of the image's signatures",
		      "%s carries a signature that its file does not have", file->role);
	return false;
}

static bool known_ok(struct sim *s, const struct sim_falcon *f, const struct nvt_fwdb_file *file)
{
	const struct nvt_fwdb_part *dmem = nvt_fwdb_part(file, "dmem");
	struct sim_hs_want want = { 0, s->chip->sec2_engine_mask, s->chip->sec2_ucode_id };

	if (!dmem)
		return true;
	want.para_addr = (uint32_t)dmem->patch_off;
	return dmem_ok(s, f, file, dmem) && sim_hs_params_ok(s, f, &want) &&
	       sim_hs_signature_ok(s, f, (uint32_t)dmem->patch_off, (uint32_t)dmem->patch_size) &&
	       signature_known(s, f, file, dmem);
}

/* Without a digest the parameters themselves say where the signature is. */
static bool unknown_ok(struct sim *s, const struct sim_falcon *f)
{
	struct sim_hs_want want = { sim_falcon_get2(s, f, NV_PFALCON2_FALCON_BROM_PARAADDR),
				    s->chip->sec2_engine_mask, s->chip->sec2_ucode_id };

	if (!s->opts.unknown_fw_ok) {
		sim_violation(s, "firmware-digest", "unknown", "a booter of fwdb",
			      "code on SEC2 is no booter that fwdb knows");
		return false;
	}
	return sim_hs_params_ok(s, f, &want) && sim_hs_signature_ok(s, f, want.para_addr, s->chip->hs_sig_size);
}

void sim_note_image(char out[48], const struct nvt_fwdb_file *f)
{
	snprintf(out, 48, "%s", f ? f->release : "digest unknown");
}

static void answer(struct sim *s, struct sim_falcon *f, uint32_t code)
{
	sim_falcon_set(s, f, NV_PFALCON_FALCON_MAILBOX0, code);
}

/* ---- load ---- */

static bool load_allowed(struct sim *s)
{
	if (!s->frts_size) {
		sim_violation(s, "booter-before-frts", SIM_HEX(s->wpr2_hi), "WPR2 set by FWSEC-FRTS",
			      "booter_load before FWSEC-FRTS");
		return false;
	}
	if (s->gsp.state != SIM_GSP_OFF || s->wpr2_lo != s->frts_off) {
		sim_violation(s, "booter-twice", SIM_HEX(s->wpr2_lo), SIM_HEX(s->frts_off),
			      "booter_load after GSP-RM was loaded");
		return false;
	}
	return true;
}

static void load(struct sim *s, struct sim_falcon *f)
{
	struct sim_wpr wpr;

	if (sim_fault_fires(s, SIM_F_BOOTER_SIGNATURE)) {
		answer(s, f, MAILBOX_SIGNATURE);
		return;
	}
	if (sim_fault_fires(s, SIM_F_BOOTER_ERROR)) {
		answer(s, f, (uint32_t)sim_fault_arg(s, SIM_F_BOOTER_ERROR, MAILBOX_TU117));
		return;
	}
	if (!load_allowed(s) || !sim_wpr_meta_check(s, sim_falcon_mailbox(s, f), &wpr)) {
		answer(s, f, MAILBOX_INVALID_ARGUMENT);
		return;
	}
	sim_board_set_wpr2(s, wpr.start, wpr.end);
	s->gsp.wpr_start = wpr.start;
	s->gsp.wpr_end = wpr.end;
	s->gsp.non_wpr_heap = wpr.non_wpr_heap;
	sim_step(s, "booter-load");
	/* Drivers look at the RISC-V core once, right after SEC2 halts: first this, then the halt. */
	if (!sim_fault_fires(s, SIM_F_RISCV_NEVER_ACTIVE))
		sim_gsp_start(s);
	answer(s, f, 0);
}

/* ---- resume of the core, asked for by the CPU sequencer ---- */

static void resume(struct sim *s, struct sim_falcon *f)
{
	sim_reg_set(&s->regs, NV_PGC6_BSI_SECURE_SCRATCH_14,
		    NVT_DEF(NV_PGC6_BSI_SECURE_SCRATCH_14_BOOT_STAGE_3_HANDOFF, DONE));
	answer(s, f, 0);
	sim_gsp_resume(s);
}

/* ---- unload ---- */

static void unload(struct sim *s, struct sim_falcon *f)
{
	uint64_t arg = sim_falcon_mailbox(s, f);

	if (arg != UNLOAD_ARGUMENT) {
		sim_violation(s, "booter-unload-argument", SIM_HEX(arg), SIM_HEX(UNLOAD_ARGUMENT),
			      "booter_unload with an argument of no known use");
		answer(s, f, MAILBOX_INVALID_ARGUMENT);
		return;
	}
	if (s->falcon[SIM_GSP].riscv_active && s->gsp.state != SIM_GSP_UNLOADED) {
		sim_violation(s, "booter-unload-early", NULL, "GSP-RM unloaded or its core reset",
			      "booter_unload while GSP-RM runs");
		answer(s, f, MAILBOX_INVALID_ARGUMENT);
		return;
	}
	if (!sim_fault_fires(s, SIM_F_UNLOAD_LEAVES_WPR2)) {
		sim_board_set_wpr2(s, 0, 0);
		s->frts_size = 0;
	}
	answer(s, f, 0);
	sim_step(s, "booter-unload");
}

/* An image without a digest is told by its argument: booter_unload's is no address. */
static bool is_unload(const struct sim *s, const struct sim_falcon *f, const struct nvt_fwdb_file *file)
{
	return file ? !strcmp(file->role, "booter_unload") : sim_falcon_mailbox(s, f) == UNLOAD_ARGUMENT;
}

static void run_load(struct sim *s, struct sim_falcon *f, const struct nvt_fwdb_file *file)
{
	sim_note_image(s->seen.booter_load, file);
	if (!sim_find_rel(s, file ? file->release : NULL, &s->gsp.rel)) {
		sim_falcon_refuse(s, f);
		return;
	}
	sim_phase(s, "booter");
	sim_falcon_run(s, f, SIM_T_BOOTER_LOAD, load);
	if (sim_fault_fires(s, SIM_F_BOOTER_NEVER_HALTS))
		sim_falcon_run(s, f, UINT64_MAX - s->now_ns, NULL);
}

void sim_booter_start(struct sim *s, struct sim_falcon *f, struct nvt_bytes code)
{
	const struct nvt_fwdb_file *file;

	/* CORE_RESUME starts what is still there; a driver that gave the script up loads anew. */
	if (s->gsp.state == SIM_GSP_RESUME && f->started_warm) {
		sim_falcon_run(s, f, SIM_T_BOOTER_RESUME, resume);
		return;
	}
	if (s->gsp.state == SIM_GSP_RESUME)
		sim_gsp_abandon(s);
	file = by_code(s, code, "booter_load");
	if (!file)
		file = by_code(s, code, "booter_unload");
	if (!(file ? known_ok(s, f, file) : unknown_ok(s, f))) {
		sim_falcon_refuse(s, f);
		return;
	}
	if (is_unload(s, f, file)) {
		sim_note_image(s->seen.booter_unload, file);
		sim_falcon_run(s, f, SIM_T_BOOTER_UNLOAD, unload);
	} else {
		run_load(s, f, file);
	}
}
