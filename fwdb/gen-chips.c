/* SPDX-License-Identifier: MIT */
/* Build tool: fwdb/chips.json -> rows of struct nvt_chip on standard output. */
#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text(json_t *row, const char *key)
{
	const char *s = json_string_value(json_object_get(row, key));

	if (!s || strpbrk(s, "\"\\\n")) {
		fprintf(stderr, "gen-chips: chip without a plain string \"%s\"\n", key);
		exit(1);
	}
	return s;
}

/* Numbers stand as hex strings, as people read them. */
static unsigned long long number(json_t *row, const char *key)
{
	const char *s = text(row, key);
	char *end;
	unsigned long long v = strtoull(s, &end, 0);

	if (!*s || *end) {
		fprintf(stderr, "gen-chips: \"%s\" of %s is not a number: %s\n", key, text(row, "name"), s);
		exit(1);
	}
	return v;
}

int main(int argc, char **argv)
{
	json_error_t je;
	json_t *doc, *row;
	size_t i;

	if (argc != 2) {
		fprintf(stderr, "usage: gen-chips CHIPS.JSON\n");
		return 2;
	}
	doc = json_load_file(argv[1], JSON_REJECT_DUPLICATES, &je);
	if (!doc) {
		fprintf(stderr, "gen-chips: %s:%d: %s\n", argv[1], je.line, je.text);
		return 1;
	}
	json_array_foreach(json_object_get(doc, "chips"), i, row) {
		printf("\t{ .name = \"%s\", .family = \"%s\", .arch = 0x%llx, .impl = 0x%llx,\n", text(row, "name"),
		       text(row, "family"), number(row, "arch"), number(row, "impl"));
		printf("\t  .boot_0 = 0x%08llx, .boot_42 = 0x%08llx, .fw_dir = \"%s\", .gsp_dir = \"%s\",\n",
		       number(row, "boot_0"), number(row, "boot_42"), text(row, "fw_dir"), text(row, "gsp_dir"));
		printf("\t  .sig_section = \"%s\", .boot_path = \"%s\", .pci_device = 0x%04llx,\n",
		       text(row, "sig_section"), text(row, "boot_path"), number(row, "pci_device"));
		printf("\t  .pci_class = 0x%06llx, .vram_default = 0x%llx },\n", number(row, "pci_class"),
		       number(row, "vram_default"));
	}
	json_decref(doc);
	return 0;
}
