/* SPDX-License-Identifier: MIT */
/* The synthetic release: every file loads as known, parses, and has the parts that its manifest lists. */
#include <nvt/fw.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char dir[64], fwdb[80], firmware[80];

static int run(const char *command)
{
	int rc = system(command);

	return rc ? -1 : 0;
}

static int make_release(void **state)
{
	const char *top = getenv("top_srcdir"), *python = getenv("PYTHON");
	char command[512];

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/nvt-release-XXXXXX");
	if (!top || !python || !mkdtemp(dir))
		return -1;
	snprintf(fwdb, sizeof(fwdb), "%s/fwdb", dir);
	snprintf(firmware, sizeof(firmware), "%s/firmware", dir);
	snprintf(command, sizeof(command),
		 "%s %s/tests/support/mkfirmware.py %s GA102 GA104 TU102 TU116 GA100 AD102", python, top, dir);
	return run(command);
}

static int drop_release(void **state)
{
	char command[80];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return run(command);
}

static uint8_t *alloc(void *arg, size_t size)
{
	uint8_t **mem = arg;

	return *mem = malloc(size);
}

static void check_part(const struct nvt_fwdb_file *f, const char *name, const uint8_t *p, uint64_t n)
{
	const struct nvt_fwdb_part *part = nvt_fwdb_part(f, name);
	struct nvt_sha256 d;

	assert_non_null(part);
	assert_int_equal(part->size, n);
	nvt_sha256((struct nvt_bytes){ p, n }, &d);
	assert_true(nvt_sha256_equal(&part->sha256, &d));
}

static void check_gsp(const struct nvt_fwdb_file *f, struct nvt_bytes b)
{
	struct nvt_gsp_elf elf;
	unsigned i, signatures = 0;

	assert_int_equal(nvt_gsp_elf_parse(b, &elf, NULL), 0);
	assert_string_equal(elf.version, f->release);
	assert_true(elf.has_build_id);
	assert_int_equal(elf.image->off, 0x40);
	check_part(f, ".fwimage", b.p + elf.image->off, elf.image->size);
	for (i = 0; i < elf.section_count; i++) {
		if (strncmp(elf.sections[i].name, ".fwsignature_", 13))
			continue;
		assert_int_equal(elf.sections[i].size, 0x1000);
		check_part(f, elf.sections[i].name, b.p + elf.sections[i].off, elf.sections[i].size);
		signatures++;
	}
	assert_int_equal(f->part_count, 1 + signatures);
}

static void check_booter(const struct nvt_fwdb_file *f, struct nvt_bytes b)
{
	const struct nvt_fwdb_part *dmem = nvt_fwdb_part(f, "dmem");
	struct nvt_hs_image h;
	const uint8_t *data;
	char name[24];
	uint32_t i;

	assert_int_equal(nvt_hs_parse(b, &h, NULL), 0);
	data = b.p + h.bin.data_off;
	check_part(f, "imem", data + h.app0_off, h.app0_size);
	assert_int_equal(dmem->patch_off, h.patch_loc - h.os_data_off);
	assert_int_equal(dmem->patch_size, h.sig_each);
	for (i = 0; i < h.sig_each; i++)
		assert_int_equal(data[h.patch_loc + i], 0);
	check_part(f, "dmem", data + h.os_data_off, h.os_data_size);
	for (i = 0; i < h.sig_count; i++) {
		snprintf(name, sizeof(name), "signature%u", i);
		check_part(f, name, b.p + h.sig_off + i * h.sig_each, h.sig_each);
	}
	assert_int_equal(f->part_count, 2 + h.sig_count);
}

static void check_bootloader(const struct nvt_fwdb_file *f, struct nvt_bytes b)
{
	struct nvt_riscv_bl bl;
	const uint8_t *data;

	assert_int_equal(nvt_riscv_bl_parse(b, &bl, NULL), 0);
	data = b.p + bl.bin.data_off;
	check_part(f, "data", data, bl.bin.data_size);
	if (!bl.manifest_size)
		return;
	check_part(f, "manifest", data + bl.manifest_off, bl.manifest_size);
	check_part(f, "monitor_data", data + bl.monitor_data_off, bl.monitor_data_size);
	check_part(f, "monitor_code", data + bl.monitor_code_off, bl.monitor_code_size);
}

static void check_file(const struct nvt_fwdb_file *f)
{
	struct nvt_fw_path path = { { firmware } };
	struct nvt_fw_blob blob;
	struct nvt_error e;
	uint8_t *mem = NULL;

	if (nvt_fw_load(&path, f, false, alloc, &mem, &blob, &e))
		fail_msg("%s", e.msg);
	assert_true(blob.known);
	if (!strcmp(f->role, "gsp")) {
		check_gsp(f, blob.data);
	} else if (!strcmp(f->role, "bootloader")) {
		check_bootloader(f, blob.data);
	} else if (!strncmp(f->role, "booter", 6)) {
		check_booter(f, blob.data);
	}
	free(mem);
}

static void every_file(void **state)
{
	const struct nvt_chip *ga102 = nvt_chip_by_name("GA102"), *ga104 = nvt_chip_by_name("GA104");
	const struct nvt_fwdb_file *f;
	struct nvt_fwdb *db;
	unsigned i, n = 0;

	(void)state;
	assert_int_equal(nvt_fwdb_open(fwdb, &db, NULL), 0);
	assert_string_equal(nvt_fwdb_abi(db, "0.0.0-test"), "570.144");
	for (i = 0; (f = nvt_fwdb_file_at(db, i)); i++)
		if (!strcmp(f->release, "0.0.0-test")) {
			check_file(f);
			n++;
		}
	/* Two GSP images, three files for each chip, and generic bootloaders for Turing and GA100. */
	assert_int_equal(n, 2 + 6 * 3 + 2);
	assert_ptr_equal(nvt_fwdb_file(db, "0.0.0-test", "gsp", ga102), nvt_fwdb_file(db, "0.0.0-test", "gsp", ga104));
	assert_ptr_not_equal(nvt_fwdb_file(db, "0.0.0-test", "booter_load", ga102),
			     nvt_fwdb_file(db, "0.0.0-test", "booter_load", ga104));
	nvt_fwdb_close(db);
}

static void same_bytes_again(void **state)
{
	const char *top = getenv("top_srcdir"), *python = getenv("PYTHON");
	char command[600];

	(void)state;
	snprintf(command, sizeof(command),
		 "%s %s/tests/support/mkfirmware.py %s/again GA102 GA104 TU102 TU116 GA100 AD102 && "
		 "diff -r %s %s/again/firmware && diff -r %s %s/again/fwdb",
		 python, top, dir, firmware, dir, fwdb, dir);
	assert_int_equal(run(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file),
		cmocka_unit_test(same_bytes_again),
	};

	return cmocka_run_group_tests(tests, make_release, drop_release) ? 1 : 0;
}
