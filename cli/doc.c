/* SPDX-License-Identifier: MIT */
/* Building and reading result documents. Keys keep the order in which they were set. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/cmd.h"

static bool has_control(const char *s)
{
	while (*s && (unsigned char)*s >= 0x20 && *s != 0x7f)
		s++;
	return *s;
}

/*
 * JSON strings must be UTF-8, and text goes to terminals; names out of a file or a device may be anything.
 * What is neither becomes \xNN.
 */
static json_t *text(const char *s)
{
	json_t *j = has_control(s) ? NULL : json_string(s);
	size_t n = strlen(s), i, k = 0;
	char *buf;

	if (j)
		return j;
	buf = malloc(n * 4 + 1);
	if (!buf)
		return NULL;
	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c >= 0x20 && c < 0x7f)
			buf[k++] = s[i];
		else
			k += (size_t)snprintf(buf + k, n * 4 + 1 - k, "\\x%02x", c);
	}
	buf[k] = '\0';
	j = json_string(buf);
	free(buf);
	return j;
}

void doc_str(json_t *o, const char *key, const char *s)
{
	if (s)
		json_object_set_new(o, key, text(s));
}

void doc_num(json_t *o, const char *key, uint64_t v)
{
	json_object_set_new(o, key, json_integer((json_int_t)v));
}

void doc_bool(json_t *o, const char *key, bool v)
{
	json_object_set_new(o, key, json_boolean(v));
}

void doc_hex(json_t *o, const char *key, uint64_t v)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "0x%" PRIx64, v);
	doc_str(o, key, buf);
}

void doc_hex32(json_t *o, const char *key, uint32_t v)
{
	char buf[16];

	snprintf(buf, sizeof(buf), "0x%08" PRIx32, v);
	doc_str(o, key, buf);
}

void doc_sha256(json_t *o, const char *key, const struct nvt_sha256 *d)
{
	char hex[65];

	nvt_sha256_hex(d, hex);
	doc_str(o, key, hex);
}

static json_t *put(json_t *o, const char *key, json_t *v)
{
	if (key)
		json_object_set_new(o, key, v);
	else
		json_array_append_new(o, v);
	return v;
}

json_t *doc_obj(json_t *o, const char *key)
{
	return put(o, key, json_object());
}

json_t *doc_arr(json_t *o, const char *key)
{
	return put(o, key, json_array());
}

void doc_add_str(json_t *array, const char *s)
{
	json_array_append_new(array, text(s));
}

const char *doc_get_str(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

uint64_t doc_get_num(const json_t *o, const char *key)
{
	return (uint64_t)json_integer_value(json_object_get(o, key));
}
