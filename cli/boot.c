/* SPDX-License-Identifier: MIT */
/* boot, unload, reset, status: handlers. Their text is in boot_text.c. */
#include <inttypes.h>
#include <nvt/regs.h>
#include <string.h>
#include "cli/cmd.h"

const char *cli_boot_step(unsigned i)
{
	struct nvt_step_info info;

	if (i >= nvt_step_count())
		return NULL;
	nvt_step_info(i, &info);
	return info.name;
}

bool cli_boot_is_list(const struct cli *cli)
{
	return cli_opt_flag(cli, "list");
}

static int list_steps(json_t *data)
{
	json_t *steps = doc_arr(data, "steps");
	struct nvt_step_info info;
	unsigned i;

	for (i = 0; i < nvt_step_count(); i++) {
		json_t *o = doc_obj(steps, NULL);

		nvt_step_info(i, &info);
		doc_str(o, "name", info.name);
		doc_str(o, "summary", info.summary);
		doc_str(o, "undo", info.undo);
	}
	return 0;
}

/* ---- the report as a document ---- */

static void put_steps(json_t *data, const char *key, const struct nvt_step_report *steps, unsigned n)
{
	static const char *const states[] = {
		[NVT_STATE_PENDING] = "pending",
		[NVT_STATE_DONE] = "done",
		[NVT_STATE_FAILED] = "failed",
		[NVT_STATE_UNDONE] = "undone",
	};
	json_t *a = doc_arr(data, key);
	unsigned i;

	for (i = 0; i < n; i++) {
		json_t *o = doc_obj(a, NULL);

		doc_str(o, "name", steps[i].name);
		doc_str(o, "state", states[steps[i].state]);
		doc_num(o, "us", steps[i].us);
		doc_num(o, "mmio_reads", steps[i].mmio_reads);
		doc_num(o, "mmio_writes", steps[i].mmio_writes);
	}
}

static void put_static_info(json_t *data, const struct nvt_static_info *s)
{
	json_t *o = doc_obj(data, "static_info"), *regions, *r;
	unsigned i;

	doc_str(o, "gpu_name", s->gpu_name);
	doc_hex(o, "fb_length", s->fb_length);
	doc_hex32(o, "h_client", s->h_client);
	doc_hex32(o, "h_device", s->h_device);
	doc_hex32(o, "h_subdevice", s->h_subdevice);
	doc_hex(o, "bar1_pde_base", s->bar1_pde_base);
	doc_hex(o, "bar2_pde_base", s->bar2_pde_base);
	regions = doc_arr(o, "fb_regions");
	for (i = 0; i < s->fb_count; i++) {
		r = doc_obj(regions, NULL);
		doc_hex(r, "base", s->fb[i].base);
		doc_hex(r, "limit", s->fb[i].limit);
		doc_bool(r, "reserved", s->fb[i].reserved);
		doc_bool(r, "supports_compressed", s->fb[i].supports_compressed);
		doc_bool(r, "supports_iso", s->fb[i].supports_iso);
		doc_bool(r, "protected", s->fb[i].is_protected);
	}
	doc_num(o, "payload_size", s->payload_size);
}

static void put_counters(json_t *data, const struct nvt_boot_report *r)
{
	json_t *o = doc_obj(data, "mmio"), *notes;
	unsigned i;

	doc_num(o, "reads", r->mmio_reads);
	doc_num(o, "writes", r->mmio_writes);
	doc_num(o, "prom_reads", r->prom_reads);
	doc_num(o, "falcon_load", r->falcon_load_accesses);
	o = doc_obj(data, "rpc");
	doc_num(o, "sent", r->rpc_sent);
	doc_num(o, "received", r->rpc_received);
	doc_num(o, "events_skipped", r->events_skipped);
	notes = doc_arr(data, "notes");
	for (i = 0; i < r->note_count; i++)
		doc_add_str(notes, r->notes[i]);
}

static void put_report(json_t *data, const struct nvt_boot_report *r)
{
	doc_str(data, "chip", r->chip ? r->chip->name : NULL);
	if (r->release[0])
		doc_str(data, "release", r->release);
	put_steps(data, "steps", r->steps, r->step_count);
	if (r->unload_count)
		put_steps(data, "unload", r->unload, r->unload_count);
	doc_bool(data, "up", r->up);
	if (r->has_fb)
		cli_fb_document(data, &r->fb);
	if (r->has_static_info)
		put_static_info(data, &r->static_info);
	if (r->vbios_version[0])
		doc_str(doc_obj(data, "vbios"), "version", r->vbios_version);
	put_counters(data, r);
}

/* ---- the plan of a dry run ---- */

struct plan_sink {
	struct nvt_sink sink;
	json_t *plan;
};

static json_t *plan_line(json_t *plan, const struct nvt_event *ev, const char *op)
{
	json_t *o = doc_obj(plan, NULL);

	doc_str(o, "step", ev->step);
	doc_str(o, "op", op);
	return o;
}

static void plan_reg(json_t *o, uint64_t off)
{
	struct nvt_reg_ref ref;
	char name[128];

	doc_hex32(o, "address", (uint32_t)off);
	if (nvt_reg_at((uint32_t)off, &ref))
		doc_str(o, "register", nvt_reg_format((uint32_t)off, name, sizeof(name)));
}

static void plan_emit(struct nvt_sink *self, const struct nvt_event *ev)
{
	struct plan_sink *s = (struct plan_sink *)self; /* sink is its first member */
	json_t *o;

	if (ev->kind == NVT_EV_MMIO_WR && ev->u.mmio.dry) {
		o = plan_line(s->plan, ev, "write");
		doc_num(o, "bar", ev->u.mmio.bar);
		plan_reg(o, ev->u.mmio.off);
		doc_hex32(o, "value", (uint32_t)ev->u.mmio.val);
	} else if (ev->kind == NVT_EV_CFG_WR && ev->u.mmio.dry) {
		o = plan_line(s->plan, ev, "config-write");
		doc_num(o, "offset", ev->u.mmio.off);
		doc_hex(o, "value", ev->u.mmio.val);
	} else if (ev->kind == NVT_EV_POLL && ev->u.poll.dry) {
		o = plan_line(s->plan, ev, "poll");
		plan_reg(o, ev->u.poll.off);
		doc_hex32(o, "mask", ev->u.poll.mask);
		doc_hex32(o, ev->u.poll.negate ? "unwanted" : "wanted", ev->u.poll.want);
		doc_num(o, "timeout_us", ev->u.poll.timeout_us);
	} else if (ev->kind == NVT_EV_WINDOW_WR && ev->u.window.dry) {
		o = plan_line(s->plan, ev, "window-write");
		doc_num(o, "bar", ev->u.window.bar);
		doc_hex(o, "offset", ev->u.window.off);
		doc_num(o, "size", ev->u.window.data.n);
	} else if (ev->kind == NVT_EV_DELAY && ev->u.delay.dry) {
		o = plan_line(s->plan, ev, "delay");
		doc_num(o, "us", ev->u.delay.us);
	} else if (ev->kind == NVT_EV_RESET && ev->u.reset.dry) {
		plan_line(s->plan, ev, "reset");
	}
}

static int dry_run(struct cli *cli, const struct nvt_boot_opts *opts, json_t *data, struct nvt_error *e)
{
	struct plan_sink s = { .sink = { .emit = plan_emit }, .plan = json_array() };
	struct nvt_ctx *ctx = nvt_gpu_ctx(cli->gpu);
	int rc;

	if (!s.plan)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	nvt_ctx_add_sink(ctx, &s.sink);
	rc = nvt_gpu_boot(cli->gpu, opts, &cli->report, e);
	nvt_ctx_remove_sink(ctx, &s.sink);
	if (!rc) {
		put_report(data, &cli->report);
		json_object_set(data, "plan", s.plan);
	}
	json_decref(s.plan);
	return rc;
}

/* ---- handlers ---- */

static int take_opts(const struct cli *cli, struct nvt_boot_opts *o, struct nvt_error *e)
{
	const struct cli_value *v;
	size_t len;

	o->until = cli_opt_str(cli, "until");
	o->dry_run = cli_opt_flag(cli, "dry-run");
	while ((v = cli_opt_at(cli, "registry", o->registry_count))) {
		struct nvt_registry_entry *r;

		if (o->registry_count == NVT_REGISTRY_MAX)
			return nvt_fail(e, NVT_E_USAGE, "at most %d registry keys", NVT_REGISTRY_MAX);
		r = &o->registry[o->registry_count++];
		len = (size_t)(strchr(v->str, '=') - v->str);
		if (len >= sizeof(r->key))
			return nvt_fail(e, NVT_E_USAGE, "registry key '%.20s...' is longer than %zu characters",
					v->str, sizeof(r->key) - 1);
		memcpy(r->key, v->str, len);
		r->value = (uint32_t)v->num;
	}
	return 0;
}

int cli_boot(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct nvt_boot_opts opts = { 0 };
	int rc;

	if (cli_boot_is_list(cli))
		return list_steps(data);
	rc = take_opts(cli, &opts, e);
	if (rc)
		return rc;
	if (opts.dry_run)
		return dry_run(cli, &opts, data, e);
	rc = nvt_gpu_boot(cli->gpu, &opts, &cli->report, e);
	/* DMA memory dies with the process, so a boot that stands alone must not leave GSP-RM running */
	if (!rc && cli->report.up && !cli->in_batch)
		rc = nvt_gpu_unload(cli->gpu, &cli->report, e);
	if (rc)
		return rc;
	put_report(data, &cli->report);
	cli_sim_model(cli->gpu, data);
	return 0;
}

int cli_unload(struct cli *cli, json_t *data, struct nvt_error *e)
{
	int rc = nvt_gpu_unload(cli->gpu, &cli->report, e);

	if (rc)
		return rc;
	doc_str(data, "chip", cli->report.chip ? cli->report.chip->name : NULL);
	doc_str(data, "release", cli->report.release);
	put_steps(data, "unload", cli->report.unload, cli->report.unload_count);
	put_counters(data, &cli->report);
	cli_sim_model(cli->gpu, data);
	return 0;
}

static int put_status(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct nvt_gpu_status s;
	json_t *o;
	int rc = nvt_gpu_status(cli->gpu, &s, e);

	if (rc)
		return rc;
	doc_str(data, "device", s.device);
	doc_str(data, "chip", s.chip ? s.chip->name : NULL);
	doc_str(data, "bdf", s.bdf);
	doc_num(data, "pci_device", s.pci_device);
	if (s.boot_display)
		doc_bool(data, "boot_display", true);
	doc_hex32(data, "boot_0", s.boot_0);
	doc_hex32(data, "boot_42", s.boot_42);
	doc_bool(data, "gfw_ready", s.gfw_ready);
	doc_hex(data, "vram_size", s.vram_size);
	o = doc_obj(data, "wpr2");
	doc_bool(o, "up", s.wpr2_up);
	if (s.wpr2_up) {
		doc_hex(o, "low", s.wpr2_lo);
		doc_hex(o, "high", s.wpr2_hi);
	}
	doc_bool(data, "riscv_active", s.riscv_active);
	doc_bool(data, "up", s.up);
	if (s.release[0])
		doc_str(data, "release", s.release);
	return 0;
}

int cli_reset(struct cli *cli, json_t *data, struct nvt_error *e)
{
	int rc = nvt_gpu_reset(cli->gpu, e);

	return rc ? rc : put_status(cli, data, e);
}

int cli_status(struct cli *cli, json_t *data, struct nvt_error *e)
{
	return put_status(cli, data, e);
}
