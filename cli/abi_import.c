/* SPDX-License-Identifier: MIT */
/* abi import: a schema file from a driver's source tree, by the importer that is installed beside nvtool. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/abi.h"

extern char **environ;

/* The interpreter that Debian's Python modules are installed for. */
static const char python[] = "/usr/bin/python3";

/* In the build tree the importer is that of the sources. */
static const char *importer(void)
{
	static const char here[] = NVT_BUILD_DIR "/cli/";
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe));

	if (n > (ssize_t)sizeof(here) && !memcmp(exe, here, sizeof(here) - 1))
		return NVT_SOURCE_DIR "/protocol/import/onefile.py";
	return NVT_PKGDATADIR "/import/onefile.py";
}

static int start(const char *script, const char *tree, const char *out, int err, pid_t *ret)
{
	/* posix_spawn takes them without const and leaves them alone */
	char *argv[] = { (char *)python, (char *)"-B",  (char *)script, (char *)tree, (char *)"--out",
			 (char *)out,    NULL };
	posix_spawn_file_actions_t fa;
	int rc = posix_spawn_file_actions_init(&fa);

	if (rc)
		return rc;
	rc = posix_spawn_file_actions_addopen(&fa, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (!rc)
		rc = posix_spawn_file_actions_adddup2(&fa, err, STDERR_FILENO);
	if (!rc)
		rc = posix_spawn(ret, python, &fa, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	return rc;
}

/* Keeps the end of what it says: that is where a script says why it gave up. */
static void read_end(int fd, char *buf, size_t size)
{
	size_t n = 0;
	ssize_t got;

	for (;;) {
		if (n == size - 1) {
			memmove(buf, buf + size / 2, n - size / 2);
			n -= size / 2;
		}
		got = read(fd, buf + n, size - 1 - n);
		if (got <= 0 && !(got < 0 && errno == EINTR))
			break;
		n += got > 0 ? (size_t)got : 0;
	}
	buf[n] = '\0';
}

/* The last line that the importer marked as its own, else the last line. */
static const char *reason(char *said)
{
	static const char mark[] = "import: ";
	char *line, *save, *last = NULL, *own = NULL;

	for (line = said; *line; line = save) {
		save = line + strcspn(line, "\n");
		if (*save)
			*save++ = '\0';
		if (*line)
			last = line;
		if (!strncmp(line, mark, sizeof(mark) - 1))
			own = line + sizeof(mark) - 1;
	}
	return own ? own : last ? last : "the importer failed without a word";
}

static int run(const char *tree, const char *out, struct nvt_error *e)
{
	const char *script = importer();
	char said[4096];
	int fds[2], status, rc;
	pid_t pid;

	if (access(script, R_OK))
		return nvt_fail_errno(e, NVT_E_ENV, errno, "the importer is not installed: %s", script);
	if (pipe2(fds, O_CLOEXEC))
		return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot make a pipe");
	rc = start(script, tree, out, fds[1], &pid);
	close(fds[1]);
	if (!rc)
		read_end(fds[0], said, sizeof(said));
	close(fds[0]);
	if (rc == ENOENT)
		return nvt_fail(e, NVT_E_ENV, "%s is not installed (Debian package python3)", python);
	if (rc)
		return nvt_fail_errno(e, NVT_E_ENV, rc, "cannot run %s", python);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot wait for the importer");
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (!WIFEXITED(status))
		return nvt_fail(e, NVT_E_ENV, "the importer was ended by signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status) == 3)
		return nvt_fail(e, NVT_E_ENV, "%s", reason(said));
	return nvt_fail(e, NVT_E_DATA, "%s: %s", tree, reason(said));
}

int cli_abi_import(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const char *out = cli_opt_str(cli, "out");
	struct nvt_abi *abi = NULL;
	int rc;

	if (!out)
		return nvt_fail(e, NVT_E_USAGE, "abi import needs --out FILE");
	rc = run(cli_arg(cli, 0), out, e);
	if (!rc)
		rc = nvt_schema_load(&out, 1, &abi, e);
	if (rc)
		return rc;
	doc_str(data, "file", out);
	cli_abi_counts((struct nvt_rel){ abi, 0 }, data);
	free(abi);
	return 0;
}

void cli_abi_import_print(const struct cli *cli, const json_t *data, FILE *out)
{
	fprintf(out, "%s holds the protocol of %s\n", doc_get_str(data, "file"), doc_get_str(data, "release"));
	cli_print_tree(cli, data, out);
}
