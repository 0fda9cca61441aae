/* SPDX-License-Identifier: MIT */
/* Makes and takes away folders like those of sysfs. */
#include "sysfs_tree.h"

#include "base/bytes.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void path_of(const struct sysfs_tree *t, const char *bdf, const char *file, char ret[256])
{
	snprintf(ret, 256, "%s/bus/pci/devices/%s/%s", t->root, bdf, file);
}

static int open_file(const struct sysfs_tree *t, const char *bdf, const char *file, int flags)
{
	char path[256];
	int fd;

	path_of(t, bdf, file, path);
	fd = open(path, flags, 0644);
	assert_true(fd >= 0);
	return fd;
}

void tree_write(const struct sysfs_tree *t, const char *bdf, const char *file, const void *data, size_t n)
{
	char path[256];
	int fd;

	path_of(t, bdf, "", path);
	mkdir(path, 0755);
	fd = open_file(t, bdf, file, O_WRONLY | O_CREAT | O_TRUNC);
	assert_int_equal(write(fd, data, n), n);
	close(fd);
}

void tree_text(const struct sysfs_tree *t, const char *bdf, const char *file, const char *text)
{
	tree_write(t, bdf, file, text, strlen(text));
}

size_t tree_read(const struct sysfs_tree *t, const char *bdf, const char *file, size_t off, void *ret, size_t n)
{
	int fd = open_file(t, bdf, file, O_RDONLY);
	ssize_t got = pread(fd, ret, n, (off_t)off);

	close(fd);
	assert_true(got >= 0);
	return (size_t)got;
}

void tree_delete(const struct sysfs_tree *t, const char *bdf, const char *file)
{
	char path[256];

	path_of(t, bdf, file, path);
	assert_int_equal(unlink(path), 0);
}

void tree_link(const struct sysfs_tree *t, const char *bdf, const char *link, const char *target)
{
	char path[256], to[256], folder[256];

	path_of(t, bdf, link, path);
	snprintf(folder, sizeof(folder), "%s/%s", t->root, link);
	mkdir(folder, 0755);
	snprintf(to, sizeof(to), "%s/%s/%s", t->root, link, target);
	mkdir(to, 0755);
	unlink(path);
	assert_int_equal(symlink(to, path), 0);
}

uint16_t tree_config(const struct sysfs_tree *t, const char *bdf, size_t off)
{
	uint8_t raw[2];

	assert_int_equal(tree_read(t, bdf, "config", off, raw, 2), 2);
	return nvt_le16(raw);
}

void tree_set_config(const struct sysfs_tree *t, const char *bdf, size_t off, uint16_t val)
{
	uint8_t raw[2];
	int fd = open_file(t, bdf, "config", O_WRONLY);

	nvt_put_le16(raw, val);
	assert_int_equal(pwrite(fd, raw, 2, (off_t)off), 2);
	close(fd);
}

static void sparse(const struct sysfs_tree *t, const char *bdf, const char *file, off_t size)
{
	int fd = open_file(t, bdf, file, O_WRONLY | O_CREAT);

	assert_int_equal(ftruncate(fd, size), 0);
	close(fd);
}

void tree_device(const struct sysfs_tree *t, const char *bdf, uint16_t vendor, uint16_t device, uint32_t class_code)
{
	uint8_t config[4096] = { 0 };
	char text[16];

	nvt_put_le16(config, vendor);
	nvt_put_le16(config + 2, device);
	nvt_put_le32(config + 8, class_code << 8 | 0xa1);
	tree_write(t, bdf, "config", config, sizeof(config));
	snprintf(text, sizeof(text), "0x%04x\n", vendor);
	tree_text(t, bdf, "vendor", text);
	snprintf(text, sizeof(text), "0x%04x\n", device);
	tree_text(t, bdf, "device", text);
	snprintf(text, sizeof(text), "0x%06x\n", (unsigned)class_code);
	tree_text(t, bdf, "class", text);
	tree_text(t, bdf, "subsystem_vendor", "0x1043\n");
	tree_text(t, bdf, "subsystem_device", "0x87ac\n");
	tree_text(t, bdf, "revision", "0xa1\n");
	tree_text(t, bdf, "enable", "0\n");
	tree_text(t, bdf, "reset", "");
	tree_text(t, bdf, "resource",
		  "0x00000000f6000000 0x00000000f6ffffff 0x0000000000040200\n"
		  "0x00000000e0000000 0x00000000efffffff 0x000000000014220c\n"
		  "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		  "0x00000000f0000000 0x00000000f1ffffff 0x000000000014220c\n"
		  "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		  "0x000000000000e000 0x000000000000e07f 0x0000000000040101\n"
		  "0x00000000f7000000 0x00000000f707ffff 0x0000000000046200\n");
	sparse(t, bdf, "resource0", TREE_BAR0_SIZE);
	sparse(t, bdf, "resource1", TREE_BAR1_SIZE);
	sparse(t, bdf, "resource3", 0x2000000);
}

void tree_make(struct sysfs_tree *t)
{
	static const char *const folders[] = { "/bus", "/bus/pci", "/bus/pci/devices" };
	const char *tmp = getenv("TMPDIR");
	char path[128];
	unsigned i;

	snprintf(t->root, sizeof(t->root), "%s/nvt-sysfs-XXXXXX", tmp && strlen(tmp) < 32 ? tmp : "/tmp");
	assert_non_null(mkdtemp(t->root));
	for (i = 0; i < NVT_ARRAY_SIZE(folders); i++) {
		snprintf(path, sizeof(path), "%s%s", t->root, folders[i]);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	tree_device(t, TREE_GPU, 0x10de, 0x2204, 0x030000);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

void tree_remove(struct sysfs_tree *t)
{
	nftw(t->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
