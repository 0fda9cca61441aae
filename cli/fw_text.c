/* SPDX-License-Identifier: MIT */
/* Text of a firmware image's document: each field with its value, in hex too, and what it means. */
#include <inttypes.h>
#include <string.h>
#include "cli/cmd.h"

/* Keys as they stand in the document, from its top; alike for every kind that has them. */
static const struct {
	const char *path, *text;
} meanings[] = {
	{ "kind", "what the file is, by its content" },
	{ "size", "bytes, not compressed" },
	{ "version", "release that it belongs to" },
	{ "section_headers_offset", "where the section table is" },
	{ "radix3.pages", "4 KiB pages of .fwimage" },
	{ "radix3.level2_pages", "pages that list those" },
	{ "radix3.level1_pages", "pages that list the lists" },
	{ "radix3.table_size", "bytes of all three levels" },
	{ "container.magic", "of the nvfw container" },
	{ "container.version", "of the container" },
	{ "container.size", "stated; a multiple of 256, not the file's size" },
	{ "container.header_offset", "where the header for this kind is" },
	{ "container.data_offset", "where the falcon's or RISC-V core's data begins" },
	{ "container.data_size", "of that data" },
	{ "data.offset", "in the file" },
	{ "signatures.offset", "in the file" },
	{ "signatures.size", "of all signatures" },
	{ "signatures.count", "one for each fuse version" },
	{ "signatures.each", "16: AES (Turing), 384: RSA-3072" },
	{ "signatures.patch_offset", "where in the data the chosen one is copied" },
	{ "signatures.patch_index", "added to the signatures' offset" },
	{ "fuse_version", "of the first signature" },
	{ "engine_id", "mask of falcons it may run on: bit 0 SEC2, 2 NVDEC, 10 GSP" },
	{ "ucode_id", "selects the fuse register" },
	{ "load_header.offset", "in the file" },
	{ "load_header.size", "of the header" },
	{ "load_header.os_code_offset", "non-secure stub, in the data" },
	{ "load_header.os_data_offset", "goes to DMEM, in the data" },
	{ "load_header.app_count", "secure programs" },
	{ "load_header.app0_offset", "first secure program, goes to IMEM, in the data" },
	{ "load_header.app0_data_offset", "its own data, if its size is not 0" },
	{ "load_header.non_secure_code_offset", "stub that starts it, in the data" },
	{ "load_header.data_dma_base", "goes to DMEM, in the data" },
	{ "descriptor.size", "76: Turing and GA100, 84: later" },
	{ "descriptor.version", "of RM_RISCV_UCODE_DESC" },
	{ "descriptor.bootloader_offset", "first code that the core runs, in the data" },
	{ "descriptor.bootloader_param_offset", "place of its parameters" },
	{ "descriptor.riscv_elf_offset", "a program that comes with it" },
	{ "descriptor.app_version", "written to the falcon's OS register" },
	{ "descriptor.manifest_offset", "signed list that the boot ROM checks" },
	{ "descriptor.monitor_data_offset", "data of the separation kernel" },
	{ "descriptor.monitor_code_offset", "code of the separation kernel" },
	{ "descriptor.is_monitor_enabled", "1: a separation kernel runs below GSP-RM" },
	{ "descriptor.swbrom_code_offset", "software boot ROM, where there is one" },
	{ "descriptor.swbrom_data_offset", "its data" },
	{ "descriptor.fb_reserved_size", "video memory that it wants at the top of WPR2" },
	{ "descriptor.signed_as_code", "1: the data is signed as code" },
	{ "descriptor.is_smp", "1: it uses more than one hart" },
	{ "descriptor.is_plic_enabled", "1: it uses the interrupt controller" },
	{ "descriptor.start_tag", "IMEM block of 256 bytes in which it starts" },
	{ "descriptor.dmem_load_offset", "where in DMEM it expects its orders" },
	{ "descriptor.code_offset", "goes to the top of IMEM, in the data" },
	{ "descriptor.data_offset", "its data, in the data" },
	{ "descriptor.entry", "where it starts: start_tag times 256" },
	{ "signature_type", "by the sizes of key and signature" },
	{ "put", "64-bit words written since the start" },
	{ "room", "words that the ring holds" },
	{ "words", "written and still there" },
	{ "oldest", "index in the ring of the oldest word" },
	{ "wrapped", "older words were overwritten" },
	{ "newest_time", "of the newest record: nanoseconds on the GPU's timer" },
	{ "pages", "addresses of the buffer's pages, left by the driver" },
	{ "rom_start", "where the PCI ROM begins in the file" },
	{ "bit.offset", "of the BIOS information table" },
	{ "ucode_table_offset", "of the table of falcon programs" },
	{ "known.release", "that the manifest belongs to" },
	{ "known.path", "below a firmware folder" },
	{ "known.role", "in the boot chain" },
	{ "known.chips", "that load it" },
};

static const char *meaning(const char *path)
{
	size_t i;

	for (i = 0; i < NVT_ARRAY_SIZE(meanings); i++)
		if (!strcmp(meanings[i].path, path))
			return meanings[i].text;
	return NULL;
}

static void value_text(const json_t *v, char *buf, size_t size)
{
	const json_t *item;
	size_t i, n = 0;

	buf[0] = '\0';
	if (json_is_integer(v) && json_integer_value(v) > 9)
		snprintf(buf, size, "%" JSON_INTEGER_FORMAT " (0x%" PRIx64 ")",
			 json_integer_value(v), (uint64_t)json_integer_value(v));
	else if (json_is_integer(v))
		snprintf(buf, size, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_boolean(v))
		snprintf(buf, size, "%s", json_is_true(v) ? "yes" : "no");
	else if (json_is_string(v))
		snprintf(buf, size, "%s", json_string_value(v));
	json_array_foreach(v, i, item) if (n < size) n +=
		(size_t)snprintf(buf + n, size - n, "%s%s", i ? " " : "", json_string_value(item));
}

static bool is_plain(const json_t *v)
{
	return !json_is_object(v) && !(json_is_array(v) && !json_is_string(json_array_get(v, 0)));
}

static void print_object(const struct cli *cli, const json_t *o, const char *prefix, FILE *out)
{
	char path[96], text[512];
	const char *key, *why;
	size_t keys = 0, values = 0;
	json_t *v;

	json_object_foreach((json_t *)o, key, v)
	{
		value_text(v, text, sizeof(text));
		if (is_plain(v) && strlen(key) > keys)
			keys = strlen(key);
		if (is_plain(v) && strlen(text) > values && strlen(text) <= 24)
			values = strlen(text);
	}
	json_object_foreach((json_t *)o, key, v)
	{
		snprintf(path, sizeof(path), "%s%s%s", prefix, prefix[0] ? "." : "", key);
		if (!is_plain(v))
			continue;
		value_text(v, text, sizeof(text));
		why = meaning(path);
		if (why)
			fprintf(out, "%s%-*s  %-*s  %s\n", prefix[0] ? "  " : "", (int)keys, key,
				(int)values, text, why);
		else
			fprintf(out, "%s%-*s  %s\n", prefix[0] ? "  " : "", (int)keys, key, text);
	}
	json_object_foreach((json_t *)o, key, v)
	{
		snprintf(path, sizeof(path), "%s%s%s", prefix, prefix[0] ? "." : "", key);
		if (is_plain(v) || !(json_object_size(v) + json_array_size(v)))
			continue;
		fprintf(out, "%s\n", path);
		if (json_is_object(v))
			print_object(cli, v, path, out);
		else
			cli_print_rows(v, out);
	}
}

void cli_image_print(const struct cli *cli, const json_t *o, FILE *out)
{
	print_object(cli, o, "", out);
}
