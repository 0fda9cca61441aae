/* SPDX-License-Identifier: MIT */
/* The framebuffer plan as an SVG drawing; bands have one height, as the sizes differ by factors of thousands. */
#include <inttypes.h>
#include <stdlib.h>
#include "cli/cmd.h"
#include "cli/fw_plan.h"

enum { TOP = 56, ROW = 34, LEFT = 130, WIDTH = 330, PAGE = 640 };

static void band(const struct plan_band *b, unsigned i, bool last, bool placed, FILE *out)
{
	const char *fill = !b->label ? "#f4f4f4" : b->in_wpr2 ? "#cfe3c8" : "#d8e2f0";
	const char *label = b->label ? b->label : last ? "free" : "alignment";
	unsigned y = TOP + i * ROW;
	char size[32];

	fprintf(out, "<rect x=\"%d\" y=\"%u\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"#444\"/>\n", LEFT, y, WIDTH,
		ROW, fill);
	fprintf(out, "<text x=\"%d\" y=\"%u\">%s</text>\n", LEFT + 10, y + 22, label);
	fprintf(out, "<text x=\"%d\" y=\"%u\" text-anchor=\"end\">%s</text>\n", LEFT + WIDTH - 10, y + 22,
		plan_size(b->size, size));
	if (placed)
		fprintf(out, "<text x=\"%d\" y=\"%u\" text-anchor=\"end\" class=\"a\">0x%" PRIx64 "</text>\n", LEFT - 8,
			y + ROW + 4, b->base);
}

/* The bracket beside the bands that WPR2 is made of. */
static void bracket(const struct plan_band *bands, unsigned n, FILE *out)
{
	unsigned first = 0, last, x = LEFT + WIDTH + 10;

	while (first < n && !bands[first].in_wpr2)
		first++;
	for (last = first; last < n && bands[last].in_wpr2; last++)
		;
	if (first == last)
		return;
	fprintf(out, "<path d=\"M%u %u h12 V%u h-12\" fill=\"none\" stroke=\"#2d6a1f\"/>\n", x, TOP + first * ROW + 2,
		TOP + last * ROW - 2);
	fprintf(out, "<text x=\"%u\" y=\"%u\" fill=\"#2d6a1f\">WPR2</text>\n", x + 20, TOP + (first + last) * ROW / 2 + 4);
}

char *plan_svg(const json_t *data)
{
	const json_t *fb = json_object_get(data, "fb");
	bool placed = !json_is_null(json_object_get(json_object_get(fb, "wpr2"), "base"));
	struct plan_band bands[PLAN_BANDS];
	unsigned i, n = plan_bands(fb, bands);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" font-family=\"sans-serif\" "
		"font-size=\"14\">\n<style>.a { font-family: monospace; font-size: 12px }</style>\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
		PAGE, TOP + n * ROW + 24);
	fprintf(out, "<text x=\"%d\" y=\"24\" font-size=\"16\">%s, release %s</text>\n", LEFT, doc_get_str(data, "chip"),
		doc_get_str(data, "release"));
	if (placed)
		fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" class=\"a\">%s</text>\n", LEFT - 8, TOP + 4,
			doc_get_str(fb, "size"));
	else
		fprintf(out, "<text x=\"%d\" y=\"44\" font-size=\"12\">sizes; boot firmware chooses the addresses</text>\n",
			LEFT);
	for (i = 0; i < n; i++)
		band(&bands[i], i, i + 1 == n, placed, out);
	bracket(bands, n, out);
	fprintf(out, "</svg>\n");
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}
