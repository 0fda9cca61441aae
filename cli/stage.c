/* SPDX-License-Identifier: MIT */
/*
 * Output files that appear together or not at all: each is written beside its place under another name,
 * and all are renamed once the last one is complete.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/cmd.h"
#include "cli/stage.h"

struct cli_staged {
	char *path, *temp; /* temp NULL: a folder that was made */
};

static char *join(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	char *s = malloc(n + m + 1);

	if (s) {
		memcpy(s, a, n);
		memcpy(s + n, b, m + 1);
	}
	return s;
}

/* Takes over temp, also on failure. */
static int remember(struct cli_stage *st, const char *path, char *temp, struct nvt_error *e)
{
	struct cli_staged *more = realloc(st->items, (st->count + 1) * sizeof(*more)), *item;

	if (more) {
		st->items = more;
		item = &more[st->count];
		item->temp = temp;
		item->path = join(path, "");
		if (item->path) {
			st->count++;
			return 0;
		}
	}
	free(temp);
	return nvt_fail(e, NVT_E_NOMEM, "out of memory");
}

static int make_folder(struct cli_stage *st, const char *path, struct nvt_error *e)
{
	struct stat sb;

	if (!mkdir(path, 0777))
		return remember(st, path, NULL, e);
	if (errno == EEXIST && !stat(path, &sb) && S_ISDIR(sb.st_mode))
		return 0;
	return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot create folder %s", path);
}

static int make_parents(struct cli_stage *st, const char *path, struct nvt_error *e)
{
	char *copy = join(path, ""), *slash;
	int rc = 0;

	if (!copy)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	for (slash = strchr(copy + 1, '/'); slash && !rc; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		rc = make_folder(st, copy, e);
		*slash = '/';
	}
	free(copy);
	return rc;
}

static int write_all(int fd, struct nvt_bytes data)
{
	ssize_t n;

	while (data.n) {
		n = write(fd, data.p, data.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data.p += n;
		data.n -= (size_t)n;
	}
	return 0;
}

/* A terminal, pipe or device is written to as it is. */
static int write_through(const char *path, struct nvt_bytes data, struct nvt_error *e)
{
	FILE *f = fopen(path, "wb");
	int rc = 0;

	if (!f || write_all(fileno(f), data))
		rc = nvt_fail_errno(e, NVT_E_ENV, errno, "cannot write %s", path);
	if (f)
		fclose(f);
	return rc;
}

static int write_temp(char *temp, const char *path, struct nvt_bytes data, struct nvt_error *e)
{
	mode_t mask = umask(0);
	int fd, bad;

	umask(mask);
	fd = mkstemp(temp);
	if (fd < 0)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot create %s", path);
	bad = write_all(fd, data) || fchmod(fd, 0666 & ~mask);
	if (close(fd) || bad) {
		bad = errno;
		unlink(temp);
		return nvt_fail_errno(e, NVT_E_ENV, bad, "cannot write %s", path);
	}
	return 0;
}

int cli_stage_file(struct cli_stage *st, const char *path, struct nvt_bytes data, struct nvt_error *e)
{
	struct stat sb;
	char *temp;
	int rc;

	if (!stat(path, &sb) && !S_ISREG(sb.st_mode)) {
		if (!S_ISDIR(sb.st_mode))
			return write_through(path, data, e);
		return nvt_fail(e, NVT_E_ENV, "%s is a folder", path);
	}
	rc = make_parents(st, path, e);
	if (rc)
		return rc;
	temp = join(path, ".XXXXXX");
	if (!temp)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	rc = write_temp(temp, path, data, e);
	if (rc) {
		free(temp);
		return rc;
	}
	return remember(st, path, temp, e);
}

int cli_stage_link(struct cli_stage *st, const char *path, const char *target, struct nvt_error *e)
{
	struct stat sb;
	char *temp;
	int rc;

	if (!lstat(path, &sb) && S_ISDIR(sb.st_mode))
		return nvt_fail(e, NVT_E_ENV, "%s is a folder where a link to %s belongs", path, target);
	rc = make_parents(st, path, e);
	if (rc)
		return rc;
	temp = join(path, ".link");
	if (!temp)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	if ((unlink(temp) && errno != ENOENT) || symlink(target, temp)) {
		free(temp);
		return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot create link %s", path);
	}
	return remember(st, path, temp, e);
}

int cli_stage_end(struct cli_stage *st, int rc, struct nvt_error *e)
{
	unsigned i;

	for (i = 0; !rc && i < st->count; i++)
		if (st->items[i].temp && rename(st->items[i].temp, st->items[i].path))
			rc = nvt_fail_errno(e, NVT_E_ENV, errno, "cannot put %s in its place", st->items[i].path);
	while (st->count--) {
		struct cli_staged *item = &st->items[st->count];

		if (rc && item->temp)
			unlink(item->temp); /* gone already if it was renamed */
		else if (rc)
			rmdir(item->path); /* stays if something else is in it */
		free(item->temp);
		free(item->path);
	}
	free(st->items);
	*st = (struct cli_stage){ 0 };
	return rc;
}
