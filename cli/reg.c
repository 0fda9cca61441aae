/* SPDX-License-Identifier: MIT */
/* reg list, decode, read: the register tables, for people. */
#include <ctype.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <nvt/regs.h>
#include <stdlib.h>
#include <string.h>
#include "cli/cmd.h"

/* ---- list ---- */

/* A pattern without wildcards matches anywhere in the name; letter case never counts. */
static bool matches(const char *pattern, const char *name)
{
	char p[128], n[128];
	size_t i;
	bool wild = strpbrk(pattern, "*?[") != NULL;

	snprintf(p, sizeof(p), "%s%s%s", wild ? "" : "*", pattern, wild ? "" : "*");
	snprintf(n, sizeof(n), "%s", name);
	for (i = 0; p[i]; i++)
		p[i] = (char)toupper((unsigned char)p[i]);
	for (i = 0; n[i]; i++)
		n[i] = (char)toupper((unsigned char)n[i]);
	return !fnmatch(p, n, 0);
}

static void list_one(json_t *list, const char *pattern, const struct nvt_reg_desc *r, const char *unit, uint32_t base)
{
	char name[128];
	json_t *o;

	snprintf(name, sizeof(name), "%s%s%s", unit, unit[0] ? "." : "", r->name);
	if (pattern && !matches(pattern, name))
		return;
	o = doc_obj(list, NULL);
	doc_str(o, "name", name);
	doc_hex32(o, "address", base + r->off);
	doc_str(o, "access", r->access);
	if (r->count > 1) {
		doc_num(o, "count", r->count);
		doc_num(o, "stride", r->stride);
	}
	if (r->since[0])
		doc_str(o, "since", r->since);
	doc_num(o, "fields", nvt_reg_fld_count(r));
}

int cli_reg_list(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const char *pattern = cli_arg(cli, 0);
	json_t *list = doc_arr(data, "registers");
	unsigned i, u, instances;
	int rc;

	for (i = 0; i < nvt_reg_count; i++) {
		const struct nvt_reg_desc *r = &nvt_regs[i];

		for (u = instances = 0; u < nvt_unit_count; u++) {
			if (strcmp(nvt_units[u].block, r->block))
				continue;
			list_one(list, pattern, r, nvt_units[u].unit, nvt_units[u].base);
			instances++;
		}
		if (!instances)
			list_one(list, pattern, r, "", 0);
	}
	if (json_array_size(list))
		return 0;
	rc = nvt_fail(e, NVT_E_USAGE, "no register matches '%s'", pattern);
	nvt_err_hint(e, "a pattern matches anywhere in a name; *, ? and [] are wildcards");
	return rc;
}

void cli_reg_list_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column cols[] = {
		{ "address", "ADDRESS", false }, { "access", "ACC", false }, { "name", "NAME", false },
		{ "count", "COUNT", true },      { "stride", "STRIDE", true }, { "fields", "FIELDS", true },
		{ "since", "SINCE", false },     { NULL, NULL, false },
	};

	(void)cli;
	cli_print_table(json_object_get(data, "registers"), cols, out);
}

/* ---- decode and read ---- */

/* The name with case and unit put aside, for suggestions. */
static void suggest(const char *typed, struct nvt_error *e)
{
	char names[2][128], want[128];
	struct cli_near near;
	unsigned i, u, which = 0;
	size_t k;

	snprintf(want, sizeof(want), "%s", typed);
	for (k = 0; want[k]; k++)
		want[k] = (char)toupper((unsigned char)want[k]);
	cli_near_init(&near, want);
	for (i = 0; i < nvt_reg_count; i++) {
		bool has_unit = false;

		for (u = 0; u < nvt_unit_count; u++) {
			if (strcmp(nvt_units[u].block, nvt_regs[i].block))
				continue;
			has_unit = true;
			snprintf(names[which], sizeof(names[which]), "%s.%s", nvt_units[u].unit, nvt_regs[i].name);
			cli_near_offer(&near, names[which]);
			/* the kept candidate must survive the next name */
			if (near.best == names[which])
				which ^= 1;
		}
		if (!has_unit)
			cli_near_offer(&near, nvt_regs[i].name);
	}
	cli_near_hint(&near, e, "", "nvtool reg list PATTERN finds names; registers of a unit are UNIT.NAME");
}

static int find_reg(const char *arg, uint32_t *ret_addr, struct nvt_error *e)
{
	struct nvt_reg_ref ref;
	char *end;
	unsigned long long v;
	int rc;

	if (isdigit((unsigned char)arg[0])) {
		v = strtoull(arg, &end, 0);
		if (*end || v > UINT32_MAX)
			return nvt_fail(e, NVT_E_USAGE, "'%s' is not a BAR0 address", arg);
		if (v % 4)
			return nvt_fail(e, NVT_E_USAGE, "address %s is not a multiple of 4", arg);
		*ret_addr = (uint32_t)v;
		return 0;
	}
	if (nvt_reg_find(arg, &ref, ret_addr))
		return 0;
	rc = nvt_fail(e, NVT_E_USAGE, "no register is called '%s'", arg);
	suggest(arg, e);
	return rc;
}

static const char *value_name(const struct nvt_fld_desc *f, uint32_t v)
{
	unsigned i;

	for (i = 0; i < nvt_fld_val_count(f); i++)
		if (nvt_vals[f->val_first + i].value == v)
			return nvt_vals[f->val_first + i].name;
	return NULL;
}

static void decode(json_t *data, uint32_t addr, uint32_t value)
{
	struct nvt_reg_ref ref;
	json_t *fields;
	char buf[128];
	unsigned i;

	if (nvt_reg_at(addr, &ref))
		doc_str(data, "name", nvt_reg_format(addr, buf, sizeof(buf)));
	doc_hex32(data, "address", addr);
	doc_hex32(data, "value", value);
	fields = doc_arr(data, "fields");
	if (!nvt_reg_at(addr, &ref))
		return;
	for (i = 0; i < nvt_reg_fld_count(ref.reg); i++) {
		const struct nvt_fld_desc *f = &nvt_flds[ref.reg->fld_first + i];
		uint32_t v = value >> f->lo & (0xffffffffu >> (31 - f->hi + f->lo));
		json_t *o = doc_obj(fields, NULL);

		doc_str(o, "name", f->name);
		doc_num(o, "high", f->hi);
		doc_num(o, "low", f->lo);
		doc_hex(o, "value", v);
		doc_str(o, "meaning", value_name(f, v));
	}
}

int cli_reg_decode(struct cli *cli, json_t *data, struct nvt_error *e)
{
	uint64_t value = cli->line.nums[1];
	uint32_t addr;
	int rc = find_reg(cli_arg(cli, 0), &addr, e);

	if (rc)
		return rc;
	if (value > UINT32_MAX)
		return nvt_fail(e, NVT_E_USAGE, "a register holds 32 bits, not 0x%" PRIx64, value);
	decode(data, addr, (uint32_t)value);
	return 0;
}

int cli_reg_read(struct cli *cli, json_t *data, struct nvt_error *e)
{
	uint32_t addr, value;
	int rc = find_reg(cli_arg(cli, 0), &addr, e);

	if (!rc)
		rc = nvt_gpu_reg_read(cli->gpu, addr, &value, e);
	if (!rc)
		decode(data, addr, value);
	return rc;
}

void cli_reg_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const char *name = doc_get_str(data, "name");
	const json_t *f;
	size_t i;

	(void)cli;
	fprintf(out, "%s%s%s = %s\n", doc_get_str(data, "address"), name[0] ? " " : "", name,
		doc_get_str(data, "value"));
	json_array_foreach(json_object_get(data, "fields"), i, f)
	{
		uint64_t hi = doc_get_num(f, "high"), lo = doc_get_num(f, "low");

		fprintf(out, "  %2" PRIu64 ":%-2" PRIu64 "  %-32s %s", hi, lo, doc_get_str(f, "name"),
			doc_get_str(f, "value"));
		if (json_object_get(f, "meaning"))
			fprintf(out, " %s", doc_get_str(f, "meaning"));
		fputc('\n', out);
	}
}
