/* SPDX-License-Identifier: MIT */
/* The synthetic VBIOS: an image chain that every known driver can walk to FWSEC. */
#ifndef NVT_SIM_VBIOS_BUILD_H
#define NVT_SIM_VBIOS_BUILD_H

#include "sim/chips.h"

/* Where the builder put things, from the start of the ROM; tests compare parsers with it. */
struct sim_vbios_layout {
	uint32_t pc_at_size, efi_off, ext_off, ext_size;
	uint32_t ucode_table_off, desc_off, ucode_off;
	uint32_t imem_size, dmem_size, pkc_off, interface_off, dmemmapper_off, cmd_in_off;
	unsigned signature_count;
};

#define SIM_VBIOS_MAX 0x20000u
/* Fills rom (SIM_VBIOS_MAX bytes) and returns the chain's length. */
uint32_t sim_vbios_build(const struct nvt_chip *chip, const struct sim_chip *board, uint8_t *rom,
			 struct sim_vbios_layout *ret);

#endif
