/* SPDX-License-Identifier: MIT */
/* The boot ROM's part of a secure start: what code is there, its parameters, its signature. */
#include "sim/model.h"

/* From the block that carries the boot vector's tag on, as long as tags rise by one. */
struct nvt_bytes sim_hs_code(const struct sim *s, const struct sim_falcon *f, bool *ret_all_secure)
{
	uint32_t tag = sim_falcon_get(s, f, NV_PFALCON_FALCON_BOOTVEC) / SIM_FALCON_BLOCK;
	unsigned n = f->imem_size / SIM_FALCON_BLOCK, first, i;

	*ret_all_secure = true;
	for (first = 0; first < n; first++)
		if (f->blocks[first].valid && f->blocks[first].tag == tag)
			break;
	for (i = first; i < n && f->blocks[i].valid && f->blocks[i].tag == tag + (i - first); i++)
		if (!f->blocks[i].secure)
			*ret_all_secure = false;
	return (struct nvt_bytes){ f->imem + (size_t)(first < n ? first : 0) * SIM_FALCON_BLOCK,
				   (size_t)(i - first) * SIM_FALCON_BLOCK };
}

static bool param_ok(struct sim *s, const struct sim_falcon *f, const char *name, uint32_t seen, uint32_t want)
{
	if (seen == want)
		return true;
	sim_violation(s, "boot-rom-parameter", SIM_HEX(seen), SIM_HEX(want), "%s started with a wrong %s", f->name,
		      name);
	return false;
}

bool sim_hs_params_ok(struct sim *s, const struct sim_falcon *f, const struct sim_hs_want *want)
{
	return param_ok(s, f, "MOD_SEL", sim_falcon_get2(s, f, NV_PFALCON2_FALCON_MOD_SEL),
			NV_PFALCON2_FALCON_MOD_SEL_ALGO_RSA3K) &&
	       param_ok(s, f, "BROM_PARAADDR", sim_falcon_get2(s, f, NV_PFALCON2_FALCON_BROM_PARAADDR),
			want->para_addr) &&
	       param_ok(s, f, "BROM_ENGIDMASK", sim_falcon_get2(s, f, NV_PFALCON2_FALCON_BROM_ENGIDMASK),
			want->engine_mask) &&
	       param_ok(s, f, "BROM_CURR_UCODE_ID", sim_falcon_get2(s, f, NV_PFALCON2_FALCON_BROM_CURR_UCODE_ID),
			want->ucode_id);
}

bool sim_hs_signature_ok(struct sim *s, const struct sim_falcon *f, uint32_t dmem_off, uint32_t size)
{
	uint32_t i;

	for (i = 0; i < size && dmem_off + i < f->dmem_size; i++)
		if (f->dmem[dmem_off + i])
			return true;
	sim_violation(s, "signature-missing", "all zero", "one of the image's signatures",
		      "%s image without a signature at DMEM 0x%x", f->name, dmem_off);
	return false;
}
