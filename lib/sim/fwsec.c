/* SPDX-License-Identifier: MIT */
/* FWSEC on the GSP falcon: recognised against the ROM that PROM shows, then FRTS or SB. */
#include "sim/model.h"

#include "base/bytes.h"

#include <stdio.h>
#include <string.h>

/* The DMEMMAPPER interface and FWSEC's commands; NVIDIA kernel_gsp_frts_tu102.c, nova-core fwsec.rs. */
enum {
	INTERFACE_HEADER = 4,
	INTERFACE_DMEMMAPPER = 4,
	MAPPER_SIZE = 0x40,
	MAPPER_CMD_IN_OFF = 0x08,
	MAPPER_INIT_CMD = 0x2c,
	CMD_READ_VBIOS_SIZE = 24,
	CMD_FRTS_SIZE = 20,
	CMD_SIZE = CMD_READ_VBIOS_SIZE + CMD_FRTS_SIZE,
	MEDIA_FB = 2,
	INIT_CMD_FRTS = 0x15,
	INIT_CMD_SB = 0x19,
};
#define FRTS_SIZE (1ull << 20)
/* Not published; any non-zero code is an error to every driver. */
#define FRTS_ERR_WPR2_SET 0x1du
#define FRTS_ERR_REGION 0x1eu

/* Offset of the DMEMMAPPER in DMEM by the ROM's own interface table. */
static bool find_mapper(const struct sim_rom *rom, uint32_t *ret)
{
	struct nvt_cursor c = nvt_cursor_at((struct nvt_bytes){ rom->dmem, rom->dmem_size }, rom->interface_off);
	uint32_t header, entry, count, i, id, base;

	(void)nvt_cursor_u8(&c);
	header = nvt_cursor_u8(&c);
	entry = nvt_cursor_u8(&c);
	count = nvt_cursor_u8(&c);
	for (i = 0; i < count && !c.bad; i++) {
		c.at = (size_t)rom->interface_off + header + (size_t)i * entry;
		id = nvt_cursor_u32(&c);
		base = nvt_cursor_u32(&c);
		if (!c.bad && id == INTERFACE_DMEMMAPPER && nvt_in_range(base, MAPPER_SIZE, rom->dmem_size)) {
			*ret = base;
			return true;
		}
	}
	return false;
}

/* DMEM as loaded equals the ROM's, but for the command, its buffer and the signature. */
static bool dmem_matches(const struct sim *s, const struct sim_falcon *f, uint32_t mapper, uint32_t cmd_in)
{
	const struct sim_rom *rom = &s->rom;
	const struct {
		uint32_t off, n;
	} holes[] = { { mapper + MAPPER_INIT_CMD, 4 }, { cmd_in, CMD_SIZE }, { rom->pkc_off, s->chip->hs_sig_size } };
	uint32_t i, k;

	for (i = 0; i < rom->dmem_size; i++) {
		if (f->dmem[i] == rom->dmem[i])
			continue;
		for (k = 0; k < NVT_ARRAY_SIZE(holes); k++)
			if (i - holes[k].off < holes[k].n)
				break;
		if (k == NVT_ARRAY_SIZE(holes))
			return false;
	}
	return true;
}

static unsigned bits_below(uint32_t v, unsigned bit)
{
	unsigned n = 0, i;

	for (i = 0; i < bit; i++)
		n += v >> i & 1;
	return n;
}

/* The signature is one of the descriptor's, and better the one that the fuse asks for. */
static bool signature_ok(struct sim *s, const struct sim_falcon *f)
{
	const struct sim_rom *rom = &s->rom;
	const uint8_t *sig = f->dmem + rom->pkc_off;
	uint32_t size = s->chip->hs_sig_size, fuse;
	unsigned i, version;

	if (!sim_hs_signature_ok(s, f, rom->pkc_off, size))
		return false;
	for (i = 0; i < rom->sig_count; i++)
		if (!memcmp(sig, rom->sigs + (size_t)i * size, size))
			break;
	if (i == rom->sig_count) {
		sim_violation(s, "signature-unknown", NULL, "one of the descriptor's signatures",
			      "FWSEC carries a signature that its descriptor does not have");
		return false;
	}
	fuse = rom->ucode_id && rom->ucode_id <= NV_FUSE_OPT_FPF_GSP_UCODE_VERSION__COUNT ?
		       sim_reg_get(&s->regs, NVT_REG_AT(NV_FUSE_OPT_FPF_GSP_UCODE_VERSION, rom->ucode_id - 1)) :
		       0;
	version = nvt_fuse_version(fuse);
	if (i != bits_below(rom->sig_versions, version))
		sim_odd(s, SIM_ODD_FWSEC_SIGNATURE, NULL);
	return true;
}

static bool recognise(struct sim *s, struct sim_falcon *f, struct nvt_bytes code, uint32_t *ret_mapper,
		      uint32_t *ret_cmd_in)
{
	const struct sim_rom *rom = &s->rom;
	const struct sim_hs_want want = { rom->pkc_off, rom->engine_mask, rom->ucode_id };

	if (!find_mapper(rom, ret_mapper)) {
		sim_violation(s, "fwsec-structure", NULL, NULL, "the ROM's FWSEC has no DMEMMAPPER interface");
		return false;
	}
	*ret_cmd_in = nvt_le32(rom->dmem + *ret_mapper + MAPPER_CMD_IN_OFF);
	if (!nvt_in_range(*ret_cmd_in, CMD_SIZE, rom->dmem_size) || rom->dmem_size > f->dmem_size) {
		sim_violation(s, "fwsec-structure", SIM_HEX(*ret_cmd_in), NULL,
			      "the ROM's FWSEC has its command buffer outside DMEM");
		return false;
	}
	if (code.n < rom->imem_size || memcmp(code.p, rom->imem, rom->imem_size)) {
		sim_violation(s, "fwsec-code", NULL, "IMEM of the ROM's FWSEC", "code on GSP is not the ROM's FWSEC");
		return false;
	}
	if (!dmem_matches(s, f, *ret_mapper, *ret_cmd_in)) {
		sim_violation(s, "fwsec-data", NULL, "DMEM of the ROM's FWSEC",
			      "FWSEC's data differ from the ROM outside command and signature");
		return false;
	}
	snprintf(s->seen.fwsec, sizeof(s->seen.fwsec), "%s", rom->synthetic ? "synthetic" : "digest unknown");
	return sim_hs_params_ok(s, f, &want) && signature_ok(s, f);
}

static void end_frts(struct sim *s, struct sim_falcon *f, uint32_t error)
{
	sim_reg_set(&s->regs, NVT_REG_AT(NV_PBUS_SW_SCRATCH, 0xe), NVT_SET(NV_PBUS_SW_SCRATCH_0E_FRTS_ERR_CODE, error));
	sim_falcon_set(s, f, NV_PFALCON_FALCON_MAILBOX0, 0);
}

/* The parts of the command that are the same for every driver. */
static bool command_ok(struct sim *s, const uint8_t *cmd)
{
	static const struct {
		uint8_t off;
		uint32_t want;
		const char *name;
	} rows[] = {
		{ 0x00, 1, "version of the ROM part" },	     { 0x04, CMD_READ_VBIOS_SIZE, "size of the ROM part" },
		{ 0x14, 2, "flags of the ROM part" },	     { 0x18, 1, "version of the FRTS part" },
		{ 0x1c, CMD_FRTS_SIZE, "size of the FRTS part" }, { 0x24, FRTS_SIZE >> 12, "size of the region" },
		{ 0x28, MEDIA_FB, "media type" },
	};
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		if (nvt_le32(cmd + rows[i].off) == rows[i].want)
			continue;
		sim_violation(s, "frts-command", SIM_HEX(nvt_le32(cmd + rows[i].off)), SIM_HEX(rows[i].want),
			      "FRTS command with a wrong %s", rows[i].name);
		return false;
	}
	return true;
}

static const uint8_t *command(const struct sim *s, const struct sim_falcon *f)
{
	uint32_t mapper = 0;

	(void)find_mapper(&s->rom, &mapper); /* was there when the code was recognised */
	return f->dmem + nvt_le32(s->rom.dmem + mapper + MAPPER_CMD_IN_OFF);
}

static void frts(struct sim *s, struct sim_falcon *f)
{
	const uint8_t *cmd = command(s, f);
	uint64_t off = (uint64_t)nvt_le32(cmd + 0x20) << 12;

	if (s->wpr2_hi) {
		sim_odd(s, SIM_ODD_FRTS_TWICE, NULL);
		end_frts(s, f, FRTS_ERR_WPR2_SET);
		return;
	}
	if (!command_ok(s, cmd)) {
		end_frts(s, f, FRTS_ERR_REGION);
		return;
	}
	if (!nvt_in_range(off, FRTS_SIZE, s->vram.size) || off % (128u << 10)) {
		sim_violation(s, "frts-region", SIM_HEX(off), SIM_HEX(s->vram.size),
			      "FRTS region not 128 KiB aligned inside video memory");
		end_frts(s, f, FRTS_ERR_REGION);
		return;
	}
	if (sim_fault_fires(s, SIM_F_FRTS_ERROR)) {
		end_frts(s, f, (uint32_t)sim_fault_arg(s, SIM_F_FRTS_ERROR, FRTS_ERR_WPR2_SET));
		return;
	}
	if (sim_fault_fires(s, SIM_F_FRTS_ELSEWHERE))
		off -= FRTS_SIZE;
	s->frts_off = off;
	s->frts_size = FRTS_SIZE;
	sim_board_set_wpr2(s, off, off + FRTS_SIZE);
	end_frts(s, f, 0);
	sim_step(s, "fwsec-frts");
}

/* Error bits only: the other half of the scratch register is not this command's. */
static void sb(struct sim *s, struct sim_falcon *f)
{
	uint32_t at = NVT_REG_AT(NV_PBUS_SW_SCRATCH, 0x15);

	sim_reg_set(&s->regs, at, sim_reg_get(&s->regs, at) & ~NVT_MASK(NV_PBUS_SW_SCRATCH_15_SB_ERR_CODE));
	sim_falcon_set(s, f, NV_PFALCON_FALCON_MAILBOX0, 0);
	sim_step(s, "fwsec-sb");
}

void sim_fwsec_start(struct sim *s, struct sim_falcon *f, struct nvt_bytes code)
{
	uint32_t mapper, cmd_in, init_cmd;

	sim_phase(s, "fwsec");
	if (!s->gfw_ready) {
		sim_violation(s, "fwsec-before-gfw", NULL, "GFW_BOOT_PROGRESS_COMPLETED",
			      "FWSEC started before the GPU's own firmware is done");
		sim_falcon_refuse(s, f);
		return;
	}
	if (!recognise(s, f, code, &mapper, &cmd_in)) {
		sim_falcon_refuse(s, f);
		return;
	}
	init_cmd = nvt_le32(f->dmem + mapper + MAPPER_INIT_CMD);
	if (init_cmd != INIT_CMD_FRTS && init_cmd != INIT_CMD_SB) {
		sim_violation(s, "fwsec-command", SIM_HEX(init_cmd), "0x15 or 0x19", "FWSEC with an unknown command");
		sim_falcon_refuse(s, f);
		return;
	}
	sim_falcon_run(s, f, SIM_T_FWSEC, init_cmd == INIT_CMD_FRTS ? frts : sb);
	if (init_cmd == INIT_CMD_FRTS && sim_fault_fires(s, SIM_F_FWSEC_NEVER_HALTS))
		sim_falcon_run(s, f, UINT64_MAX - s->now_ns, NULL);
}
