/* SPDX-License-Identifier: MIT */
/* What firmware a folder holds, under the names of linux-firmware, NVIDIA's driver and nova-core. */
#define _DEFAULT_SOURCE
#include <nvt/fw.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct scan {
	const char *dir;
	nvt_fw_found_fn fn;
	void *arg;
	struct nvt_error *e;
	unsigned found;
};

/* nova-core's names, which carry no release, and the roles that they stand for. */
static const struct {
	const char *name, *role;
} nova_names[] = {
	{ "gsp.tlv", "gsp" },
	{ "booter_load.tlv", "booter_load" },
	{ "booter_unload.tlv", "booter_unload" },
	{ "gsp_bootloader.tlv", "bootloader" },
	{ "gen_bootloader.tlv", "gen_bootloader" },
	{ "fmc.tlv", "fmc" },
};

static int report(struct scan *s, struct nvt_fw_found *f)
{
	struct stat st;

	if ((size_t)snprintf(f->file, sizeof(f->file), "%s/%s%s", s->dir, f->path, f->suffix) >=
	    sizeof(f->file))
		return nvt_fail(s->e, NVT_E_USAGE, "name of firmware folder is too long: %s",
				s->dir);
	f->broken = stat(f->file, &st) != 0;
	f->device = f->broken ? 0 : st.st_dev;
	f->inode = f->broken ? 0 : st.st_ino;
	f->stored = f->broken ? 0 : (uint64_t)st.st_size;
	s->found++;
	return s->fn(s->arg, f, s->e);
}

/* Cuts ".xz", ".zst" or ".gz" off `name`; returns which. */
static const char *cut_suffix(char *name)
{
	static const char *const suffixes[] = { ".xz", ".zst", ".gz" };
	size_t n = strlen(name), m;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(suffixes); i++) {
		m = strlen(suffixes[i]);
		if (n > m && !strcmp(name + n - m, suffixes[i])) {
			name[n - m] = '\0';
			return suffixes[i];
		}
	}
	return "";
}

/* ROLE-RELEASE.bin */
static bool split_name(const char *name, struct nvt_fw_found *f)
{
	size_t n = strlen(name), m;
	const char *role;
	unsigned i;

	for (i = 0; (role = nvt_fw_role(i)); i++) {
		m = strlen(role);
		if (n < m + 6 || strncmp(name, role, m) || name[m] != '-' ||
		    strcmp(name + n - 4, ".bin"))
			continue;
		if (n - m - 5 >= sizeof(f->release))
			return false;
		f->role = role;
		snprintf(f->release, sizeof(f->release), "%.*s", (int)(n - m - 5), name + m + 1);
		return true;
	}
	return false;
}

static bool is_nova_name(const char *name, struct nvt_fw_found *f)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(nova_names); i++)
		if (!strcmp(name, nova_names[i].name)) {
			f->role = nova_names[i].role;
			f->naming = NVT_FW_NAMES_NOVA;
			f->release[0] = '\0';
			return true;
		}
	return false;
}

static int scan_entry(struct scan *s, const struct nvt_chip *chip, const char *entry)
{
	struct nvt_fw_found f = { .chip = chip, .naming = NVT_FW_NAMES_LINUX };
	char name[128];

	if ((size_t)snprintf(name, sizeof(name), "%s", entry) >= sizeof(name))
		return 0;
	f.suffix = cut_suffix(name);
	if (!split_name(name, &f) && !is_nova_name(name, &f))
		return 0;
	snprintf(f.path, sizeof(f.path), "nvidia/%s/gsp/%s", chip->fw_dir, name);
	return report(s, &f);
}

static void free_names(struct dirent **names, int n)
{
	while (n-- > 0)
		free(names[n]);
	free(names);
}

static int scan_chip(struct scan *s, const struct nvt_chip *chip)
{
	struct dirent **names;
	char folder[512];
	int n, i, rc = 0;

	if ((size_t)snprintf(folder, sizeof(folder), "%s/nvidia/%s/gsp", s->dir, chip->fw_dir) >=
	    sizeof(folder))
		return nvt_fail(s->e, NVT_E_USAGE, "name of firmware folder is too long: %s",
				s->dir);
	n = scandir(folder, &names, NULL, alphasort);
	if (n < 0)
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : nvt_fail_errno(s->e, NVT_E_ENV, errno, "%s", folder);
	for (i = 0; !rc && i < n; i++)
		rc = scan_entry(s, chip, names[i]->d_name);
	free_names(names, n);
	return rc;
}

/* nvidia/RELEASE/gsp_tu10x.bin for Turing and GA100, gsp_ga10x.bin for the others. */
static int scan_driver(struct scan *s, const char *release)
{
	static const char *const suffixes[] = { "", ".xz", ".zst", ".gz" };
	struct nvt_fw_found f;
	unsigned i, k;
	char file[512];
	struct stat st;
	int rc = 0;

	for (i = 0; !rc && i < nvt_chip_count; i++)
		for (k = 0; !rc && k < NVT_ARRAY_SIZE(suffixes); k++) {
			memset(&f, 0, sizeof(f));
			f.chip = &nvt_chips[i];
			f.naming = NVT_FW_NAMES_NVIDIA;
			f.role = "gsp";
			f.suffix = suffixes[k];
			snprintf(f.release, sizeof(f.release), "%s", release);
			snprintf(f.path, sizeof(f.path), "nvidia/%s/gsp_%s.bin", release,
				 !strcmp(nvt_chips[i].gsp_dir, "tu102") ? "tu10x" : "ga10x");
			if ((size_t)snprintf(file, sizeof(file), "%s/%s%s", s->dir, f.path,
					     f.suffix) < sizeof(file) &&
			    !lstat(file, &st))
				rc = report(s, &f);
		}
	return rc;
}

static int scan_drivers(struct scan *s)
{
	struct dirent **names;
	char folder[512];
	int n, i, rc = 0;

	if ((size_t)snprintf(folder, sizeof(folder), "%s/nvidia", s->dir) >= sizeof(folder))
		return nvt_fail(s->e, NVT_E_USAGE, "name of firmware folder is too long: %s",
				s->dir);
	n = scandir(folder, &names, NULL, alphasort);
	if (n < 0)
		return nvt_fail_errno(s->e, NVT_E_ENV, errno, "%s", folder);
	for (i = 0; !rc && i < n; i++)
		if (names[i]->d_name[0] >= '0' && names[i]->d_name[0] <= '9' &&
		    strlen(names[i]->d_name) < 32)
			rc = scan_driver(s, names[i]->d_name);
	free_names(names, n);
	return rc;
}

int nvt_fw_scan(const char *dir, nvt_fw_found_fn fn, void *arg, struct nvt_error *e)
{
	struct scan s = { .dir = dir, .fn = fn, .arg = arg, .e = e };
	unsigned i;
	int rc = scan_drivers(&s);

	for (i = 0; !rc && i < nvt_chip_count; i++)
		rc = scan_chip(&s, &nvt_chips[i]);
	if (rc || s.found)
		return rc;
	rc = nvt_fail(e, NVT_E_ENV, "no GSP firmware below %s/nvidia", dir);
	nvt_err_hint(e, "name the folder that holds nvidia/<chip>/gsp, for example /lib/firmware");
	return rc;
}
