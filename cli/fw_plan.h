/* SPDX-License-Identifier: MIT */
/* The framebuffer as a stack of bands, for the map and the drawing of fw plan. */
#ifndef CLI_FW_PLAN_H
#define CLI_FW_PLAN_H

#include <jansson.h>
#include <nvt/types.h>

struct plan_band {
	const char *label; /* NULL: a gap that comes from alignment, or the rest of the framebuffer */
	uint64_t base, size;
	bool in_wpr2;
};
enum { PLAN_BANDS = 20 };
/* From the top of the framebuffer downwards; from the document's fb. Without bases: sizes alone. */
unsigned plan_bands(const json_t *fb, struct plan_band ret[PLAN_BANDS]);
/* "8 MiB", "61.2 MiB" */
const char *plan_size(uint64_t size, char buf[32]);
/* The bands as SVG; malloced text, NULL when out of memory. */
char *plan_svg(const json_t *data);

#endif
