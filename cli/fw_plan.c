/* SPDX-License-Identifier: MIT */
/* fw plan: where everything goes in the framebuffer of a GPU that need not be there. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/cmd.h"
#include "cli/fw_out.h"
#include "cli/fw_plan.h"
#include "cli/stage.h"

static const char *const displays[] = { "on", "off" };

const char *cli_fw_plan_display(unsigned i)
{
	return i < NVT_ARRAY_SIZE(displays) ? displays[i] : NULL;
}

static int take_query(const struct cli *cli, struct nvt_fb_query *q, struct nvt_error *e)
{
	const struct cli_value *vram = cli_opt_at(cli, "vram", 0), *vga = cli_opt_at(cli, "vga-base", 0);
	const char *display = cli_opt_str(cli, "display");
	const char *chip = cli_opt_str(cli, "chip");
	int rc;

	if (!chip) {
		rc = nvt_fail(e, NVT_E_USAGE, "%s needs --chip", cli->line.name);
		nvt_err_hint(e, "nvtool chips lists them");
		return rc;
	}
	rc = fw_take_chip(chip, &q->chip, e);
	if (rc)
		return rc;
	if (!vram)
		return nvt_fail(e, NVT_E_USAGE, "%s needs --vram", cli->line.name);
	q->vram = vram->num;
	q->release = cli->release;
	q->display_off = display && !strcmp(display, "off");
	q->vga_base = vga ? vga->num : 0;
	if (!vga || q->vga_base < q->vram)
		return 0;
	return nvt_fail(e, NVT_E_USAGE, "--vga-base 0x%" PRIx64 " lies outside %" PRIu64 " bytes of VRAM", q->vga_base,
			q->vram);
}

static int write_svg(const struct cli *cli, const json_t *data, struct nvt_error *e)
{
	const char *path = cli_opt_str(cli, "svg");
	struct cli_stage st = { 0 };
	char *svg = path ? plan_svg(data) : NULL;
	int rc;

	if (!path)
		return 0;
	if (!svg)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	rc = cli_stage_file(&st, path, (struct nvt_bytes){ (const uint8_t *)svg, strlen(svg) }, e);
	free(svg);
	return cli_stage_end(&st, rc, e);
}

int cli_fw_plan(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct nvt_fb_query q = { 0 };
	struct nvt_fb_plan plan;
	const char *release;
	int rc = take_query(cli, &q, e);

	if (!rc)
		rc = nvt_fb_plan_offline(cli->fwdb, &q, &plan, &release, e);
	if (rc)
		return rc;
	doc_str(data, "chip", q.chip->name);
	doc_str(data, "release", release);
	doc_str(data, "placed_by", plan.sizes_only ? "firmware" : "driver");
	cli_fb_document(data, &plan);
	return write_svg(cli, data, e);
}

/* ---- the document as a picture ---- */

const char *plan_size(uint64_t size, char buf[32])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB" };
	unsigned u = 0;

	while (u + 1 < NVT_ARRAY_SIZE(units) && size >> (10 * (u + 1)))
		u++;
	if (size & ((1ull << (10 * u)) - 1))
		snprintf(buf, 32, "%.1f %s", (double)size / (double)(1ull << (10 * u)), units[u]);
	else
		snprintf(buf, 32, "%" PRIu64 " %s", size >> (10 * u), units[u]);
	return buf;
}

static uint64_t hex_of(const json_t *o, const char *key)
{
	return strtoull(doc_get_str(o, key), NULL, 16);
}

/* A band down to base, and one for what lies between it and the next. */
static unsigned push(struct plan_band *bands, unsigned n, const char *label, uint64_t base, uint64_t *top,
		     uint64_t wpr2_base, uint64_t wpr2_end)
{
	if (base >= *top)
		return n;
	bands[n++] = (struct plan_band){ label, base, *top - base, base >= wpr2_base && *top <= wpr2_end };
	*top = base;
	return n;
}

static const struct {
	const char *key, *label;
} regions[] = {
	{ "vga_workspace", "VGA workspace" },    { "frts", "FRTS" },
	{ "boot_bin", "GSP bootloader" },        { "elf", "GSP-RM image" },
	{ "wpr_heap", "GSP-RM heap" },           { "wpr2", "boot metadata" },
	{ "non_wpr_heap", "heap outside WPR2" },
};

static unsigned bands_of_sizes(const json_t *fb, struct plan_band *ret)
{
	unsigned i, n = 0;

	for (i = 0; i < NVT_ARRAY_SIZE(regions); i++) {
		uint64_t size = hex_of(json_object_get(fb, regions[i].key), "size");

		if (size)
			ret[n++] = (struct plan_band){ regions[i].label, 0, size, false };
	}
	if (hex_of(fb, "pmu_reserved_size"))
		ret[n++] = (struct plan_band){ "PMU", 0, hex_of(fb, "pmu_reserved_size"), false };
	return n;
}

unsigned plan_bands(const json_t *fb, struct plan_band ret[PLAN_BANDS])
{
	const json_t *wpr2 = json_object_get(fb, "wpr2");
	uint64_t lo = hex_of(wpr2, "base"), hi = lo + hex_of(wpr2, "size"), top = hex_of(fb, "size");
	unsigned i, n = 0;

	if (json_is_null(json_object_get(wpr2, "base")))
		return bands_of_sizes(fb, ret);
	for (i = 0; i < NVT_ARRAY_SIZE(regions); i++) {
		const json_t *r = json_object_get(fb, regions[i].key);
		uint64_t base = hex_of(r, "base"), end = base + hex_of(r, "size");

		/* WPR2 surrounds the others: what is left of it lies below the heap */
		n = push(ret, n, NULL, end, &top, lo, hi);
		n = push(ret, n, regions[i].label, base, &top, lo, hi);
	}
	return push(ret, n, NULL, 0, &top, lo, hi);
}

enum { BOX = 37 };

static void rule(uint64_t at, const char *note, FILE *out)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, at);
	fprintf(out, "%13s +%.*s+%s%s\n", text, BOX, "----------------------------------------",
		note[0] ? "  " : "", note);
}

static void print_map(const json_t *fb, FILE *out)
{
	const json_t *wpr2 = json_object_get(fb, "wpr2");
	uint64_t lo = hex_of(wpr2, "base"), hi = lo + hex_of(wpr2, "size"), top = hex_of(fb, "size");
	struct plan_band bands[PLAN_BANDS];
	unsigned i, n = plan_bands(fb, bands);
	char size[32];

	for (i = 0; i < n; i++) {
		rule(top, top == hi ? "end of WPR2" : top == lo ? "start of WPR2" : "", out);
		top = bands[i].base;
		fprintf(out, "%13s |%c %-20s %12s %c|\n", "", bands[i].in_wpr2 ? '#' : ' ',
			bands[i].label ? bands[i].label : top ? "(alignment)" : "free", plan_size(bands[i].size, size),
			bands[i].in_wpr2 ? '#' : ' ');
	}
	rule(0, "", out);
}

static void print_table(const json_t *fb, FILE *out)
{
	const char *key;
	json_t *v;
	char size[32];

	fprintf(out, "%-14s  %12s  %12s\n", "REGION", "BASE", "SIZE");
	/* jansson's iteration takes a non-const object and does not change it */
	json_object_foreach((json_t *)fb, key, v)
		if (json_is_object(v))
			fprintf(out, "%-14s  %12s  %12s%s%s\n", key, json_is_null(json_object_get(v, "base")) ? "-" : doc_get_str(v, "base"),
				json_is_null(json_object_get(v, "size")) ? "-" : doc_get_str(v, "size"),
				hex_of(v, "size") ? "  " : "", hex_of(v, "size") ? plan_size(hex_of(v, "size"), size) : "");
	if (hex_of(fb, "pmu_reserved_size"))
		fprintf(out, "%-14s  %12s  %#12" PRIx64 "  %s\n", "pmu", "-", hex_of(fb, "pmu_reserved_size"),
			plan_size(hex_of(fb, "pmu_reserved_size"), size));
}

void cli_fw_plan_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *fb = json_object_get(data, "fb");
	char size[32];

	(void)cli;
	fprintf(out, "%s with %s, release %s\n\n", doc_get_str(data, "chip"), plan_size(hex_of(fb, "size"), size),
		doc_get_str(data, "release"));
	print_table(fb, out);
	fputc('\n', out);
	if (!strcmp(doc_get_str(data, "placed_by"), "driver"))
		print_map(fb, out);
	else
		fprintf(out, "The GPU's boot firmware chooses the addresses, and the extent of WPR2.\n");
}
