/* SPDX-License-Identifier: MIT */
/* Finding, unpacking and checking firmware files. */
#include <nvt/fw.h>

#include "fw_packed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SIZE 700001u /* several chunks and a bit */
static uint8_t content[SIZE], memory[SIZE];
static unsigned allocs;
static char dir[64], missing[80];
static struct nvt_fwdb_file row = { .release = "1.2", .path = "x.bin", .role = "gsp", .size = SIZE };
static struct nvt_fw_path path = { { missing, dir } };

static uint8_t *alloc(void *arg, size_t size)
{
	assert_ptr_equal(arg, &row);
	allocs++;
	assert_int_equal(size, row.size);
	return size <= sizeof(memory) ? memory : NULL;
}

static uint8_t *no_memory(void *arg, size_t size)
{
	(void)arg;
	(void)size;
	return NULL;
}

static void write_file(const char *name, const void *data, size_t n)
{
	char file[128];
	FILE *f;

	snprintf(file, sizeof(file), "%s/%s", dir, name);
	f = fopen(file, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void remove_files(void)
{
	static const char *const names[] = { "x.bin", "x.bin.xz", "x.bin.zst" };
	char file[128];
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(names); i++) {
		snprintf(file, sizeof(file), "%s/%s", dir, names[i]);
		unlink(file);
	}
}

static int set_up(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < SIZE; i++)
		content[i] = (uint8_t)(i >> 12);
	nvt_sha256((struct nvt_bytes){ content, SIZE }, &row.sha256);
	snprintf(dir, sizeof(dir), "/tmp/nvt-load-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(missing, sizeof(missing), "%s/none", dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	remove_files();
	return rmdir(dir);
}

static void check_loads(const char *name, const void *file, size_t n)
{
	struct nvt_fw_blob b;
	struct nvt_error e;
	char want[128];

	write_file(name, file, n);
	allocs = 0;
	memset(memory, 0, sizeof(memory));
	if (nvt_fw_load(&path, &row, false, alloc, &row, &b, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(allocs, 1);
	assert_ptr_equal(b.data.p, memory);
	assert_int_equal(b.data.n, SIZE);
	assert_memory_equal(memory, content, SIZE);
	assert_true(b.known);
	assert_true(nvt_sha256_equal(&b.sha256, &row.sha256));
	snprintf(want, sizeof(want), "%s/%s", dir, name);
	assert_string_equal(b.path, want);
	remove_files();
}

static void loads(void **state)
{
	(void)state;
	check_loads("x.bin", content, SIZE);
	check_loads("x.bin.xz", packed_xz, sizeof(packed_xz));
	check_loads("x.bin.zst", packed_zstd, sizeof(packed_zstd));
	/* Told apart by content, not by name. */
	check_loads("x.bin", packed_zstd, sizeof(packed_zstd));
}

static void expect(struct nvt_error *e, int rc, enum nvt_code code, const char *text)
{
	assert_int_equal(rc, -(int)code);
	if (!strstr(e->msg, text))
		fail_msg("\"%s\" does not hold \"%s\"", e->msg, text);
}

static void mismatch(void **state)
{
	struct nvt_fw_blob b;
	struct nvt_error e;
	char hex[65];

	(void)state;
	write_file("x.bin", content, SIZE - 1);
	allocs = 0;
	expect(&e, nvt_fw_load(&path, &row, false, alloc, &row, &b, &e), NVT_E_DATA,
	       "x.bin: size is not that of the published gsp of 1.2");
	assert_int_equal(allocs, 0);
	assert_string_equal(e.seen, "700000 bytes");
	assert_string_equal(e.wanted, "700001 bytes");

	content[5] ^= 1;
	write_file("x.bin", content, SIZE);
	expect(&e, nvt_fw_load(&path, &row, false, alloc, &row, &b, &e), NVT_E_DATA,
	       "x.bin: SHA-256 is not that of the published gsp of 1.2");
	nvt_sha256_hex(&row.sha256, hex);
	assert_string_equal(e.wanted, hex);
	assert_string_not_equal(e.seen, hex);
	assert_string_equal(e.hint, "use the published file, or --allow-unknown-firmware");
	assert_int_equal(nvt_fw_load(&path, &row, true, alloc, &row, &b, &e), 0);
	assert_false(b.known);
	content[5] ^= 1;
	expect(&e, nvt_fw_load(&path, &row, true, no_memory, &row, &b, &e), NVT_E_NOMEM, "no memory for the 700001");
	remove_files();
}

static void not_found(void **state)
{
	struct nvt_fw_blob b;
	struct nvt_error e;
	char want[300];

	(void)state;
	snprintf(want, sizeof(want), "firmware file x.bin (or .xz, .zst) is not in %s, %s", missing, dir);
	expect(&e, nvt_fw_load(&path, &row, false, alloc, &row, &b, &e), NVT_E_ENV, want);
	assert_non_null(strstr(e.hint, "firmware-nvidia-graphics"));
	snprintf(want, sizeof(want), "%s/x.bin", dir);
	assert_int_equal(mkdir(want, 0700), 0);
	expect(&e, nvt_fw_load(&path, &row, false, alloc, &row, &b, &e), NVT_E_ENV, "x.bin is not a plain file");
	assert_int_equal(rmdir(want), 0);
	assert_int_equal(mkfifo(want, 0600), 0);
	expect(&e, nvt_fw_load(&path, &row, false, alloc, &row, &b, &e), NVT_E_ENV, "x.bin is not a plain file");
	expect(&e, nvt_fw_read(want, &b, &e), NVT_E_ENV, "x.bin is not a plain file");
	assert_int_equal(unlink(want), 0);
}

/* A packed file that is cut, that goes on, or whose stated size is wrong. */
static void damaged(void **state)
{
	uint8_t packed[sizeof(packed_xz) + sizeof(packed_zstd)];
	struct nvt_fw_blob b;
	struct nvt_error e;
	size_t n;

	(void)state;
	n = sizeof(packed_zstd);
	memcpy(packed, packed_zstd, n);
	write_file("x.bin", packed, n - 10);
	expect(&e, nvt_fw_load(&path, &row, true, alloc, &row, &b, &e), NVT_E_DATA, "damaged zstd file");
	memcpy(packed + n, "more", 4);
	write_file("x.bin", packed, n + 4);
	expect(&e, nvt_fw_load(&path, &row, true, alloc, &row, &b, &e), NVT_E_DATA, "damaged zstd file");
	/* The content's size stands behind magic, descriptor and, unless bit 5 of that is set, window. */
	packed[packed[4] & 0x20 ? 5 : 6]--;
	row.size--;
	write_file("x.bin", packed, n);
	expect(&e, nvt_fw_load(&path, &row, true, alloc, &row, &b, &e), NVT_E_DATA, "x.bin: ");
	row.size++;

	n = sizeof(packed_xz);
	memcpy(packed, packed_xz, n);
	write_file("x.bin", packed, n - 4);
	expect(&e, nvt_fw_load(&path, &row, true, alloc, &row, &b, &e), NVT_E_DATA, "damaged xz file");
	packed[n / 2] ^= 0x55;
	write_file("x.bin", packed, n);
	expect(&e, nvt_fw_load(&path, &row, true, alloc, &row, &b, &e), NVT_E_DATA, "damaged xz file");
	write_file("x.bin", "\xfd" "7zXZ\0", 6);
	expect(&e, nvt_fw_load(&path, &row, true, alloc, &row, &b, &e), NVT_E_DATA, "damaged xz file");
	write_file("x.bin", "", 0);
	expect(&e, nvt_fw_load(&path, &row, true, alloc, &row, &b, &e), NVT_E_DATA, "size is out of bounds");
	/* A frame header that states 4 GiB less one byte. */
	write_file("x.bin", "\x28\xb5\x2f\xfd\xa0\xff\xff\xff\xff", 9);
	expect(&e, nvt_fw_load(&path, &row, true, alloc, &row, &b, &e), NVT_E_DATA, "size is out of bounds");
	/* One that states none. */
	write_file("x.bin", "\x28\xb5\x2f\xfd\x00\x58\x01\x00\x00", 9);
	expect(&e, nvt_fw_load(&path, &row, true, alloc, &row, &b, &e), NVT_E_DATA,
	       "zstd file does not state its content's size");
	remove_files();
}

static void read_any(void **state)
{
	struct nvt_fw_blob b;
	struct nvt_error e;
	char file[128];

	(void)state;
	write_file("x.bin", content, SIZE);
	snprintf(file, sizeof(file), "%s/x.bin", dir);
	assert_int_equal(nvt_fw_read(file, &b, &e), 0);
	assert_int_equal(b.data.n, SIZE);
	assert_memory_equal(b.data.p, content, SIZE);
	assert_true(nvt_sha256_equal(&b.sha256, &row.sha256));
	assert_false(b.known);
	free((void *)b.data.p);
	remove_files();
	expect(&e, nvt_fw_read(file, &b, &e), NVT_E_ENV, "x.bin: No such file or directory");
	assert_null(b.data.p);
}

static void search_path(void **state)
{
	struct nvt_fw_path p;
	char storage[1024];

	(void)state;
	nvt_fw_path_default("/fw", &p, storage);
	assert_string_equal(p.dirs[0], "/fw");
	assert_null(p.dirs[1]);
	setenv("HOME", "/home/u", 1);
	setenv("XDG_CACHE_HOME", "/c", 1);
	nvt_fw_path_default(NULL, &p, storage);
	assert_string_equal(p.dirs[0], "/c/nvtool/firmware");
	assert_string_equal(p.dirs[1], "/lib/firmware/updates");
	assert_string_equal(p.dirs[2], "/lib/firmware");
	assert_null(p.dirs[3]);
	setenv("XDG_CACHE_HOME", "relative", 1);
	nvt_fw_path_default(NULL, &p, storage);
	assert_string_equal(p.dirs[0], "/home/u/.cache/nvtool/firmware");
	unsetenv("HOME");
	unsetenv("XDG_CACHE_HOME");
	nvt_fw_path_default(NULL, &p, storage);
	assert_string_equal(p.dirs[0], "/lib/firmware/updates");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads),    cmocka_unit_test(mismatch), cmocka_unit_test(not_found),
		cmocka_unit_test(damaged),  cmocka_unit_test(read_any), cmocka_unit_test(search_path),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down) ? 1 : 0;
}
