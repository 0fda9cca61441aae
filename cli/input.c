/* SPDX-License-Identifier: MIT */
/* Arguments that stand for bytes: a file, standard input, or the thing itself. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "cli/cmd.h"

enum { CHUNK = 1 << 16, INPUT_MAX = 1 << 28 };

static int read_all(FILE *f, const char *name, char **ret, size_t *ret_n, struct nvt_error *e)
{
	size_t n = 0, room = CHUNK, got;
	char *buf = NULL, *more;

	do {
		if (n)
			room = n; /* doubles, so that a long input is not copied over and over */
		more = n < INPUT_MAX ? realloc(buf, n + room + 1) : NULL;
		if (!more) {
			free(buf);
			return n < INPUT_MAX ? nvt_fail(e, NVT_E_NOMEM, "out of memory reading %s", name) :
					       nvt_fail(e, NVT_E_DATA, "%s is larger than 256 MiB", name);
		}
		buf = more;
		got = fread(buf + n, 1, room, f);
		n += got;
	} while (got == room);
	if (ferror(f)) {
		free(buf);
		return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot read %s", name);
	}
	buf[n] = '\0';
	*ret = buf;
	*ret_n = n;
	return 0;
}

int cli_read_file(const char *name, char **ret, size_t *ret_n, struct nvt_error *e)
{
	FILE *f;
	int rc;

	if (!strcmp(name, "-"))
		return read_all(stdin, "standard input", ret, ret_n, e);
	f = fopen(name, "rb");
	if (!f)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot open %s", name);
	rc = read_all(f, name, ret, ret_n, e);
	fclose(f);
	return rc;
}

static int digit(int c)
{
	return isdigit(c) ? c - '0' : tolower(c) - 'a' + 10;
}

bool cli_unhex(const char *text, size_t n, uint8_t **ret, size_t *ret_n)
{
	uint8_t *out = calloc(1, n / 2 + 2);
	size_t i, nibbles = 0;

	for (i = 0; out && i < n; i++) {
		unsigned char c = (unsigned char)text[i];

		if (isspace(c) || c == ':')
			continue;
		if (nibbles % 2 == 0 && c == '0' && i + 1 < n && (text[i + 1] | 0x20) == 'x') {
			i++;
			continue;
		}
		if (!isxdigit(c))
			break;
		out[nibbles / 2] = (uint8_t)(out[nibbles / 2] << 4 | digit(c));
		nibbles++;
	}
	if (!out || i < n || nibbles % 2) {
		free(out);
		return false;
	}
	*ret = out;
	*ret_n = nibbles / 2;
	return true;
}

static bool is_file(const char *arg)
{
	struct stat st;

	return !strcmp(arg, "-") || (!stat(arg, &st) && S_ISREG(st.st_mode));
}

int cli_read_text(const char *arg, char **ret, size_t *ret_n, struct nvt_error *e)
{
	if (is_file(arg))
		return cli_read_file(arg, ret, ret_n, e);
	*ret_n = strlen(arg);
	*ret = malloc(*ret_n + 1);
	if (!*ret)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	memcpy(*ret, arg, *ret_n + 1);
	return 0;
}

int cli_read_bytes(const char *arg, uint8_t **ret, size_t *ret_n, struct nvt_error *e)
{
	char *text;
	size_t n;
	int rc = cli_read_text(arg, &text, &n, e);

	if (rc)
		return rc;
	if (cli_unhex(text, n, ret, ret_n)) {
		free(text);
		return 0;
	}
	if (is_file(arg)) {
		*ret = (uint8_t *)text;
		*ret_n = n;
		return 0;
	}
	free(text);
	rc = nvt_fail(e, NVT_E_USAGE, "'%.60s' is neither a file nor hex bytes", arg);
	nvt_err_hint(e, "give an even number of hex digits, a file's name, or - for standard input");
	return rc;
}
