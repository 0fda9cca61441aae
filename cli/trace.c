/* SPDX-License-Identifier: MIT */
/* trace stat, diff and reasons: what a recording comes to, how two differ, and which differences are known. */
#include <errno.h>
#include <nvt/recording.h>
#include <string.h>
#include "cli/cmd.h"

static int take_assumed(const struct cli *cli, struct nvt_rel *ret, struct nvt_error *e)
{
	const char *name = cli_opt_str(cli, "assume-release");

	*ret = (struct nvt_rel){ NULL, 0 };
	if (!name || nvt_rel_find(nvt_abi_builtin(), name, ret))
		return 0;
	return nvt_fail(e, NVT_E_USAGE, "the protocol of release '%.60s' is not known", name);
}

static int read_file(const struct cli *cli, const char *path, struct nvt_recording **ret, struct nvt_error *e)
{
	bool is_stdin = !strcmp(path, "-");
	struct nvt_rel assumed;
	FILE *f;
	int rc = take_assumed(cli, &assumed, e);

	if (rc)
		return rc;
	f = is_stdin ? stdin : fopen(path, "rb");
	if (!f)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot open %s", path);
	rc = nvt_recording_read(f, is_stdin ? "standard input" : path, assumed, ret, e);
	if (!is_stdin)
		fclose(f);
	return rc;
}

static void put_known(json_t *o, const char *key, const char *value)
{
	if (value && value[0])
		doc_str(o, key, value);
}

static void put_head(json_t *o, const struct nvt_recording *r)
{
	struct nvt_recording_info info;

	nvt_recording_info(r, &info);
	doc_str(o, "kind", info.kind);
	put_known(o, "device", info.device);
	put_known(o, "chip", info.chip);
	put_known(o, "release", info.release);
	doc_num(o, "boots", info.boots);
	doc_num(o, "messages", info.messages);
	if (info.has_accesses)
		doc_num(o, "mmio", nvt_recording_mmio(r));
	if (info.dropped)
		doc_num(o, "not_compared", info.dropped);
}

/* ---- stat ---- */

static void put_blocks(json_t *list, const struct nvt_recording *r)
{
	struct nvt_recording_block b;
	unsigned i;
	json_t *o;

	for (i = 0; nvt_recording_block(r, i, &b); i++) {
		o = doc_obj(list, NULL);
		doc_str(o, "block", b.name);
		doc_str(o, "holds", b.is_window ? "data" : "registers");
		doc_num(o, "reads", b.reads);
		doc_num(o, "writes", b.writes);
		doc_num(o, "reads_after", b.reads_after);
		doc_num(o, "writes_after", b.writes_after);
	}
}

int cli_trace_stat(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct nvt_recording *r = NULL;
	int rc = read_file(cli, cli_arg(cli, 0), &r, e);

	if (rc)
		return rc;
	put_head(data, r);
	put_blocks(doc_arr(data, "blocks"), r);
	nvt_recording_free(r);
	return 0;
}

void cli_trace_stat_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column cols[] = {
		{ "block", "BLOCK", false },           { "holds", "HOLDS", false },
		{ "reads", "BOOT READS", true },       { "writes", "WRITES", true },
		{ "reads_after", "AFTER READS", true }, { "writes_after", "WRITES", true },
		{ NULL, NULL, false },
	};
	const json_t *blocks = json_object_get(data, "blocks");
	json_t *head = json_copy((json_t *)data);

	json_object_del(head, "blocks");
	cli_print_tree(cli, head, out);
	json_decref(head);
	if (!json_array_size(blocks))
		return;
	fputc('\n', out);
	cli_print_table(blocks, cols, out);
}

/* ---- diff ---- */

struct side {
	struct nvt_recording *r;
	const char *driver;
};

/* nvtool tells its steps; nobody else does. */
static const char *driver_of(const struct cli *cli, const char *opt, const struct nvt_recording *r)
{
	const char *given = cli_opt_str(cli, opt);
	struct nvt_recording_info info;

	nvt_recording_info(r, &info);
	return given ? given : info.has_steps ? "nvtool" : NULL;
}

static void put_side(json_t *data, const char *key, const char *path, const struct side *s)
{
	json_t *o = doc_obj(data, key);

	doc_str(o, "file", path);
	doc_str(o, "driver", s->driver);
	put_head(o, s->r);
}

static void on_difference(void *arg, const struct nvt_difference *d)
{
	json_t *o = doc_obj(arg, NULL);

	doc_str(o, "section", d->section);
	doc_str(o, "name", d->name);
	doc_str(o, "what", d->what);
	doc_str(o, "a", d->a);
	doc_str(o, "b", d->b);
	doc_str(o, "why", d->why);
	doc_str(o, "source", d->source);
}

static void put_sections(json_t *list, const struct nvt_recording_result *res)
{
	unsigned i;

	for (i = 0; nvt_recording_section(i); i++) {
		json_t *o = doc_obj(list, NULL);

		doc_str(o, "section", nvt_recording_section(i));
		doc_bool(o, "recorded", res->section[i].compared);
		doc_num(o, "items", res->section[i].items);
		doc_num(o, "different", res->section[i].different);
		doc_num(o, "explained", res->section[i].explained);
	}
}

static int compare(struct cli *cli, struct side s[2], json_t *data, struct nvt_error *e)
{
	struct nvt_recording_result res;
	json_t *differences = json_array();
	int rc = nvt_recording_compare(s[0].r, s[0].driver, s[1].r, s[1].driver, on_difference, differences, &res, e);

	if (rc) {
		json_decref(differences);
		return rc;
	}
	put_sections(doc_arr(data, "sections"), &res);
	doc_num(data, "unexplained", res.unexplained);
	json_object_set_new(data, "differences", differences);
	cli->no = res.unexplained > 0;
	return 0;
}

int cli_trace_diff(struct cli *cli, json_t *data, struct nvt_error *e)
{
	static const char *const opts[2] = { "driver-a", "driver-b" }, *const keys[2] = { "a", "b" };
	struct side s[2] = { { NULL, NULL }, { NULL, NULL } };
	unsigned i;
	int rc = 0;

	if (!strcmp(cli_arg(cli, 0), "-") && !strcmp(cli_arg(cli, 1), "-"))
		return nvt_fail(e, NVT_E_USAGE, "standard input can be one of the two only");
	for (i = 0; !rc && i < 2; i++) {
		rc = read_file(cli, cli_arg(cli, i), &s[i].r, e);
		if (rc)
			break;
		s[i].driver = driver_of(cli, opts[i], s[i].r);
		put_side(data, keys[i], cli_arg(cli, i), &s[i]);
	}
	if (!rc)
		rc = compare(cli, s, data, e);
	nvt_recording_free(s[0].r);
	nvt_recording_free(s[1].r);
	return rc;
}

static void print_side(const json_t *data, const char *key, FILE *out)
{
	const json_t *o = json_object_get(data, key), *mmio = json_object_get(o, "mmio");
	const char *driver = doc_get_str(o, "driver"), *release = doc_get_str(o, "release");

	fprintf(out, "%s  %s", key, doc_get_str(o, "file"));
	fprintf(out, ": %s%s%s", driver, driver[0] ? ", " : "", doc_get_str(o, "kind"));
	if (release[0])
		fprintf(out, ", %s", release);
	if (mmio)
		fprintf(out, ", %" JSON_INTEGER_FORMAT " accesses, PROM apart", json_integer_value(mmio));
	fputc('\n', out);
}

void cli_trace_diff_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column sections[] = {
		{ "section", "SECTION", false }, { "recorded", "BOTH", false },  { "items", "ITEMS", true },
		{ "different", "DIFFERENT", true }, { "explained", "EXPLAINED", true }, { NULL, NULL, false },
	};
	static const struct cli_column differences[] = {
		{ "section", "SECTION", false }, { "name", "NAME", false }, { "what", "WHAT", false },
		{ "a", "A", false }, { "b", "B", false }, { "why", "WHY", false }, { NULL, NULL, false },
	};
	const json_t *list = json_object_get(data, "differences");

	(void)cli;
	print_side(data, "a", out);
	print_side(data, "b", out);
	fputc('\n', out);
	cli_print_table(json_object_get(data, "sections"), sections, out);
	if (json_array_size(list)) {
		fputc('\n', out);
		cli_print_table(list, differences, out);
	}
}

/* ---- reasons ---- */

int cli_trace_reasons(struct cli *cli, json_t *data, struct nvt_error *e)
{
	json_t *list = doc_arr(data, "reasons");
	struct nvt_explanation x;
	unsigned i;

	(void)cli;
	(void)e;
	for (i = 0; nvt_explanation(i, &x); i++) {
		json_t *o = doc_obj(list, NULL);

		doc_str(o, "section", x.section);
		doc_str(o, "name", x.name);
		doc_str(o, "driver", x.driver ? x.driver : "any");
		doc_str(o, "shape", x.shape);
		doc_str(o, "why", x.why);
		doc_str(o, "source", x.source);
	}
	return 0;
}

void cli_trace_reasons_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column cols[] = {
		{ "section", "SECTION", false }, { "name", "NAME", false }, { "driver", "DRIVER", false },
		{ "shape", "SHAPE", false }, { "why", "WHY", false }, { "source", "SOURCE", false },
		{ NULL, NULL, false },
	};

	(void)cli;
	cli_print_table(json_object_get(data, "reasons"), cols, out);
}
