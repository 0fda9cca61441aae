/* SPDX-License-Identifier: MIT */
/*
 * The composition root: joins transport, firmware database, sinks and driver core into an open GPU.
 */
#include <nvt/gpu.h>
#include <nvt/trace.h>

#include "core/gpu.h"
#include "sim/serve.h"
#include "sim/sim.h"
#include "transport/pci.h"
#include "transport/vfio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What lives as long as the GPU. */
struct opening {
	struct nvt_ctx ctx;
	struct nvt_fwdb *fwdb;
	struct nvt_transport *t;
	struct nvt_sink *trace, *capture;
	const struct nvt_chip *chip;
	bool is_sim;
	char uri[256], release[32];
	char fw_path_storage[1024], firmware_dir[512], uri_storage[512];
};

static int open_sim(struct opening *o, const char *args, struct nvt_error *e)
{
	struct sim_opts opts = { .policy = SIM_STRICT_FAIL };
	int rc = sim_parse_uri(args, &opts, o->uri_storage, sizeof(o->uri_storage), e);

	if (rc)
		return rc;
	opts.fwdb = o->fwdb;
	o->chip = opts.chip;
	o->is_sim = true;
	return sim_open(&o->ctx, &opts, &o->t, e);
}

static int open_pci(struct opening *o, const char *args, struct nvt_error *e)
{
	return pci_open(&o->ctx, args, NULL, &o->t, e);
}

static int open_vfio(struct opening *o, const char *args, struct nvt_error *e)
{
	return vfio_open(&o->ctx, args, NULL, &o->t, e);
}

struct scheme {
	const char *name, *help;
	bool is_hardware;
	int (*open)(struct opening *o, const char *args, struct nvt_error *e);
};
static const struct scheme schemes[] = {
	{ "sim:", "sim:CHIP", false, open_sim },
	{ "pci:", "pci:0000:01:00.0", true, open_pci },
	{ "vfio:", "vfio:0000:01:00.0", true, open_vfio },
};

static const struct scheme *find_scheme(const char *uri)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(schemes); i++)
		if (!strncmp(uri, schemes[i].name, strlen(schemes[i].name)))
			return &schemes[i];
	return NULL;
}

bool nvt_uri_is_hardware(const char *uri)
{
	const struct scheme *s = find_scheme(uri);

	return s && s->is_hardware;
}

static int open_transport(struct opening *o, struct nvt_error *e)
{
	const struct scheme *s = find_scheme(o->uri);
	char known[96] = "";
	size_t n;
	unsigned i;
	int rc;

	if (s)
		return s->open(o, o->uri + strlen(s->name), e);
	for (i = 0; i < NVT_ARRAY_SIZE(schemes); i++) {
		n = strlen(known);
		snprintf(known + n, sizeof(known) - n, "%s%s", n ? ", " : "", schemes[i].help);
	}
	rc = nvt_fail(e, NVT_E_USAGE, "no such kind of device: \"%s\"", o->uri);
	nvt_err_wanted(e, "%s", known);
	return rc;
}

static int open_trace(struct opening *o, const char *path, struct nvt_error *e)
{
	int rc = nvt_trace_open(path, o->uri, o->chip, &o->trace, e);

	if (!rc)
		nvt_ctx_add_sink(&o->ctx, o->trace);
	return rc;
}

static int open_capture(struct opening *o, const char *path, struct nvt_error *e)
{
	int rc = nvt_capture_open(path, o->uri, &o->capture, e);

	if (!rc)
		nvt_ctx_add_sink(&o->ctx, o->capture);
	return rc;
}

static int open_sinks(struct opening *o, const char *trace_path, const char *capture_path, struct nvt_error *e)
{
	int rc = trace_path ? open_trace(o, trace_path, e) : 0;

	return rc || !capture_path ? rc : open_capture(o, capture_path, e);
}

/* Closes trace and capture; reports the first error. */
static int close_sinks(struct opening *o, struct nvt_error *e)
{
	int rc = 0, capture_rc;

	if (o->trace) {
		nvt_ctx_remove_sink(&o->ctx, o->trace);
		rc = nvt_trace_close(o->trace, e);
	}
	if (!o->capture)
		return rc;
	nvt_ctx_remove_sink(&o->ctx, o->capture);
	capture_rc = nvt_capture_close(o->capture, rc ? NULL : e);
	return rc ? rc : capture_rc;
}

static int opening_close(void *arg, struct nvt_error *e)
{
	struct opening *o = arg;
	int rc;

	nvt_transport_close(o->t);
	rc = close_sinks(o, e);
	nvt_fwdb_close(o->fwdb);
	free(o);
	return rc;
}

static bool opening_sim_report(void *arg, struct nvt_sim_report *ret)
{
	struct opening *o = arg;

	if (o->is_sim)
		sim_report(o->t, ret);
	return o->is_sim;
}

static int join(struct opening *o, const struct nvt_open_opts *opts, struct nvt_gpu **ret,
		struct nvt_error *e)
{
	struct gpu_env env = {
		.ctx = &o->ctx,
		.allow_unknown_firmware = opts->allow_unknown_firmware,
		.release = opts->release ? o->release : NULL,
		.uri = o->uri,
		.sim_report = opening_sim_report,
		.on_close = opening_close,
		.arg = o,
	};
	int rc = nvt_fwdb_open(opts->fwdb_dir, &o->fwdb, e);

	if (!rc)
		rc = open_transport(o, e);
	if (!rc)
		rc = open_sinks(o, opts->trace_path, opts->capture_path, e);
	if (rc)
		return rc;
	nvt_fw_path_default(opts->firmware_dir ? o->firmware_dir : NULL, &env.fw_path,
			    o->fw_path_storage);
	env.fwdb = o->fwdb;
	env.t = o->t;
	return gpu_new(&env, ret, e);
}

/*
 * The options' strings are the caller's and may go; false if one is too long. NULL is kept as "".
 */
static bool keep(char *to, size_t size, const char *from)
{
	return snprintf(to, size, "%s", from ? from : "") < (int)size;
}

int nvt_gpu_open(const struct nvt_open_opts *opts, struct nvt_gpu **ret, struct nvt_error *e)
{
	struct opening *o = calloc(1, sizeof(*o));
	int rc;

	if (!o)
		return nvt_fail(e, NVT_E_NOMEM, "no memory to open a device");
	if (!keep(o->uri, sizeof(o->uri), opts->uri) ||
	    !keep(o->release, sizeof(o->release), opts->release) ||
	    !keep(o->firmware_dir, sizeof(o->firmware_dir), opts->firmware_dir)) {
		free(o);
		return nvt_fail(e, NVT_E_USAGE,
				"device URI, release or firmware folder has too long a name");
	}
	rc = join(o, opts, ret, e);
	if (rc)
		opening_close(o, NULL);
	return rc;
}

/* ---- serving the model ---- */

static int open_served(struct opening *o, const struct nvt_sim_serve *opts, struct sim_opts *model,
		       struct nvt_error *e)
{
	int rc = nvt_fwdb_open(opts->fwdb_dir, &o->fwdb, e);

	if (!rc)
		rc = sim_parse_uri(opts->model, model, o->uri_storage, sizeof(o->uri_storage), e);
	if (rc)
		return rc;
	model->fwdb = o->fwdb;
	o->chip = model->chip;
	rc = open_sinks(o, opts->trace_path, opts->capture_path, e);
	if (opts->sink)
		nvt_ctx_add_sink(&o->ctx, opts->sink);
	return rc;
}

static int serve(struct opening *o, const struct nvt_sim_serve *opts, struct nvt_error *e)
{
	struct sim_serve_opts so = {
		.socket = opts->socket,
		.stop_fd = opts->stop_fd,
		.once = opts->once,
		.client = opts->client,
		.arg = opts->arg,
	};
	int rc;

	if (snprintf(o->uri, sizeof(o->uri), "sim:%s", opts->model) >= (int)sizeof(o->uri))
		return nvt_fail(e, NVT_E_USAGE, "the model's options are too long");
	rc = open_served(o, opts, &so.model, e);
	return rc ? rc : sim_serve(&o->ctx, &so, e);
}

int nvt_sim_serve(const struct nvt_sim_serve *opts, struct nvt_error *e)
{
	struct opening *o = calloc(1, sizeof(*o));
	int rc, close_rc;

	if (!o)
		return nvt_fail(e, NVT_E_NOMEM, "no memory to serve the device model");
	rc = serve(o, opts, e);
	if (opts->sink)
		nvt_ctx_remove_sink(&o->ctx, opts->sink);
	close_rc = opening_close(o, rc ? NULL : e);
	return rc ? rc : close_rc;
}
