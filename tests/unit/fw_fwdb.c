/* SPDX-License-Identifier: MIT */
/* Manifests: those built in, those of a folder, and each thing a manifest may not say. */
#include <nvt/fw.h>

#include "fw/manifest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define PART "{\"name\":\"dmem\",\"size\":16,\"sha256\":\"" ZEROS "\",\"patch_off\":4,\"patch_size\":8}"
#define FILE_HEAD "{\"path\":\"nvidia/x.bin\",\"role\":\"gsp\",\"size\":7,\"sha256\":\"" ZEROS "\","
#define FILE_ROW FILE_HEAD "\"chips\":[\"GA102\"],\"parts\":[" PART "]}"
#define DOC_HEAD "{\"schema\":1,\"release\":\"1.2\",\"abi\":\"570.144\",\"source\":\"test\",\"files\":["

static void builtin(void **state)
{
	const struct nvt_chip *ga102 = nvt_chip_by_name("GA102"), *ga104 = nvt_chip_by_name("GA104");
	const struct nvt_fwdb_file *f;
	const struct nvt_fwdb_part *p;
	struct nvt_fwdb *db;
	char hex[65];
	unsigned i;

	(void)state;
	assert_int_equal(nvt_fwdb_open(NULL, &db, NULL), 0);
	assert_string_equal(nvt_fwdb_release(db, 0), "570.144");
	assert_null(nvt_fwdb_release(db, nvt_fwdb_release_count(db)));
	assert_string_equal(nvt_fwdb_abi(db, "570.144"), "570.144");
	assert_null(nvt_fwdb_abi(db, "1.1"));

	f = nvt_fwdb_file(db, "570.144", "booter_load", ga102);
	assert_string_equal(f->path, "nvidia/ga102/gsp/booter_load-570.144.bin");
	assert_string_equal(f->release, "570.144");
	assert_int_equal(f->size, 61304);
	nvt_sha256_hex(&f->sha256, hex);
	assert_string_equal(hex, "4497e3eff7e95c774b8a569d17b27c08c9650158d10b229d2be81cdcad9a085b");
	assert_ptr_equal(nvt_fwdb_by_sha256(db, &f->sha256), f);
	assert_ptr_equal(nvt_fwdb_file(db, "570.144", "booter_load", ga104), f);
	p = nvt_fwdb_part(f, "dmem");
	assert_int_equal(p->size, 0x6200);
	assert_int_equal(p->patch_off, 0x10);
	assert_int_equal(p->patch_size, 0x180);
	assert_null(nvt_fwdb_by_part(db, "booter_load", "imem", &p->sha256));
	p = nvt_fwdb_part(f, "imem");
	assert_ptr_equal(nvt_fwdb_by_part(db, "booter_load", "imem", &p->sha256), f);
	assert_null(nvt_fwdb_by_part(db, "booter_unload", "imem", &p->sha256));
	assert_null(nvt_fwdb_part(f, ".fwimage"));
	assert_null(nvt_fwdb_file(db, "570.144", "scrubber", ga102));
	assert_null(nvt_fwdb_file(db, "1.1", "gsp", ga102));
	assert_null(nvt_fwdb_by_sha256(db, &p->sha256));
	for (i = 0; nvt_fwdb_file_at(db, i); i++)
		;
	assert_int_equal(i, 24 + 2 + 16);
	assert_string_equal(nvt_fwdb_release(db, 1), "535.261.03");
	assert_string_equal(nvt_fwdb_release(db, 2), "535.113.01");
	nvt_fwdb_close(db);
	nvt_fwdb_close(NULL);
}

/* Every chip that has firmware in this release has all that its way of booting needs. */
static void builtin_is_complete(void **state)
{
	static const char *const booter[] = { "gsp", "booter_load", "booter_unload", "bootloader", NULL };
	static const char *const fsp[] = { "gsp", "bootloader", "fmc", NULL };
	const char *const *role;
	struct nvt_fwdb *db;
	unsigned i;

	(void)state;
	assert_int_equal(nvt_fwdb_open(NULL, &db, NULL), 0);
	for (i = 0; i < nvt_chip_count; i++)
		for (role = strcmp(nvt_chips[i].boot_path, "fsp") ? booter : fsp; *role; role++) {
			const struct nvt_fwdb_file *f = nvt_fwdb_file(db, "570.144", *role, &nvt_chips[i]);

			assert_non_null(f);
			if (!strcmp(*role, "gsp"))
				assert_non_null(nvt_fwdb_part(f, nvt_chips[i].sig_section));
		}
	nvt_fwdb_close(db);
}

static void parse_good(void **state)
{
	static const char text[] = DOC_HEAD FILE_ROW "]}";
	struct nvt_manifest m;

	(void)state;
	assert_int_equal(nvt_manifest_parse((struct nvt_bytes){ (const uint8_t *)text, sizeof(text) - 1 }, "t", &m,
					    NULL),
			 0);
	assert_string_equal(m.release, "1.2");
	assert_int_equal(m.file_count, 1);
	assert_string_equal(m.files[0].role, "gsp");
	assert_string_equal(m.files[0].chips[0], "GA102");
	assert_null(m.files[0].chips[1]);
	assert_int_equal(m.files[0].parts[0].patch_size, 8);
	nvt_manifest_fini(&m);
}

static void refusals(void **state)
{
	static const struct {
		const char *text, *msg;
	} rows[] = {
		{ "", "t:1: '[' or '{' expected near end of file" },
		{ "{\"schema\":1,\"schema\":1}", "t:1: duplicate object key near '\"schema\"'" },
		{ "[]", "t: not an object" },
		{ "{\"sch\":1}", "t: unknown key \"sch\"" },
		{ "{\"schema\":2}", "t: \"schema\" is not 1" },
		{ "{\"schema\":1}", "t: no string \"source\"" },
		{ "{\"schema\":1,\"source\":\"\"}", "t: no string \"release\"" },
		{ "{\"schema\":1,\"source\":\"\",\"release\":\"\"}",
		  "t: \"release\" is not 1 to 31 printable characters" },
		{ "{\"schema\":1,\"source\":\"\",\"release\":\"1\\n\"}",
		  "t: \"release\" is not 1 to 31 printable characters" },
		{ "{\"schema\":1,\"source\":\"\",\"release\":\"1\"}", "t: no string \"abi\"" },
		{ DOC_HEAD "]}", "t: \"files\" is not an array of 1 to 256" },
		{ DOC_HEAD "3]}", "t: files[0]: not an object" },
		{ DOC_HEAD "{}]}", "t: files[0]: no string \"path\"" },
		{ DOC_HEAD "{\"path\":\"/etc/passwd\"}]}",
		  "t: files[0]: path \"/etc/passwd\" leads out of the firmware folder" },
		{ DOC_HEAD "{\"path\":\"a/../b\"}]}",
		  "t: files[0]: path \"a/../b\" leads out of the firmware folder" },
		{ DOC_HEAD "{\"path\":\"a\",\"role\":\"boot\"}]}", "t: files[0]: \"role\" is \"boot\", which is none" },
		{ DOC_HEAD "{\"path\":\"a\",\"role\":\"gsp\",\"size\":-1}]}", "t: files[0]: \"size\" is not a size" },
		{ DOC_HEAD "{\"path\":\"a\",\"role\":\"gsp\",\"size\":1}]}",
		  "t: files[0]: \"sha256\" is not 64 hexadecimal digits" },
		{ DOC_HEAD "{\"path\":\"a\",\"role\":\"gsp\",\"size\":1,\"sha256\":\"A" ZEROS "\"}]}",
		  "t: files[0]: \"sha256\" is not 64 hexadecimal digits" },
		{ DOC_HEAD FILE_HEAD "\"chips\":[]}]}", "t: files[0]: \"chips\" is not an array of 1 to 24 names" },
		{ DOC_HEAD FILE_HEAD "\"chips\":[\"ga102\"]}]}",
		  "t: files[0]: \"chips\" names \"ga102\", which is no chip" },
		{ DOC_HEAD FILE_HEAD "\"chips\":[1]}]}", "t: files[0]: \"chips\" names \"\", which is no chip" },
		{ DOC_HEAD FILE_HEAD "\"chips\":[\"GA102\"]}]}",
		  "t: files[0]: \"parts\" is not an array of at most 64" },
		{ DOC_HEAD FILE_HEAD "\"chips\":[\"GA102\"],\"parts\":[0]}]}", "t: files[0].parts[0]: not an object" },
		{ DOC_HEAD FILE_HEAD "\"chips\":[\"GA102\"],\"parts\":[" PART "," PART "]}]}",
		  "t: files[0].parts[1]: part \"dmem\" is there twice" },
		{ DOC_HEAD FILE_HEAD "\"chips\":[\"GA102\"],\"parts\":[{\"name\":\"d\",\"size\":1,\"sha256\":\"" ZEROS
				     "\",\"patch_off\":0}]}]}",
		  "t: files[0].parts[0]: \"patch_size\" is not a size" },
		{ DOC_HEAD FILE_HEAD "\"chips\":[\"GA102\"],\"parts\":[{\"name\":\"d\",\"size\":1,\"sha256\":\"" ZEROS
				     "\",\"patch_off\":1,\"patch_size\":1}]}]}",
		  "t: files[0].parts[0]: the patch area lies outside the part" },
		{ DOC_HEAD FILE_ROW "," FILE_ROW "]}", "t: files[1]: same role and chip as files[0]" },
	};
	struct nvt_manifest m;
	struct nvt_error e;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		struct nvt_bytes text = { (const uint8_t *)rows[i].text, strlen(rows[i].text) };

		assert_int_equal(nvt_manifest_parse(text, "t", &m, &e), -NVT_E_DATA);
		assert_string_equal(e.msg, rows[i].msg);
		nvt_manifest_fini(&m);
	}
}

/* Every shorter text is refused, and nothing leaks. */
static void truncation(void **state)
{
	static const char text[] = DOC_HEAD FILE_ROW "]}";
	struct nvt_manifest m;
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(text) - 1; n++) {
		assert_int_equal(nvt_manifest_parse((struct nvt_bytes){ (const uint8_t *)text, n }, "t", &m, NULL),
				 -NVT_E_DATA);
		nvt_manifest_fini(&m);
	}
}

static char dir[64];

static void write_file(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/nvt-fwdb-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int drop_dir(void **state)
{
	static const char *const names[] = { "a.json", "b.json", "chips.json", "note.txt" };
	char path[128];
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	return rmdir(dir);
}

static void folder(void **state)
{
	const struct nvt_chip *ga102 = nvt_chip_by_name("GA102");
	struct nvt_fwdb *db;
	struct nvt_error e;
	char want[200];

	(void)state;
	write_file("a.json", DOC_HEAD FILE_ROW "]}");
	write_file("chips.json", "no manifest");
	write_file("note.txt", "no manifest");
	assert_int_equal(nvt_fwdb_open(dir, &db, &e), 0);
	assert_int_equal(nvt_fwdb_release_count(db), 4);
	assert_string_equal(nvt_fwdb_release(db, 0), "570.144");
	assert_string_equal(nvt_fwdb_release(db, 3), "1.2");
	assert_string_equal(nvt_fwdb_abi(db, "1.2"), "570.144");
	assert_string_equal(nvt_fwdb_file(db, "1.2", "gsp", ga102)->path, "nvidia/x.bin");
	nvt_fwdb_close(db);

	/* A folder's manifest replaces the one that came with the library. */
	write_file("a.json", "{\"schema\":1,\"release\":\"570.144\",\"abi\":\"1\",\"source\":\"test\",\"files\":["
			     FILE_ROW "]}");
	assert_int_equal(nvt_fwdb_open(dir, &db, &e), 0);
	assert_int_equal(nvt_fwdb_release_count(db), 3);
	assert_string_equal(nvt_fwdb_file(db, "570.144", "gsp", ga102)->path, "nvidia/x.bin");
	nvt_fwdb_close(db);

	write_file("a.json", DOC_HEAD FILE_ROW "]}");
	write_file("b.json", DOC_HEAD FILE_ROW "]}");
	assert_int_equal(nvt_fwdb_open(dir, &db, &e), -NVT_E_DATA);
	assert_non_null(strstr(e.msg, "release 1.2 is in"));
	assert_null(db);

	write_file("b.json", "{}");
	assert_int_equal(nvt_fwdb_open(dir, &db, &e), -NVT_E_DATA);
	snprintf(want, sizeof(want), "%s/b.json: \"schema\" is not 1", dir);
	assert_string_equal(e.msg, want);
	assert_int_equal(nvt_fwdb_open("/nonexistent", &db, &e), -NVT_E_ENV);
	assert_string_equal(e.msg, "manifest folder /nonexistent: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builtin),
		cmocka_unit_test(builtin_is_complete),
		cmocka_unit_test(parse_good),
		cmocka_unit_test(refusals),
		cmocka_unit_test(truncation),
		cmocka_unit_test_setup_teardown(folder, make_dir, drop_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
