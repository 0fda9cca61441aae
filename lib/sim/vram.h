/* SPDX-License-Identifier: MIT */
/* Video memory: only what is written costs memory; the rest reads 0. */
#ifndef NVT_SIM_VRAM_H
#define NVT_SIM_VRAM_H

#include <nvt/types.h>

#define SIM_VRAM_CHUNK 0x10000u
#define SIM_VRAM_MAX (256ull << 30)

struct sim_vram {
	uint64_t size;
	uint8_t **chunks; /* size / SIM_VRAM_CHUNK of them, NULL until written */
	uint64_t touched; /* bytes behind allocated chunks */
};

/* size: a multiple of SIM_VRAM_CHUNK, at most SIM_VRAM_MAX. -NVT_E_NOMEM. */
int sim_vram_init(struct sim_vram *v, uint64_t size);
void sim_vram_fini(struct sim_vram *v);
/* Forgets all content. */
void sim_vram_clear(struct sim_vram *v);
/* False, and nothing done, if [off, off+n) is not inside, or (writing) on no memory. */
bool sim_vram_rd(const struct sim_vram *v, uint64_t off, uint8_t *buf, size_t n);
bool sim_vram_wr(struct sim_vram *v, uint64_t off, const uint8_t *buf, size_t n);

#endif
