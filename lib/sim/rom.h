/* SPDX-License-Identifier: MIT */
/* The VBIOS behind PROM, and the FWSEC in it as the boot ROM would know it. */
#ifndef NVT_SIM_ROM_H
#define NVT_SIM_ROM_H

#include <nvt/error.h>
#include <nvt/types.h>

struct sim;

struct sim_rom {
	uint8_t *data;    /* as PROM shows it: begins with the PCI ROM */
	uint8_t *file;    /* what to free; data points into it */
	uint32_t size;
	bool synthetic;
	/* Production FWSEC */
	const uint8_t *imem, *dmem, *sigs;
	uint32_t imem_size, dmem_size, imem_virt_base;
	uint32_t pkc_off, interface_off;
	unsigned sig_count;
	uint16_t sig_versions, engine_mask;
	uint8_t ucode_id;
};

#define SIM_PROM_SIZE 0x100000u

/* Builds the synthetic VBIOS, or reads opts.rom_path. */
int sim_rom_init(struct sim *s, struct nvt_error *e);
void sim_rom_fini(struct sim *s);

#endif
