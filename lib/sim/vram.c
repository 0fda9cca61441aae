/* SPDX-License-Identifier: MIT */
/* Sparse video memory in 64 KiB chunks. */
#include "sim/vram.h"

#include <nvt/error.h>

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

int sim_vram_init(struct sim_vram *v, uint64_t size)
{
	v->chunks = calloc(size / SIM_VRAM_CHUNK, sizeof(*v->chunks));
	if (!v->chunks)
		return -NVT_E_NOMEM;
	v->size = size;
	v->touched = 0;
	return 0;
}

void sim_vram_clear(struct sim_vram *v)
{
	uint64_t i;

	if (!v->touched)
		return;
	for (i = 0; i < v->size / SIM_VRAM_CHUNK; i++) {
		free(v->chunks[i]);
		v->chunks[i] = NULL;
	}
	v->touched = 0;
}

void sim_vram_fini(struct sim_vram *v)
{
	if (v->chunks)
		sim_vram_clear(v);
	free(v->chunks);
	memset(v, 0, sizeof(*v));
}

/* Bytes of [off, off+n) that lie in off's chunk. */
static size_t run(uint64_t off, size_t n)
{
	size_t left = SIM_VRAM_CHUNK - (size_t)(off % SIM_VRAM_CHUNK);

	return n < left ? n : left;
}

bool sim_vram_rd(const struct sim_vram *v, uint64_t off, uint8_t *buf, size_t n)
{
	const uint8_t *chunk;
	size_t k;

	if (!nvt_in_range(off, n, v->size))
		return false;
	for (; n; off += k, buf += k, n -= k) {
		k = run(off, n);
		chunk = v->chunks[off / SIM_VRAM_CHUNK];
		if (chunk)
			memcpy(buf, chunk + off % SIM_VRAM_CHUNK, k);
		else
			memset(buf, 0, k);
	}
	return true;
}

bool sim_vram_wr(struct sim_vram *v, uint64_t off, const uint8_t *buf, size_t n)
{
	uint8_t **chunk;
	size_t k;

	if (!nvt_in_range(off, n, v->size))
		return false;
	for (; n; off += k, buf += k, n -= k) {
		k = run(off, n);
		chunk = &v->chunks[off / SIM_VRAM_CHUNK];
		if (!*chunk) {
			*chunk = calloc(1, SIM_VRAM_CHUNK);
			if (!*chunk)
				return false;
			v->touched += SIM_VRAM_CHUNK;
		}
		memcpy(*chunk + off % SIM_VRAM_CHUNK, buf, k);
	}
	return true;
}
