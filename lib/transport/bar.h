/* SPDX-License-Identifier: MIT */
/* A BAR in the process's address space. */
#ifndef NVT_TRANSPORT_BAR_H
#define NVT_TRANSPORT_BAR_H

#include <nvt/error.h>
#include <nvt/types.h>

struct bar_map {
	volatile uint8_t *p; /* NULL: not mapped */
	uint64_t size;
};

/* One naturally aligned access of 1, 2, 4 or 8 bytes; NVT_E_USAGE if it is none or lies outside. */
int bar_rd(const struct bar_map *b, uint64_t off, unsigned size, uint64_t *ret, struct nvt_error *e);
int bar_wr(const struct bar_map *b, uint64_t off, unsigned size, uint64_t val, struct nvt_error *e);
/* Ascending 32-bit accesses. */
int bar_window_rd(const struct bar_map *b, uint64_t off, uint8_t *buf, size_t n, struct nvt_error *e);
int bar_window_wr(const struct bar_map *b, uint64_t off, const uint8_t *buf, size_t n, struct nvt_error *e);

#endif
