/* SPDX-License-Identifier: MIT */
/* Finds firmware files, loads them to where the device will read them, and holds them against their manifest. */
#include <nvt/fw.h>

#include "fw/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A FIFO must not hold the caller up until somebody writes to it: it is refused once it is open. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK)

void nvt_fw_path_default(const char *override, struct nvt_fw_path *ret, char storage[1024])
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	unsigned n = 0;
	int len = -1;

	memset(ret, 0, sizeof(*ret));
	if (override) {
		ret->dirs[0] = override;
		return;
	}
	/* A relative XDG_CACHE_HOME is to be ignored, its specification says. */
	if (cache && cache[0] == '/')
		len = snprintf(storage, 1024, "%s/nvtool/firmware", cache);
	else if (home && home[0] == '/')
		len = snprintf(storage, 1024, "%s/.cache/nvtool/firmware", home);
	if (len > 0 && len < 1024)
		ret->dirs[n++] = storage;
	ret->dirs[n++] = "/lib/firmware/updates";
	ret->dirs[n] = "/lib/firmware";
}

/* Opens the first of dir/path, .xz and .zst that exists; *ret_fd is -1 if none does. */
static int open_in(const char *dir, const char *path, char name[512], int *ret_fd, struct nvt_error *e)
{
	static const char *const suffixes[] = { "", ".xz", ".zst" };
	unsigned i;

	*ret_fd = -1;
	for (i = 0; i < NVT_ARRAY_SIZE(suffixes); i++) {
		if (snprintf(name, 512, "%s/%s%s", dir, path, suffixes[i]) >= 512)
			return nvt_fail(e, NVT_E_ENV, "name of firmware folder is too long: %s", dir);
		*ret_fd = open(name, OPEN_FLAGS);
		if (*ret_fd >= 0)
			return 0;
		if (errno != ENOENT && errno != ENOTDIR)
			return nvt_fail_errno(e, NVT_E_ENV, errno, "%s", name);
	}
	return 0;
}

static int not_found(const struct nvt_fw_path *path, const struct nvt_fwdb_file *f, struct nvt_error *e)
{
	char tried[256] = "";
	size_t at = 0;
	unsigned i;
	int rc;

	for (i = 0; i < NVT_ARRAY_SIZE(path->dirs) && path->dirs[i] && at < sizeof(tried); i++)
		at += (size_t)snprintf(tried + at, sizeof(tried) - at, "%s%s", i ? ", " : "", path->dirs[i]);
	rc = nvt_fail(e, NVT_E_ENV, "firmware file %s (or .xz, .zst) is not in %s", f->path, tried);
	nvt_err_hint(e, "install Debian's firmware-nvidia-graphics (trixie-backports or later), or name the folder "
			"that holds it with --firmware");
	return rc;
}

static int find(const struct nvt_fw_path *path, const struct nvt_fwdb_file *f, char name[512], int *ret_fd,
		struct nvt_error *e)
{
	unsigned i;
	int rc;

	*ret_fd = -1;
	for (i = 0; i < NVT_ARRAY_SIZE(path->dirs) && path->dirs[i]; i++) {
		rc = open_in(path->dirs[i], f->path, name, ret_fd, e);
		if (rc || *ret_fd >= 0)
			return rc;
	}
	return not_found(path, f, e);
}

static int differs(const char *name, const char *field, const struct nvt_fwdb_file *f, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_DATA, "%s: %s is not that of the published %s of %s", name, field, f->role,
			  f->release);

	nvt_err_hint(e, "use the published file, or --allow-unknown-firmware");
	return rc;
}

static int check_size(const struct nvt_packed *p, const struct nvt_fwdb_file *f, struct nvt_error *e)
{
	int rc;

	if (p->size == f->size)
		return 0;
	rc = differs(p->path, "size", f, e);
	nvt_err_seen(e, "%" PRIu64 " bytes", p->size);
	nvt_err_wanted(e, "%" PRIu64 " bytes", f->size);
	return rc;
}

static int check_digest(const struct nvt_fw_blob *b, const struct nvt_fwdb_file *f, struct nvt_error *e)
{
	char seen[65], wanted[65];
	int rc;

	if (nvt_sha256_equal(&b->sha256, &f->sha256))
		return 0;
	nvt_sha256_hex(&b->sha256, seen);
	nvt_sha256_hex(&f->sha256, wanted);
	rc = differs(b->path, "SHA-256", f, e);
	nvt_err_seen(e, "%s", seen);
	nvt_err_wanted(e, "%s", wanted);
	return rc;
}

static int load_open(int fd, const struct nvt_fwdb_file *f, bool allow_unknown, nvt_fw_alloc_fn alloc, void *arg,
		     struct nvt_fw_blob *ret, struct nvt_error *e)
{
	struct nvt_packed p;
	uint8_t *mem;
	int rc = nvt_packed_open(fd, ret->path, &p, e);

	if (!rc && f && !allow_unknown)
		rc = check_size(&p, f, e);
	if (rc)
		return rc;
	mem = alloc(arg, (size_t)p.size);
	if (!mem)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for the %" PRIu64 " bytes of %s", p.size, ret->path);
	ret->data = (struct nvt_bytes){ mem, (size_t)p.size };
	rc = nvt_packed_read(&p, mem, &ret->sha256, e);
	if (rc || !f)
		return rc;
	ret->known = p.size == f->size && nvt_sha256_equal(&ret->sha256, &f->sha256);
	return allow_unknown ? 0 : check_digest(ret, f, e);
}

int nvt_fw_load(const struct nvt_fw_path *path, const struct nvt_fwdb_file *f, bool allow_unknown,
		nvt_fw_alloc_fn alloc, void *arg, struct nvt_fw_blob *ret, struct nvt_error *e)
{
	int fd, rc;

	memset(ret, 0, sizeof(*ret));
	rc = find(path, f, ret->path, &fd, e);
	if (rc)
		return rc;
	rc = load_open(fd, f, allow_unknown, alloc, arg, ret, e);
	close(fd);
	return rc;
}

static uint8_t *alloc_heap(void *arg, size_t size)
{
	uint8_t **mem = arg;

	return *mem = malloc(size);
}

static int open_named(const char *file, struct nvt_fw_blob *ret, int *ret_fd, struct nvt_error *e)
{
	memset(ret, 0, sizeof(*ret));
	if ((size_t)snprintf(ret->path, sizeof(ret->path), "%s", file) >= sizeof(ret->path))
		return nvt_fail(e, NVT_E_USAGE, "file name is too long");
	*ret_fd = open(file, OPEN_FLAGS);
	return *ret_fd < 0 ? nvt_fail_errno(e, NVT_E_ENV, errno, "%s", file) : 0;
}

static int read_open(int fd, struct nvt_fw_blob *ret, struct nvt_error *e)
{
	uint8_t *mem = NULL;
	int rc = load_open(fd, NULL, true, alloc_heap, &mem, ret, e);

	if (rc) {
		free(mem);
		memset(&ret->data, 0, sizeof(ret->data));
	}
	return rc;
}

int nvt_fw_read(const char *file, struct nvt_fw_blob *ret, struct nvt_error *e)
{
	int fd, rc = open_named(file, ret, &fd, e);

	if (rc)
		return rc;
	rc = read_open(fd, ret, e);
	close(fd);
	return rc;
}

static int map_plain(const struct nvt_packed *p, bool digest, struct nvt_fw_blob *ret, struct nvt_error *e)
{
	void *mem = mmap(NULL, (size_t)p->size, PROT_READ, MAP_PRIVATE, p->fd, 0);

	if (mem == MAP_FAILED)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "%s", p->path);
	ret->data = (struct nvt_bytes){ mem, (size_t)p->size };
	ret->mapped = true;
	if (digest)
		nvt_sha256(ret->data, &ret->sha256);
	return 0;
}

int nvt_fw_map(const char *file, bool digest, struct nvt_fw_blob *ret, struct nvt_error *e)
{
	struct nvt_packed p;
	int fd, rc = open_named(file, ret, &fd, e);

	if (rc)
		return rc;
	rc = nvt_packed_open(fd, ret->path, &p, e);
	if (!rc)
		rc = p.packing == NVT_PLAIN ? map_plain(&p, digest, ret, e) : read_open(fd, ret, e);
	close(fd);
	return rc;
}

void nvt_fw_unmap(struct nvt_fw_blob *blob)
{
	if (blob->mapped)
		munmap((void *)blob->data.p, blob->data.n);
	else
		free((void *)blob->data.p);
	memset(&blob->data, 0, sizeof(blob->data));
}
