/* SPDX-License-Identifier: MIT */
/* Text of documents by their own shape: trees of keys, and tables of equal rows. */
#include <inttypes.h>
#include <string.h>
#include "cli/cmd.h"

enum { CELL = 128, COLUMNS_MAX = 12 };

void cli_put_text(FILE *out, const char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			fprintf(out, "\\x%02x", (unsigned char)*s);
		else
			fputc(*s, out);
	}
}

/* Numbers that people know in hex: ids of PCI and of firmware, masks, places in files and memories. */
static bool reads_as_hex(const char *key)
{
	static const char *const keys[] = { "pci_device", "pci_class",      "vendor",    "device",
					    "code_type",  "app_id",         "pointer",   "rom_start",
					    "offset",     "engine_id_mask", "engine_id" };
	static const char ending[] = "_offset";
	size_t i, n = strlen(key);

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i], key))
			return true;
	return n >= sizeof(ending) && !strcmp(key + n - (sizeof(ending) - 1), ending);
}

static const char *scalar(const char *key, const json_t *v, char *buf, size_t size)
{
	if (json_is_string(v))
		return json_string_value(v);
	if (json_is_integer(v) && reads_as_hex(key))
		snprintf(buf, size, "0x%" PRIx64, (uint64_t)json_integer_value(v));
	else if (json_is_integer(v))
		snprintf(buf, size, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_boolean(v))
		snprintf(buf, size, "%s", json_is_true(v) ? "yes" : "no");
	else if (json_is_real(v))
		snprintf(buf, size, "%g", json_real_value(v));
	else
		snprintf(buf, size, "-");
	return buf;
}

static bool is_tree(const json_t *v)
{
	return json_is_object(v) || json_is_array(v);
}

static bool is_flat_array(const json_t *v)
{
	const json_t *item;
	size_t i;

	json_array_foreach(v, i, item)
		if (is_tree(item))
			return false;
	return json_is_array(v);
}

static void print_flat_array(const char *key, const json_t *v, FILE *out)
{
	const json_t *item;
	char buf[CELL];
	size_t i;

	json_array_foreach(v, i, item)
		fprintf(out, "%s%s", i ? ", " : "", scalar(key, item, buf, sizeof(buf)));
	fputc('\n', out);
}

static void print_tree(const json_t *v, int indent, FILE *out);
static void print_rows(const json_t *rows, int indent, FILE *out);

/* Objects of scalars with equal keys: they read best as a table. */
static bool is_rows(const json_t *v)
{
	const json_t *first = json_array_get(v, 0), *item;
	const char *key;
	json_t *member;
	size_t i;

	if (!json_is_object(first) || json_object_size(first) > COLUMNS_MAX)
		return false;
	json_array_foreach(v, i, item)
	{
		if (json_object_size(item) > json_object_size(first))
			return false;
		json_object_foreach((json_t *)item, key, member)
			if (is_tree(member) || !json_object_get(first, key))
				return false;
	}
	return true;
}

static void print_member(const char *key, const json_t *v, int indent, int width, FILE *out)
{
	const json_t *item;
	char buf[CELL];
	size_t i;

	if (!is_tree(v)) {
		fprintf(out, "%*s%-*s  %s\n", indent, "", width, key, scalar(key, v, buf, sizeof(buf)));
	} else if (is_flat_array(v)) {
		fprintf(out, "%*s%-*s  ", indent, "", width, key);
		print_flat_array(key, v, out);
	} else if (is_rows(v)) {
		fprintf(out, "%*s%s\n", indent, "", key);
		print_rows(v, indent + 2, out);
	} else if (json_is_array(v)) {
		json_array_foreach(v, i, item)
		{
			fprintf(out, "%*s%s[%zu]\n", indent, "", key, i);
			print_tree(item, indent + 2, out);
		}
	} else {
		fprintf(out, "%*s%s\n", indent, "", key);
		print_tree(v, indent + 2, out);
	}
}

static void print_tree(const json_t *v, int indent, FILE *out)
{
	const char *key;
	json_t *member;
	char buf[CELL];
	int width = 0;

	if (!json_is_object(v)) {
		fprintf(out, "%*s%s\n", indent, "", scalar("", v, buf, sizeof(buf)));
		return;
	}
	/* jansson's iteration takes a non-const object and does not change it */
	json_object_foreach((json_t *)v, key, member)
		if ((!is_tree(member) || is_flat_array(member)) && (int)strlen(key) > width)
			width = (int)strlen(key);
	json_object_foreach((json_t *)v, key, member)
		print_member(key, member, indent, width, out);
}

void cli_print_tree(const struct cli *cli, const json_t *data, FILE *out)
{
	(void)cli;
	print_tree(data, 0, out);
}

static size_t column_width(const json_t *rows, const struct cli_column *col)
{
	size_t i, n = 0, len;
	const json_t *row;
	char buf[CELL];

	json_array_foreach(rows, i, row)
	{
		const json_t *v = json_object_get(row, col->key);

		if (!v)
			continue;
		len = strlen(scalar(col->key, v, buf, sizeof(buf)));
		if (len > n)
			n = len;
	}
	return n && n < strlen(col->title) ? strlen(col->title) : n;
}

/* No blanks at the end of a line: padding waits until a cell follows it. */
static void print_row(const json_t *row, const struct cli_column *cols, const size_t *widths, int indent, FILE *out)
{
	size_t i, k, pad = (size_t)indent;
	char buf[CELL];

	for (i = 0; cols[i].key; i++) {
		const json_t *v = row ? json_object_get(row, cols[i].key) : NULL;
		const char *cell = row ? (v ? scalar(cols[i].key, v, buf, sizeof(buf)) : "") : cols[i].title;
		size_t len = strlen(cell);

		if (!widths[i])
			continue;
		if (len) {
			if (cols[i].right)
				pad += widths[i] - len;
			for (k = 0; k < pad; k++)
				fputc(' ', out);
			fputs(cell, out);
			pad = cols[i].right ? 0 : widths[i] - len;
		} else {
			pad += widths[i];
		}
		pad += 2;
	}
	fputc('\n', out);
}

static void print_table(const json_t *rows, const struct cli_column *cols, int indent, FILE *out)
{
	size_t widths[COLUMNS_MAX], i;
	const json_t *row;

	for (i = 0; cols[i].key; i++)
		widths[i] = column_width(rows, &cols[i]);
	print_row(NULL, cols, widths, indent, out);
	json_array_foreach(rows, i, row)
		print_row(row, cols, widths, indent, out);
}

void cli_print_table(const json_t *rows, const struct cli_column *cols, FILE *out)
{
	print_table(rows, cols, 0, out);
}

static void print_rows(const json_t *rows, int indent, FILE *out)
{
	struct cli_column cols[COLUMNS_MAX + 1];
	const char *key;
	json_t *member;
	size_t n = 0;

	json_object_foreach(json_array_get(rows, 0), key, member)
		cols[n++] = (struct cli_column){ key, key, json_is_integer(member) };
	cols[n] = (struct cli_column){ NULL, NULL, false };
	print_table(rows, cols, indent, out);
}

void cli_print_rows(const json_t *rows, FILE *out)
{
	const json_t *row;
	size_t i;

	if (is_rows(rows)) {
		print_rows(rows, 2, out);
		return;
	}
	json_array_foreach(rows, i, row)
		print_tree(row, 2, out);
}
