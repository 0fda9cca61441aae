/* SPDX-License-Identifier: MIT */
/* boot and unload as text, from their documents. */
#include <inttypes.h>
#include <string.h>
#include "cli/cmd.h"

static void print_list(const json_t *steps, FILE *out)
{
	static const struct cli_column cols[] = {
		{ "name", "STEP", false },
		{ "summary", "SUMMARY", false },
		{ "undo", "UNDO", false },
		{ NULL, NULL, false },
	};

	cli_print_table(steps, cols, out);
}

static void print_steps(const json_t *steps, const char *title, FILE *out)
{
	struct cli_column cols[] = {
		{ "name", title, false },          { "state", "STATE", false },
		{ "us", "US", true },              { "mmio_reads", "READS", true },
		{ "mmio_writes", "WRITES", true }, { NULL, NULL, false },
	};

	cli_print_table(steps, cols, out);
	fputc('\n', out);
}

static void print_region(const char *name, const json_t *r, FILE *out)
{
	fprintf(out, "  %-14s  %12s  %12s\n", name, doc_get_str(r, "base"), doc_get_str(r, "size"));
}

static void print_fb(const json_t *fb, FILE *out)
{
	const char *key;
	json_t *v;

	fprintf(out, "framebuffer  %s\n  %-14s  %12s  %12s\n", doc_get_str(fb, "size"), "REGION", "BASE", "SIZE");
	/* jansson's iteration takes a non-const object and does not change it */
	json_object_foreach((json_t *)fb, key, v)
		if (json_is_object(v))
			print_region(key, v, out);
	fputc('\n', out);
}

static void print_plan_line(const json_t *p, FILE *out)
{
	const char *op = doc_get_str(p, "op"), *reg = doc_get_str(p, "register");
	bool negate = json_object_get(p, "unwanted") != NULL;

	fprintf(out, "%-16s %-12s", doc_get_str(p, "step"), op);
	if (!strcmp(op, "write"))
		fprintf(out, " %s = %s", doc_get_str(p, "address"), doc_get_str(p, "value"));
	else if (!strcmp(op, "config-write"))
		fprintf(out, " 0x%03" PRIx64 " = %s", doc_get_num(p, "offset"), doc_get_str(p, "value"));
	else if (!strcmp(op, "poll"))
		fprintf(out, " %s & %s %s %s within %" PRIu64 " us", doc_get_str(p, "address"), doc_get_str(p, "mask"),
			negate ? "!=" : "==", doc_get_str(p, negate ? "unwanted" : "wanted"),
			doc_get_num(p, "timeout_us"));
	else if (!strcmp(op, "window-write"))
		fprintf(out, " bar%" PRIu64 " %s, %" PRIu64 " bytes", doc_get_num(p, "bar"), doc_get_str(p, "offset"),
			doc_get_num(p, "size"));
	else if (!strcmp(op, "delay"))
		fprintf(out, " %" PRIu64 " us", doc_get_num(p, "us"));
	fprintf(out, "%s%s\n", reg[0] ? "  # " : "", reg);
}

static void print_findings(const json_t *list, const char *what, FILE *out)
{
	const json_t *f;
	size_t i;

	json_array_foreach(list, i, f)
	{
		fprintf(out, "%s  %s: %s", what, doc_get_str(f, "rule"), doc_get_str(f, "text"));
		if (json_object_get(f, "seen"))
			fprintf(out, ", seen %s", doc_get_str(f, "seen"));
		if (json_object_get(f, "wanted"))
			fprintf(out, ", wanted %s", doc_get_str(f, "wanted"));
		fprintf(out, " (%" PRIu64 " times)\n", doc_get_num(f, "count"));
	}
}

static void print_model(const json_t *model, FILE *out)
{
	const json_t *f;
	size_t i;

	print_findings(json_object_get(model, "violations"), "violation", out);
	print_findings(json_object_get(model, "odd"), "odd", out);
	json_array_foreach(json_object_get(model, "fault"), i, f)
		fprintf(out, "fault  %s %s\n", doc_get_str(f, "name"),
			json_is_true(json_object_get(f, "fired")) ? "fired" : "did not fire");
}

static void print_counters(const json_t *data, FILE *out)
{
	const json_t *mmio = json_object_get(data, "mmio"), *rpc = json_object_get(data, "rpc"), *note;
	size_t i;

	fprintf(out, "MMIO   %" PRIu64 " reads (%" PRIu64 " of PROM), %" PRIu64 " writes; %" PRIu64
		" accesses loaded falcons\n",
		doc_get_num(mmio, "reads"), doc_get_num(mmio, "prom_reads"), doc_get_num(mmio, "writes"),
		doc_get_num(mmio, "falcon_load"));
	fprintf(out, "RPC    %" PRIu64 " sent, %" PRIu64 " received\n", doc_get_num(rpc, "sent"),
		doc_get_num(rpc, "received"));
	json_array_foreach(json_object_get(data, "notes"), i, note)
		fprintf(out, "note   %s\n", json_string_value(note));
}

/* The last lines: what runs, on what, and how it was left. */
static void print_outcome(const json_t *data, FILE *out)
{
	const json_t *info = json_object_get(data, "static_info");

	if (json_object_get(data, "release"))
		fprintf(out, "GSP-RM %s\n", doc_get_str(data, "release"));
	if (info)
		fprintf(out, "GPU    %s\n", doc_get_str(info, "gpu_name"));
	if (json_object_get(data, "unload"))
		fprintf(out, "GSP unloaded\n");
	else if (json_is_true(json_object_get(data, "up")))
		fprintf(out, "GSP-RM is up\n");
	else
		fprintf(out, "steps undone\n");
}

void cli_boot_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *steps = json_object_get(data, "steps"), *unload = json_object_get(data, "unload");
	const json_t *fb = json_object_get(data, "fb"), *plan = json_object_get(data, "plan"), *p;
	size_t i;

	if (cli_boot_is_list(cli)) {
		print_list(steps, out);
		return;
	}
	if (plan) {
		json_array_foreach(plan, i, p)
			print_plan_line(p, out);
		return;
	}
	if (!cli->steps_shown)
		print_steps(steps, "STEP", out);
	if (unload && !cli->steps_shown)
		print_steps(unload, "UNLOAD", out);
	if (fb)
		print_fb(fb, out);
	fprintf(out, "chip   %s\n", doc_get_str(data, "chip"));
	if (json_object_get(data, "vbios"))
		fprintf(out, "VBIOS  %s\n", doc_get_str(json_object_get(data, "vbios"), "version"));
	print_counters(data, out);
	print_model(json_object_get(data, "model"), out);
	print_outcome(data, out);
}

void cli_unload_print(const struct cli *cli, const json_t *data, FILE *out)
{
	if (!cli->steps_shown)
		print_steps(json_object_get(data, "unload"), "UNLOAD", out);
	print_counters(data, out);
	print_model(json_object_get(data, "model"), out);
	fprintf(out, "GSP unloaded\n");
}
