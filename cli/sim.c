/* SPDX-License-Identifier: MIT */
/* sim faults, and the model's report as part of other documents. */
#include <string.h>
#include "cli/cmd.h"

static int exit_of(const char *code)
{
	int c;

	for (c = NVT_OK; c < NVT_E__COUNT; c++)
		if (!strcmp(nvt_code_name((enum nvt_code)c), code))
			return nvt_code_exit((enum nvt_code)c);
	return nvt_code_exit(NVT_E_BUG);
}

int cli_sim_faults(struct cli *cli, json_t *data, struct nvt_error *e)
{
	json_t *faults = doc_arr(data, "faults");
	unsigned i;

	(void)cli;
	(void)e;
	for (i = 0; i < nvt_sim_fault_count; i++) {
		const struct nvt_sim_fault *f = &nvt_sim_faults[i];
		json_t *o = doc_obj(faults, NULL);

		doc_str(o, "name", f->name);
		doc_str(o, "summary", f->summary);
		doc_str(o, "arg", f->arg);
		doc_str(o, "outcome", f->outcome == NVT_SIM_OK ? "ok" : "error");
		doc_str(o, "code", f->code);
		doc_num(o, "exit", (uint64_t)exit_of(f->code));
		if (f->step && f->step[0])
			doc_str(o, "step", f->step);
	}
	return 0;
}

void cli_sim_faults_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column cols[] = {
		{ "name", "FAULT", false }, { "arg", "ARG", false },         { "outcome", "OUTCOME", false },
		{ "code", "CODE", false },  { "exit", "EXIT", true },        { "step", "STEP", false },
		{ "summary", "SUMMARY", false }, { NULL, NULL, false },
	};

	(void)cli;
	cli_print_table(json_object_get(data, "faults"), cols, out);
}

static void findings(json_t *model, const char *key, const struct nvt_sim_finding *list, unsigned n)
{
	json_t *a = doc_arr(model, key);
	unsigned i;

	for (i = 0; i < n; i++) {
		json_t *o = doc_obj(a, NULL);

		doc_str(o, "rule", list[i].rule);
		doc_str(o, "text", list[i].text);
		if (list[i].seen[0])
			doc_str(o, "seen", list[i].seen);
		if (list[i].wanted[0])
			doc_str(o, "wanted", list[i].wanted);
		doc_num(o, "count", list[i].count);
	}
}

static void recognised(json_t *o, const char *key, const char *what)
{
	if (what[0])
		doc_str(o, key, what);
}

void cli_sim_report(const struct nvt_sim_report *r, json_t *data)
{
	json_t *model = doc_obj(data, "model"), *o;
	unsigned i;

	if (r->step[0])
		doc_str(model, "step", r->step);
	o = doc_obj(model, "recognised");
	recognised(o, "gsp_image", r->gsp_image);
	recognised(o, "booter_load", r->booter_load);
	recognised(o, "booter_unload", r->booter_unload);
	recognised(o, "bootloader", r->bootloader);
	recognised(o, "fwsec", r->fwsec);
	doc_num(model, "violation_count", r->violation_count);
	findings(model, "violations", r->violations, r->violations_n);
	doc_num(model, "odd_count", r->odd_count);
	findings(model, "odd", r->odd, r->odd_n);
	o = doc_arr(model, "fault");
	for (i = 0; i < r->fault_n; i++) {
		json_t *f = doc_obj(o, NULL);

		doc_str(f, "name", r->fault[i].name);
		doc_bool(f, "fired", r->fault[i].fired);
	}
	if (r->submissions) {
		doc_num(model, "submissions", r->submissions);
		doc_num(model, "copies", r->copies);
		doc_num(model, "copy_bytes", r->copy_bytes);
	}
	doc_hex(model, "vram_touched", r->vram_bytes_touched);
	doc_num(model, "virtual_us", r->virtual_us);
}

void cli_sim_model(struct nvt_gpu *gpu, json_t *data)
{
	struct nvt_sim_report r;

	if (nvt_gpu_sim_report(gpu, &r))
		cli_sim_report(&r, data);
}
