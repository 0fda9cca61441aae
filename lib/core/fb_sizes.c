/* SPDX-License-Identifier: MIT */
/*
 * Sizes of heaps and reservations. Sources, OGKM of the release named in a row: heap parameters from
 * inc/kernel/gpu/gsp/gsp_fw_heap.h and kernel_gsp.c; the heap outside WPR from
 * generated/g_kernel_gsp_nvoc.h; the PMU's part from gpu/pmu/kern_pmu.c.
 */
#include "core/fb_sizes.h"

#include "base/bytes.h"

#include <stdio.h>
#include <string.h>

#define KIB (1ull << 10)
#define MIB (1ull << 20)
#define GIB (1ull << 30)

struct release_sizes {
	const char *abi;
	uint64_t os_libos3;   /* the operating system's part; LIBOS2 needs none of the heap */
	uint64_t min_libos3;  /* smallest heap that is asked for */
	uint64_t outer_gb20x; /* heap outside WPR2; the other families' did not change */
	uint32_t pmu;         /* Blackwell: what the PMU keeps of the framebuffer */
};

#define PMU_R570 (uint32_t)(0x1820000) /* 8 MiB + 16 MiB + 4 KiB, up to 128 KiB */
#define PMU_R580 (uint32_t)(0x1920000) /* 9 MiB + 16 MiB + 4 KiB, up to 128 KiB */

static const struct release_sizes releases[] = {
	{ "535.113.01", 20 * MIB, 84 * MIB, 0, 0 },
	{ "535.261.03", 20 * MIB, 84 * MIB, 0, 0 },
	{ "570.144", 22 * MIB, 88 * MIB, 0x220000, PMU_R570 },
	{ "580.142", 22 * MIB, 88 * MIB, 0x230000, PMU_R580 },
	{ "595.45.04", 22 * MIB, 88 * MIB, 0x300000, PMU_R580 },
};

/* The same in every release so far. */
#define BASE_BEFORE_HOPPER (8 * MIB)
#define BASE_HOPPER (14 * MIB)
#define PER_GIB (96 * KIB)
#define CLIENTS (48 * KIB * 2048)
#define MIN_LIBOS2 (64 * MIB)

struct family_sizes {
	const char *family;
	unsigned libos; /* generation of the operating system under GSP-RM */
	uint64_t base, frts;
	uint64_t outer; /* heap outside WPR2, 0: as the release says */
	bool by_firmware, has_pmu;
};

static const struct family_sizes families[] = {
	{ "turing", 2, BASE_BEFORE_HOPPER, MIB, MIB, false, false },
	{ "ga100", 2, BASE_BEFORE_HOPPER, 0, MIB, false, false },
	{ "ga10x", 3, BASE_BEFORE_HOPPER, MIB, MIB, false, false },
	{ "ada", 3, BASE_BEFORE_HOPPER, MIB, MIB, false, false },
	{ "hopper", 3, BASE_HOPPER, MIB, 2 * MIB, true, false },
	{ "gb10x", 3, BASE_HOPPER, MIB, 2 * MIB, true, true },
	{ "gb20x", 3, BASE_HOPPER, MIB, 0, true, true },
};

static const struct release_sizes *find_release(const char *abi, struct nvt_error *e)
{
	char known[sizeof(e->wanted)] = "";
	size_t n = 0;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(releases); i++) {
		if (!strcmp(releases[i].abi, abi))
			return &releases[i];
		n += (size_t)snprintf(known + n, sizeof(known) - n, "%s%s", i ? ", " : "",
				      releases[i].abi);
	}
	nvt_fail(e, NVT_E_ENV, "the heap sizes of protocol release %s are not known", abi);
	nvt_err_seen(e, "%s", abi);
	nvt_err_wanted(e, "one of %s", known);
	return NULL;
}

static const struct family_sizes *find_family(const char *family)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(families); i++)
		if (!strcmp(families[i].family, family))
			return &families[i];
	return NULL;
}

static uint64_t heap_size(const struct release_sizes *r, const struct family_sizes *f,
			  uint64_t fb_size)
{
	uint64_t gib = fb_size / GIB + (fb_size % GIB != 0);
	uint64_t min = f->libos >= 3 ? r->min_libos3 : MIN_LIBOS2;
	uint64_t size = (f->libos >= 3 ? r->os_libos3 : 0) + f->base +
			nvt_align_up(PER_GIB * gib, MIB) + nvt_align_up(CLIENTS, MIB);

	return size < min ? min : size;
}

int fb_sizes(const struct nvt_chip *chip, const char *abi, uint64_t fb_size, struct fb_parts *ret,
	     struct nvt_error *e)
{
	const struct family_sizes *f = find_family(chip->family);
	const struct release_sizes *r;
	uint64_t outer;

	if (!f)
		return nvt_fail(e, NVT_E_ENV, "the framebuffer layout of %s is not known",
				chip->family);
	r = find_release(abi, e);
	if (!r)
		return -NVT_E_ENV;
	outer = f->outer ? f->outer : r->outer_gb20x;
	if (!outer || (f->has_pmu && !r->pmu))
		return nvt_fail(e, NVT_E_ENV, "release %s does not support %s", abi, chip->name);
	ret->frts = f->frts;
	ret->heap = heap_size(r, f, fb_size);
	ret->non_wpr_heap = outer;
	ret->pmu = f->has_pmu ? r->pmu : 0;
	ret->by_firmware = f->by_firmware;
	return 0;
}
